/* SPDX-License-Identifier: Apache-2.0
 *
 * What statements change, what that costs on each database, and what the linter says.
 */
#include "../test.h"

#include "engine/driver.h"
#include "migrate/danger.h"

static const ath__backend *backend(const char *name) {
    return ath__backend_find(name);
}

/* ---- classify ---- */

typedef struct classified {
    const char *dialect, *sql, *says; /* "number table.name, ..." */
} classified;

static const char *const change_names[ATH__CHANGE_COUNT] = {
    [ATH__CHANGE_CREATE_TABLE] = "create-table",
    [ATH__CHANGE_ADD_COLUMN] = "add-column",
    [ATH__CHANGE_ADD_COLUMN_DEFAULT] = "add-default",
    [ATH__CHANGE_ADD_COLUMN_NOW] = "add-now",
    [ATH__CHANGE_ADD_COLUMN_VOLATILE] = "add-volatile",
    [ATH__CHANGE_ADD_COLUMN_REQUIRED] = "add-required",
    [ATH__CHANGE_ADD_COLUMN_NUMBERED] = "add-numbered",
    [ATH__CHANGE_ADD_COLUMN_STORED] = "add-stored",
    [ATH__CHANGE_ADD_COLUMN_VIRTUAL] = "add-virtual",
    [ATH__CHANGE_ADD_COLUMN_CHECK] = "add-checked",
    [ATH__CHANGE_ADD_COLUMN_UNIQUE] = "add-unique-column",
    [ATH__CHANGE_ADD_COLUMN_REFERENCES] = "add-references",
    [ATH__CHANGE_DROP_COLUMN] = "drop-column",
    [ATH__CHANGE_RENAME_COLUMN] = "rename-column",
    [ATH__CHANGE_RENAME_TABLE] = "rename-table",
    [ATH__CHANGE_SET_DEFAULT] = "set-default",
    [ATH__CHANGE_SET_NOT_NULL] = "set-not-null",
    [ATH__CHANGE_DROP_NOT_NULL] = "drop-not-null",
    [ATH__CHANGE_COLUMN_TYPE] = "type",
    [ATH__CHANGE_COLUMN] = "column",
    [ATH__CHANGE_CREATE_INDEX] = "create-index",
    [ATH__CHANGE_CREATE_INDEX_CONCURRENTLY] = "create-index-concurrently",
    [ATH__CHANGE_DROP_INDEX] = "drop-index",
    [ATH__CHANGE_DROP_INDEX_CONCURRENTLY] = "drop-index-concurrently",
    [ATH__CHANGE_RENAME_INDEX] = "rename-index",
    [ATH__CHANGE_REINDEX] = "reindex",
    [ATH__CHANGE_ADD_UNIQUE] = "add-unique",
    [ATH__CHANGE_ADD_PRIMARY_KEY] = "add-primary-key",
    [ATH__CHANGE_ADD_BY_INDEX] = "add-by-index",
    [ATH__CHANGE_DROP_PRIMARY_KEY] = "drop-primary-key",
    [ATH__CHANGE_ADD_FOREIGN_KEY] = "add-foreign-key",
    [ATH__CHANGE_ADD_CHECK] = "add-check",
    [ATH__CHANGE_ADD_NOT_VALID] = "add-not-valid",
    [ATH__CHANGE_VALIDATE] = "validate",
    [ATH__CHANGE_DROP_FOREIGN_KEY] = "drop-foreign-key",
    [ATH__CHANGE_DROP_CONSTRAINT] = "drop-constraint",
    [ATH__CHANGE_COMMENT] = "comment",
    [ATH__CHANGE_ENUM_VALUE] = "enum-value",
    [ATH__CHANGE_DROP_TABLE] = "drop-table",
    [ATH__CHANGE_DROP_SCHEMA] = "drop-schema",
    [ATH__CHANGE_TRUNCATE] = "truncate",
    [ATH__CHANGE_TRIGGER] = "trigger",
    [ATH__CHANGE_REWRITE] = "rewrite",
    [ATH__CHANGE_CHARSET] = "charset",
    [ATH__CHANGE_TABLE_OPTIONS] = "options",
    [ATH__CHANGE_ROWS] = "rows",
    [ATH__CHANGE_ALL_ROWS] = "all-rows",
    [ATH__CHANGE_TRANSACTION] = "transaction",
    [ATH__CHANGE_OTHER_DDL] = "other",
};

