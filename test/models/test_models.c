/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor models` on real schemas and on ugly ones: what it writes compiles without a warning, is neat and always the
 * same; a program built from it loads all rows and follows all relations; and ath_create_all makes a database of it that
 * the inspector cannot tell from the first.
 */
#include "schemas.h"

#include "alike.h"

#include <dirent.h>

#ifndef TEST_SANITIZE
#define TEST_SANITIZE "none"
#endif

static char output[200000];

/* ---- running ---- */

/* The folder that this program was built in. */
static const char *build(void) {
    static char self[400];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    self[size > 0 ? size : 0] = '\0';
    char *test = strstr(self, "/test/");
    if (test)
        *test = '\0';
    return self;
}

/* Runs a line of the shell; its exit code.  `output` receives what it printed. */
__attribute__((format(printf, 1, 2))) static int shell(const char *format, ...) {
    char line[6000];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    FILE *pipe = popen(line, "r");
    size_t read = pipe ? fread(output, 1, sizeof output - 1, pipe) : 0;
    output[read] = '\0';
    int status = pipe ? pclose(pipe) : -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void show_output(void) {
    char *rest = output;
    for (char *line; (line = strsep(&rest, "\n")) != NULL;)
        if (*line)
            printf("# %s\n", line);
}

/* The line must succeed; if not, what it printed is shown. */
#define MUST(...)                                                                                                      \
    do {                                                                                                               \
        int code_ = shell(__VA_ARGS__);                                                                                \
        if (code_ != 0)                                                                                                \
            show_output();                                                                                             \
        CHECK_INT(code_, 0);                                                                                           \
    } while (0)

static const char *source(void) {
    return getenv("ATHANOR_SOURCE") ? getenv("ATHANOR_SOURCE") : ".";
}

/* ---- what is done with a database ---- */

#define STRICT                                                                                                         \
    "-std=c11 -pedantic -Wall -Wextra -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual "     \
    "-Wformat=2 -Wvla -Wwrite-strings -Werror"

static const char *libraries(void) {
    static char list[100];
    snprintf(list, sizeof list, "-lsqlite3 %s %s %s -lm -pthread", ATH_HAVE_POSTGRESQL ? "-lpq" : "",
             ATH_HAVE_MYSQL ? "-lmariadb" : "", ATH_HAVE_LIBUV ? "-luv" : "");
    return list;
}

static const char *sanitizers(void) {
    return strcmp(TEST_SANITIZE, "none") == 0 ? "" : "-fsanitize=" TEST_SANITIZE;
}

/* Writes NAME.h and NAME.c, twice: they must be the same, and compile. */
static void generate(const char *name, const char *url, const char *options) {
    MUST("'%s/athanor' models -f -o %s '%s' %s 2>&1", build(), name, url, options);
    MUST("mkdir -p again && '%s/athanor' models -f -o again/%s '%s' %s 2>&1", build(), name, url, options);
    MUST("cmp %s.h again/%s.h && cmp %s.c again/%s.c", name, name, name, name);
    MUST("cc %s -I'%s/include' -c %s.c -o %s.o 2>&1", STRICT, source(), name, name);
    if (shell("command -v clang") == 0)
        MUST("clang %s -I'%s/include' -fsyntax-only %s.c 2>&1", STRICT, source(), name);
    MUST("'%s/athanor' models --check '%s' %s %s.h %s.c 2>&1", build(), url, options, name, name);
}

/* A program of test/models/walk with the models of that name: PROGRAM_NAME. */
static void build_program(const char *program, const char *name) {
    MUST("cc -std=c11 -D_GNU_SOURCE -I. -I'%s/include' -I'%s/src' -I'%s/test' -DHEADER='\"%s.h\"' "
         "-DMETADATA=$(sed -n 's/^ATH_DECLARE_METADATA(\\(.*\\));/\\1/p' %s.h) %s '%s/test/models/walk/%s.c' %s.o "
         "'%s/libathanor.a' %s -o %s_%s 2>&1",
         source(), source(), source(), name, name, sanitizers(), source(), program, name, build(), libraries(), program,
         name);
}

static ath_inspector *inspect(const char *url, ath_engine **engine, ath_connection **c) {
    *engine = ath_engine_open(url);
    *c = *engine ? ath_connect(*engine, NULL) : NULL;
    return *c ? ath_inspect(*c, .no_views = true) : NULL;
}

static void check_copy(const char *original, const char *copy) {
    ath_engine *engines[2];
    ath_connection *connections[2];
    ath_inspector *a = inspect(original, &engines[0], &connections[0]);
    ath_inspector *b = inspect(copy, &engines[1], &connections[1]);
    CHECK(a != NULL && b != NULL);
    if (a && b)
        CHECK_INT(differences(a, b), 0);
    ath_inspector_free(a);
    ath_inspector_free(b);
    for (int i = 0; i < 2; i++) {
        ath_connection_close(connections[i]);
        ath_engine_close(engines[i]);
    }
}

/* All that is to be shown of a database. */
static void prove(const char *name, const char *url, const char *options) {
    generate(name, url, options);
    build_program("walk", name);
    MUST("./walk_%s load '%s' 2>&1", name, url);
    CHECK(strstr(output, " rows, ") != NULL);
    const char *copy = test_fresh_url(test_on);
    MUST("./walk_%s create '%s' 2>&1", name, copy);
    check_copy(url, copy);
    MUST("'%s/athanor' models --check '%s' %s %s.h %s.c 2>&1", build(), copy, options, name, name);
    CHECK_STR(output, "");
}

/* ---- real schemas ---- */

static bool prove_schema(const char *schema) {
    char path[1400], name[100];
    const char *dialect = test_database_name(test_on);
    snprintf(path, sizeof path, "%s/%s/%s.reflect.json", schemas_folder(), schema, dialect);
    if (access(path, R_OK) != 0)
        return false;
    test_context("%s on %s", schema, dialect);
    const char *url = test_fresh_url(test_on);
    CHECK(schemas_load(url, schema));
    snprintf(name, sizeof name, "%s_%s", schema, dialect);
    prove(name, url, "");
    test_context("%s", "");
    return true;
}

TEST(real_schemas) {
    DIR *dir = opendir(schemas_folder());
    if (!dir)
        TEST_SKIP("the shared schemas are not here");
    int proven = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            proven += prove_schema(entry->d_name);
    closedir(dir);
    CHECK(proven > 0);
}

/* ---- ugly ones ---- */

/* Loads test/models/ugly/NAME.DIALECT.sql into a new database; its URL. */
static const char *load_ugly(const char *name) {
    char path[600];
    const char *url = test_fresh_url(test_on);
    snprintf(path, sizeof path, "%s/test/models/ugly/%s.%s.sql", source(), name, test_database_name(test_on));
    CHECK(schemas_load_file(url, path));
    return url;
}

TEST(ugly_schema) {
    prove("ugly", load_ugly("ugly"), "");
}

/* What models cannot say is said in a comment, and the rest is right. */
TEST(what_is_lost) {
    static const char *const remarks[TEST_DATABASES][3] = {
        {"refers to missing, which is not among these tables: left out", "Left out: docs (virtual table)",
         "whose column has another type: left out"},
        {"is of domain email", "Left out: dated_1 (partition)",
         "refers to other.things, which is not among these tables"},
        {"is AUTO_INCREMENT without being in the primary key", "column hidden is invisible", "Left out: v (view)"}};
    const char *url = load_ugly("lost");
    generate("lost", url, "");
    build_program("walk", "lost");
    MUST("./walk_lost load '%s' 2>&1", url);
    MUST("./walk_lost create '%s' 2>&1", test_fresh_url(test_on));
    shell("tr '\\n' ' ' <lost.c | sed 's/  *\\* */ /g; s/  */ /g'");
    for (size_t i = 0; i < 3; i++) {
        test_context("%s", remarks[test_on][i]);
        CHECK(strstr(output, remarks[test_on][i]) != NULL);
    }
    test_context("%s", "");
}

/* More tables than a macro takes, more relations than a model has, and rows of columns. */
TEST(large_schema) {
    const char *url = test_fresh_url(test_on);
    FILE *file = fopen("large.sql", "w");
    CHECK(file != NULL);
    if (!file)
        return;
    fputs("CREATE TABLE hub (id INTEGER PRIMARY KEY", file);
    for (int i = 0; i < 100; i++)
        fprintf(file, ", c%d VARCHAR(5)", i);
    fputs(");\n", file);
    for (int i = 0; i < 80; i++)
        fprintf(file,
                "CREATE TABLE leaf%d (id INTEGER PRIMARY KEY, hub_id INTEGER, FOREIGN KEY (hub_id) REFERENCES hub "
                "(id));\n",
                i);
    fputs("INSERT INTO hub (id) VALUES (1);\nINSERT INTO leaf79 VALUES (1, 1);\n", file);
    fclose(file);
    CHECK(schemas_load_file(url, "large.sql"));
    prove("large", url, "");
}

/* Everything has no relations, some tables alone, views as projections. */
TEST(options) {
    const char *url = load_ugly("names");
    prove("bare", url, "--no-relations");
    CHECK_INT(shell("grep -c 'ath_belongs_to\\|ath_has_' bare.c"), 1);
    generate("some", url, "--tables posts,users");
    MUST("grep 'ATH_METADATA(Some, Post, User);' some.c");
    CHECK_INT(shell("'%s/athanor' models --tables posts,nothing -o none '%s' 2>&1", build(), url), 1);
    CHECK(strstr(output, "there is no table nothing") != NULL);
    generate("views", url, "--views");
    MUST("grep 'ATH_PROJECTION(ActiveUser)' views.c");
    CHECK_INT(shell("'%s/athanor' models --schema nowhere -o none '%s' 2>&1", build(), url), 1);
    CHECK(strstr(output, "nowhere") != NULL);
}

/* ---- names ---- */

static void has(const char *file, const char *line) {
    char pattern[300];
    test_context("%s", line);
    snprintf(pattern, sizeof pattern, "grep -qF -- '%s' %s", line, file);
    CHECK_INT(shell("%s", pattern), 0);
    test_context("%s", "");
}

TEST(names_of_relations) {
    const char *url = load_ugly("names");
    prove("names", url, "");
    static const char *const fields[] = {
        "User *author;",        /* author_id */
        "Post **posts;",        /* the one foreign key */
        "Category *parent;",    /* a tree */
        "Category **children;", /* ... seen from above */
        "City *origin;",        /* two keys to one table */
        "Flight **flights_by_origin;",
        "Flight **flights_by_destination;",
        "Profile *profile;", /* a unique foreign key */
        "Tag **tags;",       /* an association */
        "Post **posts;",
        "User **friends;",     /* an association of a table with itself */
        "Country *country;",   /* country_code */
        "City *hub_city;",     /* a column that says nothing of a reference, beside two that do */
        "const char *class_;", /* a keyword of C++ */
    };
    for (size_t i = 0; i < TEST_COUNT(fields); i++)
        has("names.h", fields[i]);
    has("names.c", ".name = \"class\"");
    has("names.c", "ath_has_many(tags, Tag, .secondary = ath_model_of(PostTag), .back_populates = \"posts\");");
    has("names.c", ".cascade = ATH_CASCADE_ALL");
}

/* The session works with them: both sides, associations, cascades as the database has them. */
TEST(objects_change_through_relations) {
    const char *url = load_ugly("names");
    generate("names", url, "");
    build_program("change", "names");
    MUST("./change_names '%s' 2>&1", url);
}

/* ---- --check ---- */

/* Changes NAME.c and NAME.h by a sed program, then asks what differs. */
static int check_after(const char *url, const char *source_edit, const char *header_edit) {
    MUST("sed '%s' names.c >edited.c && sed '%s' names.h >edited.h", source_edit, header_edit);
    return shell("'%s/athanor' models --check '%s' edited.h edited.c 2>&1", build(), url);
}

static void tells(const char *what) {
    if (!strstr(output, what))
        show_output();
    test_context("%s", what);
    CHECK(strstr(output, what) != NULL);
    test_context("%s", "");
}

TEST(check_tells_the_differences) {
    const char *url = load_ugly("names");
    generate("names", url, "");
    CHECK_INT(check_after(url, "s/^    ath/  ath/; s|^ATH_MODEL.*|& // a remark|", "s/;$/; /"), 0);
    CHECK_STR(output, "");
    CHECK_INT(check_after(url, "/ath_column(title/d", "/title;/d"), 1);
    tells("table posts: column title is not in the files");
    CHECK_INT(check_after(url, "s/\\(ath_column(title\\)/\\1, .comment = \"x\"/", ""), 1);
    tells("table posts: column title has .comment = \"x\" in the files, not in the database");
    CHECK_INT(check_after(url, "s/ATH_STRING(77)/ATH_STRING(78)/", ""), 1);
    tells("has .type = ATH_STRING(78) in the files, where the database has .type = ATH_STRING(77)");
    CHECK_INT(check_after(url, "s/ath_column(title,/ath_column(heading, .name = \"title\",/", "s/title;/heading;/"), 1);
    tells("table posts: column title is field heading in the files, where it would be title");
    CHECK_INT(check_after(url, "", "s/const char \\*title;/char title[40];/"), 1);
    tells("table posts: column title is char[40] in the struct, where it would be const char *");
    CHECK_INT(check_after(url, "/ath_belongs_to(author/d", ""), 1);
    tells("table posts: relation author is not in the files");
    CHECK_INT(check_after(url, "/^ATH_MODEL(Profile/,/^}/d", ""), 1);
    tells("table profiles: is not in the files (model Profile)");
    CHECK_INT(check_after(url, "s/\"profiles\"/\"profile\"/", ""), 1);
    tells("table profile: is not in the database (model Profile)");
    CHECK_INT(shell("'%s/athanor' models --check '%s' nowhere.c 2>&1", build(), url), 2);
    CHECK_INT(shell("echo 'int x;' >empty.c; '%s/athanor' models --check '%s' empty.c 2>&1", build(), url), 2);
    CHECK_INT(shell("'%s/athanor' models --check '%s' 2>&1", build(), url), 2);
}

static const test_case cases[] = {
    {"real_schemas", real_schemas},
    {"ugly_schema", ugly_schema},
    {"what_is_lost", what_is_lost},
    {"large_schema", large_schema},
    {"options", options},
    {"names_of_relations", names_of_relations},
    {"objects_change_through_relations", objects_change_through_relations},
    {"check_tells_the_differences", check_tells_the_differences},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
