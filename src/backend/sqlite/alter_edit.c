/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: edits of the text of a CREATE TABLE.  What an edit does not name stays as it was written.
 */
#include "backend/sqlite/alter.h"

#include "sql/ddl.h"

static ath_status no_memory(const ath__create *create) {
    return ath__fail_memory(create->error);
}

static ath_status no_column(const ath__create *create, const ath__edited *context, const char *name) {
    return ath__fail(create->error, ATH_ARGUMENT, "table %s has no column '%s'", context->edits->table, name);
}

/* ---- columns ---- */

/* Room for one more clause behind those that are there. */
static ath__clause *append_clause(ath__create *create, ath__part *part, size_t place, ath__clause clause) {
    ath__clause *larger = ath__arena_zero(create->arena, (part->clause_count + 1) * sizeof *larger);
    if (!larger) {
        no_memory(create);
        return NULL;
    }
    for (size_t i = 0; i < part->clause_count; i++)
        larger[i < place ? i : i + 1] = part->clauses[i];
    larger[place] = clause;
    part->clauses = larger;
    part->clause_capacity = ++part->clause_count;
    return &larger[place];
}

/* A clause there may be one of: replaced where it stands, else put in at `place`. */
static ath_status set_clause(ath__create *create, ath__part *part, ath__clause_kind kind, size_t place,
                             const char *text) {
    if (!text)
        return no_memory(create);
    ath__clause *there = ath__part_clause(part, kind);
    if (there) {
        there->text = text;
        there->name = NULL;
        return ATH_OK;
    }
    return append_clause(create, part, place, (ath__clause){.kind = kind, .text = text}) ? ATH_OK
                                                                                         : create->error->status;
}

static void remove_clauses(ath__part *part, ath__clause_kind kind) {
    for (ath__clause *c = ath__part_clause(part, kind); c; c = ath__part_clause(part, kind))
        c->removed = true;
}

static size_t behind_default(const ath__part *part) {
    for (size_t i = 0; i < part->clause_count; i++)
        if (part->clauses[i].kind == ATH__CLAUSE_DEFAULT)
            return i + 1;
    return 0;
}

/* A new generated column keeps the way in which the old one was kept, unless it is said. */
static const char *generated(const ath__create *create, const ath__part *part, const ath__edit *edit) {
    const ath__clause *there = ath__part_clause(part, ATH__CLAUSE_GENERATED);
    bool stored =
        edit->persisted == ATH_STORED || (!edit->persisted && there && ath__text_mentions(there->text, "stored"));
    return ath__arena_printf(create->arena, "GENERATED ALWAYS AS (%s)%s", edit->computed, stored ? " STORED" : "");
}

static ath_status alter_column(ath__create *create, const ath__edited *context, const ath__edit *edit) {
    ath__part *part = ath__create_column(create, edit->name);
    if (!part || part->whole)
        return part ? ath__fail(create->error, ATH_STATE, "column %s is added and changed in one block", edit->name)
                    : no_column(create, context, edit->name);
    if (edit->type)
        part->type = edit->type;
    if (edit->drop_default)
        remove_clauses(part, ATH__CLAUSE_DEFAULT);
    if (edit->default_sql)
        ATH_TRY(set_clause(create, part, ATH__CLAUSE_DEFAULT, 0,
                           ath__arena_printf(create->arena, "DEFAULT %s", edit->default_sql)));
    if (edit->null || edit->not_null)
        remove_clauses(part, ATH__CLAUSE_NULL);
    if (edit->null)
        remove_clauses(part, ATH__CLAUSE_NOT_NULL);
    if (edit->not_null && !ath__part_clause(part, ATH__CLAUSE_NOT_NULL))
        ATH_TRY(set_clause(create, part, ATH__CLAUSE_NOT_NULL, behind_default(part), "NOT NULL"));
    if (edit->collation)
        ATH_TRY(set_clause(create, part, ATH__CLAUSE_COLLATE, part->clause_count,
                           ath__arena_printf(create->arena, "COLLATE \"%s\"", edit->collation)));
    if (edit->drop_computed)
        remove_clauses(part, ATH__CLAUSE_GENERATED);
    if (edit->computed)
        ATH_TRY(set_clause(create, part, ATH__CLAUSE_GENERATED, part->clause_count, generated(create, part, edit)));
    return ATH_OK;
}

