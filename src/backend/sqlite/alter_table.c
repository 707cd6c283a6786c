/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: changes of tables.  What ALTER TABLE can do is done by it; all else by a rebuild that loses nothing:
 *
 *     the table's own text, edited, makes a new table; the rows are copied, rowids and the AUTOINCREMENT counter with
 *     them; the old table is dropped and the new one takes its name; indexes and triggers are made again from their text.
 *
 * Other tables' foreign keys, views and triggers name the table and are not touched (legacy_alter_table keeps the renaming
 * from looking at them); afterwards it is asked whether they still work.  Nothing here begins or ends a transaction; the caller's
 * makes the whole one change.
 */
#include "backend/sqlite/alter.h"

#include "backend/sqlite/alter_run.h"

#include <strings.h>

/* ---- reading ---- */

ath_status ath__alter_rows(ath__altering *x, const char *sql, ath__alter_row_fn fn, void *context) {
    ath_result *r = ath_connection_execute(x->c, ath_stmt_of(ath_text(sql)));
    if (!r) {
        *x->error = x->c->error;
        return ath__failed(x->error);
    }
    ath_status status = ATH_OK;
    for (const ath_row *row = ath_fetch(r); row && status == ATH_OK; row = ath_fetch(r))
        status = fn(context, row);
    if (status == ATH_OK && ath_result_error(r)->status != ATH_OK) {
        *x->error = *ath_result_error(r);
        status = x->error->status;
    }
    ath_result_close(r);
    return status;
}

const char *ath__alter_printf(ath__altering *x, const char *format, ...) {
    ath__buf text;
    va_list args;
    ath__buf_init(&text, x->arena.allocator);
    va_start(args, format);
    ath__buf_vprintf(&text, format, args);
    va_end(args);
    const char *copy = text.failed ? NULL : ath__arena_strn(&x->arena, ath__buf_text(&text), text.size);
    ath__buf_done(&text);
    if (!copy)
        ath__fail_memory(x->error);
    return copy;
}

const char *ath__alter_quote(ath__altering *x, const char *name, char quote) {
    ath__buf text;
    ath__buf_init(&text, x->arena.allocator);
    ath__buf_char(&text, quote);
    for (; *name; name++) {
        ath__buf_char(&text, *name);
        if (*name == quote)
            ath__buf_char(&text, quote);
    }
    ath__buf_char(&text, quote);
    const char *copy = text.failed ? NULL : ath__arena_strn(&x->arena, ath__buf_text(&text), text.size);
    ath__buf_done(&text);
    if (!copy)
        ath__fail_memory(x->error);
    return copy;
}

static const char *name_of(ath__altering *x, const char *name) {
    ath__buf text;
    ath__buf_init(&text, x->arena.allocator);
    ath__dialect_name(x->c->dialect, &text, name);
    const char *copy = text.failed ? NULL : ath__arena_strn(&x->arena, ath__buf_text(&text), text.size);
    ath__buf_done(&text);
    if (!copy)
        ath__fail_memory(x->error);
    return copy;
}

const char *ath__alter_qualified(ath__altering *x, const char *name) {
    const char *quoted = name_of(x, name);
    return x->edits->schema && quoted ? ath__alter_printf(x, "%s.%s", x->schema_name, quoted) : quoted;
}

static ath_status take_object(void *context, const ath_row *row) {
    ath__altering *x = context;
    const char *type = ath_row_text(row, 0), *name = ath_row_text(row, 1), *sql = ath_row_text(row, 2);
    if (x->object_count == x->object_capacity) {
        size_t capacity = x->object_capacity ? x->object_capacity * 2 : 16;
        ath__object *larger = ath__arena_alloc(&x->arena, capacity * sizeof *larger);
        if (!larger)
            return ath__fail_memory(x->error);
        if (x->object_count)
            memcpy(larger, x->objects, x->object_count * sizeof *larger);
        x->objects = larger;
        x->object_capacity = capacity;
    }
    ath__object object = {.is_index = strcmp(type, "index") == 0,
                          .is_view = strcmp(type, "view") == 0,
                          .is_table = strcmp(type, "table") == 0,
                          .name = ath__arena_str(&x->arena, name),
                          .sql = ath__arena_str(&x->arena, sql)};
    if (!object.name || !object.sql)
        return ath__fail_memory(x->error);
    x->objects[x->object_count++] = object;
    return ATH_OK;
}