static const classified statements[] = {
    {"postgresql", "CREATE TABLE IF NOT EXISTS s.t (id int)", "create-table s.t"},
    {"postgresql", "ALTER TABLE t ADD COLUMN c int", "add-column t.c"},
    {"postgresql", "alter table only \"My \"\"T\" add c int default 5 not null", "add-default My \"T.c"},
    {"postgresql", "ALTER TABLE t ADD c timestamp DEFAULT now() NOT NULL", "add-now t.c"},
    {"postgresql", "ALTER TABLE t ADD c uuid DEFAULT gen_random_uuid()", "add-volatile t.c"},
    {"postgresql", "ALTER TABLE t ADD c int NOT NULL", "add-required t.c"},
    {"postgresql", "ALTER TABLE t ADD c bigserial", "add-numbered t.c"},
    {"postgresql", "ALTER TABLE t ADD c int GENERATED ALWAYS AS IDENTITY", "add-numbered t.c"},
    {"postgresql", "ALTER TABLE t ADD c int GENERATED ALWAYS AS (a * 2) STORED", "add-stored t.c"},
    {"sqlite", "ALTER TABLE t ADD c int AS (a * 2)", "add-virtual t.c"},
    {"postgresql", "ALTER TABLE t ADD c int CHECK (c > 0)", "add-checked t.c"},
    {"postgresql", "ALTER TABLE t ADD c int UNIQUE", "add-unique-column t.c"},
    {"postgresql", "ALTER TABLE t ADD c int REFERENCES u (id) ON DELETE SET DEFAULT", "add-volatile t.c"},
    {"postgresql", "ALTER TABLE t ADD c int REFERENCES u (id)", "add-references t.c"},
    {"postgresql", "ALTER TABLE t DROP COLUMN IF EXISTS a, ADD b int, ALTER c TYPE text USING (c, 1)",
     "drop-column t.a, add-column t.b, type t.c"},
    {"postgresql", "ALTER TABLE t ALTER COLUMN c SET NOT NULL, ALTER d DROP DEFAULT",
     "set-not-null t.c, set-default t.d"},
    {"postgresql", "ALTER TABLE t RENAME TO u", "rename-table t.u"},
    {"postgresql", "ALTER TABLE t RENAME a TO b", "rename-column t.a"},
    {"postgresql", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id) NOT VALID", "add-not-valid t.f"},
    {"postgresql", "ALTER TABLE t ADD CONSTRAINT f FOREIGN KEY (a) REFERENCES u (id)", "add-foreign-key t.f"},
    {"postgresql", "ALTER TABLE t ADD CONSTRAINT u UNIQUE USING INDEX ix", "add-by-index t.u"},
    {"postgresql", "ALTER TABLE t ADD UNIQUE (a), ADD CHECK (b > 0)", "add-unique t, add-check t"},
    {"postgresql", "ALTER TABLE t VALIDATE CONSTRAINT f", "validate t.f"},
    {"postgresql", "CREATE UNIQUE INDEX CONCURRENTLY ix ON s.t (a)", "create-index-concurrently s.t.ix"},
    {"postgresql", "CREATE INDEX ON t (a)", "create-index t"},
    {"postgresql", "DROP INDEX ix", "drop-index .ix"},
    {"postgresql", "ALTER TYPE mood ADD VALUE 'so-so'", "enum-value"},
    {"postgresql", "COMMENT ON TABLE t IS 'DROP TABLE x'", "comment"},
    {"postgresql", "SELECT 'DROP TABLE t' -- DROP TABLE t", ""},
    {"postgresql", "/* DROP */ DROP TABLE t", "drop-table t"},
    {"postgresql", "CREATE FUNCTION f() RETURNS trigger AS $x$ DROP TABLE t; $x$ LANGUAGE sql", "other"},
    {"postgresql", "WITH x AS (SELECT 1 WHERE true) DELETE FROM t", "all-rows t"},
    {"postgresql", "UPDATE t SET a = 1 WHERE b", "rows t"},
    {"postgresql", "UPDATE t SET a = (SELECT 1 WHERE true)", "all-rows t"},
    {"postgresql", "BEGIN", "transaction"},
    {"postgresql", "VACUUM FULL t", "rewrite"},
    {"mysql", "ALTER TABLE `t` MODIFY c int NOT NULL, DROP FOREIGN KEY f", "column t.c, drop-foreign-key t.f"},
    {"mysql", "ALTER TABLE t CHANGE a b int, ADD INDEX ix (b)", "column t.a, create-index t"},
    {"mysql", "ALTER TABLE t DROP PRIMARY KEY", "drop-primary-key t"},
    {"mysql", "ALTER TABLE t CONVERT TO CHARACTER SET utf8mb4", "charset t"},
    {"mysql", "ALTER TABLE t ENGINE = InnoDB", "options t"},
    {"mysql", "DROP INDEX ix ON t # DROP TABLE t", "drop-index t.ix"},
    {"mysql", "INSERT INTO t VALUES ('a\\'; DROP TABLE t')", "rows t"},
    {"mysql", "SET foreign_key_checks = 0", ""},
    {"sqlite", "CREATE TRIGGER x AFTER INSERT ON t BEGIN DELETE FROM u; END", "trigger"},
};