static bool is_blank(const char *text) {
    return !text[strspn(text, " \t\r\n\f")];
}

/* A new line looks like the one before it. */
static void lay_out(ath__part *before, ath__part *added) {
    if (is_blank(before->before) && strchr(before->before, '\n'))
        added->before = before->before;
    if (!is_blank(before->behind))
        return;
    added->behind = before->behind;
    before->behind = "";
}

static ath__part *insert_part(ath__create *create, size_t place) {
    ath__part *larger = ath__arena_zero(create->arena, (create->count + 1) * sizeof *larger);
    if (!larger) {
        no_memory(create);
        return NULL;
    }
    for (size_t i = 0; i < create->count; i++)
        larger[i < place ? i : i + 1] = create->parts[i];
    create->parts = larger;
    create->capacity = ++create->count;
    larger[place] = (ath__part){.before = " ", .behind = "", .type = "", .added = true};
    if (place)
        lay_out(&larger[place - 1], &larger[place]);
    return &larger[place];
}

static ath_status add_column(ath__create *create, const ath__edited *context, const ath__edit *edit) {
    size_t place = 0;
    const char *beside = edit->before ? edit->before : edit->after && *edit->after ? edit->after : NULL;
    if (ath__create_column(create, edit->name))
        return edit->if_exists ? ATH_OK
                               : ath__fail(create->error, ATH_ARGUMENT, "table %s has a column '%s' already",
                                           context->edits->table, edit->name);
    if (beside && !ath__create_column(create, beside))
        return no_column(create, context, beside);
    for (size_t i = 0; i < create->count; i++)
        if (beside ? ath__same_name(create->parts[i].column, beside) && !create->parts[i].removed
                   : create->parts[i].column && !(edit->after && !*edit->after))
            place = i + (edit->before ? 0 : 1);
    ath__part *part = insert_part(create, place);
    if (!part)
        return create->error->status;
    part->column = edit->name;
    part->whole = edit->sql;
    return ATH_OK;
}

static bool in_list(ath_name_list list, const char *name) {
    for (size_t i = 0; i < list.count; i++)
        if (ath__same_name(list.names[i], name))
            return true;
    return false;
}

/* A primary key over several columns goes on without the one that goes. */
static ath_status shrink_key(ath__create *create, ath__clause *key, const char *name) {
    ath__buf text;
    size_t left = 0;
    ath__buf_init(&text, create->arena->allocator);
    if (key->name)
        ath__buf_printf(&text, "CONSTRAINT \"%s\" ", key->name);
    for (size_t i = 0; i < key->columns.count; i++)
        if (!ath__same_name(key->columns.names[i], name))
            ath__buf_printf(&text, left++ ? ", \"%s\"" : "PRIMARY KEY (\"%s\"", key->columns.names[i]);
    ath__buf_char(&text, ')');
    key->text = text.failed ? NULL : ath__arena_str(create->arena, ath__buf_text(&text));
    ath__buf_done(&text);
    return key->text ? ATH_OK : no_memory(create);
}

/* Constraints of the table that stand on a column go with it, as on PostgreSQL. */
static ath_status drop_column(ath__create *create, const ath__edited *context, const ath__edit *edit) {
    ath__part *part = ath__create_column(create, edit->name);
    if (!part)
        return edit->if_exists ? ATH_OK : no_column(create, context, edit->name);
    part->removed = true;
    for (size_t i = 0; i < create->count; i++) {
        ath__part *other = &create->parts[i];
        ath__clause *c = other->column || !other->clause_count ? NULL : &other->clauses[0];
        if (!c || other->removed)
            continue;
        bool stands =
            c->kind == ATH__CLAUSE_CHECK ? ath__text_mentions(c->text, edit->name) : in_list(c->columns, edit->name);
        if (stands && c->kind == ATH__CLAUSE_PRIMARY_KEY && c->columns.count > 1)
            ATH_TRY(shrink_key(create, c, edit->name));
        else
            other->removed = stands;
    }
    return ATH_OK;
}

