/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite's rebuild: it loses nothing, does several changes at once, and leaves the old table when it fails half-way.
 */
#include "op_world.h"

#include "failing.h"

/* A table with all that a table can have, and all that can hang on one. */
static const char *const everything[] = {
    "CREATE TABLE p(id integer primary key autoincrement, a int not null default 7, -- a number, or two\n"
    " b text collate nocase, c int check(c>0), d int, g int generated always as (d*2) stored,\n"
    " parent int references p(id) on delete cascade on update set null deferrable initially deferred,\n"
    " \"odd name\" varchar(10) default 'x,)(', check(length(b)>0), constraint uqn unique(b, d) /* both */,\n"
    " constraint ckn check (a < 100)) strict",
    "CREATE TABLE k(id integer primary key, pid int references p(id) on delete cascade)",
    "CREATE TABLE log(x)",
    "CREATE INDEX ie on p(lower(b))",
    "CREATE INDEX ip on p(a desc) where a>5",
    "CREATE UNIQUE INDEX iu on p(a, d)",
    "CREATE VIEW v as select id,b from p",
    "CREATE VIEW v2 as select * from v",
    "CREATE VIEW broken as select * from nowhere",
    "CREATE TRIGGER tp after insert on p begin insert into log values(new.id); end",
    "CREATE TRIGGER tk after delete on k begin update p set a=a where id=old.pid; end",
    "CREATE TRIGGER tv instead of insert on v begin insert into p(b,d) values(new.b, 99); end",
    "INSERT INTO p(b,c,d) values('x',1,5),('y',2,6),('z',1,1)",
    "DELETE FROM p where id=3",
    "INSERT INTO k values(1,1),(2,2)",
};

static void make_everything(world *w) {
    world_online(w, TEST_SQLITE, NULL);
    for (size_t i = 0; i < TEST_COUNT(everything); i++) {
        char *sql = strdup(everything[i]);
        char *strict = i == 0 ? strstr(sql, "varchar(10)") : NULL; /* a STRICT table knows few types */
        if (strict)
            memcpy(strict, "text       ", 11);
        world_sql(w, sql);
        free(sql);
    }
    world_again(w);
}

static void check_text(world *w, const char *sql, const char *expected) {
    char *text = world_rows(w, sql);
    CHECK_STR(text, expected);
    free(text);
}

/* The objects of the schema, but for the text of p. */
static char *surroundings(world *w) {
    return world_rows(w, "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master WHERE name <> 'p' AND name "
                         "NOT LIKE 'sqlite_%' ORDER BY type, name");
}

static void check_whole(world *w) {
    check_text(w, "SELECT id, a, b, c, d, g, coalesce(parent, '-'), \"odd name\" FROM p ORDER BY id",
               "1|7|x|1|5|10|-|x,)(;2|7|y|2|6|12|-|x,)(");
    check_text(w, "SELECT * FROM k ORDER BY id", "1|1;2|2");
    check_text(w, "SELECT seq FROM sqlite_sequence WHERE name = 'p'", "3");
    check_text(w, "SELECT count(*) FROM sqlite_sequence WHERE name LIKE '%new%'", "0");
    check_text(w, "PRAGMA integrity_check", "ok");
    check_text(w, "PRAGMA foreign_keys", "1");
    check_text(w, "PRAGMA legacy_alter_table", "0");
}

TEST(keeps_everything) {
    world w;
    make_everything(&w);
    char *before = surroundings(&w);
    ath_op_alter_column(w.op, "p", "a", .server_default = ath_int(8));
    CHECK_INT(world_finish(&w), ATH_OK);
    CHECK_STR(w.error.message, "");
    char *after = surroundings(&w);
    CHECK_STR(after, before);
    free(before);
    free(after);
    check_whole(&w);
    check_text(&w, "SELECT substr(sql, 1, 89) FROM sqlite_master WHERE name = 'p'",
               "CREATE TABLE \"p\" (id integer primary key autoincrement, a int not null DEFAULT 8, -- a nu");
    world_close(&w);
}

