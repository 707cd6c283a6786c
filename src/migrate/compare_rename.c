/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes and what comes under another name: as it is said (.renames), or as somebody answers when asked.  The database's
 * side gets the new name, everywhere it stands, as the database itself would give it; so the rest is compared under it.
 */
#include "migrate/comparing.h"

#include <ctype.h>

/* ---- what is said ---- */

/* "old:new", or for a column "table.old:new" and "table.old:table.new". */
static bool is_said(const ath__comparing *c, const char *table, const char *from, const char *to) {
    char wanted[2][700];
    snprintf(wanted[0], sizeof wanted[0], "%s%s%s:%s", table ? table : "", table ? "." : "", from, to);
    snprintf(wanted[1], sizeof wanted[1], "%s%s%s:%s%s%s", table ? table : "", table ? "." : "", from,
             table ? table : "", table ? "." : "", to);
    for (size_t i = 0; i < c->opts->renames.count; i++)
        if (strcmp(c->opts->renames.names[i], wanted[0]) == 0 || strcmp(c->opts->renames.names[i], wanted[1]) == 0)
            return true;
    return false;
}

static bool is_renamed(const ath__comparing *c, const char *table, const char *from, const char *to) {
    return is_said(c, table, from, to) ||
           (c->opts->is_renamed && c->opts->is_renamed(c->opts->context, table, from, to));
}

/* ---- names in lists and texts ---- */

static ath_status rename_in_list(ath__comparing *c, ath_name_list *list, const char *from, const char *to) {
    const char **names = NULL;
    for (size_t i = 0; i < list->count; i++) {
        if (strcmp(list->names[i], from) != 0)
            continue;
        if (!names)
            names = ath__arena_copy(c->arena, list->names, list->count * sizeof *names);
        if (!names)
            return ath__fail_memory(c->error);
        names[i] = to;
    }
    if (names)
        list->names = names;
    return ATH_OK;
}

static bool is_word(char ch) {
    return isalnum((unsigned char)ch) || ch == '_' || (unsigned char)ch >= 0x80;
}

/* The column's name where it stands as a word, outside of strings. */
static ath_status rename_in_text(ath__comparing *c, const char **text, const char *from, const char *to) {
    size_t size = strlen(from);
    bool quoted = false;
    ath__buf out;
    if (!*text || !strstr(*text, from))
        return ATH_OK;
    ath__buf_init(&out, c->arena->allocator);
    for (const char *at = *text; *at;) {
        quoted ^= *at == '\'';
        bool word = !quoted && strncmp(at, from, size) == 0 && !is_word(at[size]) && (at == *text || !is_word(at[-1]));
        ath__buf_add(&out, word ? to : at, word ? strlen(to) : 1);
        at += word ? size : 1;
    }
    const char *kept = out.failed ? NULL : ath__arena_str(c->arena, ath__buf_text(&out));
    ath__buf_done(&out);
    if (!kept)
        return ath__fail_memory(c->error);
    *text = kept;
    return ATH_OK;
}

static ath_status rename_in_parts(ath__comparing *c, ath_part_list *list, const char *from, const char *to) {
    ath_index_part *parts = list->count ? ath__arena_copy(c->arena, list->parts, list->count * sizeof *parts) : NULL;
    if (list->count && !parts)
        return ath__fail_memory(c->error);
    for (size_t i = 0; i < list->count; i++) {
        if (parts[i].column && strcmp(parts[i].column, from) == 0)
            parts[i].column = to;
        ATH_TRY(rename_in_text(c, &parts[i].expression, from, to));
        ATH_TRY(rename_in_text(c, &parts[i].text, from, to));
    }
    list->parts = parts;
    return ATH_OK;
}

/* Indexes keep the names that they were given by those of their table and column. */
static ath_status keep_index_names(ath__comparing *c, ath_table *t) {
    for (size_t i = 0; i < t->index_count; i++) {
        ath__index *x = &t->indexes[i];
        if (x->generated || !x->name)
            ATH_TRY(ath__final_index_name(&c->found, t, x, &x->name));
        x->generated = false;
    }
    return ATH_OK;
}

/* ---- tables ---- */

static void point_elsewhere(ath__comparing *c, const ath_table *from, const char *to) {
    for (size_t i = 0; i < c->out->live.count; i++) {
        ath_table *t = c->out->live.tables[i].table;
        for (size_t k = 0; k < t->constraint_count; k++)
            if (t->constraints[k].kind == ATH__FOREIGN_KEY &&
                ath__same_table(t->constraints[k].target_schema, t->constraints[k].target, from))
                t->constraints[k].target = to;
    }
}

