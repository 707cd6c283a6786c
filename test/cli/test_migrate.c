/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands of migrations, run as a user runs them: what is printed where, exit codes, files, the database.
 */
#include "command_run.h"

static int folder_count;

/* A fresh project in a folder of its own, where the test goes on. */
static void begin(const char *template) {
    char name[40];
    snprintf(name, sizeof name, "p%d", ++folder_count);
    CHECK(mkdir(name, 0777) == 0 && chdir(name) == 0);
    unsetenv("ATHANOR_URL");
    unsetenv("ATHANOR_CONFIG");
    CHECK_RUN(0, "init -t %s", template);
    write_text("athanor.ini", "[athanor]\nscript_location = %(here)s/migrations\nurl = sqlite:///test.db\n"
                              "revision_form = sql\ntimezone = UTC\n");
}

static void end(void) {
    CHECK(chdir("..") == 0);
}

/* A revision that makes and drops table t_ID. */
static void add(const char *id, const char *head) {
    char path[200], line[600];
    CHECK_RUN(0, "revision -m 'about %s' --rev-id %s %s%s", id, id, head ? "--splice --head " : "", head ? head : "");
    snprintf(path, sizeof path, "migrations/versions/%s_about_%s.sql", id, id);
    CHECK(there(path));
    snprintf(line, sizeof line,
             "sed -i 's/^-- +up$/-- +up\\nCREATE TABLE t_%s (id INTEGER);/; s/^-- +down$/-- +down\\nDROP "
             "TABLE t_%s;/' %s",
             id, id, path);
    CHECK_INT(system(line), 0);
}

static void three(void) {
    begin("sql");
    add("aaa111", NULL);
    add("abc123", NULL);
    add("def456", NULL);
}

/* What the version table and the schema hold, in one line. */
static const char *tables(void) {
    CHECK_RUN(
        0, "query sqlite:///test.db \"SELECT group_concat(name, ' ') FROM (SELECT name FROM sqlite_master WHERE name "
           "LIKE 't\\_%%' ESCAPE '\\' ORDER BY name)\"");
    char *line = strchr(out, '\n');
    line = line ? line + 1 : out;
    line[strcspn(line, "\n")] = '\0';
    return line;
}

/* ---- begin ---- */

TEST(init) {
    CHECK(mkdir("i", 0777) == 0 && chdir("i") == 0);
    CHECK_RUN(0, "init");
    CHECK_IN(out, "Creating directory ");
    CHECK_IN(out, "/migrations/versions ...  done\nGenerating ");
    CHECK_IN(out, "/athanor.ini before proceeding.\n");
    CHECK_STR(err, "");
    CHECK(there("migrations/env.c") && there("migrations/README") && there("migrations/script.c.tmpl") &&
          there("athanor.ini"));
    CHECK_RUN(1, "init");
    CHECK_STR(err, "FAILED: Directory migrations already exists and is not empty\n");
    CHECK_STR(out, "");
    CHECK_RUN(0, "init other/deep -t sql");
    CHECK_IN(out, "athanor.ini already exists, skipping");
    CHECK(there("other/deep/versions") && !there("other/deep/env.c"));
    CHECK_RUN(1, "init x -t nonsense");
    CHECK_IN(err, "FAILED: No such template 'nonsense'\nhint: ");
    CHECK(!there("x"));
    CHECK_RUN(1, "init athanor.ini");
    CHECK_IN(err, "is no folder");
    CHECK_RUN(0, "-c m.ini init several -t multidb --json");
    CHECK_IN(out, "{\"config\": \"/");
    CHECK_RUN(0, "-q init quiet");
    CHECK_STR(out, "");
    CHECK_RUN(0, "list_templates");
    CHECK_IN(out, "Available templates:\n\nc - ");
    CHECK_RUN(0, "list-templates --json");
    CHECK_IN(out, "{\"name\": \"multidb\"");
    CHECK_RUN(0, "history"); /* what was written is understood */
    CHECK_STR(out, "");
    end();
}

/* ---- revisions ---- */

