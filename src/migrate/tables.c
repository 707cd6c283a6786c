/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables that a run keeps beside those it is about: where the database is, what was run, what is half-way.  They stand in
 * the schema of the version table.
 */
#include "migrate/run.h"

#define VERSION "athanor_version"
#define ALEMBIC "alembic_version"
#define HISTORY "athanor_history"
#define JOURNAL "athanor_journal"

const char *ath__tables_name(ath__run *run, const ath_dialect *dialect, const char *name) {
    ath__buf text;
    ath__buf_init(&text, run->arena.allocator);
    ath__dialect_qualified(dialect, &text, run->migration.version_table_schema, name);
    const char *out = text.failed ? NULL : ath__arena_str(&run->arena, ath__buf_text(&text));
    ath__buf_done(&text);
    if (!out)
        ath__fail_memory(run->error);
    return out;
}

static ath_status there(ath__run *run, const char *name, bool *out) {
    ath_status status = ath__exists(run->c, ATH__OBJECT_TABLE, run->migration.version_table_schema, name, out);
    return status == ATH_OK ? ATH_OK : ath__run_failed(run);
}

static ath_status find_version(ath__run *run) {
    const char *given = run->migration.version_table;
    bool alembic = false;
    run->version_table = given ? given : VERSION;
    ATH_TRY(there(run, run->version_table, &run->has_version));
    if (!run->has_version && !given)
        ATH_TRY(there(run, ALEMBIC, &alembic));
    if (alembic) {
        run->version_table = ALEMBIC;
        run->has_version = true;
    }
    run->version = ath__tables_name(run, run->c->dialect, run->version_table);
    return run->version ? ATH_OK : ATH_NO_MEMORY;
}

ath_status ath__tables_find(ath__run *run) {
    ATH_TRY(find_version(run));
    ATH_TRY(there(run, HISTORY, &run->has_history));
    ATH_TRY(there(run, JOURNAL, &run->has_journal));
    run->history = ath__tables_name(run, run->c->dialect, HISTORY);
    run->journal = ath__tables_name(run, run->c->dialect, JOURNAL);
    return run->history && run->journal ? ATH_OK : ATH_NO_MEMORY;
}

/* ---- what they are made of ---- */

static ath_table *version_table(ath__run *run) {
    const char *name = run->version_table;
    char key[ATH__ID + 8];
    snprintf(key, sizeof key, "%.250s_pkc", name);
    return ath_table_new(name, ath_column_def("version_num", ATH_STRING(ATH__ID), .not_null = true),
                         ath_primary_key_def(.name = key, .columns = ath_names("version_num")),
                         ath_options_def(.schema = run->migration.version_table_schema));
}

static ath_table *history_table(ath__run *run) {
    return ath_table_new(
        HISTORY, ath_column_def("id", ATH_INTEGER, .primary_key = true),
        ath_column_def("revision", ATH_STRING(ATH__ID), .not_null = true), ath_column_def("message", ATH_TEXT),
        ath_column_def("direction", ATH_STRING(10), .not_null = true), ath_column_def("checksum", ATH_STRING(32)),
        ath_column_def("applied_at", ATH_DATETIME, .not_null = true),
        ath_column_def("milliseconds", ATH_BIGINT, .not_null = true), ath_column_def("applied_by", ATH_STRING(255)),
        ath_column_def("host", ATH_STRING(255)), ath_column_def("tool_version", ATH_STRING(32), .not_null = true),
        ath_column_def("success", ATH_BOOLEAN, .not_null = true), ath_column_def("failure", ATH_TEXT),
        ath_options_def(.schema = run->migration.version_table_schema));
}

static ath_table *journal_table(ath__run *run) {
    return ath_table_new(JOURNAL, ath_column_def("revision", ATH_STRING(ATH__ID), .primary_key = true),
                         ath_column_def("direction", ATH_STRING(10), .primary_key = true),
                         ath_column_def("number", ATH_INTEGER, .primary_key = true),
                         ath_column_def("operation", ATH_INTEGER, .not_null = true),
                         ath_column_def("hash", ATH_STRING(32), .not_null = true),
                         ath_column_def("state", ATH_STRING(10), .not_null = true),
                         ath_column_def("changed_at", ATH_DATETIME, .not_null = true),
                         ath_column_def("statement", ATH_CLOB, .not_null = true),
                         ath_options_def(.schema = run->migration.version_table_schema));
}

/* ---- making ---- */

static ath_status table_sql(ath__run *run, const ath_dialect *dialect, ath_table *table, ath__buf *out) {
    if (!table)
        return ath__fail_memory(run->error);
    ath__ddl w = {.dialect = dialect, .out = out, .error = run->error};
    const char *mistake = ath_table_mistake(table);
    ath_status status =
        mistake ? ath__fail(run->error, ATH_ARGUMENT, "%s", mistake) : ath__ddl_create_table(&w, table, NULL, false);
    if (status == ATH_OK && out->failed)
        status = ath__fail_memory(run->error);
    ath_table_free(table);
    return status;
}

static ath_status make(ath__run *run, ath_table *table) {
    ath__buf sql;
    ath__buf_init(&sql, run->arena.allocator);
    ath_status status = table_sql(run, run->c->dialect, table, &sql);
    if (status == ATH_OK && ath__run_text(run->c, ath__buf_text(&sql), NULL) != ATH_OK)
        status = ath__run_failed(run);
    ath__buf_done(&sql);
    return status;
}

ath_status ath__tables_make(ath__run *run) {
    if (!run->has_version)
        ATH_TRY(make(run, version_table(run)));
    run->has_version = true;
    if (!run->has_history)
        ATH_TRY(make(run, history_table(run)));
    run->has_history = true;
    return run->rolls_back ? ATH_OK : ath__tables_make_journal(run);
}

ath_status ath__tables_make_journal(ath__run *run) {
    if (!run->has_journal)
        ATH_TRY(make(run, journal_table(run)));
    run->has_journal = true;
    return ATH_OK;
}

ath_status ath__tables_version_sql(ath__run *run, const ath_dialect *dialect, ath__buf *out) {
    return table_sql(run, dialect, version_table(run), out);
}