static ath_status rename_table(ath__comparing *c, const ath__live_table *live, const ath_table *wanted) {
    const char *from = live->table->name;
    ath__detected(c, "renamed table '%s' to '%s'", from, wanted->name);
    ATH_TRY(ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_RENAME_TABLE,
                                               .schema = wanted->opts.schema,
                                               .table = from,
                                               .new_name = wanted->name}));
    point_elsewhere(c, live->table, wanted->name);
    ATH_TRY(keep_index_names(c, live->table));
    live->table->name = wanted->name;
    c->pairs[c->pair_count++] = (ath__pair){.wanted = wanted, .live = live, .found = live->table};
    return ATH_OK;
}

ath_status ath__rename_tables(ath__comparing *c) {
    size_t left = 0;
    for (size_t i = 0; i < c->created_count; i++) {
        const ath_table *wanted = c->created[i];
        size_t k = 0;
        while (k < c->dropped_count && !(ath__same_text(c->dropped[k]->table->opts.schema, wanted->opts.schema) &&
                                         is_renamed(c, NULL, c->dropped[k]->table->name, wanted->name)))
            k++;
        if (k == c->dropped_count) {
            c->created[left++] = wanted;
            continue;
        }
        ATH_TRY(rename_table(c, c->dropped[k], wanted));
        c->dropped_count--;
        memmove(&c->dropped[k], &c->dropped[k + 1], (c->dropped_count - k) * sizeof(void *));
    }
    c->created_count = left;
    return ATH_OK;
}

/* ---- columns ---- */

static ath_status rename_in_table(ath__comparing *c, ath_table *t, const char *from, const char *to) {
    for (size_t i = 0; i < t->column_count; i++) {
        ATH_TRY(rename_in_text(c, &t->columns[i].check, from, to));
        ATH_TRY(rename_in_text(c, &t->columns[i].computed, from, to));
        if (strcmp(t->columns[i].name, from) == 0)
            t->columns[i].name = to;
    }
    if (t->primary)
        ATH_TRY(rename_in_list(c, &t->primary->columns, from, to));
    for (size_t i = 0; i < t->constraint_count; i++) {
        ath__constraint *k = &t->constraints[i];
        ATH_TRY(rename_in_list(c, &k->columns, from, to));
        ATH_TRY(rename_in_list(c, &k->include, from, to));
        ATH_TRY(rename_in_text(c, &k->check, from, to));
        ATH_TRY(rename_in_text(c, &k->where, from, to));
        ATH_TRY(rename_in_parts(c, &k->parts, from, to));
    }
    ATH_TRY(keep_index_names(c, t));
    for (size_t i = 0; i < t->index_count; i++) {
        ath__index *x = &t->indexes[i];
        ATH_TRY(rename_in_list(c, &x->columns, from, to));
        ATH_TRY(rename_in_list(c, &x->opts.include, from, to));
        ATH_TRY(rename_in_text(c, &x->opts.where, from, to));
        ATH_TRY(rename_in_parts(c, &x->parts, from, to));
    }
    return ATH_OK;
}

/* Foreign keys that refer to the column. */
static ath_status rename_target(ath__comparing *c, const ath_table *of, const char *from, const char *to) {
    for (size_t i = 0; i < c->out->live.count; i++) {
        ath_table *t = c->out->live.tables[i].table;
        for (size_t k = 0; k < t->constraint_count; k++)
            if (t->constraints[k].kind == ATH__FOREIGN_KEY &&
                ath__same_table(t->constraints[k].target_schema, t->constraints[k].target, of))
                ATH_TRY(rename_in_list(c, &t->constraints[k].target_columns, from, to));
    }
    return ATH_OK;
}

static ath_status rename_column(ath__comparing *c, ath__pair *p, const ath__column *found, const ath__column *wanted) {
    const char *from = found->name;
    const ath_alter_opts o = {.struct_size = sizeof o, .new_name = wanted->name};
    const ath_alter_opts *kept = ath__arena_copy(c->arena, &o, sizeof o);
    if (!kept)
        return ath__fail_memory(c->error);
    ath__detected(c, "renamed column '%s.%s' to '%s'", p->wanted->name, from, wanted->name);
    ATH_TRY(ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_ALTER_COLUMN,
                                               .schema = p->wanted->opts.schema,
                                               .table = p->wanted->name,
                                               .name = from,
                                               .alter = kept}));
    ATH_TRY(rename_target(c, p->found, from, wanted->name));
    return rename_in_table(c, p->live->table, from, wanted->name);
}

ath_status ath__rename_columns(ath__comparing *c, ath__pair *p) {
    if (!c->opts->renames.count && !c->opts->is_renamed)
        return ATH_OK;
    for (size_t i = 0; i < p->wanted->column_count; i++) {
        const ath__column *wanted = &p->wanted->columns[i];
        if (wanted->expression || ath__column_of(c, p->found, wanted->name))
            continue;
        for (size_t k = 0; k < p->found->column_count; k++) {
            const ath__column *found = &p->found->columns[k];
            if (ath__column_of(c, p->wanted, found->name) || !is_renamed(c, p->wanted->name, found->name, wanted->name))
                continue;
            ATH_TRY(rename_column(c, p, found, wanted));
            break;
        }
    }
    return ATH_OK;
}
