/* SPDX-License-Identifier: Apache-2.0
 *
 * The inspector on real schemas: each NAME/DIALECT.sql[.gz] of the shared data is loaded into an empty database, inspected, and
 * compared with what SQLAlchemy's inspector read from the same (NAME/DIALECT.reflect.json).
 *
 * inspect_schemas --dump DIALECT URL [SCHEMA] prints what the inspector reads from a database, in the same shape.
 */
#include "servers.h"

#include "as_json.h"

#include <dirent.h>
#include <sqlite3.h>

/* The folder of the schemas; "" when it is not here. */
static const char *folder(void) {
    static char path[1024];
    const char *shared = getenv("ATHANOR_SHARED"), *source = getenv("ATHANOR_SOURCE");
    if (shared)
        snprintf(path, sizeof path, "%s/schemas", shared);
    else
        snprintf(path, sizeof path, "%s/../shared/schemas", source ? source : ".");
    return access(path, R_OK) == 0 ? path : "";
}

static bool run(const char *command) {
    return system(command) == 0;
}

/* ---- loading ---- */

static char *read_all(const char *path) {
    FILE *file = fopen(path, "rb");
    char *text = NULL;
    size_t size = 0;
    for (char part[65536]; file && !feof(file);) {
        size_t n = fread(part, 1, sizeof part, file);
        text = realloc(text, size + n + 1);
        memcpy(text + size, part, n);
        size += n;
    }
    if (text)
        text[size] = '\0';
    if (file)
        fclose(file);
    return text;
}

static bool load_sqlite(const char *database, const char *path) {
    sqlite3 *db = NULL;
    char *sql = read_all(path);
    bool done = sql && sqlite3_open(database, &db) == SQLITE_OK && sqlite3_exec(db, sql, NULL, NULL, NULL) == SQLITE_OK;
    if (!done)
        printf("# %s\n", db ? sqlite3_errmsg(db) : "no file");
    sqlite3_close(db);
    free(sql);
    return done;
}

static bool load(const char *url, const char *path) {
    char command[3000];
    test_place_ place;
    if (test_on == TEST_SQLITE)
        return load_sqlite(url + strlen("sqlite:///"), path);
    if (test_on == TEST_POSTGRESQL) {
        snprintf(command, sizeof command, "psql -X -q -d '%s' -f '%s' >/dev/null 2>psql.log", url, path);
        return run(command);
    }
    if (!test_place_of_(url, &place))
        return false;
    setenv("MYSQL_PWD", place.password, 1);
    snprintf(command, sizeof command,
             "mariadb --no-defaults --default-character-set=utf8mb4 -u %s -h %s -P %s %s <'%s' >/dev/null", place.user,
             place.host, place.port, place.database, path);
    return run(command);
}

/* Loads NAME/DIALECT.sql, or .sql.gz unpacked; false when there is neither, or it failed. */
static bool load_schema(const char *url, const char *name) {
    char path[1400], command[3000];
    const char *dialect = test_database_name(test_on);
    snprintf(path, sizeof path, "%s/%s/%s.sql", folder(), name, dialect);
    if (access(path, R_OK) == 0)
        return load(url, path);
    snprintf(command, sizeof command, "gzip -dc '%s/%s/%s.sql.gz' >unpacked.sql", folder(), name, dialect);
    return run(command) && load(url, "unpacked.sql");
}

/* ---- comparing ---- */

static json_t *inspected(const char *url, const char *dialect, const char *schema) {
    ath_error error;
    ath_engine *db = ath_engine_open(url, .error = &error);
    ath_connection *c = db ? ath_connect(db, &error) : NULL;
    ath_inspector *there = c ? ath_inspect(c, .schema = schema) : NULL;
    json_t *out = there ? as_json(there, dialect) : NULL;
    if (!out)
        printf("# %s: %s\n", url, c ? ath_connection_error(c)->message : error.message);
    ath_inspector_free(there);
    ath_connection_close(c);
    ath_engine_close(db);
    return out;
}

static bool compare_schema(const char *name) {
    char path[1400];
    snprintf(path, sizeof path, "%s/%s/%s.reflect.json", folder(), name, test_database_name(test_on));
    json_t *expected = json_load_file(path, 0, NULL);
    if (!expected)
        return false;
    const char *url = test_fresh_url(test_on);
    test_context("%s on %s", name, test_database_name(test_on));
    CHECK(load_schema(url, name));
    json_t *actual = inspected(url, test_database_name(test_on), NULL);
    CHECK(actual != NULL);
    if (actual) {
        json_t *a = normal(actual), *e = normal(expected);
        CHECK(json_object_size(e) > 0);
        CHECK_INT(differences(name, a, e), 0);
        json_decref(a);
        json_decref(e);
    }
    json_decref(actual);
    json_decref(expected);
    test_context("%s", "");
    return true;
}

TEST(as_sqlalchemy_reads_them) {
    DIR *dir = opendir(folder());
    if (!dir)
        TEST_SKIP("the shared schemas are not here");
    int compared = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;)
        if (entry->d_name[0] != '.')
            compared += compare_schema(entry->d_name);
    closedir(dir);
    CHECK(compared > 0);
}

static const test_case cases[] = {{"as_sqlalchemy_reads_them", as_sqlalchemy_reads_them}};

static int dump(const char *dialect, const char *url, const char *schema) {
    json_t *out = inspected(url, dialect, schema);
    if (out)
        json_dumpf(out, stdout, JSON_INDENT(1));
    json_decref(out);
    return out ? 0 : 1;
}

int main(int argc, char **argv) {
    if (argc > 3 && strcmp(argv[1], "--dump") == 0)
        return dump(argv[2], argv[3], argc > 4 ? argv[4] : NULL);
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
