/* SPDX-License-Identifier: Apache-2.0
 *
 * The helpers behind ddl_texts.h.
 */
#include "ddl_texts.h"

#include <ctype.h>

static ath_table *made[64];
static ath_metadata metadatas[32];
static const ath_table *listed[64];
static size_t made_count, metadata_count, listed_count;

const ath_table *ddl_keep(ath_table *table) {
    CHECK(table != NULL && made_count < TEST_COUNT(made));
    made[made_count++] = table;
    return table;
}

const ath_metadata *ddl_metadata(const ath_table *const *tables, size_t count, ath_metadata more) {
    CHECK(metadata_count < TEST_COUNT(metadatas) && listed_count + count <= TEST_COUNT(listed));
    ath_metadata *md = &metadatas[metadata_count++];
    *md = more;
    md->name = "md";
    md->tables = &listed[listed_count];
    md->table_count = count;
    for (size_t i = 0; i < count; i++)
        listed[listed_count++] = tables[i];
    return md;
}

static void release(void) {
    while (made_count)
        ath_table_free(made[--made_count]);
    metadata_count = listed_count = 0;
}

static void fold(const char *from, char *to, size_t room) {
    size_t n = strlen(to);
    for (; *from && n + 2 < room; from++) {
        bool space = isspace((unsigned char)*from) != 0;
        if (!space || (n && to[n - 1] != ' '))
            to[n++] = space ? ' ' : *from;
    }
    while (n && to[n - 1] == ' ')
        n--;
    to[n] = 0;
}

const char *ddl_text_of(const char *dialect, ath_ddl ddl) {
    static char text[16384];
    ath_error error;
    ath_ddl_text *statements = ath_ddl_sql(dialect, ddl, &error);
    CHECK_INT(statements == NULL, error.status != ATH_OK);
    text[0] = 0;
    if (!statements)
        snprintf(text, sizeof text, "!%s", error.message);
    for (size_t i = 0; statements && i < ath_ddl_text_count(statements); i++) {
        char one[8192] = "";
        fold(ath_ddl_text_at(statements, i), one, sizeof one);
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s%s", i ? "; " : "", one);
    }
    ath_ddl_text_free(statements);
    return text;
}

static void check_one(const ddl_row *row, const char *dialect, const char *theirs, const char *ours) {
    if (!theirs && !ours)
        return;
    test_context("%s for %s", row->id, dialect);
    CHECK_STR(ddl_text_of(dialect, row->ddl), ours ? ours : theirs);
    CHECK(!ours || !theirs || strcmp(ours, theirs) != 0);
}

void check_ddl(const ddl_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const ddl_row *r = &rows[i];
        check_one(r, "sqlite", r->sqlite, r->our_sqlite);
        check_one(r, "postgresql", r->postgresql, r->our_postgresql);
        check_one(r, "mysql", r->mysql, r->our_mysql);
        if (r->mariadb || r->our_mariadb)
            check_one(r, "mariadb", r->mariadb, r->our_mariadb);
        else
            check_one(r, "mariadb", r->mysql, r->our_mysql);
    }
    test_context("%s", "");
    release();
}
