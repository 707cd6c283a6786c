/* SPDX-License-Identifier: Apache-2.0
 *
 * Runs as text: the whole scripts of Alembic's --sql, in C and in SQL revisions; and the scripts run as they are written.
 */
#include "project.h"

static char script[20000];

static ath_status keep(void *context, const char *text, size_t size) {
    size_t *used = context;
    if (*used + size >= sizeof script)
        return ATH_NO_MEMORY;
    memcpy(script + *used, text, size);
    *used += size;
    script[*used] = '\0';
    return ATH_OK;
}

/* ---- the revisions of the goldens' scripts, linked into this program ---- */

#define PART(id_, down_, message_, upward, downward)                                                                   \
    static const ath_revision revision_##id_ = {                                                                       \
        .struct_size = sizeof(ath_revision), .id = #id_, .down = down_, .message = message_};                          \
    static const ath_revision_part self_##id_ = {&revision_##id_, 0, NULL, NULL};                                      \
    static const ath_revision_part up_##id_ = {&revision_##id_, 1, upward, NULL};                                      \
    static const ath_revision_part back_##id_ = {&revision_##id_, -1, downward, NULL}

static void up_users(ath_ops *op) {
    ath_op_create_table(op, "users", ath_op_column("id", ATH_INTEGER, .primary_key = true),
                        ath_op_column("email", ATH_STRING(100)), ath_unique_def(.columns = ath_names("email")));
    ath_op_create_index(op, "ix_users_id", "users", ath_names("id"));
}
static void down_users(ath_ops *op) {
    ath_op_drop_index(op, "ix_users_id", .table = "users");
    ath_op_drop_table(op, "users");
}
static void up_age(ath_ops *op) {
    ath_op_add_column(op, "users", ath_op_column("age", ATH_INTEGER, .server_default = ath_str("18")));
}
static void down_age(ath_ops *op) {
    ath_op_drop_column(op, "users", "age");
}
static void up_data(ath_ops *op) {
    ath_op_execute(op, "UPDATE users SET age = 21 WHERE email = 'it''s 100%'");
}
static void down_data(ath_ops *op) {
    (void)op;
}

PART(0a1, NULL, "create users", up_users, down_users);
PART(0b2, "0a1", "add age", up_age, down_age);
PART(0c3, "0b2", "data", up_data, down_data);
static const ath_revision_part *const linked[] = {&self_0a1, &up_0a1,   &back_0a1, &self_0b2, &up_0b2,
                                                  &back_0b2, &self_0c3, &up_0c3,   &back_0c3};
static const ath_revision_text texts[] = {
    {"0d4.sql",
     "-- revision: 0d4\n-- down: 0c3\n-- message: two tables\n-- +up\nCREATE TABLE tags (id INTEGER);\n"
     "INSERT INTO tags (id) VALUES (1);\n-- +down\nDROP TABLE user_tags;\nDROP TABLE tags;\n",
     NULL}};
static const ath_revision_set Linked = {linked, linked + TEST_COUNT(linked), texts, TEST_COUNT(texts)};

typedef ath_status (*script_call)(const char *dialect, const ath_migration *m, const char *range,
                                  ath_script_write write, void *context);

static const char *script_of(script_call call, const char *dialect, const char *range, ath_migration m) {
    size_t used = 0;
    script[0] = '\0';
    m.error = &project_error;
    if (call(dialect, &m, range, keep, &used) != ATH_OK)
        return project_error.message;
    return script;
}