TEST(revisions) {
    begin("sql");
    CHECK_RUN(0, "revision -m 'Add posts, 修改的内容!' --rev-id aaa111 --branch-label shop");
    CHECK_IN(out, "/migrations/versions/aaa111_add_posts_修改的内容.sql ...  done\n");
    CHECK_STR(err, "");
    CHECK_RUN(0, "revision -m 'two\nlines' --rev-id bbb222");
    CHECK_RUN(0, "revision --rev-id ccc333");
    CHECK(there("migrations/versions/ccc333_.sql"));
    CHECK_RUN(0, "revision -m net --head base --rev-id net1 --depends-on shop --depends-on bbb2 --branch-label net");
    read_into("migrations/versions/net1_net.sql", out, sizeof out);
    CHECK_IN(
        out,
        "-- revision: net1\n-- depends_on: shop, bbb222\n-- branch_labels: net\n-- message: net\n-- create_date: 20");
    CHECK_IN(out, "+00:00\n\n-- +up\n\n-- +down\n");
    CHECK_RUN(0, "history");
    CHECK_STR(out, "bbb222 -> ccc333 (shop) (head), empty message\n<base> (shop, bbb222) -> net1 (net) (head), net\n"
                   "aaa111 -> bbb222 (shop), two lines\n<base> -> aaa111 (shop), Add posts, 修改的内容!\n");
    CHECK_RUN(1, "revision -m x");
    CHECK_IN(err,
             "FAILED: Multiple heads are present; please specify the head revision on which the new revision should be "
             "based, or perform a merge.\nhint: the heads are ccc333, net1");
    CHECK_RUN(1, "revision -m x --head aaa111");
    CHECK_IN(err, "FAILED: Revision aaa111 is not a head revision; please specify --splice");
    CHECK_RUN(1, "revision -m x --head shop@head --rev-id x-y");
    CHECK_IN(err, "FAILED: Character(s) '-' not allowed in revision identifier 'x-y'");
    CHECK_RUN(1, "revision -m x --head shop@head --rev-id a/b"); /* whose file nobody would find again */
    CHECK_RUN(1, "revision -m x --head shop@head --rev-id .x");
    CHECK_IN(err, "FAILED: '.x' cannot be the beginning of a file's name");
    CHECK_RUN(1, "revision -m x --head shop@head --rev-id head");
    CHECK_IN(err, "FAILED: 'head' is a symbol");
    CHECK(!there("migrations/versions/a") && !there("migrations/versions/.x_x.sql"));
    CHECK_RUN(1, "revision -m x --head shop@head --rev-id aaa111");
    CHECK_IN(err, "Revision aaa111 is present more than once: in /");
    CHECK_RUN(1, "revision -m x --head shop@head --branch-label net");
    CHECK_IN(err, "Branch name 'net'");
    CHECK_RUN(1, "revision -m x --head shop@head --version-path elsewhere");
    CHECK_IN(err, "FAILED: Path elsewhere is not represented in current version locations");
    CHECK_RUN(1, "revision -m x --head shop@head --allow-drop");
    CHECK_RUN(0, "--json merge heads -m both --rev-id mmm");
    CHECK_IN(out, "{\"revision\": \"mmm\", \"down\": [\"ccc333\", \"net1\"], \"path\": \"/");
    CHECK_RUN(1, "merge mmm mmm -m twice");
    CHECK_IN(err, "FAILED: Duplicate head revisions specified");
    end();
}

/* A message with everything that could end a comment or a literal, in C that compiles. */
TEST(odd_messages_in_c) {
    char flags[500];
    begin("c");
    snprintf(flags, sizeof flags, "CFLAGS='-I%s/include' XDG_CACHE_HOME=$PWD", getenv("ATHANOR_SOURCE"));
    write_text("athanor.ini", "[athanor]\nscript_location = migrations\nurl = sqlite:///test.db\n");
    CHECK_RUN(0, "revision --rev-id aaa -m 'a */ \"b\" \\ ?\?/ %%s ${up} /* c'");
    CHECK_INT(run_in(".", flags, "upgrade head"), 0);
    CHECK_RUN(0, "history");
    CHECK_STR(out, "<base> -> aaa (head), a */ \"b\" \\ ?\?/ %s ${up} /* c\n");
    CHECK_INT(run_in(".", flags, "downgrade base"), 0);
    end();
}

