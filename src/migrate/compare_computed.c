/* SPDX-License-Identifier: Apache-2.0
 *
 * Computed columns where ALTER COLUMN cannot change them (PostgreSQL): such a column goes before the change, its own or that of a
 * column it is computed from, with all that stands over it, and comes back behind.
 */
#include "migrate/comparing.h"

#include <ctype.h>

static bool is_word(char ch) {
    return isalnum((unsigned char)ch) || ch == '_' || (unsigned char)ch >= 0x80;
}

/* Whether a text has the name in it, as a word of its own. */
static bool mentions(const char *text, const char *name) {
    size_t size = strlen(name);
    for (const char *at = text; at && (at = strstr(at, name)) != NULL; at++)
        if (!is_word(at[size]) && (at == text || !is_word(at[-1])))
            return true;
    return false;
}

static bool lists(ath_name_list list, const char *name) {
    for (size_t i = 0; i < list.count; i++)
        if (strcmp(list.names[i], name) == 0)
            return true;
    return false;
}

static bool in_parts(ath_part_list list, const char *name) {
    for (size_t i = 0; i < list.count; i++)
        if (ath__same_text(list.parts[i].column, name) || mentions(list.parts[i].expression, name) ||
            mentions(list.parts[i].text, name))
            return true;
    return false;
}

static bool index_over(const ath__index *x, const char *name) {
    return lists(x->columns, name) || lists(x->opts.include, name) || in_parts(x->parts, name) ||
           mentions(x->opts.where, name);
}

static bool constraint_over(const ath__constraint *k, const char *name) {
    return k->kind != ATH__PRIMARY_KEY &&
           (lists(k->columns, name) || lists(k->include, name) || in_parts(k->parts, name) ||
            mentions(k->check, name) || mentions(k->where, name));
}

static ath_status drop(ath__comparing *c, const ath__pair *p, ath_operation_kind kind, int constraint,
                       const ath_table_item *item, const char *name) {
    return item ? ath__add_change(c, (ath_operation){.kind = kind,
                                                     .schema = p->wanted->opts.schema,
                                                     .table = p->wanted->name,
                                                     .name = name,
                                                     .constraint = (ath_constraint_kind)constraint,
                                                     .items = item,
                                                     .item_count = 1,
                                                     .exact_name = kind != ATH_OPERATION_DROP_COLUMN})
                : ath__failed(c->error);
}

/* What would go with the column goes by itself, so that the way back makes it again. */
static ath_status drop_over(ath__comparing *c, const ath__pair *p, ath_table *t, const char *name) {
    size_t left = 0;
    for (size_t i = 0; i < t->index_count; i++) {
        if (!index_over(&t->indexes[i], name)) {
            t->indexes[left++] = t->indexes[i];
            continue;
        }
        const ath__index *kept = ath__arena_copy(c->arena, &t->indexes[i], sizeof *kept);
        const ath_table_item *item = kept ? ath__item_of_index(&c->found, t, kept) : NULL;
        ATH_TRY(drop(c, p, ATH_OPERATION_DROP_INDEX, 0, item, item ? item->name : NULL));
    }
    t->index_count = left;
    left = 0;
    for (size_t i = 0; i < t->constraint_count; i++) {
        if (!constraint_over(&t->constraints[i], name)) {
            t->constraints[left++] = t->constraints[i];
            continue;
        }
        const ath__constraint *kept = ath__arena_copy(c->arena, &t->constraints[i], sizeof *kept);
        ATH_TRY(drop(c, p, ATH_OPERATION_DROP_CONSTRAINT, (int)t->constraints[i].kind,
                     kept ? ath__item_of_constraint(&c->found, t, kept) : NULL, t->constraints[i].name));
    }
    t->constraint_count = left;
    return ATH_OK;
}

static ath_status must_go(ath__comparing *c, const ath__pair *p, const ath__column *computed, bool *goes) {
    const ath__column *wanted = ath__column_of(c, p->wanted, computed->name);
    unsigned differs = 0;
    *goes = false;
    if (wanted && wanted->computed)
        ATH_TRY(ath__column_differs(c, p, wanted, computed, &differs));
    if (differs & ATH__DIFFERS_COMPUTED || (!wanted && !c->opts->allow_drop) || (wanted && !wanted->computed)) {
        *goes = (differs & ATH__DIFFERS_COMPUTED) != 0;
        return ATH_OK;
    }
    for (size_t i = 0; i < p->wanted->column_count && !*goes; i++) {
        const ath__column *from = &p->wanted->columns[i],
                          *found = from->expression ? NULL : ath__column_of(c, p->found, from->name);
        if (!found || found == computed || !mentions(computed->computed, found->name))
            continue;
        ATH_TRY(ath__column_differs(c, p, from, found, &differs));
        *goes = (differs & ATH__DIFFERS_TYPE) != 0;
    }
    return ATH_OK;
}

ath_status ath__withdraw_computed(ath__comparing *c, const ath__pair *p) {
    static const char no_column = 0; /* its address says that a column is none of the table */
    ath_table *t = p->live->table;
    if (c->dry || !ath__compares_ddl(c, ATH__DDL_POSTGRESQL_OPTIONS) || ath__compares_ddl(c, ATH__DDL_SET_EXPRESSION))
        return ATH_OK;
    for (size_t i = 0; i < t->column_count; i++) {
        bool goes = false;
        const char *name = t->columns[i].name;
        if (t->columns[i].computed &&
            ath__included(c, ATH__COMPARED_COLUMN, t->opts.schema, p->wanted->name, name, false))
            ATH_TRY(must_go(c, p, &t->columns[i], &goes));
        if (!goes)
            continue;
        const ath__column *kept = ath__arena_copy(c->arena, &t->columns[i], sizeof *kept);
        ath__detected(c, "computed column '%s.%s' in the way of a change: it is made anew", p->wanted->name, name);
        ATH_TRY(drop_over(c, p, t, name));
        ATH_TRY(drop(c, p, ATH_OPERATION_DROP_COLUMN, 0, kept ? ath__item_of_column(&c->found, t, kept, false) : NULL,
                     name));
        t->columns[i].expression = (const ath_expr *)(const void *)&no_column; /* others are known by their places */
    }
    return ATH_OK;
}
