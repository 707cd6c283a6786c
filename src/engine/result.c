/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 6 without the ORM: a result walks the rows of a statement.
 *
 * The first step is taken when the statement is executed, so that failures show there.  A row is the driver's cells,
 * turned into the kinds that the result plan names (a BOOLEAN that SQLite gives as 1 is a bool); only ath_result_all
 * copies.  A result holds its prepared statement until it is closed, or until its transaction ends.
 */
#include "engine/result.h"

#include <strings.h>

/* ---- opening and closing ---- */

/* The columns that the program sees. */
static size_t columns_of(const ath_connection *c, const ath__prepared *p) {
    return p->compiled.returns_key ? 0 : c->driver->column_count(p->statement);
}

static ath_result *result_new(ath_connection *c, ath__prepared *p) {
    const ath_allocator *a = &c->engine->allocator;
    size_t columns = columns_of(c, p);
    ath_result *r = ath__alloc_zero(a, 1, sizeof *r);
    if (!r) {
        ath__fail_memory(&c->error);
        return NULL;
    }
    ath__arena_init(&r->arena, a);
    ath__arena_init(&r->row_arena, a);
    r->cells = ath__arena_alloc(&r->arena, (columns + 1) * sizeof *r->cells);
    if (!r->cells) {
        ath__arena_done(&r->arena);
        ath__free(a, r, sizeof *r);
        ath__fail_memory(&c->error);
        return NULL;
    }
    r->allocator = a;
    r->connection = c;
    r->prepared = p;
    r->columns = columns;
    r->rowcount = -1;
    r->row = (ath_row){r->cells, columns, r};
    r->next = c->results;
    c->results = r;
    return r;
}

/* Gives the statement back; the rows are over. */
static void release(ath_result *r) {
    if (r->prepared && !r->names)
        ath__result_keep_names(r);
    if (r->prepared)
        ath__prepared_release(r->connection, r->prepared);
    r->prepared = NULL;
    r->first_waits = false;
}

void ath__results_end(ath_connection *c, bool changes_only) {
    for (ath_result *r = c->results; r; r = r->next) {
        if (!r->prepared || (changes_only && r->prepared->compiled.kind == ATH_STMT_SELECT))
            continue;
        r->cut_off = true;
        release(r);
    }
}

void ath__results_detach(ath_connection *c) {
    ath__results_end(c, false);
    while (c->results) {
        c->results->connection = NULL;
        c->results = c->results->next;
    }
}

static void unlink_result(ath_connection *c, const ath_result *r) {
    for (ath_result **at = &c->results; *at; at = &(*at)->next)
        if (*at == r) {
            *at = r->next;
            return;
        }
}

void ath_result_close(ath_result *r) {
    if (!r)
        return;
    release(r);
    if (r->connection)
        unlink_result(r->connection, r);
    ath__arena_done(&r->row_arena);
    ath__arena_done(&r->arena);
    ath__free(r->allocator, r, sizeof *r);
}

/* ---- the key of a row that was inserted ---- */

static bool is_set(ath_assignment_list set, const ath__column *column) {
    for (size_t i = 0; i < set.count; i++) {
        const ath_expr *e = set.items[i].column;
        if (e && e->node == ATH_NODE_COLUMN
                ? e->u.column.offset == column->offset
                : e && e->node == ATH_NODE_NAME && e->u.name.name && strcmp(e->u.name.name, column->name) == 0)
            return true;
    }
    return false;
}

static bool text_inserts(const char *sql) {
    static const char *const verbs[] = {"INSERT", "REPLACE"};
    sql += strspn(sql, " \t\r\n");
    for (size_t i = 0; i < ATH_COUNT_OF(verbs); i++)
        if (strncasecmp(sql, verbs[i], strlen(verbs[i])) == 0)
            return true;
    return false;
}

/* Whether the database numbers a key for the one row of the statement.  What the driver remembers otherwise is of
 * another statement, or of whichever row the database likes. */
static bool numbers_a_key(ath_stmt stmt, const ath__compiled *compiled) {
    const ath_insert_stmt *s = stmt.of;
    const ath_table *table = compiled->target_table;
    if (stmt.kind == ATH_STMT_TEXT)
        return text_inserts(compiled->sql);
    if (stmt.kind != ATH_STMT_INSERT || s->select || s->values.count || s->returning.count || s->on_conflict.is_set)
        return false;
    return !table || (table->autoincrement >= 0 && !is_set(s->set, &table->columns[table->autoincrement]));
}

/* ---- running ---- */

/* The one row that holds the key of the row inserted; then the statement is stepped to its end. */
static ath__step take_key(ath_result *r) {
    ath_connection *c = r->connection;
    ath_value key = {.kind = ATH_KIND_NULL};
    if (c->driver->row(r->prepared->statement, &key, 1, &c->error) != ATH_OK)
        return ATH__STEP_ERROR;
    r->inserted_id = key.kind == ATH_KIND_INT ? key.as.i : 0;
    return ath__run_step(c, r->prepared);
}