/* What stands in the new text is the old one, but for the change. */
TEST(keeps_the_words) {
    world w;
    make_everything(&w);
    char *before = world_rows(&w, "SELECT substr(sql, instr(sql, '(')) FROM sqlite_master WHERE name = 'p'");
    ath_op_alter_column(w.op, "p", "d", .nullable = ATH_NO);
    CHECK_INT(world_finish(&w), ATH_OK);
    char *after = world_rows(&w, "SELECT substr(sql, instr(sql, '(')) FROM sqlite_master WHERE name = 'p'");
    char *at = strstr(after, "d int NOT NULL, g");
    CHECK(at != NULL);
    if (at)
        memmove(at + 5, at + 14, strlen(at + 14) + 1);
    CHECK_STR(after, before);
    free(before);
    free(after);
    check_whole(&w);
    world_sql(&w, "INSERT INTO v(b) VALUES ('n')");
    check_text(&w, "SELECT max(id) FROM p", "4");
    check_text(&w, "SELECT max(x) FROM log", "4");
    world_close(&w);
}

TEST(several_changes_are_one_rebuild) {
    world w;
    make_everything(&w);
    ATH_OP_BATCH(w.op, "p") {
        ath_op_drop_constraint(w.op, "ckn", "p");
        ath_op_drop_column(w.op, "p", "c");
        ath_op_add_column(w.op, "p", ath_op_column("n", ATH_TYPE_NAMED("int"), .index = true), .after = "a");
        ath_op_create_check_constraint(w.op, "ckd", "p", "d > 0");
        ath_op_rename_constraint(w.op, "p", "uqn", "uq_p_b_d");
    }
    CHECK_INT(world_finish(&w), ATH_OK);
    CHECK_STR(w.error.message, "");
    size_t creates = 0;
    for (size_t i = 0; i < w.count; i++)
        creates += strncmp(w.statements[i], "CREATE TABLE", 12) == 0;
    CHECK_INT(creates, 1);
    char *sql = world_rows(&w, "SELECT sql FROM sqlite_master WHERE name = 'p'");
    CHECK(strstr(sql, "default 7, n int, -- a number, or two\n") && strstr(sql, "CONSTRAINT uq_p_b_d unique(b, d)") &&
          strstr(sql, "CONSTRAINT ckd CHECK (d > 0)") && strstr(sql, "/* both */") && !strstr(sql, "ckn") &&
          !strstr(sql, "c>0"));
    free(sql);
    check_text(&w, "SELECT count(*) FROM sqlite_master WHERE name = 'ix_p_n'", "1");
    check_text(&w, "SELECT count(*) FROM k", "2");
    world_close(&w);
}

/* A view that would break is named, and nothing has happened. */
TEST(refuses_what_a_view_needs) {
    world w;
    make_everything(&w);
    ath_op_drop_column(w.op, "p", "b");
    CHECK(world_finish(&w) != ATH_OK);
    CHECK(strstr(w.error.message, "b") != NULL);
    check_whole(&w);
    world_close(&w);
}

/* Refused at each of its statements in turn, it leaves the old table. */
TEST(leaves_the_old_table) {
    for (size_t at = 1; at < 20; at++) {
        world w;
        make_everything(&w);
        test_context("statement %zu", at);
        char *before = surroundings(&w);
        w.fail_at = at;
        ath_op_alter_column(w.op, "p", "d", .nullable = ATH_NO);
        bool refused = w.fail_at == 0;
        CHECK_INT(world_finish(&w) != ATH_OK, refused);
        char *after = surroundings(&w);
        CHECK_STR(after, before);
        check_whole(&w);
        free(before);
        free(after);
        world_close(&w);
        if (!refused)
            break;
    }
    test_context("%s", "");
}