TEST(long_messages) {
    begin("sql");
    CHECK_RUN(0, "revision --rev-id aaa -m 'Add_a_VERY_long_message_that_goes_on_and_on_and_on_past_forty!'");
    CHECK(there("migrations/versions/aaa_add_a_very_long_message_that_goes_on_.sql"));
    CHECK_RUN(0, "revision --rev-id bbb -m "
                 "'长的消息长的消息长的消息长的消息长的消息长的消息长的消息长的消息长的消息长的消息长'");
    CHECK(there("migrations/versions/"
                "bbb_长的消息长的消息长的消息长的消息长的消息长的消息长的消息长的消息长的消息长的消息_.sql"));
    CHECK_RUN(0, "revision -m 'random id'");
    CHECK_RUN(0, "heads");
    CHECK_INT(strspn(out, "0123456789abcdef"), 12);
    CHECK_STR(out + 12, " (head)\n");
    end();
}

TEST(own_templates_and_hooks) {
    begin("sql");
    write_text("migrations/script.sql.tmpl", "${declaration}-- by: us ${unknown}\n-- +up\n${up}-- +down\n${down}");
    write_text("athanor.ini", "[athanor]\nscript_location = migrations\nurl = sqlite:///test.db\nrevision_form = sql\n"
                              "[post_write_hooks]\nhooks = one, two\none.executable = sh\n"
                              "one.options = -c \"echo '-- hooked' >> REVISION_SCRIPT_FILENAME\"\n"
                              "two.type = exec\ntwo.executable = test\ntwo.options = -s\n");
    CHECK_RUN(0, "revision -m x --rev-id aaa");
    read_into("migrations/versions/aaa_x.sql", out, sizeof out);
    CHECK_IN(out, "-- by: us ${unknown}\n");
    CHECK_IN(out, "-- hooked\n");
    write_text("athanor.ini", "[athanor]\nscript_location = migrations\nrevision_form = sql\n"
                              "[post_write_hooks]\nhooks = bad\nbad.executable = no-such-program-here\n");
    CHECK_RUN(1, "revision -m y --rev-id bbb");
    CHECK_IN(err, "The hook bad: no-such-program-here could not be run; the file /");
    end();
}

/* ---- up and down ---- */

TEST(up_and_down) {
    three();
    CHECK_RUN(0, "current");
    CHECK_STR(out, "");
    CHECK(!there("test.db") || strcmp(tables(), "NULL") == 0);
    CHECK_RUN(0, "upgrade abc");
    CHECK_STR(out, "");
    CHECK_STR(err, "INFO  [athanor.migration] Running upgrade  -> aaa111, about aaa111\n"
                   "INFO  [athanor.migration] Running upgrade aaa111 -> abc123, about abc123\n");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "abc123\n");
    CHECK_RUN(0, "-q upgrade +1");
    CHECK_STR(err, "");
    CHECK_STR(tables(), "t_aaa111 t_abc123 t_def456");
    CHECK_RUN(0, "upgrade"); /* head; nothing to do */
    CHECK_STR(err, "");
    CHECK_RUN(1, "upgrade +1");
    CHECK_IN(err, "FAILED: Relative revision +1 didn't produce 1 migrations\nhint: ");
    CHECK_RUN(0, "downgrade"); /* one step; no terminal to ask at */
    CHECK_STR(err, "INFO  [athanor.migration] Running downgrade def456 -> abc123, about def456\n");
    CHECK_RUN(0, "downgrade -1");
    CHECK_RUN(0, "current -v");
    CHECK_IN(out, "Current revision(s) for sqlite:///test.db:\nRev: aaa111\nParent: <base>\nPath: /");
    CHECK_RUN(1, "current --check-heads");
    CHECK_IN(err, "FAILED: Database is not on all head revisions\n");
    CHECK_RUN(0, "downgrade base");
    CHECK_IN(err, "Running downgrade aaa111 -> , about aaa111\n");
    CHECK_STR(tables(), "NULL");
    CHECK_RUN(1, "downgrade -1");
    CHECK_IN(err, "FAILED: Relative revision -1 didn't produce 1 migrations\n");
    CHECK_RUN(1, "upgrade aaa111:head");
    CHECK_IN(err, "FAILED: Range revision not allowed\n");
    CHECK_RUN(1, "upgrade zzz9");
    CHECK_IN(err, "FAILED: Can't locate revision identified by 'zzz9'\nhint: ");
    CHECK_RUN(1, "upgrade a");
    CHECK_IN(err, "several revisions start with it: 'aaa111', 'abc123'\n");
    end();
}