static void print_changes(const ath__made_list *changes, char *out, size_t size) {
    size_t at = 0;
    *out = '\0';
    for (size_t i = 0; i < changes->count; i++) {
        const ath__made *m = &changes->at[i];
        at += (size_t)snprintf(out + at, size - at, "%s%s%s%s%s%s%s%s", i ? ", " : "", change_names[m->change],
                               m->table || m->name ? " " : "", m->schema ? m->schema : "", m->schema ? "." : "",
                               m->table ? m->table : "", m->name ? "." : "", m->name ? m->name : "");
    }
}

TEST(statements_are_told_by_their_words) {
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++) {
        ath__arena arena;
        ath__arena_init(&arena, &ath__malloc_allocator);
        ath__made_list changes;
        char text[512];
        CHECK_INT(ath__classify(&arena, backend(statements[i].dialect)->dialect, statements[i].sql,
                                strlen(statements[i].sql), &changes, NULL),
                  ATH_OK);
        print_changes(&changes, text, sizeof text);
        CHECK_STR(text, statements[i].says);
        ath__arena_done(&arena);
    }
}

TEST(texts_that_are_cut_off_end) {
    for (size_t i = 0; i < sizeof statements / sizeof *statements; i++)
        for (size_t size = 0; size < strlen(statements[i].sql); size++) {
            ath__arena arena;
            ath__arena_init(&arena, &ath__malloc_allocator);
            ath__made_list changes;
            char *copy = malloc(size + 1); /* sanitizers see what is read beyond */
            memcpy(copy, statements[i].sql, size);
            CHECK_INT(ath__classify(&arena, backend(statements[i].dialect)->dialect, copy, size, &changes, NULL),
                      ATH_OK);
            free(copy);
            ath__arena_done(&arena);
        }
}

/* ---- costs ---- */

static ath__cost cost_on(const char *name, ath__schema_change change) {
    const ath__impact *impact = ath__impact_of(backend(name)->impacts, backend(name)->dialect, change);
    return impact ? impact->cost : ATH__COST_REFUSED;
}

TEST(each_database_tells_its_costs) {
    CHECK_INT(cost_on("postgresql", ATH__CHANGE_ADD_COLUMN_DEFAULT), ATH__COST_INSTANT);
    CHECK_INT(cost_on("postgresql", ATH__CHANGE_ADD_COLUMN_VOLATILE), ATH__COST_REWRITE);
    CHECK_INT(cost_on("postgresql", ATH__CHANGE_ADD_COLUMN_VIRTUAL), ATH__COST_REFUSED); /* before 18 */
    CHECK_INT(cost_on("mysql", ATH__CHANGE_ADD_FOREIGN_KEY), ATH__COST_REWRITE);
    CHECK_INT(cost_on("sqlite", ATH__CHANGE_SET_NOT_NULL), ATH__COST_REWRITE);
    CHECK_INT(cost_on("sqlite", ATH__CHANGE_RENAME_COLUMN), ATH__COST_INSTANT);
}

/* ---- lint ---- */