TEST(keeps_rowids_and_without_rowid) {
    world w;
    world_online(&w, TEST_SQLITE, NULL);
    world_sql(&w, "CREATE TABLE r(a text, b int)");
    world_sql(&w, "INSERT INTO r(rowid, a, b) VALUES (7, 'x', 1), (3, 'y', 2)");
    world_sql(&w, "CREATE TABLE s(a text primary key, b int, d int) strict, without rowid");
    world_sql(&w, "INSERT INTO s VALUES ('x', 1, 2)");
    world_again(&w);
    ath_op_alter_column(w.op, "r", "b", .type = ATH_STRING(20), .nullable = ATH_NO);
    ath_op_create_unique_constraint(w.op, "uq_s", "s", ath_names("b"));
    ath_op_drop_column(w.op, "s", "d");
    CHECK_INT(world_finish(&w), ATH_OK);
    CHECK_STR(w.error.message, "");
    check_text(&w, "SELECT rowid, a, b, typeof(b) FROM r ORDER BY rowid", "3|y|2|text;7|x|1|text");
    check_text(&w, "SELECT sql FROM sqlite_master WHERE name = 's'",
               "CREATE TABLE \"s\" (a text primary key, b int, CONSTRAINT uq_s UNIQUE (b)) strict, without rowid");
    world_close(&w);
}

/* A foreign key that the change breaks ends the run; one that was broken before does not. */
TEST(foreign_keys_are_checked) {
    world w;
    world_online(&w, TEST_SQLITE, NULL);
    world_sql(&w, "CREATE TABLE p(id integer primary key)");
    world_sql(&w, "CREATE TABLE k(id integer primary key, pid int, old int references p(id))");
    world_sql(&w, "INSERT INTO k VALUES (1, 5, NULL), (2, NULL, 9)");
    world_again(&w);
    ath_op_alter_column(w.op, "k", "pid", .type = ATH_BIGINT);
    CHECK_INT(world_finish(&w), ATH_OK);
    world_again(&w);
    ath_op_create_foreign_key(w.op, "fk", "k", "p", ath_names("pid"), ath_names("id"));
    CHECK_INT(world_finish(&w), ATH_INTEGRITY);
    CHECK(strstr(w.error.message, "row 1 of table k"));
    check_text(&w, "SELECT sql FROM sqlite_master WHERE name = 'k'",
               "CREATE TABLE \"k\" (id integer primary key, pid BIGINT, old int references p(id))");
    world_close(&w);
}

