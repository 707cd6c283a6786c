/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor squash` of revisions in C.  The new file has the text of each old one, without its ATH_REVISION; between two of
 * them ATH_UPGRADE and ATH_DOWNGRADE are made to define functions of other names, which the revision's own call in turn.
 * What two files call by the same name cannot stand in one: the compiler tells, and nothing has happened.
 */
#include "cli/migrate/squash.h"

#include "ctext/ctext.h"

/* ---- what there is ---- */

/* Which functions a file has is known when it is compiled. */
static ath_status load(squashing *s) {
    mig *m = s->m;
    ath__source **sources = ath__arena_zero(&m->arena, s->count * sizeof *sources);
    if (!sources)
        return ath__fail_memory(&m->error);
    for (size_t i = 0; i < s->count; i++)
        sources[i] = ath__script_source(s->chain[i]);
    ATH_TRY(ath__build_load(&m->script, &m->migration, sources, s->count, &m->error));
    s->has_down = true;
    for (size_t i = 0; i < s->count; i++) {
        s->has_down = s->has_down && sources[i]->down;
        if (!sources[i]->up)
            return ath__fail(&m->error, ATH_ARGUMENT, "Revision %s has no ATH_UPGRADE", s->chain[i]->id);
    }
    return ATH_OK;
}

/* ---- the head ---- */

static void member(ath__buf *out, const char *name, const char *text) {
    if (!text || !*text)
        return;
    ath__buf_printf(out, ", .%s = ", name);
    ath__c_string(out, text);
}

static void add_names(ath__buf *out, ath_name_list names) {
    for (size_t i = 0; i < names.count; i++)
        ath__buf_printf(out, "%s%s", out->size ? ", " : "", names.names[i]);
}

static void write_head(const squashing *s, ath__buf *out) {
    ath__buf line, needs, labels, ids;
    ath__buf *const all[] = {&line, &needs, &labels, &ids};
    for (size_t i = 0; i < ATH_COUNT_OF(all); i++)
        ath__buf_init(all[i], &ath__malloc_allocator);
    for (size_t i = 0; i < s->count; i++) {
        add_names(&needs, s->chain[i]->depends_on);
        add_names(&labels, s->chain[i]->labels);
        add_names(&ids, (ath_name_list){1, &s->chain[i]->id});
    }
    ath__buf_str(&line, "ATH_REVISION(");
    ath__c_string(&line, s->to->id);
    member(&line, "down", s->from ? s->from->id : NULL);
    member(&line, "message", s->message ? s->message : s->to->message);
    member(&line, "depends_on", ath__buf_text(&needs));
    member(&line, "branch_labels", ath__buf_text(&labels));
    member(&line, "create_date", s->to->create_date);
    member(&line, "replaces", ath__buf_text(&ids));
    member(&line, "irreversible", s->irreversible);
    ath__buf_str(&line, ");");
    ath__buf_str(out, "#include <athanor/migrate.h>\n\n");
    ath__c_wrap(out, 0, ath__buf_text(&line));
    for (size_t i = 0; i < ATH_COUNT_OF(all); i++) {
        out->failed = out->failed || all[i]->failed;
        ath__buf_done(all[i]);
    }
}

/* ---- the parts ---- */

static const char *const macros[] = {"ATH_UPGRADE", "ATH_DOWNGRADE"};
static const char *const functions[] = {"upgrade", "downgrade"};

static ath_status add_part(squashing *s, size_t place, ath__buf *out) {
    const ath__node *n = s->chain[place];
    const ath__source *source = ath__script_source(n);
    const char *begin, *end;
    if (!ath__scan_place(source->text, source->text_size, &begin, &end))
        return ath__fail(&s->m->error, ATH_INTERNAL, "%s has no ATH_REVISION", source->path);
    ath__buf_printf(out, "\n/* ---- %s ---- */\n\n", n->id);
    for (size_t k = 0; k < ATH_COUNT_OF(macros); k++)
        ath__buf_printf(out, "#undef %s\n#define %s(op) static void %s_%zu(__attribute__((unused)) ath_ops *op)\n",
                        macros[k], macros[k], functions[k], place + 1);
    ath__buf_char(out, '\n');
    ath__buf_add(out, source->text, (size_t)(begin - source->text));
    ath__buf_add(out, end, (size_t)(source->text + source->text_size - end));
    ath__buf_str(out, out->size && out->data[out->size - 1] != '\n' ? "\n" : "");
    return ATH_OK;
}

static void add_calls(const squashing *s, size_t which, ath__buf *out) {
    ath__buf_printf(out, "\n%s(op) {\n", macros[which]);
    for (size_t i = 0; i < s->count; i++)
        ath__buf_printf(out, "    %s_%zu(op);\n", functions[which], which ? s->count - i : i + 1);
    ath__buf_str(out, "}\n");
}

ath_status mig_squash_c(squashing *s, ath__buf *out) {
    ATH_TRY(load(s));
    write_head(s, out);
    ath__buf_char(out, '\n');
    for (size_t k = 0; k < ATH_COUNT_OF(macros); k++)
        ath__buf_printf(out, "#pragma push_macro(\"%s\")\n", macros[k]);
    for (size_t i = 0; i < s->count; i++)
        ATH_TRY(add_part(s, i, out));
    ath__buf_str(out, "\n/* ---- all of them ---- */\n\n");
    for (size_t k = 0; k < ATH_COUNT_OF(macros); k++)
        ath__buf_printf(out, "#pragma pop_macro(\"%s\")\n", macros[k]);
    add_calls(s, 0, out);
    if (s->has_down)
        add_calls(s, 1, out);
    return out->failed ? ath__fail_memory(&s->m->error) : ATH_OK;
}

/* ---- whether it holds ---- */

ath_status mig_squash_try(squashing *s) {
    mig *m = s->m;
    ath__script script;
    m->migration.directories = m->folders;
    ATH_TRY(ath__script_open(&script, &m->migration, &m->error));
    const ath__node *node = ath__graph_node(script.graph, s->to->id);
    ath__source *source = node ? ath__script_source(node) : NULL;
    ath_status status = source ? ATH_OK : ath__fail(&m->error, ATH_INTERNAL, "%s is gone", s->to->id);
    if (status == ATH_OK && source->form == ATH__FORM_C)
        status = ath__build_load(&script, &m->migration, &source, 1, &m->error);
    ath__script_close(&script);
    return status;
}