TEST(failing_statements) {
    three();
    CHECK_INT(system("sed -i 's/CREATE TABLE t_abc123/CREATE TABBLE t_abc123/' migrations/versions/abc123*.sql"), 0);
    CHECK_RUN(3, "upgrade head");
    CHECK_IN(err, "FAILED: ");
    CHECK_IN(err, "abc123");
    CHECK_IN(err, "TABBLE");
    CHECK_RUN(0, "current"); /* SQLite rolls back: all or nothing */
    CHECK_STR(out, "");
    CHECK_RUN(3, "--json upgrade head");
    CHECK_IN(err, "{\"error\": \"programming\", \"code\": 3, \"message\": \"");
    CHECK_RUN(3, "--url sqlite:////no/such/folder/x.db current");
    CHECK_IN(err, "FAILED: ");
    CHECK_RUN(1, "--url nonsense current");
    CHECK_RUN(3, "--raiseerr upgrade head");
    CHECK_IN(err, "status: programming;");
    end();
}

/* Revisions are code in this process, which they may end. */
TEST(ended_by_a_revision) {
    three();
    compile_here();
    CHECK_RUN(0, "upgrade aaa111");
    write_text("migrations/versions/eee_ends.c",
               "#include <athanor/migrate.h>\n#include <stdlib.h>\nATH_REVISION(\"eee\", .down = \"def456\");\n"
               "ATH_UPGRADE(op) {\n    ath_op_execute(op, \"CREATE TABLE t_eee (id INTEGER)\");\n"
               "    if (getenv(\"CRASHES\")) abort();\n    exit(0);\n}\n");
    CHECK_RUN(6, "upgrade head");
    CHECK_IN(err, "FAILED: revision eee ended the program (exit): what was not committed has not happened\nhint: ");
    CHECK_STR(tables(), "t_aaa111");
    CHECK_RUN(6, "--json upgrade head");
    CHECK_STR(out, "");
    CHECK_IN(err, "{\"error\": \"internal\", \"code\": 6, \"message\": \"revision eee ended the program");
    CHECK_RUN(6, "upgrade def456:head --sql");
    CHECK_IN(err, "FAILED: a revision or env.c ended the program");
    CHECK(run_in(".", "ulimit -c 0; CRASHES=1", "upgrade head") != 0);
    CHECK_IN(err, "FAILED: athanor crashed in revision eee\n");
    CHECK_STR(tables(), "t_aaa111");
    end();
}

/* What was done, as one document. */
TEST(runs_in_json) {
    three();
    CHECK_RUN(0, "-q --json upgrade abc");
    CHECK_STR(err, "");
    CHECK_IN(out, "{\"command\": \"upgrade\", \"dry_run\": false, \"steps\": [{\"way\": \"upgrade\", \"revision\": "
                  "\"aaa111\", \"what\": \"Running upgrade  -> aaa111, about aaa111\", \"milliseconds\": ");
    CHECK_IN(out, "}, {\"way\": \"upgrade\", \"revision\": \"abc123\", ");
    CHECK_IN(out, "}], \"current\": [\"abc123\"]}\n");
    CHECK_RUN(0, "--json upgrade abc");
    CHECK_STR(out, "{\"command\": \"upgrade\", \"dry_run\": false, \"steps\": [], \"current\": [\"abc123\"]}\n");
    CHECK_RUN(0, "--json downgrade --dry-run base");
    CHECK_IN(out, "{\"command\": \"downgrade\", \"dry_run\": true, \"steps\": [{\"way\": \"downgrade\", \"revision\": "
                  "\"abc123\", ");
    CHECK_IN(out, "}], \"current\": [\"abc123\"]}\n");
    CHECK_RUN(0, "--json stamp def456");
    CHECK_IN(
        out,
        "\"steps\": [{\"way\": \"stamp\", \"revision\": null, \"what\": \"Running stamp_revision abc123 -> def456\"");
    CHECK_RUN(0, "--json ensure-version");
    CHECK_STR(out, "{\"command\": \"ensure-version\", \"dry_run\": false, \"steps\": [], \"current\": [\"def456\"]}\n");
    CHECK_RUN(1, "--json upgrade nonsense");
    CHECK_STR(out, "");
    end();
}