/* The table, its indexes and triggers, and all views: as they are now. */
static ath_status load(ath__altering *x) {
    const char *table = ath__alter_quote(x, x->edits->table, '\'');
    x->objects = NULL;
    x->object_count = x->object_capacity = 0;
    x->sql = NULL;
    const char *sql =
        ath__alter_printf(x,
                          "SELECT type, name, sql FROM %s.sqlite_master WHERE sql IS NOT NULL AND (type = 'view' OR "
                          "tbl_name = %s COLLATE NOCASE) ORDER BY type = 'trigger', rowid",
                          x->schema_name, table ? table : "''");
    if (!sql)
        return x->error->status;
    ATH_TRY(ath__alter_rows(x, sql, take_object, x));
    for (size_t i = 0; i < x->object_count; i++)
        if (x->objects[i].is_table && ath__same_name(x->objects[i].name, x->edits->table)) {
            x->sql = x->objects[i].sql;
            x->table = x->objects[i].name;
        }
    return x->sql ? ath__create_read(&x->create, x->sql, &x->arena, x->error) : ATH_OK;
}

static ath_status unknown_table(ath__altering *x) {
    if (!x->edits->is_script)
        return ath__fail(x->error, ATH_ARGUMENT, "there is no table '%s'", x->edits->table);
    return ath__fail(
        x->error, ATH_ARGUMENT,
        "SQLite changes table '%s' by making it anew, and a script does not know what it is made of: begin "
        "the script where the table is created, say ATH_OP_BATCH(op, \"%s\", ath_copy_from(...)), or run "
        "without --sql",
        x->edits->table, x->edits->table);
}

/* ---- what ALTER TABLE can do ---- */

ath_status ath__alter_emit(ath__altering *x, const char *sql) {
    return sql ? x->edits->emit(x->edits->context, sql, x->error) : x->error->status;
}

static ath_status see_row(void *context, const ath_row *row) {
    (void)row;
    *(bool *)context = true;
    return ATH_OK;
}

static ath_status has_rows(ath__altering *x, bool *has) {
    *has = false;
    const char *table = ath__alter_qualified(x, x->edits->table);
    const char *sql = table ? ath__alter_printf(x, "SELECT 1 FROM %s LIMIT 1", table) : NULL;
    return sql ? ath__alter_rows(x, sql, see_row, has) : x->error->status;
}

/* A line of a column by itself, taken apart. */
static ath_status read_line(ath__altering *x, const char *line, const ath__part **part) {
    ath__create *create = ath__arena_zero(&x->arena, sizeof *create);
    const char *sql = ath__alter_printf(x, "CREATE TABLE t (%s)", line);
    if (!create || !sql)
        return ath__fail_memory(x->error);
    ATH_TRY(ath__create_read(create, sql, &x->arena, x->error));
    *part = create->parts;
    return create->count == 1 ? ATH_OK : ath__fail(x->error, ATH_INTERNAL, "a column's line is not read: %s", line);
}

/* What a table with rows does not take: NOT NULL without a value, a value that is computed. */
static bool needs_empty(const ath__part *part) {
    const ath__clause *value = ath__part_clause(part, ATH__CLAUSE_DEFAULT);
    bool none = !value || ath__text_mentions(value->text, "null");
    if (!value)
        return ath__part_clause(part, ATH__CLAUSE_NOT_NULL) != NULL;
    return strchr(value->text, '(') || strstr(value->text, "CURRENT_") || strstr(value->text, "current_") ||
           (!none && ath__part_clause(part, ATH__CLAUSE_REFERENCES));
}

static ath_status can_add(ath__altering *x, const ath__edit *edit, bool *can) {
    const ath__part *part = NULL;
    bool rows = false;
    ATH_TRY(read_line(x, edit->sql, &part));
    const ath__clause *computed = ath__part_clause(part, ATH__CLAUSE_GENERATED);
    *can = !edit->before && !edit->after && !ath__part_clause(part, ATH__CLAUSE_PRIMARY_KEY) &&
           !ath__part_clause(part, ATH__CLAUSE_UNIQUE) && !(computed && ath__text_mentions(computed->text, "stored"));
    if (!*can || !needs_empty(part))
        return ATH_OK;
    if (x->edits->is_script) { /* nobody knows whether there will be rows: the table is made anew if that can be said */
        *can = !x->sql || !ath__part_clause(part, ATH__CLAUSE_DEFAULT);
        return ATH_OK;
    }
    ATH_TRY(has_rows(x, &rows));
    if (rows && ath__part_clause(part, ATH__CLAUSE_NOT_NULL) && !ath__part_clause(part, ATH__CLAUSE_DEFAULT))
        return ath__fail(x->error, ATH_ARGUMENT,
                         "column %s of table %s would be NOT NULL without a default, and the table has rows: say "
                         ".server_default, or add it as nullable, fill it, and alter it then",
                         edit->name, x->edits->table);
    *can = !rows;
    return ATH_OK;
}

