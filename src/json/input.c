/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: an input from the outside: read, asked, freed.
 */
#include "json/input.h"

enum { MAX_SIZE = 1 << 20, MAX_DEPTH = 32, DEEPEST = 512, MAX_PROBLEMS = 100 };

/* ---- options ---- */

static ath_input_opts options(const ath_input_opts *given) {
    ath_input_opts o = {0};
    size_t size = given && given->struct_size && given->struct_size < sizeof o ? given->struct_size : sizeof o;
    if (given)
        memcpy(&o, given, size);
    o.max_size = o.max_size ? o.max_size : MAX_SIZE;
    o.max_depth = o.max_depth ? o.max_depth : MAX_DEPTH;
    o.max_depth = o.max_depth < DEEPEST ? o.max_depth : DEEPEST;
    o.max_problems = o.max_problems ? o.max_problems : MAX_PROBLEMS;
    o.allocator = o.allocator ? o.allocator : ath__process_allocator;
    return o;
}

/* ---- reading ---- */

static void read_text(ath_input *in, const char *text, size_t size) {
    ath__doc doc = {0};
    if (ath__in_check_names(in) != ATH_OK)
        return;
    in->doc = &doc;
    if (ath__doc_read(in, text, size, &doc) && in->error.status == ATH_OK)
        ath__in_walk(in, &doc);
    in->doc = NULL;
    ath__doc_done(in, &doc);
}

ath_input *ath_input_read(const ath_model *schema, const char *text, size_t size, bool list,
                          const ath_input_opts *opts) {
    ath_input_opts o = options(opts);
    ath_error unwanted, *error = o.error ? o.error : &unwanted;
    ath_error_clear(error);
    ath_input *in = schema && (text || !size) ? ath__alloc_zero(o.allocator, 1, sizeof *in) : NULL;
    if (!in) {
        if (!schema || (!text && size))
            ath__fail(error, ATH_ARGUMENT, "there is no %s: NULL", schema ? "text" : "schema");
        else
            ath__fail_memory(error);
        return NULL;
    }
    in->allocator = o.allocator;
    in->model = schema;
    in->list = list;
    in->opts = o;
    ath__arena_init(&in->arena, in->allocator);
    read_text(in, text ? text : "", size);
    in->opts.include = in->opts.exclude = (ath_name_list){0};
    in->opts.rename = (ath_rename_list){0};
    in->opts.error = NULL;
    if (in->error.status == ATH_OK)
        return in;
    *error = in->error;
    ath_input_free(in);
    return NULL;
}

void ath_input_free(ath_input *in) {
    if (!in)
        return;
    ath__arena_done(&in->arena);
    ath__free(in->allocator, in, sizeof *in);
}

/* ---- what came ---- */

static bool is_sound(const ath_input *in, const ath_model *schema, bool list) {
    return in && in->problem_count == 0 && in->model == schema && in->list == list;
}

const void *ath_input_object(const ath_input *in, const ath_model *schema) {
    return is_sound(in, schema, false) ? in->root : NULL;
}

const void *const *ath_input_objects(const ath_input *in, const ath_model *schema) {
    return is_sound(in, schema, true) ? (const void *const *)in->vector : NULL;
}

bool ath_input_has_at(const ath_input *in, const ath_model *schema, const void *object, size_t offset) {
    const void *of = object ? object : in ? in->root : NULL;
    const ath__in_head *head = of ? ath__in_head_of(of) : NULL;
    if (!head || head->input != in || head->schema->table->model != schema)
        return false;
    for (size_t i = 0; i < head->schema->count; i++)
        if (head->schema->fields[i].offset == offset)
            return head->present[i / 64] >> (i % 64) & 1;
    return false;
}
