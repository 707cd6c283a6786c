/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: the problems of an input: where (RFC 6901), what, and in plain words.
 */
#include "json/input.h"
#include "json/json.h"

#include <stdarg.h>

enum { KEY_LIMIT = 200 };

/* ---- pointers ---- */

static void add_name(ath__buf *buf, const char *name, size_t size) {
    if (size > KEY_LIMIT) { /* a name that came in: cut at a character's border */
        size = KEY_LIMIT;
        while (((unsigned char)name[size] & 0xc0) == 0x80)
            size--;
    }
    for (size_t i = 0; i < size; i++) {
        if (name[i] == '~')
            ath__buf_str(buf, "~0");
        else if (name[i] == '/')
            ath__buf_str(buf, "~1");
        else
            ath__buf_char(buf, name[i]);
    }
}

/* As deep as the text may be nested. */
static void add_pointer(ath__buf *buf, const ath__in_at *at) {
    if (!at)
        return;
    add_pointer(buf, at->up);
    ath__buf_char(buf, '/');
    if (at->name)
        add_name(buf, at->name, at->size);
    else
        ath__buf_printf(buf, "%zu", at->index);
}

static const ath__in_at *push(ath_input *in, const ath__in_at *up, const char *name, size_t index) {
    ath__in_at *at = in->error.status == ATH_OK ? ath__arena_alloc(&in->arena, sizeof *at) : NULL;
    if (at)
        *at = (ath__in_at){.up = up, .name = name, .size = name ? strlen(name) : 0, .index = index};
    else
        ath__fail_memory(&in->error);
    return at;
}

/* Where a struct of the input was read from; NULL: the whole (or memory ran out: in->error). */
static const ath__in_at *place_of(ath_input *in, const ath__in_head *head) {
    const ath__in_at *at = head->owner ? place_of(in, ath__in_head_of(head->owner)) : NULL;
    if (head->field)
        at = push(in, at, head->field->name, 0);
    return head->index == ATH__IN_ALONE ? at : push(in, at, NULL, head->index);
}

/* ---- adding ---- */

static ath_problem *room(ath_input *in) {
    if (in->problem_count == in->problem_capacity) {
        ath_problem *more =
            ath__arena_room(&in->arena, in->problems, in->problem_count, &in->problem_capacity, sizeof *in->problems);
        if (!more) {
            ath__fail_memory(&in->error);
            return NULL;
        }
        in->problems = more;
    }
    return &in->problems[in->problem_count];
}

static void add(ath_input *in, const char *pointer, const char *code, const char *message) {
    ath_problem *p = room(in);
    if (!p)
        return;
    *p = (ath_problem){ath__arena_str(&in->arena, pointer), ath__arena_str(&in->arena, code),
                       ath__arena_str(&in->arena, message)};
    if (p->pointer && p->code && p->message)
        in->problem_count++;
    else
        ath__fail_memory(&in->error);
}

/* False when there is room for no more. */
static bool may_add(ath_input *in) {
    if (ath__in_stopped(in))
        return false;
    if (in->problem_count < in->opts.max_problems)
        return true;
    in->more = true;
    add(in, "", "too_many_problems", "there are more problems than these");
    return false;
}

bool ath__in_problem(ath_input *in, const ath__in_at *at, const char *code, const char *format, ...) {
    ath__buf pointer, message;
    va_list args;
    if (!may_add(in))
        return false;
    ath__buf_init(&pointer, in->allocator);
    ath__buf_init(&message, in->allocator);
    add_pointer(&pointer, at);
    va_start(args, format);
    ath__buf_vprintf(&message, format, args);
    va_end(args);
    if (pointer.failed || message.failed)
        ath__fail_memory(&in->error);
    else
        add(in, ath__buf_text(&pointer), code, ath__buf_text(&message));
    ath__buf_done(&pointer);
    ath__buf_done(&message);
    return false;
}

/* The name in JSON of a struct's field; as it is when there is no such field. */
static const char *json_name(const ath__in_schema *schema, const char *field) {
    for (size_t i = 0; i < schema->count; i++)
        if (strcmp(schema->fields[i].field, field) == 0)
            return schema->fields[i].name;
    return field;
}

ath_status ath_input_refuse_of(ath_input *in, const void *object, const char *field, const char *code,
                               const char *message) {
    if (!in || in->error.status != ATH_OK)
        return in ? in->error.status : ATH_ARGUMENT;
    const ath__in_head *head = object || in->root ? ath__in_head_of(object ? object : in->root) : NULL;
    ath__in_at at = {.up = head ? place_of(in, head) : NULL};
    if (field) {
        at.name = head ? json_name(head->schema, field) : field;
        at.size = strlen(at.name);
    }
    ath__in_problem(in, field ? &at : at.up, code ? code : "check", "%s", message ? message : "it is not valid");
    ath_status status = in->error.status;
    ath_error_clear(&in->error); /* what came in can be looked at all the same */
    return status;
}

/* ---- telling ---- */

size_t ath_input_problem_count(const ath_input *in) {
    return in ? in->problem_count : 0;
}

const ath_problem *ath_input_problem(const ath_input *in, size_t i) {
    return in && i < in->problem_count ? &in->problems[i] : NULL;
}

static void write_problem(ath__json *j, const ath_problem *p) {
    const char *const names[] = {"pointer", "code", "message"}, *const texts[] = {p->pointer, p->code, p->message};
    ath__json_item(j);
    ath__json_open(j, '{');
    for (size_t i = 0; i < ATH_COUNT_OF(names); i++) {
        ath__json_key(j, names[i]);
        ath__json_any_string(j, texts[i], strlen(texts[i]));
    }
    ath__json_close(j, '}');
}

char *ath_input_problems_json(const ath_input *in) {
    ath__json j;
    ath__json_begin(&j, in ? in->allocator : ath__process_allocator, 0);
    ath__json_open(&j, '[');
    for (size_t i = 0; i < ath_input_problem_count(in); i++)
        write_problem(&j, &in->problems[i]);
    ath__json_close(&j, ']');
    return ath__json_finish(&j, NULL);
}
