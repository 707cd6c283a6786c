/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: a table made anew; see alter_table.c.
 */
#include "backend/sqlite/alter_run.h"

#include <strings.h>

/* ---- small questions ---- */

static ath_status take_number(void *context, const ath_row *row) {
    *(int64_t *)context = ath_row_int(row, 0);
    return ATH_OK;
}

static ath_status number(ath__altering *x, const char *sql, int64_t *out) {
    *out = 0;
    return sql ? ath__alter_rows(x, sql, take_number, out) : x->error->status;
}

/* Whether a statement compiles as things stand; its error is kept in `why`. */
static bool compiles(ath__altering *x, const char *sql, ath_error *why) {
    ath_result *r = ath_connection_execute(x->c, ath_stmt_of(ath_text(sql)));
    if (!r) {
        *why = x->c->error;
        ath_error_clear(&x->c->error);
        return false;
    }
    ath_result_close(r);
    return true;
}

/* With foreign_keys on, dropping the old table would delete, or refuse because of, the rows that refer to it. */
static ath_status check_foreign_keys(ath__altering *x) {
    int64_t on, referred;
    if (x->edits->is_script)
        return ATH_OK;
    ATH_TRY(number(x, "PRAGMA foreign_keys", &on));
    const char *table = on ? ath__alter_quote(x, x->edits->table, '\'') : "";
    if (!on || !table)
        return table ? ATH_OK : x->error->status;
    ATH_TRY(number(x,
                   ath__alter_printf(x,
                                     "SELECT count(*) FROM %s.sqlite_master AS m, pragma_foreign_key_list(m.name) AS f "
                                     "WHERE m.type = 'table' AND f.\"table\" = %s COLLATE NOCASE",
                                     x->schema_name, table),
                   &referred));
    if (!referred)
        return ATH_OK;
    return ath__fail(x->error, ATH_STATE,
                     "table %s must be made anew while rows of others refer to it: PRAGMA foreign_keys must be off, "
                     "and cannot be switched inside of a transaction",
                     x->edits->table);
}

/* ---- copying ---- */

static bool is_generated(const ath__part *part) {
    return ath__part_clause(part, ATH__CLAUSE_GENERATED) != NULL;
}

/* A name by which the rowid can be copied: no column has it, and no column is it already; NULL: nothing to copy. */
static const char *rowid_name(const ath__create *before, const ath__create *after) {
    static const char *const names[] = {"rowid", "_rowid_", "oid"};
    if (!ath__create_has_rowid(before) || !ath__create_has_rowid(after) || ath__create_rowid(before) ||
        ath__create_rowid(after))
        return NULL;
    for (size_t i = 0; i < ATH_COUNT_OF(names); i++)
        if (!ath__create_column(before, names[i]) && !ath__create_column(after, names[i]))
            return names[i];
    return NULL;
}

/* INSERT INTO new (columns) SELECT columns FROM old, in the order of the new table. */
static ath_status copy_rows(ath__altering *x, const ath__create *before, const char *from, const char *to) {
    const char *rowid = rowid_name(before, &x->create);
    ath__buf columns;
    size_t count = 0;
    ath__buf_init(&columns, x->arena.allocator);
    if (rowid) {
        ath__buf_str(&columns, rowid);
        count++;
    }
    for (size_t i = 0; i < x->create.count; i++) {
        const ath__part *part = &x->create.parts[i];
        const ath__part *old =
            part->column && !part->removed && !part->added ? ath__create_column(before, part->column) : NULL;
        if (old && !is_generated(part))
            ath__buf_printf(&columns, count++ ? ", %s" : "%s", part->quoted);
    }
    const char *list = columns.failed ? NULL : ath__arena_str(&x->arena, ath__buf_text(&columns));
    ath__buf_done(&columns);
    if (!list)
        return ath__fail_memory(x->error);
    return count
               ? ath__alter_emit(x, ath__alter_printf(x, "INSERT INTO %s (%s) SELECT %s FROM %s", to, list, list, from))
               : ATH_OK;
}

/* The counter of AUTOINCREMENT, so that no key is used again. */
static ath_status copy_sequence(ath__altering *x, const ath__create *before, const char *new_table) {
    if (!ath__create_autoincrement(before) || !ath__create_autoincrement(&x->create))
        return ATH_OK;
    const char *old_name = ath__alter_quote(x, x->table, '\''), *new_name = ath__alter_quote(x, new_table, '\'');
    if (!old_name || !new_name)
        return x->error->status;
    ATH_TRY(ath__alter_emit(
        x, ath__alter_printf(x, "DELETE FROM %s.sqlite_sequence WHERE name = %s", x->schema_name, new_name)));
    return ath__alter_emit(x, ath__alter_printf(x,
                                                "INSERT INTO %s.sqlite_sequence (name, seq) SELECT %s, seq FROM "
                                                "%s.sqlite_sequence WHERE name = %s",
                                                x->schema_name, new_name, x->schema_name, old_name));
}