/* ---- constraints ---- */

static ath_status add_constraint(ath__create *create, const ath__edit *edit) {
    ath__part *part = insert_part(create, create->count);
    if (part)
        part->whole = edit->sql;
    return part ? ATH_OK : create->error->status;
}

static bool kind_fits(ath__clause_kind kind, ath_constraint_kind wanted) {
    switch (wanted) {
    case ATH_CONSTRAINT_UNIQUE:
        return kind == ATH__CLAUSE_UNIQUE;
    case ATH_CONSTRAINT_CHECK:
        return kind == ATH__CLAUSE_CHECK;
    case ATH_CONSTRAINT_FOREIGN_KEY:
        return kind == ATH__CLAUSE_FOREIGN_KEY || kind == ATH__CLAUSE_REFERENCES;
    case ATH_CONSTRAINT_PRIMARY_KEY:
        return kind == ATH__CLAUSE_PRIMARY_KEY;
    default:
        return kind != ATH__CLAUSE_DEFAULT && kind != ATH__CLAUSE_COLLATE && kind != ATH__CLAUSE_GENERATED;
    }
}

static ath__constraint_kind constraint_of(ath__clause_kind kind) {
    return kind == ATH__CLAUSE_UNIQUE                    ? ATH__UNIQUE
           : kind == ATH__CLAUSE_CHECK                   ? ATH__CHECK
           : kind == ATH__CLAUSE_PRIMARY_KEY             ? ATH__PRIMARY_KEY
           : kind_fits(kind, ATH_CONSTRAINT_FOREIGN_KEY) ? ATH__FOREIGN_KEY
                                                         : (ath__constraint_kind)0;
}

/* Whether a constraint without a name is called so by the naming convention. */
static bool called_by_convention(const ath__edited *context, const ath__part *part, const ath__clause *clause,
                                 const char *name) {
    ath_error ignored = {0};
    ath__buf made;
    ath_table table = {.name = context->edits->table, .opts = {.schema = context->edits->schema}};
    ath__constraint c = {.kind = constraint_of(clause->kind),
                         .of_type = -1,
                         .columns = part->column ? (ath_name_list){1, &part->column} : clause->columns,
                         .target = clause->target,
                         .target_columns = clause->target_columns};
    ath__ddl w = {.dialect = context->dialect, .naming = context->edits->naming, .error = &ignored};
    if (clause->name || !c.kind || !context->edits->naming)
        return false;
    ath__buf_init(&made, context->allocator);
    w.out = &made;
    bool same = ath__ddl_constraint_name(&w, &table, &c, &made) == ATH_OK && !made.failed &&
                ath__same_name(ath__buf_text(&made), name);
    ath__buf_done(&made);
    return same;
}

static bool same_names(ath_name_list a, ath_name_list b) {
    bool same = a.count == b.count;
    for (size_t i = 0; same && i < a.count; i++)
        same = ath__same_name(a.names[i], b.names[i]);
    return same;
}

/* "CHECK (a > 0)" says "a > 0". */
static bool says_check(const char *text, const char *check) {
    const char *open = strchr(text, '(');
    size_t size = strlen(check);
    if (!open)
        return false;
    open += 1 + strspn(open + 1, " \n\t");
    return strncmp(open, check, size) == 0 && open[size + strspn(open + size, " \n\t")] == ')';
}

/* Whether a constraint without a name says what the item does. */
static bool says_the_same(const ath__part *part, const ath__clause *clause, const ath_table_item *item) {
    ath_name_list columns = part->column ? (ath_name_list){1, &part->column} : clause->columns;
    if (clause->name)
        return false;
    if (item->foreign_key)
        return same_names(columns, item->foreign_key->columns) && clause->target &&
               ath__same_name(clause->target, item->foreign_key->target);
    if (item->kind == ATH_CONSTRAINT_CHECK)
        return item->constraint->check && says_check(clause->text, item->constraint->check);
    return item->constraint && same_names(columns, item->constraint->columns);
}