static int64_t rows_changed(const ath_result *r) {
    const ath__driver *driver = r->connection->driver;
    ath__upsert upsert = r->prepared->compiled.upsert;
    if (upsert && driver->rows_written)
        return driver->rows_written(r->connection->handle, upsert);
    return driver->rows_changed(r->connection->handle);
}

static ath_status step(ath_result *r, bool *row) {
    ath__step step = ath__run_step(r->connection, r->prepared);
    bool has_key = r->prepared->compiled.returns_key;
    if (step == ATH__STEP_ROW && has_key)
        step = take_key(r);
    *row = step == ATH__STEP_ROW;
    if (step == ATH__STEP_ERROR)
        return ath_connection_error(r->connection)->status;
    if (step == ATH__STEP_DONE && !r->done) {
        r->done = true;
        if (r->prepared->compiled.kind != ATH_STMT_SELECT &&
            !(r->columns && r->prepared->compiled.kind == ATH_STMT_TEXT))
            r->rowcount = rows_changed(r);
        if (r->numbers_key && !has_key && r->rowcount == 1)
            r->inserted_id = r->connection->driver->inserted_id(r->connection->handle);
        release(r);
    }
    return ATH_OK;
}

/* The first step may have found a changed schema, under which SELECT * has other columns. */
static ath_status take_columns(ath_result *r) {
    size_t columns = r->prepared ? columns_of(r->connection, r->prepared) : r->columns;
    if (columns == r->columns)
        return ATH_OK;
    r->cells = ath__arena_alloc(&r->arena, (columns + 1) * sizeof *r->cells);
    if (!r->cells)
        return ath__fail_memory(&r->connection->error);
    r->columns = columns;
    r->row = (ath_row){r->cells, columns, r};
    return ATH_OK;
}

static ath_result *execute(ath_connection *c, ath_stmt stmt, bool streams) {
    ath_error_clear(&c->error);
    if (ath__ensure_transaction(c) != ATH_OK)
        return NULL;
    ath__prepared *p = ath__prepare_stmt(c, stmt);
    if (!p)
        return NULL;
    if (streams)
        ath__prepared_stream(c, p);
    ath_result *r = result_new(c, p);
    if (!r) {
        ath__prepared_release(c, p);
        return NULL;
    }
    r->numbers_key = numbers_a_key(stmt, &p->compiled);
    bool is_text = p->compiled.kind == ATH_STMT_TEXT;
    if (step(r, &r->first_waits) != ATH_OK || take_columns(r) != ATH_OK) {
        ath_error error = c->error;
        ath_result_close(r);
        c->error = error;
        return NULL;
    }
    if (is_text)
        ath__transaction_sync(c);
    return r;
}

ath_result *ath_connection_execute(ath_connection *c, ath_stmt stmt) {
    return ath_connection_execute_opts(c, stmt, NULL);
}

ath_result *ath_connection_execute_opts(ath_connection *c, ath_stmt stmt, const ath_execution_opts *opts) {
    if (ath__enter_as(c, "ath_connection_execute") != ATH_OK)
        return NULL;
    ath_result *r = execute(c, stmt, opts && opts->stream_results);
    ath__leave(c);
    return r;
}

/* ---- rows ---- */

/* Says which column held a value that is not what its type promises. */
static ath_status name_column(ath_result *r, const char *column) {
    ath_status status = ath__fail(&r->error, r->error.status, "column %s: %s", column, r->error.message);
    ath__copy_text(r->error.column, sizeof r->error.column, column, strlen(column));
    ath__copy_text(r->error.statement, sizeof r->error.statement, r->prepared->compiled.sql,
                   r->prepared->compiled.sql_size);
    return status;
}

static ath_status convert(ath_result *r) {
    const ath__compiled *compiled = &r->prepared->compiled;
    for (size_t i = 0; i < r->columns && i < compiled->column_count; i++) {
        const ath_type *type = &compiled->columns[i].type;
        if (type->sql == ATH_SQL_INFER || r->cells[i].kind == ATH_KIND_NULL)
            continue;
        if (ath__result_convert(r, &r->cells[i], type) != ATH_OK)
            return name_column(r, ath_result_column_name(r, i));
    }
    return ATH_OK;
}

static const ath_row *decode(ath_result *r) {
    ath_connection *c = r->connection;
    ath__arena_reset(&r->row_arena);
    if (c->driver->row(r->prepared->statement, r->cells, r->columns, &r->error) == ATH_OK && convert(r) == ATH_OK)
        return &r->row;
    c->error = r->error;
    return NULL;
}

static ath_status cut_off(ath_result *r) {
    return ath__fail(&r->error, ATH_STATE, "the transaction ended before all rows were fetched");
}

static const ath_row *fetch(ath_result *r) {
    bool row = r->first_waits;
    r->first_waits = false;
    if (!row && step(r, &row) != ATH_OK) {
        r->error = r->connection->error;
        release(r);
        return NULL;
    }
    return row ? decode(r) : NULL;
}