/* ON CONFLICT IGNORE and REPLACE in the table's own text could make a copy smaller without a word. */
static ath_status check_counts(ath__altering *x, const char *from, const char *to) {
    int64_t old_rows, new_rows;
    if (x->edits->is_script)
        return ATH_OK;
    ATH_TRY(number(x, ath__alter_printf(x, "SELECT count(*) FROM %s", from), &old_rows));
    ATH_TRY(number(x, ath__alter_printf(x, "SELECT count(*) FROM %s", to), &new_rows));
    if (old_rows == new_rows)
        return ATH_OK;
    return ath__fail(x->error, ATH_DATA, "table %s has %lld rows, and %lld of them fit what it is to become",
                     x->edits->table, (long long)old_rows, (long long)new_rows);
}

/* ---- what hangs on the table ---- */

/* CREATE [UNIQUE] INDEX name ..., with the schema before the name; sqlite_master leaves it out. */
static const char *in_schema(ath__altering *x, const char *sql) {
    static const char *const begins[] = {"CREATE UNIQUE INDEX ", "CREATE INDEX ", "CREATE TRIGGER ", "CREATE VIEW "};
    for (size_t i = 0; x->edits->schema && i < ATH_COUNT_OF(begins); i++)
        if (strncasecmp(sql, begins[i], strlen(begins[i])) == 0)
            return ath__alter_printf(x, "%s%s.%s", begins[i], x->schema_name, sql + strlen(begins[i]));
    return sql;
}

/* Whether an index stands on a column that has gone: then it goes too. */
static bool lost(const ath__altering *x, const ath__object *index) {
    for (size_t i = 0; i < x->group_count; i++)
        if (x->group[i].kind == ATH__EDIT_DROP_COLUMN && ath__text_mentions(index->sql, x->group[i].name) &&
            !ath__create_column(&x->create, x->group[i].name))
            return true;
    return false;
}

static ath_status make_again(ath__altering *x) {
    for (size_t i = 0; i < x->object_count; i++) {
        const ath__object *o = &x->objects[i];
        if (!o->is_table && !o->is_view && !(o->is_index && lost(x, o)))
            ATH_TRY(ath__alter_emit(x, in_schema(x, o->sql)));
    }
    return ATH_OK;
}

static const char *probe_of(ath__altering *x, const ath__object *view) {
    const char *name = ath__alter_qualified(x, view->name);
    return name ? ath__alter_printf(x, "SELECT 1 FROM %s LIMIT 0", name) : NULL;
}

/* Which views work before the change: those must work after it. */
static ath_status probe_views(ath__altering *x) {
    ath_error ignored;
    for (size_t i = 0; i < x->object_count && !x->edits->is_script; i++) {
        const char *sql = x->objects[i].is_view ? probe_of(x, &x->objects[i]) : "";
        if (!sql)
            return x->error->status;
        x->objects[i].worked = *sql && compiles(x, sql, &ignored);
    }
    return ATH_OK;
}

static ath_status check_views(ath__altering *x) {
    ath_error why;
    for (size_t i = 0; i < x->object_count; i++) {
        if (!x->objects[i].worked)
            continue;
        const char *sql = probe_of(x, &x->objects[i]);
        if (!sql)
            return x->error->status;
        if (!compiles(x, sql, &why))
            return ath__fail(x->error, ATH_ARGUMENT,
                             "table %s cannot become so, because view %s needs it as it was: %s", x->edits->table,
                             x->objects[i].name, why.message);
    }
    return ATH_OK;
}

/* Triggers are compiled when they are needed: EXPLAIN needs them. */
static ath_status check_triggers(ath__altering *x, const char *table) {
    bool any = false;
    ath_error why;
    for (size_t i = 0; i < x->object_count; i++)
        any = any || (!x->objects[i].is_table && !x->objects[i].is_view && !x->objects[i].is_index);
    for (int i = 0; i < 2 && any && !x->edits->is_script; i++) {
        const char *sql = i ? ath__alter_printf(x, "EXPLAIN INSERT INTO %s DEFAULT VALUES", table)
                            : ath__alter_printf(x, "EXPLAIN DELETE FROM %s", table);
        if (!sql)
            return x->error->status;
        if (!compiles(x, sql, &why))
            return ath__fail(x->error, ATH_ARGUMENT,
                             "table %s cannot become so, because a trigger needs it as it was: %s", x->edits->table,
                             why.message);
    }
    return ATH_OK;
}

/* ---- the rebuild ---- */

/* A name that nothing has. */
static ath_status free_name(ath__altering *x, const char **name) {
    int64_t taken = 1;
    for (int i = 0; taken; i++) {
        *name = i ? ath__alter_printf(x, "_athanor_new_%s_%d", x->table, i)
                  : ath__alter_printf(x, "_athanor_new_%s", x->table);
        const char *quoted = *name ? ath__alter_quote(x, *name, '\'') : NULL;
        if (!quoted)
            return x->error->status;
        ATH_TRY(number(x,
                       ath__alter_printf(x, "SELECT count(*) FROM %s.sqlite_master WHERE name = %s COLLATE NOCASE",
                                         x->schema_name, quoted),
                       &taken));
    }
    return ATH_OK;
}