static bool clause_is(const ath__edited *context, const ath__part *part, const ath__clause *clause,
                      const ath__edit *edit) {
    if (clause->removed || !kind_fits(clause->kind, edit->constraint))
        return false;
    if (!edit->name && edit->constraint != ATH_CONSTRAINT_PRIMARY_KEY)
        return edit->item && says_the_same(part, clause, edit->item);
    if (!edit->name)
        return true;
    return ath__same_name(clause->name, edit->name) || called_by_convention(context, part, clause, edit->name);
}

static ath__clause *find_clause(const ath__create *create, const ath__edited *context, const ath__edit *edit,
                                ath__part **where) {
    for (size_t i = 0; i < create->count; i++) {
        ath__part *part = &create->parts[i];
        for (size_t k = 0; part->clauses && !part->removed && !part->whole && k < part->clause_count; k++)
            if (clause_is(context, part, &part->clauses[k], edit)) {
                *where = part;
                return &part->clauses[k];
            }
    }
    return NULL;
}

static ath_status no_constraint(const ath__create *create, const ath__edited *context, const ath__edit *edit) {
    return ath__fail(create->error, ATH_ARGUMENT, "table %s has no constraint named '%s'", context->edits->table,
                     edit->name ? edit->name : "");
}

static ath_status drop_constraint(ath__create *create, const ath__edited *context, const ath__edit *edit) {
    ath__part *part = NULL;
    ath__clause *clause = find_clause(create, context, edit, &part);
    if (!clause && edit->constraint == ATH_CONSTRAINT_PRIMARY_KEY) { /* whatever it is called: there is but one */
        ath__edit any = *edit;
        any.name = NULL;
        clause = find_clause(create, context, &any, &part);
    }
    if (!clause)
        return edit->if_exists ? ATH_OK : no_constraint(create, context, edit);
    clause->removed = true;
    part->removed = !part->column;
    return ATH_OK;
}

static ath_status rename_constraint(ath__create *create, const ath__edited *context, const ath__edit *edit) {
    ath__part *part = NULL;
    ath__clause *clause = find_clause(create, context, edit, &part);
    ath__buf name;
    if (!clause)
        return no_constraint(create, context, edit);
    const char *text = ath__clause_body(clause->text);
    ath__buf_init(&name, context->allocator);
    ath__dialect_name(context->dialect, &name, edit->new_name);
    const char *renamed =
        name.failed ? NULL : ath__arena_printf(create->arena, "CONSTRAINT %s %s", ath__buf_text(&name), text);
    ath__buf_done(&name);
    if (!renamed)
        return no_memory(create);
    clause->text = renamed;
    clause->name = edit->new_name;
    return ATH_OK;
}

/* What is not said stays as it is. */
static ath_status set_options(ath__create *create, const ath__edit *edit) {
    bool strict = edit->strict || (!edit->no_strict && ath__text_mentions(create->tail, "strict"));
    bool without = edit->without_rowid || (!edit->with_rowid && !ath__create_has_rowid(create));
    create->tail = strict && without ? " WITHOUT ROWID, STRICT" : without ? " WITHOUT ROWID" : strict ? " STRICT" : "";
    return ATH_OK;
}

ath_status ath__create_edit(ath__create *create, const ath__edited *context, const ath__edit *edit) {
    switch (edit->kind) {
    case ATH__EDIT_ADD_COLUMN:
        return add_column(create, context, edit);
    case ATH__EDIT_DROP_COLUMN:
        return drop_column(create, context, edit);
    case ATH__EDIT_ALTER_COLUMN:
        return alter_column(create, context, edit);
    case ATH__EDIT_ADD_CONSTRAINT:
        return add_constraint(create, edit);
    case ATH__EDIT_DROP_CONSTRAINT:
        return drop_constraint(create, context, edit);
    case ATH__EDIT_RENAME_CONSTRAINT:
        return rename_constraint(create, context, edit);
    case ATH__EDIT_OPTIONS:
        return set_options(create, edit);
    default:
        return ATH_OK;
    }
}