static void lint_says(const char *dialect, const char *const *texts, bool in_transaction, const char *expected) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    ath__lint lint = {.arena = &arena,
                      .dialect = backend(dialect)->dialect,
                      .impacts = backend(dialect)->impacts,
                      .in_transaction = in_transaction};
    for (; *texts; texts++)
        CHECK_INT(ath__lint_statement(&lint, *texts, strlen(*texts), NULL), ATH_OK);
    char text[512] = "";
    for (size_t i = 0; i < lint.findings.count; i++) {
        size_t at = strlen(text);
        snprintf(text + at, sizeof text - at, "%s%s", i ? " " : "", lint.findings.at[i].rule);
    }
    CHECK_STR(text, expected);
    ath__arena_done(&arena);
}
#define LINT(dialect, transaction, expected, ...)                                                                      \
    lint_says(dialect, (const char *const[]){__VA_ARGS__, NULL}, transaction, expected)

TEST(what_is_dangerous_is_said) {
    LINT("postgresql", true, "create-index", "CREATE INDEX ix ON t (a)");
    LINT("mysql", false, "", "CREATE INDEX ix ON t (a)");
    LINT("postgresql", true, "concurrently-in-transaction", "CREATE INDEX CONCURRENTLY ix ON t (a)");
    LINT("postgresql", false, "", "CREATE INDEX CONCURRENTLY ix ON t (a)");
    LINT("postgresql", true, "drop-table", "DROP TABLE t");
    LINT("postgresql", true, "drop-column add-foreign-key",
         "ALTER TABLE t DROP a, ADD FOREIGN KEY (b) REFERENCES u (id)");
    LINT("mysql", false, "add-required-column", "ALTER TABLE t ADD c int NOT NULL");
    LINT("sqlite", true, "change-column-type all-rows", "ALTER TABLE t ALTER c TYPE text", "DELETE FROM t");
    LINT("postgresql", true, "transaction", "COMMIT");
}

TEST(what_is_new_is_not_dangerous) {
    LINT("postgresql", true, "", "CREATE TABLE t (a int)", "CREATE INDEX ix ON t (a)",
         "ALTER TABLE t ADD c int NOT NULL");
    LINT("postgresql", true, "create-index", "CREATE TABLE t (a int)", "CREATE INDEX ix ON u (a)");
}

TEST(findings_can_be_silenced) {
    LINT("postgresql", true, "", "-- nolint\nDROP TABLE t");
    LINT("postgresql", true, "", "DROP TABLE t /* nolint: drop-table */");
    LINT("postgresql", true, "drop-table", "-- nolint: drop-column\nDROP TABLE t");
    LINT("postgresql", true, "add-foreign-key",
         "ALTER TABLE t DROP a, ADD FOREIGN KEY (b) REFERENCES u (id) -- nolint: set-not-null, drop-column");
    LINT("postgresql", true, "drop-table", "DROP TABLE \"-- nolint\"");
}

TEST(rules_can_be_ignored) {
    ath__arena arena;
    ath__arena_init(&arena, &ath__malloc_allocator);
    ath__lint lint = {.arena = &arena,
                      .dialect = backend("sqlite")->dialect,
                      .impacts = backend("sqlite")->impacts,
                      .ignored = ath_names("drop-table")};
    CHECK_INT(ath__lint_statement(&lint, "DROP TABLE t", 12, NULL), ATH_OK);
    CHECK_INT(lint.findings.count, 0);
    CHECK_INT(ath__lint_statement(&lint, "DELETE FROM t", 13, NULL), ATH_OK);
    CHECK_INT(lint.findings.count, 1);
    CHECK(lint.findings.at[0].impact && lint.findings.at[0].cure);
    ath__arena_done(&arena);
}

static const test_case cases[] = {
    {"statements_are_told_by_their_words", statements_are_told_by_their_words},
    {"texts_that_are_cut_off_end", texts_that_are_cut_off_end},
    {"each_database_tells_its_costs", each_database_tells_its_costs},
    {"what_is_dangerous_is_said", what_is_dangerous_is_said},
    {"what_is_new_is_not_dangerous", what_is_new_is_not_dangerous},
    {"findings_can_be_silenced", findings_can_be_silenced},
    {"rules_can_be_ignored", rules_can_be_ignored},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