static ath_status create(ath__altering *x, const char *name) {
    ath__buf sql;
    ath__buf_init(&sql, x->arena.allocator);
    ath__create_write(&x->create, name, &sql);
    ath_status status = sql.failed ? ath__fail_memory(x->error) : ath__alter_emit(x, ath__buf_text(&sql));
    ath__buf_done(&sql);
    return status;
}

static ath_status swap(ath__altering *x, const ath__create *before) {
    const char *new_table, *to, *from = ath__alter_qualified(x, x->table);
    ATH_TRY(free_name(x, &new_table));
    to = ath__alter_qualified(x, new_table);
    const char *plain = ath__alter_quote(x, x->table, '"');
    if (!from || !to || !plain)
        return x->error->status;
    ATH_TRY(create(x, to));
    ATH_TRY(copy_rows(x, before, from, to));
    ATH_TRY(check_counts(x, from, to));
    ATH_TRY(copy_sequence(x, before, new_table));
    ATH_TRY(ath__alter_emit(x, ath__alter_printf(x, "DROP TABLE %s", from)));
    return ath__alter_emit(x, ath__alter_printf(x, "ALTER TABLE %s RENAME TO %s", to, plain));
}

static ath_status legacy(ath__altering *x, bool on) {
    return ath__alter_emit(x, on ? "PRAGMA legacy_alter_table = ON" : "PRAGMA legacy_alter_table = OFF");
}

static ath_status rebuild(ath__altering *x, const ath__create *before) {
    int64_t was_legacy;
    ATH_TRY(number(x, "PRAGMA legacy_alter_table", &was_legacy));
    ATH_TRY(probe_views(x));
    if (x->edits->is_script)
        ATH_TRY(ath__alter_emit(x, "PRAGMA foreign_keys = OFF"));
    if (!was_legacy)
        ATH_TRY(legacy(x, true));
    ath_status status = swap(x, before);
    if (!was_legacy && status == ATH_OK)
        status = legacy(x, false);
    if (!was_legacy && status != ATH_OK) /* the statement's error is the one to tell */
        (void)x->c->driver->exec(x->c->handle, "PRAGMA legacy_alter_table = OFF", NULL);
    ATH_TRY(status);
    ATH_TRY(make_again(x));
    ATH_TRY(check_views(x));
    const char *table = ath__alter_qualified(x, x->table);
    return table ? check_triggers(x, table) : x->error->status;
}

ath_status ath__alter_rebuild(ath__altering *x) {
    const ath__edited context = {.edits = x->edits, .dialect = x->c->dialect, .allocator = &x->c->engine->allocator};
    ath__create before;
    if (!ath__create_column(&x->create, x->create.count ? x->create.parts[0].column : NULL))
        return ath__fail(x->error, ATH_NOT_SUPPORTED, "the text of table %s is not read: %s", x->edits->table, x->sql);
    ATH_TRY(check_foreign_keys(x));
    ATH_TRY(ath__create_read(&before, x->sql, &x->arena, x->error));
    for (size_t i = 0; i < x->group_count; i++)
        ATH_TRY(ath__create_edit(&x->create, &context, &x->group[i]));
    return rebuild(x, &before);
}

/* ---- an index under another name ---- */

static ath_status take_text(void *context, const ath_row *row) {
    ath__altering *x = context;
    x->sql = ath_row_text(row, 0) ? ath__arena_str(&x->arena, ath_row_text(row, 0)) : NULL;
    return ATH_OK;
}

ath_status ath__alter_rename_an_index(ath__altering *x, const char *name, const char *new_name) {
    const char *text = ath__alter_quote(x, name, '\''), *old_name = ath__alter_qualified(x, name);
    const char *quoted = ath__alter_qualified(x, new_name);
    x->sql = NULL;
    if (!text || !old_name || !quoted)
        return x->error->status;
    const char *sql = ath__alter_printf(
        x, "SELECT sql FROM %s.sqlite_master WHERE type = 'index' AND name = %s COLLATE NOCASE", x->schema_name, text);
    if (!sql)
        return x->error->status;
    ATH_TRY(ath__alter_rows(x, sql, take_text, x));
    if (!x->sql)
        return ath__fail(x->error, ATH_ARGUMENT, "no index is called '%s'%s", name,
                         x->edits->is_script ? " in this script" : "");
    const char *on = ath__index_on(x->sql);
    bool unique = strncasecmp(x->sql, "CREATE UNIQUE", 13) == 0;
    ATH_TRY(ath__alter_emit(x, ath__alter_printf(x, "DROP INDEX %s", old_name)));
    return ath__alter_emit(x, ath__alter_printf(x, "CREATE %sINDEX %s %s", unique ? "UNIQUE " : "", quoted, on));
}