/* DROP COLUMN wants a column that nothing speaks of; what is not sure is rebuilt. */
static bool can_drop(const ath__altering *x, const char *name) {
    for (size_t i = 0; i < x->create.count; i++) {
        const ath__part *part = &x->create.parts[i];
        bool own = ath__same_name(part->column, name);
        for (size_t k = 0; k < part->clause_count; k++) {
            ath__clause_kind kind = part->clauses[k].kind;
            bool ties = kind == ATH__CLAUSE_PRIMARY_KEY || kind == ATH__CLAUSE_UNIQUE || kind == ATH__CLAUSE_REFERENCES;
            if (own ? ties : ath__text_mentions(part->clauses[k].text, name))
                return false;
        }
    }
    for (size_t i = 0; i < x->object_count; i++)
        if (!x->objects[i].is_table && ath__text_mentions(x->objects[i].sql, name))
            return false;
    return true;
}

static ath_status can_alter(ath__altering *x, const ath__edit *edit, bool *can) {
    *can = false;
    if (edit->kind == ATH__EDIT_ADD_COLUMN)
        return can_add(x, edit, can);
    *can = edit->kind == ATH__EDIT_DROP_COLUMN && (!x->sql || can_drop(x, edit->name));
    return ATH_OK;
}

/* if_exists, where SQLite does not ask: nothing is left to do. */
static bool is_done(const ath__altering *x, const ath__edit *edit) {
    if (!edit->if_exists || !x->sql)
        return false;
    bool there = ath__create_column(&x->create, edit->name) != NULL;
    return (edit->kind == ATH__EDIT_ADD_COLUMN && there) || (edit->kind == ATH__EDIT_DROP_COLUMN && !there);
}

static ath_status alter_plainly(ath__altering *x, const ath__edit *edit) {
    const char *table = ath__alter_qualified(x, x->edits->table), *name = name_of(x, edit->name);
    if (!table || !name)
        return x->error->status;
    if (x->sql && edit->kind == ATH__EDIT_DROP_COLUMN && !ath__create_column(&x->create, edit->name))
        return ath__fail(x->error, ATH_ARGUMENT, "table %s has no column '%s'", x->edits->table, edit->name);
    return ath__alter_emit(x, edit->kind == ATH__EDIT_ADD_COLUMN
                                  ? ath__alter_printf(x, "ALTER TABLE %s ADD COLUMN %s", table, edit->sql)
                                  : ath__alter_printf(x, "ALTER TABLE %s DROP COLUMN %s", table, name));
}

/* ---- groups of edits ---- */

/* All that was gathered: by ALTER TABLE if that can do all of it, else by one rebuild. */
static ath_status flush(ath__altering *x) {
    bool can = !x->edits->recreate || strcmp(x->edits->recreate, "always") != 0;
    size_t left = 0;
    if (!x->group_count)
        return ATH_OK;
    ATH_TRY(load(x));
    if (!x->sql && !x->edits->is_script)
        return unknown_table(x);
    for (size_t i = 0; i < x->group_count; i++)
        if (!is_done(x, &x->group[i]))
            x->group[left++] = x->group[i];
    for (size_t i = 0; i < left && can; i++)
        ATH_TRY(can_alter(x, &x->group[i], &can));
    x->group_count = left;
    if (!can && x->edits->recreate && strcmp(x->edits->recreate, "never") == 0)
        return ath__fail(x->error, ATH_NOT_SUPPORTED,
                         "SQLite cannot do this to table %s by ALTER TABLE, and .recreate is \"never\"",
                         x->edits->table);
    if (!can && !x->sql)
        return unknown_table(x);
    if (!can)
        ATH_TRY(ath__alter_rebuild(x));
    for (size_t i = 0; i < left && can; i++)
        ATH_TRY(alter_plainly(x, &x->group[i]));
    x->group_count = 0;
    for (size_t i = 0; i < x->later_count; i++)
        ATH_TRY(ath__alter_emit(x, x->later[i]));
    x->later_count = 0;
    return ATH_OK;
}