#define SCRIPT(way, dialect, range, ...)                                                                               \
    script_of(ath_migrate_##way##_script, dialect, range, ath_migration_of(&Linked, __VA_ARGS__))

TEST(downgrades) {
    static const char body[] =
        "-- Running downgrade 0d4 -> 0c3\n\nDROP TABLE user_tags;\n\nDROP TABLE tags;\n\n"
        "UPDATE alembic_version SET version_num='0c3' WHERE alembic_version.version_num = '0d4';\n\n"
        "-- Running downgrade 0c3 -> 0b2\n\n"
        "UPDATE alembic_version SET version_num='0b2' WHERE alembic_version.version_num = '0c3';\n\n";
    char whole[2000];
    snprintf(whole, sizeof whole, "BEGIN;\n\n%sCOMMIT;\n\n", body);
    CHECK_STR(SCRIPT(downgrade, "postgresql", "0d4:0b2", .version_table = "alembic_version"), whole);
    snprintf(whole, sizeof whole, "PRAGMA foreign_keys = OFF;\n\nBEGIN;\n\n%sCOMMIT;\n\n", body);
    CHECK_STR(SCRIPT(downgrade, "sqlite", "0d4:0b2", .version_table = "alembic_version"), whole);
    CHECK_STR(SCRIPT(downgrade, "mysql", "0d4:0b2", .version_table = "alembic_version"), body);
    CHECK_STR(SCRIPT(downgrade, "mysql", "base", .log = NULL), "downgrade with --sql requires <fromrev>:<torev>");
    CHECK_STR(SCRIPT(downgrade, "mysql", "0c3:-1", .version_table = "alembic_version"),
              "-- Running downgrade 0c3 -> 0b2\n\n"
              "UPDATE alembic_version SET version_num='0b2' WHERE alembic_version.version_num = '0c3';\n\n");
    CHECK(strstr(SCRIPT(downgrade, "mysql", "0a1:base", .log = NULL),
                 "DROP TABLE users;\n\nDELETE FROM athanor_version WHERE athanor_version.version_num = '0a1';\n\n") !=
          NULL);
}

TEST(stamps) {
    CHECK_STR(SCRIPT(stamp, "postgresql", "0a1:0c3", .version_table = "alembic_version"),
              "BEGIN;\n\n-- Running stamp_revision 0a1 -> 0c3\n\n"
              "UPDATE alembic_version SET version_num='0c3' WHERE alembic_version.version_num = '0a1';\n\nCOMMIT;\n\n");
    CHECK(
        strstr(SCRIPT(stamp, "mysql", "head", .log = NULL),
               "-- Running stamp_revision  -> 0d4\n\nINSERT INTO athanor_version (version_num) VALUES ('0d4');\n\n") !=
        NULL);
}

TEST(upgrades) {
    CHECK_STR(SCRIPT(upgrade, "postgresql", "0a1", .version_table = "alembic_version", .version_table_schema = "log"),
              "BEGIN;\n\nCREATE TABLE log.alembic_version (\n\tversion_num VARCHAR(255) NOT NULL, \n\tCONSTRAINT "
              "alembic_version_pkc PRIMARY KEY (version_num)\n);\n\n-- Running upgrade  -> 0a1\n\n"
              "CREATE TABLE users (\n\tid SERIAL NOT NULL, \n\temail VARCHAR(100), \n\tPRIMARY KEY (id), \n\tUNIQUE "
              "(email)\n);\n\nCREATE INDEX ix_users_id ON users (id);\n\n"
              "INSERT INTO log.alembic_version (version_num) VALUES ('0a1');\n\nCOMMIT;\n\n");
    CHECK_STR(SCRIPT(upgrade, "postgresql", "0a1:0b2", .version_table = "alembic_version", .transactional_ddl = ATH_NO),
              "-- Running upgrade 0a1 -> 0b2\n\nALTER TABLE users ADD COLUMN age INTEGER DEFAULT '18';\n\n"
              "UPDATE alembic_version SET version_num='0b2' WHERE alembic_version.version_num = '0a1';\n\n");
    const char *text = SCRIPT(upgrade, "sqlite", "0b2:", .transaction_per_migration = true);
    static const char start[] =
        "PRAGMA foreign_keys = OFF;\n\nBEGIN;\n\n-- Running upgrade 0b2 -> 0c3\n\nUPDATE users SET "
        "age = 21 WHERE email = 'it''s 100%';\n\n";
    CHECK(strncmp(text, start, sizeof start - 1) == 0);
    CHECK(strstr(text,
                 "COMMIT;\n\nBEGIN;\n\n-- Running upgrade 0c3 -> 0d4\n\nCREATE TABLE tags (id INTEGER);\n\nINSERT INTO "
                 "tags (id) VALUES (1);\n\nUPDATE") != NULL);
    CHECK(strstr(SCRIPT(upgrade, "oracle", "head", .log = NULL), "no database called oracle") != NULL);
    CHECK(strstr(SCRIPT(upgrade, "mysql", "zzz", .log = NULL), "Can't locate revision") != NULL);
    CHECK_STR(SCRIPT(upgrade, "mysql", "0d4:0d4", .log = NULL), "");
}

/* What is printed can be run. */
TEST(scripts_run) {
    char command[600];
    ath_engine *db = project_engine();
    if (test_on != TEST_SQLITE) {
        ath_engine_close(db);
        return;
    }
    char script_file[] = "script.sql";
    project_write(script_file, SCRIPT(upgrade, "sqlite", "head", .log = NULL));
    snprintf(command, sizeof command, "sqlite3 -bail printed.db < %s", script_file);
    if (system("command -v sqlite3 >found.txt") != 0) {
        ath_engine_close(db);
        return;
    }
    CHECK_INT(system(command), 0);
    ath_engine_close(db);
    db = ath_engine_open("sqlite:///printed.db");
    CHECK_STR(project_ask(db, "SELECT version_num FROM athanor_version"), "0d4");
    ath_migration m = ath_migration_of(&Linked, .error = &project_error);
    PROJECT_OK(ath_migrate_upgrade(db, &m, "head"));
    PROJECT_OK(ath_migrate_downgrade(db, &m, "0d4"));
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"downgrades", downgrades},
    {"stamps", stamps},
    {"upgrades", upgrades},
    {"scripts_run", scripts_run},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