const ath_row *ath_fetch(ath_result *r) {
    if (!r || !r->prepared) {
        if (r && r->cut_off)
            cut_off(r);
        return NULL;
    }
    ath_connection *c = r->connection;
    if (ath__enter(c) != ATH_OK) {
        r->error = *ath_connection_error(c);
        return NULL;
    }
    const ath_row *row = fetch(r);
    ath__leave(c);
    return row;
}

static ath_status must_have_rows(ath_result *r) {
    if (!r)
        return ATH_ARGUMENT;
    ath_error_clear(&r->error);
    if (r->cut_off)
        return cut_off(r);
    if (r->columns)
        return ATH_OK;
    return ath__fail(&r->error, ATH_STATE, "the statement does not return rows");
}

/* A row that outlives the step, in the result's arena. */
static const ath_row *keep(ath_result *r, const ath_row *row) {
    ath_row *copy = ath__arena_copy(&r->arena, row, sizeof *row);
    ath_value *values = ath__arena_copy(&r->arena, row->values, row->count * sizeof *values);
    bool failed = !copy || !values;
    for (size_t i = 0; !failed && i < row->count; i++) {
        ath_value *v = &values[i];
        if (v->kind == ATH_KIND_TEXT || v->kind == ATH_KIND_JSON)
            failed = !(v->as.text.data = ath__arena_strn(&r->arena, v->as.text.data, v->as.text.size));
        else if (v->kind == ATH_KIND_BYTES && v->as.bytes.size)
            failed = !(v->as.bytes.data = ath__arena_copy(&r->arena, v->as.bytes.data, v->as.bytes.size));
    }
    if (failed) {
        ath__fail_memory(&r->error);
        return NULL;
    }
    copy->values = values;
    return copy;
}

const ath_row *ath_result_first(ath_result *r) {
    if (must_have_rows(r) != ATH_OK)
        return NULL;
    const ath_row *row = ath_fetch(r);
    row = row ? keep(r, row) : NULL;
    release(r);
    return row;
}

static const ath_row *only(ath_result *r, bool required) {
    if (must_have_rows(r) != ATH_OK)
        return NULL;
    const ath_row *row = ath_fetch(r);
    row = row ? keep(r, row) : NULL;
    bool more = row && ath_fetch(r);
    release(r);
    if (r->error.status != ATH_OK || (row && !more))
        return r->error.status == ATH_OK ? row : NULL;
    if (more)
        ath__fail(&r->error, ATH_MULTIPLE_RESULTS, "multiple rows were found when %s was required",
                  required ? "exactly one" : "one or none");
    else if (required)
        ath__fail(&r->error, ATH_NO_RESULT, "no row was found when one was required");
    return NULL;
}

const ath_row *ath_result_one(ath_result *r) {
    return only(r, true);
}

const ath_row *ath_result_one_or_none(ath_result *r) {
    return only(r, false);
}

const ath_value *ath_result_scalar(ath_result *r) {
    const ath_row *row = ath_result_first(r);
    return row ? ath_row_at(row, 0) : NULL;
}

/* Rows as a list while their number is unknown. */
typedef struct link {
    const ath_row *row;
    struct link *next;
} link;

static const ath_row **flatten(ath_result *r, const link *first, size_t count) {
    char *block = ath__arena_alloc(&r->arena, 16 + (count + 1) * sizeof(void *));
    if (!block) {
        ath__fail_memory(&r->error);
        return NULL;
    }
    const ath_row **vector = (const ath_row **)(void *)(block + 16);
    ((size_t *)(void *)vector)[-1] = count;
    for (size_t i = 0; i < count; i++, first = first->next)
        vector[i] = first->row;
    vector[count] = NULL;
    return vector;
}

const ath_row **ath_result_all(ath_result *r) {
    if (must_have_rows(r) != ATH_OK)
        return NULL;
    link *first = NULL, **last = &first;
    size_t count = 0;
    for (const ath_row *row; (row = ath_fetch(r)) != NULL; count++) {
        link *l = ath__arena_zero(&r->arena, sizeof *l);
        if (!l || !(l->row = keep(r, row))) {
            ath__fail_memory(&r->error);
            return NULL;
        }
        *last = l;
        last = &l->next;
    }
    return r->error.status == ATH_OK ? flatten(r, first, count) : NULL;
}

int64_t ath_result_rowcount(const ath_result *r) {
    return r ? r->rowcount : -1;
}

int64_t ath_result_inserted_id(const ath_result *r) {
    return r ? r->inserted_id : 0;
}

size_t ath_result_column_count(const ath_result *r) {
    return r ? r->columns : 0;
}

const ath_error *ath_result_error(const ath_result *r) {
    static const ath_error none = {.status = ATH_ARGUMENT, .message = "there is no result: its statement failed"};
    return r ? &r->error : &none;
}