TEST(stamps) {
    three();
    CHECK_RUN(0, "stamp head");
    CHECK_STR(err, "INFO  [athanor.migration] Running stamp_revision  -> def456\n");
    CHECK_STR(tables(), "NULL");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "def456 (head)\n");
    CHECK_RUN(0, "current -c");
    CHECK_RUN(0, "stamp aaa1");
    CHECK_RUN(0, "stamp base");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "");
    CHECK_RUN(0, "stamp def456");
    CHECK_INT(system("mv migrations/versions/def456* ."), 0);
    CHECK_RUN(0, "current"); /* a row whose file is gone */
    CHECK_IN(out, "def456 (no file has it)\n");
    CHECK_RUN(0, "--json current");
    CHECK_IN(out, "{\"revision\": \"def456\", \"path\": null, \"is_current\": true}");
    CHECK_RUN(2, "show a b");
    CHECK_IN(err, "athanor: show: one too many: b\nusage: athanor show REVISION\n");
    CHECK_RUN(1, "upgrade head");
    CHECK_IN(err,
             "FAILED: Can't locate revision identified by 'def456'\nhint: the database is there, but no file here");
    CHECK_RUN(0, "stamp --purge head");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "abc123 (head)\n");
    CHECK_RUN(2, "stamp");
    CHECK_RUN(1, "stamp --purge --sql head");
    CHECK_STR(err, "FAILED: Can't use --purge with --sql mode\n");
    CHECK_RUN(0, "ensure_version");
    CHECK_STR(out, "");
    end();
}

TEST(scripts) {
    three();
    CHECK_RUN(0, "upgrade abc --sql");
    CHECK_IN(out, "CREATE TABLE athanor_version (");
    CHECK_IN(out, "-- Running upgrade aaa111 -> abc123\n\nCREATE TABLE t_abc123 (id INTEGER);\n\n"
                  "UPDATE athanor_version SET version_num='abc123' WHERE athanor_version.version_num = 'aaa111';\n");
    CHECK_IN(err, "INFO  [athanor.migration] Generating static SQL\n");
    CHECK(!there("test.db"));
    CHECK_RUN(0, "downgrade def456:abc123 --sql");
    CHECK_IN(out, "DROP TABLE t_def456;");
    CHECK_RUN(1, "downgrade -1 --sql");
    CHECK_STR(err, "FAILED: downgrade with --sql requires <fromrev>:<torev>\n");
    CHECK_RUN(0, "stamp aaa111:head --sql");
    CHECK_IN(out, "UPDATE athanor_version SET version_num='def456'");
    CHECK_RUN(0, "ensure-version --sql");
    CHECK_IN(out, "CREATE TABLE athanor_version (");
    CHECK_RUN(0, "--url postgresql://me:secret@nowhere/db upgrade head --sql");
    CHECK_IN(out, "BEGIN;");
    CHECK_NOT_IN(out, "secret");
    CHECK(!there("test.db"));
    end();
}

/* ---- lists ---- */

static void branched(void) {
    begin("sql");
    add("base1", NULL);
    CHECK_RUN(0, "revision -m 'left one' --rev-id left1 --branch-label left");
    CHECK_RUN(0, "revision -m 'left two' --rev-id left2");
    CHECK_RUN(0, "revision -m 'right one' --rev-id right1 --head base1 --splice --branch-label right");
}

