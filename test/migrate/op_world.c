/* SPDX-License-Identifier: Apache-2.0 */
#include "op_world.h"

#include <ctype.h>

static ath_status run(void *context, const ath__op_statement *statements, size_t count, ath_error *error) {
    world *w = context;
    for (size_t i = 0; i < count; i++) {
        if (w->count == WORLD_STATEMENTS)
            return ath__fail(error, ATH_INTERNAL, "too many statements for this test");
        if (w->fail_at && w->count + 1 == w->fail_at) {
            w->fail_at = 0;
            return ath__fail(error, ATH_OPERATIONAL, "the test refuses statement %zu", w->count + 1);
        }
        w->outside[w->count] = statements[i].outside;
        w->statements[w->count++] = strdup(statements[i].sql);
        if (w->c == NULL)
            continue;
        if (statements[i].outside && ath_connection_in_transaction(w->c))
            ath_connection_commit(w->c);
        ATH_TRY(ath__op_statement_run(w->c, &statements[i], error));
    }
    return ATH_OK;
}

static ath_status autocommit(void *context, bool on, ath_error *error) {
    world *w = context;
    const ath__op_statement statement = {.sql = on ? "COMMIT" : "BEGIN"};
    if (w->c == NULL)
        return run(w, &statement, 1, error);
    return on ? ath_connection_commit(w->c) : ath_connection_begin(w->c);
}

static void make(world *w, const ath__backend *backend, const ath_dialect *dialect, const ath_naming *naming) {
    static const char *const x[] = {"tenant=blue", "verbose"};
    const ath__ops_opts opts = {.allocator = &ath__malloc_allocator,
                                .backend = backend,
                                .dialect = dialect,
                                .naming = naming,
                                .connection = w->c,
                                .x = {2, x},
                                .sink = {.context = w, .run = run},
                                .autocommit = autocommit};
    w->op = ath__ops_new(&opts, &w->error);
    CHECK(w->op != NULL);
}

void world_offline(world *w, const char *dialect, const ath_naming *naming) {
    const ath__backend *backend = ath__backend_find(dialect);
    memset(w, 0, sizeof *w);
    make(w, backend, backend->dialect_called ? backend->dialect_called(dialect) : backend->dialect, naming);
}

static void end(world *w) {
    const ath__alterer *alterer = w->db->backend->alterer;
    if (alterer && alterer->end_changes && w->changes)
        alterer->end_changes(w->c, w->changes);
    w->changes = NULL;
}

static void begin(world *w) {
    const ath__alterer *alterer = w->db->backend->alterer;
    if (alterer && alterer->begin_changes)
        CHECK_INT(alterer->begin_changes(w->c, &w->changes, &w->error), ATH_OK);
    CHECK_INT(ath_connection_begin(w->c), ATH_OK);
}

/* Everything out of the way, views first. */
static void empty(world *w, test_database database) {
    if (database == TEST_POSTGRESQL) {
        world_sql(w, "DROP SCHEMA IF EXISTS public CASCADE");
        world_sql(w, "DROP SCHEMA IF EXISTS log CASCADE");
        world_sql(w, "CREATE SCHEMA public");
        return;
    }
    ath_inspector *there = ath_inspect(w->c, .names_only = true);
    ath_name_list tables = ath_inspector_table_names(there);
    world_sql(w, "SET FOREIGN_KEY_CHECKS = 0");
    for (size_t i = 0; i < tables.count; i++) {
        char sql[200];
        snprintf(sql, sizeof sql, "DROP TABLE `%s`", tables.names[i]);
        world_sql(w, sql);
    }
    world_sql(w, "SET FOREIGN_KEY_CHECKS = 1");
    ath_inspector_free(there);
}

void world_online(world *w, test_database database, const ath_naming *naming) {
    world_online_with(w, database, naming, NULL);
}