/* SQLite renames a column in all that speaks of it: indexes, triggers, views, other tables' foreign keys. */
static ath_status rename_column(ath__altering *x, const ath__edit *edit) {
    bool tied = x->later_count > 0;
    for (size_t i = 0; i < x->group_count; i++) {
        const ath__edit *other = &x->group[i];
        tied = tied || other->kind == ATH__EDIT_ADD_CONSTRAINT || other->kind == ATH__EDIT_DROP_CONSTRAINT ||
               (other->kind == ATH__EDIT_ADD_COLUMN && ath__same_name(other->name, edit->name)) ||
               (other->kind == ATH__EDIT_DROP_COLUMN && ath__same_name(other->name, edit->new_name));
    }
    if (tied)
        ATH_TRY(flush(x));
    ATH_TRY(load(x));
    if (!x->sql && !x->edits->is_script)
        return unknown_table(x);
    if (x->sql && !ath__create_column(&x->create, edit->name))
        return ath__fail(x->error, ATH_ARGUMENT, "table %s has no column '%s'", x->edits->table, edit->name);
    for (size_t i = 0; i < x->group_count; i++)
        if (ath__same_name(x->group[i].name, edit->name))
            x->group[i].name = edit->new_name;
    const char *table = ath__alter_qualified(x, x->edits->table), *name = name_of(x, edit->name);
    const char *new_name = name_of(x, edit->new_name);
    if (!table || !name || !new_name)
        return x->error->status;
    return ath__alter_emit(x, ath__alter_printf(x, "ALTER TABLE %s RENAME COLUMN %s TO %s", table, name, new_name));
}

static bool begins(const char *text, const char *word) {
    return strncasecmp(text, word, strlen(word)) == 0;
}

/* What is made waits for the rebuild that is to come; what is dropped goes before it. */
static ath_status statement(ath__altering *x, const ath__edit *edit) {
    if (begins(edit->sql, "CREATE") && x->group_count) {
        x->later[x->later_count++] = edit->sql;
        return ATH_OK;
    }
    if (x->later_count)
        ATH_TRY(flush(x));
    return ath__alter_emit(x, edit->sql);
}

/* An index is made again under its new name, from its text. */
static ath_status rename_index(ath__altering *x, const ath__edit *edit) {
    ATH_TRY(flush(x));
    return ath__alter_rename_an_index(x, edit->name, edit->new_name);
}

static ath_status take(ath__altering *x, const ath__edit *edit) {
    if (edit->kind != ATH__EDIT_STATEMENT && edit->kind != ATH__EDIT_OPTIONS &&
        edit->kind != ATH__EDIT_ADD_CONSTRAINT && edit->kind != ATH__EDIT_DROP_CONSTRAINT && !edit->name)
        return ath__fail(x->error, ATH_ARGUMENT, "a directive for table %s does not say a name", x->edits->table);
    switch (edit->kind) {
    case ATH__EDIT_RENAME_COLUMN:
        return rename_column(x, edit);
    case ATH__EDIT_RENAME_INDEX:
        return rename_index(x, edit);
    case ATH__EDIT_STATEMENT:
        return statement(x, edit);
    default:
        x->group[x->group_count++] = *edit;
        return ATH_OK;
    }
}

/* A script's schema is a file that will be attached; its shadow has one of that name, from the first use on. */
static ath_status attach(ath__altering *x) {
    const char *sql = ath__alter_printf(x, "ATTACH ':memory:' AS %s", x->schema_name);
    if (sql)
        (void)x->c->driver->exec(x->c->handle, sql, NULL); /* it is there already, or there are too many */
    return x->error->status;
}

ath_status ath__sqlite_alter(ath_connection *c, const ath__edits *edits, ath_error *error) {
    ath__altering x = {.c = c, .edits = edits, .error = error};
    ath__arena_init(&x.arena, &c->engine->allocator);
    ath_status status = ATH_OK;
    x.group = ath__arena_zero(&x.arena, (edits->count + 1) * sizeof *x.group);
    x.later = ath__arena_zero(&x.arena, (edits->count + 1) * sizeof *x.later);
    x.schema_name = edits->schema ? name_of(&x, edits->schema) : "main";
    if (!x.group || !x.later || !x.schema_name)
        status = ath__fail_memory(error);
    if (status == ATH_OK && edits->schema && edits->is_script)
        status = attach(&x);
    for (size_t i = 0; i < edits->count && status == ATH_OK; i++)
        status = take(&x, &edits->items[i]);
    if (status == ATH_OK)
        status = flush(&x);
    ath__arena_done(&x.arena);
    return status;
}