TEST(lists) {
    branched();
    CHECK_RUN(0, "history");
    CHECK_STR(out, "left1 -> left2 (left) (head), left two\nbase1 -> left1 (left), left one\n"
                   "base1 -> right1 (right) (head), right one\n<base> -> base1 (branchpoint), about base1\n");
    CHECK_RUN(0, "heads");
    CHECK_STR(out, "left2 (left) (head)\nright1 (right) (head)\n");
    CHECK_RUN(0, "branches");
    CHECK_STR(out, "base1 (branchpoint)\n      -> left1 (left)\n      -> right1 (right) (head)\n\n");
    CHECK_RUN(0, "history -r left1:");
    CHECK_STR(out, "left1 -> left2 (left) (head), left two\nbase1 -> left1 (left), left one\n");
    CHECK_RUN(1, "history -r left1:right1");
    CHECK_IN(
        err,
        "FAILED: Requested range left1:right1 does not refer to ancestor/descendant revisions along the same branch");
    CHECK_RUN(1, "history -r foo");
    CHECK_STR(err, "FAILED: History range requires [start]:[end], [start]:, or :[end]\n");
    CHECK_RUN(0, "upgrade left1");
    CHECK_RUN(0, "history -i -r:left2");
    CHECK_STR(out, "left1 -> left2 (left) (head), left two\nbase1 -> left1 (left) (current), left one\n"
                   "<base> -> base1 (branchpoint), about base1\n");
    CHECK_RUN(0, "history -r :current");
    CHECK_STR(out, "base1 -> left1 (left), left one\n<base> -> base1 (branchpoint), about base1\n");
    CHECK_RUN(0, "history --applied");
    CHECK_IN(out, "upgrade   base1, about base1");
    CHECK_RUN(0, "--json history --applied");
    CHECK_IN(out, "\"revision\": \"left1\"");
    CHECK_RUN(0, "history --graph -i");
    CHECK_STR(
        out,
        "* left2 (left) (head), left two\n* left1 (left) (current), left one\n| * right1 (right) (head), right one\n"
        "|/ \n* base1 (branchpoint), about base1\n");
    CHECK_RUN(0, "upgrade heads");
    CHECK_RUN(0, "current");
    CHECK_STR(out, "left2 (head)\nright1 (head)\n");
    CHECK_RUN(0, "downgrade -1");
    CHECK_IN(err, "WARN  [athanor.migration] downgrade -1 from multiple heads is ambiguous; LABEL@-1 says which\n");
    CHECK_RUN(0, "--json heads");
    CHECK_IN(out,
             "[{\"revision\": \"left2\", \"down\": [\"left1\"], \"depends_on\": [], \"branch_labels\": [\"left\"]");
    CHECK_RUN(0, "heads -v");
    CHECK_IN(out, "Rev: left2 (head)\nParent: left1\nBranch names: left\nPath: /");
    CHECK_RUN(0, "branches -v");
    CHECK_IN(out, "Branches into: left1, right1\n");
    CHECK_RUN(0, "--json branches");
    CHECK_IN(out, "[{\"revision\": \"base1\"");
    end();
}

TEST(a_merge_drawn) {
    branched();
    CHECK_RUN(0, "merge heads -m both --rev-id mmm");
    CHECK_RUN(0, "history --graph");
    CHECK_STR(
        out,
        "* mmm (left, right) (head) (mergepoint), both\n|\\\n* | left2 (left), left two\n* | left1 (left), left one\n"
        "| * right1 (right), right one\n|/ \n* base1 (branchpoint), about base1\n");
    CHECK_RUN(0, "show mmm");
    CHECK_IN(out, "Rev: mmm (head) (mergepoint)\nMerges: left2, right1\nBranch names: left, right\nPath: /");
    CHECK_IN(out, "\n\n    both\n    \n    Revision ID: mmm\n    Revises: left2, right1\n    Create Date: 20");
    CHECK_RUN(0, "show base");
    CHECK_STR(out, "");
    CHECK_RUN(0, "upgrade right1");
    CHECK_RUN(0, "show current");
    CHECK_IN(out, "Rev: right1\n");
    CHECK_RUN(1, "show ''");
    CHECK_RUN(2, "show");
    end();
}