void world_online_with(world *w, test_database database, const ath_naming *naming, const ath_allocator *allocator) {
    static int files;
    char url[80];
    memset(w, 0, sizeof *w);
    snprintf(url, sizeof url, "sqlite:///ops_%d_%d.db", (int)getpid(), ++files);
    w->db =
        ath_engine_open(database == TEST_SQLITE ? url : test_url(database), .error = &w->error, .allocator = allocator);
    CHECK(w->db != NULL);
    w->c = ath_connection_open(w->db, &w->error);
    CHECK(w->c != NULL);
    if (database != TEST_SQLITE)
        empty(w, database);
    if (ath_connection_in_transaction(w->c))
        ath_connection_commit(w->c);
    make(w, w->db->backend, NULL, naming);
    begin(w);
}

ath_status world_finish(world *w) {
    ath_status status = ath__ops_finish(w->op, &w->error);
    if (w->c == NULL)
        return status;
    const ath__alterer *alterer = w->db->backend->alterer;
    if (status == ATH_OK && alterer && alterer->check_changes && w->changes)
        status = alterer->check_changes(w->c, w->changes, &w->error);
    if (status == ATH_OK)
        status = ath_connection_commit(w->c);
    else
        ath_connection_rollback(w->c);
    end(w);
    return status;
}

void world_again(world *w) {
    for (size_t i = 0; i < w->count; i++)
        free(w->statements[i]);
    w->count = 0;
    if (w->c == NULL)
        return;
    if (ath_connection_in_transaction(w->c))
        ath_connection_commit(w->c);
    end(w);
    begin(w);
}

void world_close(world *w) {
    for (size_t i = 0; i < w->count; i++)
        free(w->statements[i]);
    ath__ops_free(w->op);
    if (w->c) {
        if (ath_connection_in_transaction(w->c))
            ath_connection_rollback(w->c);
        end(w);
        ath_connection_close(w->c);
    }
    if (w->db)
        ath_engine_close(w->db);
}

void world_sql(world *w, const char *sql) {
    if (ath__run_text(w->c, sql, NULL) != ATH_OK)
        test_failed_(__FILE__, __LINE__, "%s: %s", sql, ath_connection_error(w->c)->message);
}

char *world_rows(world *w, const char *sql) {
    ath__buf out;
    size_t rows = 0;
    ath__buf_init(&out, &ath__malloc_allocator);
    ath_result *r = ath_connection_execute(w->c, ath_stmt_of(ath_text(sql)));
    if (!r)
        test_failed_(__FILE__, __LINE__, "%s: %s", sql, ath_connection_error(w->c)->message);
    for (const ath_row *row = r ? ath_fetch(r) : NULL; row; row = ath_fetch(r)) {
        ath__buf_str(&out, rows++ ? ";" : "");
        for (size_t i = 0; i < row->count; i++) {
            const ath_value *v = &row->values[i];
            ath__buf_str(&out, i ? "|" : "");
            if (v->kind == ATH_KIND_TEXT)
                ath__buf_add(&out, v->as.text.data, v->as.text.size);
            else if (v->kind == ATH_KIND_INT)
                ath__buf_printf(&out, "%lld", (long long)v->as.i);
            else
                ath__buf_str(&out, v->kind == ATH_KIND_NULL ? "NULL" : "?");
        }
    }
    ath_result_close(r);
    char *text = strdup(ath__buf_text(&out));
    ath__buf_done(&out);
    return text;
}

char *world_fold(const char *sql) {
    char *out = malloc(strlen(sql) + 1), *to = out;
    for (; *sql; sql++) {
        bool blank = isspace((unsigned char)*sql) != 0;
        bool drop = blank && (to == out || to[-1] == ' ' || to[-1] == '(' || isspace((unsigned char)sql[1]) ||
                              sql[1] == ')' || sql[1] == ',' || sql[1] == 0);
        if (!drop)
            *to++ = blank ? ' ' : *sql;
    }
    *to = 0;
    return out;
}

char *world_text(const world *w) {
    ath__buf out;
    ath__buf_init(&out, &ath__malloc_allocator);
    for (size_t i = 0; i < w->count; i++) {
        char *folded = world_fold(w->statements[i]);
        ath__buf_printf(&out, i ? "; %s" : "%s", folded);
        free(folded);
    }
    char *text = strdup(ath__buf_text(&out));
    ath__buf_done(&out);
    return text;
}