TEST(says_what_is_not_there) {
    static const struct {
        ath_operation op;
        const char *says;
    } rows[] = {
        {{.kind = ATH_OPERATION_DROP_COLUMN, .table = "nope", .name = "x"}, "there is no table 'nope'"},
        {{.kind = ATH_OPERATION_DROP_COLUMN, .table = "p", .name = "x"}, "has no column 'x'"},
        {{.kind = ATH_OPERATION_DROP_CONSTRAINT, .table = "p", .name = "x"}, "no constraint named 'x'"},
        {{.kind = ATH_OPERATION_RENAME_INDEX, .table = "p", .name = "x", .new_name = "y"}, "no index is called 'x'"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        world w;
        world_online(&w, TEST_SQLITE, NULL);
        world_sql(&w, "CREATE TABLE p(id integer primary key)");
        world_again(&w);
        test_context("%s", rows[i].says);
        CHECK(ath_op_invoke(w.op, &rows[i].op) != ATH_OK);
        CHECK(world_finish(&w) != ATH_OK);
        CHECK(strstr(w.error.message, rows[i].says) != NULL);
        if (!strstr(w.error.message, rows[i].says))
            printf("# %s\n", w.error.message);
        world_close(&w);
    }
    test_context("%s", "");
}

TEST(adds_columns_to_tables_with_rows) {
    world w;
    world_online(&w, TEST_SQLITE, NULL);
    world_sql(&w, "CREATE TABLE t(id integer primary key)");
    world_sql(&w, "INSERT INTO t VALUES (1)");
    world_again(&w);
    ath_op_add_column(w.op, "t", ath_op_column("at", ATH_DATETIME, .server_default = ath_text("CURRENT_TIMESTAMP")));
    ath_op_add_column(w.op, "t", ath_op_column("u", ATH_INTEGER, .unique = true));
    ath_op_add_column(w.op, "t", ath_op_column("g", ATH_INTEGER, .computed = "id * 2", .persisted = ATH_STORED));
    CHECK_INT(world_finish(&w), ATH_OK);
    check_text(&w, "SELECT length(at), u, g FROM t", "19|NULL|2");
    world_again(&w);
    ath_op_add_column(w.op, "t", ath_op_column("n", ATH_INTEGER, .not_null = true));
    CHECK(world_finish(&w) != ATH_OK);
    CHECK(strstr(w.error.message, "NOT NULL without a default"));
    world_close(&w);
}

/* Offline: a table that the script has made is known; another has to be said. */
TEST(scripts_know_what_they_made) {
    world w;
    world_offline(&w, "sqlite", NULL);
    ath_op_create_table(w.op, "t", ath_op_column("id", ATH_INTEGER, .primary_key = true),
                        ath_op_column("a", ATH_STRING(5), .index = true));
    ath_op_rename_column(w.op, "t", "a", "b");
    ath_op_alter_column(w.op, "t", "b", .type = ATH_TEXT);
    CHECK_INT(world_finish(&w), ATH_OK);
    char *text = world_text(&w);
    CHECK(strstr(text, "b TEXT") && strstr(text, "INSERT INTO _athanor_new_t (id, b) SELECT id, b FROM") &&
          strstr(text, "CREATE INDEX ix_t_a ON t (b)"));
    free(text);
    world_again(&w);
    ath_op_alter_column(w.op, "other", "b", .type = ATH_TEXT);
    CHECK(world_finish(&w) != ATH_OK);
    CHECK(strstr(w.error.message, "ath_copy_from"));
    w.error = (ath_error){0};
    ATH_OP_BATCH(
        w.op, "other",
        ath_copy_from(ath_op_column("id", ATH_INTEGER, .primary_key = true), ath_op_column("b", ATH_STRING(9)))) {
        ath_op_alter_column(w.op, "other", "b", .type = ATH_TEXT);
    }
    CHECK_INT(world_finish(&w), ATH_OK);
    world_close(&w);
}

/* Wherever memory runs out, the old table is left, or the change is whole. */
TEST(rebuilds_without_memory) {
    bool done = false;
    for (long at = 1; !done && at < 5000; at += 3) {
        failing f = {.paused = true};
        const ath_allocator allocator = FAILING(&f);
        world w;
        test_context("allocation %ld", at);
        world_online_with(&w, TEST_SQLITE, NULL, &allocator);
        world_sql(&w, "CREATE TABLE t (id integer primary key, a text, b int check (b > 0))");
        world_sql(&w, "CREATE INDEX ix ON t (a)");
        world_sql(&w, "INSERT INTO t VALUES (1, 'x', 2)");
        world_again(&w);
        f.requests = 0;
        f.fail_at = at;
        f.paused = false;
        ath_op_alter_column(w.op, "t", "b", .nullable = ATH_NO);
        f.paused = true;
        done = f.requests < at;
        ath_status status = world_finish(&w);
        CHECK(done ? status == ATH_OK : status == ATH_NO_MEMORY || status == ATH_OK);
        check_text(&w, "SELECT count(*), (SELECT count(*) FROM sqlite_master WHERE type = 'index') FROM t", "1|1");
        check_text(&w, "SELECT count(*) FROM sqlite_master WHERE sql LIKE '%NOT NULL%'", status == ATH_OK ? "1" : "0");
        check_text(&w, "PRAGMA legacy_alter_table", "0");
        world_close(&w);
        CHECK_INT(f.held, 0);
    }
    CHECK(done);
    test_context("%s", "");
}

static const test_case all[] = {
    {"keeps_everything", keeps_everything},
    {"keeps_the_words", keeps_the_words},
    {"several_changes_are_one_rebuild", several_changes_are_one_rebuild},
    {"refuses_what_a_view_needs", refuses_what_a_view_needs},
    {"leaves_the_old_table", leaves_the_old_table},
    {"keeps_rowids_and_without_rowid", keeps_rowids_and_without_rowid},
    {"foreign_keys_are_checked", foreign_keys_are_checked},
    {"says_what_is_not_there", says_what_is_not_there},
    {"adds_columns_to_tables_with_rows", adds_columns_to_tables_with_rows},
    {"scripts_know_what_they_made", scripts_know_what_they_made},
    {"rebuilds_without_memory", rebuilds_without_memory},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, all, TEST_COUNT(all));
}