TEST(effective_heads) {
    begin("sql");
    CHECK_RUN(0, "revision -m one --rev-id core1 --branch-label core");
    CHECK_RUN(0, "revision -m two --rev-id core2");
    CHECK_RUN(0, "revision -m plug --rev-id plug1 --head base --depends-on core2");
    CHECK_RUN(0, "heads");
    CHECK_STR(out, "core2 (core) (effective head)\nplug1 (head)\n");
    CHECK_RUN(0, "heads --resolve-dependencies");
    CHECK_STR(out, "plug1 (head)\n");
    CHECK_RUN(0, "upgrade heads");
    CHECK_RUN(0, "current"); /* one row stands for both */
    CHECK_STR(out, "core2 (effective head)\nplug1 (head)\n");
    CHECK_RUN(0, "current -c");
    end();
}

TEST(editing) {
    three();
    CHECK_INT(run_in(".", "EDITOR='cp -t .'", "edit abc"), 0);
    CHECK(there("abc123_about_abc123.sql"));
    CHECK_INT(run_in(".", "EDITOR=no-such-editor", "edit abc"), 1);
    CHECK_IN(err, "FAILED: Error executing editor (no-such-editor)\n");
    CHECK_INT(run_in(".", "EDITOR=false", "edit base"), 1);
    CHECK_INT(run_in(".", "EDITOR=false", "edit nosuch"), 1);
    CHECK_IN(err, "FAILED: Can't locate revision identified by 'nosuch'");
    end();
}

/* ---- broken folders ---- */

TEST(broken_folders) {
    three();
    CHECK_INT(system("mv migrations/versions/abc123* kept.sql"), 0);
    CHECK_RUN(1, "history");
    CHECK_IN(err, "FAILED: Revision abc123 referenced from def456 (/");
    CHECK_RUN(1, "upgrade head");
    CHECK_INT(system("sed 's/abc123/aaa111/; s/^-- down.*//' kept.sql > migrations/versions/twice.sql; "
                     "cp kept.sql migrations/versions/"),
              0);
    CHECK_RUN(1, "heads");
    CHECK_IN(err, "FAILED: Revision aaa111 is present more than once: in /");
    CHECK_INT(system("rm migrations/versions/twice.sql; sed -i 's/^-- down: aaa111/-- down: def456/' "
                     "migrations/versions/kept.sql"),
              0);
    CHECK_RUN(1, "history");
    CHECK_IN(err, "FAILED: Cycle is detected in revisions (abc123, def456): ");
    CHECK_INT(system("rm migrations/versions/*; ln -s nowhere migrations/versions/lost.sql"), 0);
    CHECK_RUN(1, "upgrade head"); /* which is no matter of the database */
    CHECK_IN(err, "FAILED: cannot read /");
    CHECK_IN(err, "/lost.sql: No such file or directory\n");
    CHECK_INT(system("rm -r migrations"), 0);
    CHECK_RUN(1, "history");
    CHECK_IN(err, "FAILED: Path doesn't exist: /");
    CHECK_IN(err, "/migrations.  Please use the 'init' command to create a new scripts folder.\n");
    end();
}

int main(int argc, char **argv) {
    static const test_case cases[] = {{"init", init},
                                      {"revisions", revisions},
                                      {"odd_messages_in_c", odd_messages_in_c},
                                      {"long_messages", long_messages},
                                      {"own_templates_and_hooks", own_templates_and_hooks},
                                      {"up_and_down", up_and_down},
                                      {"failing_statements", failing_statements},
                                      {"ended_by_a_revision", ended_by_a_revision},
                                      {"runs_in_json", runs_in_json},
                                      {"stamps", stamps},
                                      {"scripts", scripts},
                                      {"lists", lists},
                                      {"a_merge_drawn", a_merge_drawn},
                                      {"effective_heads", effective_heads},
                                      {"editing", editing},
                                      {"broken_folders", broken_folders}};
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
