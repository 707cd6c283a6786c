/* SPDX-License-Identifier: Apache-2.0
 *
 * The inspector on real schemas: each NAME/DIALECT.sql[.gz] of the shared data is loaded into an empty database, inspected, and
 * compared with what SQLAlchemy's inspector read from the same (NAME/DIALECT.reflect.json).
 *
 * inspect_schemas --dump DIALECT URL [SCHEMA] prints what the inspector reads from a database, in the same shape.
 */
#include "schemas.h"

#include "as_json.h"

#include <dirent.h>

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
    snprintf(path, sizeof path, "%s/%s/%s.reflect.json", schemas_folder(), name, test_database_name(test_on));
    json_t *expected = json_load_file(path, 0, NULL);
    if (!expected)
        return false;
    const char *url = test_fresh_url(test_on);
    test_context("%s on %s", name, test_database_name(test_on));
    CHECK(schemas_load(url, name));
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
    DIR *dir = opendir(schemas_folder());
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
