/* SPDX-License-Identifier: Apache-2.0
 *
 * The tables of random histories: made once, and emptied after each.
 */
#include "tables.h"

static bool run_sql(ath_engine *db, const char *sql) {
    ath_error error = {0};
    ath_connection *c = ath_connection_open(db, &error);
    ath_result *r = c ? ath_execute(c, ath_text(sql)) : NULL;
    bool ok = r && ath_connection_commit(c) == ATH_OK;
    if (!ok)
        test_failed_(__FILE__, __LINE__, "%s: %s", sql, c ? ath_error(c)->message : error.message);
    ath_result_close(r);
    ath_connection_close(c);
    return ok;
}

/* The tables of kinds that were used are emptied, children before parents. */
void tables_empty(ath_engine *db, const world *w) {
    static const uint8_t children_first[KINDS] = {PET,     CARD,  OWNER,   BOOK,  LAMP,   SHELF,   TAG,    PHOTO,
                                                  STICKER, ALBUM, NOTE,    TOPIC, COURSE, STUDENT, NODE,   VISIT,
                                                  PLACE,   CITY,  COUNTRY, WORD,  LANG,   SEAT,    PLAYER, TEAM};
    bool used[KINDS] = {false};
    char sql[64];
    for (int i = 0; i < w->count; i++)
        used[w->things[i].kind] = true;
    if (used[STUDENT])
        run_sql(db, "DELETE FROM enrolments");
    if (used[BOOK])
        run_sql(db, "DELETE FROM book_tags");
    if (used[NODE])
        run_sql(db, "UPDATE nodes SET parent_id = NULL");
    if (used[TEAM])
        run_sql(db, "UPDATE teams SET captain_id = NULL");
    for (int i = 0; i < KINDS; i++)
        if (used[children_first[i]]) {
            snprintf(sql, sizeof sql, "DELETE FROM %s", kinds_of[children_first[i]].table);
            run_sql(db, sql);
        }
}

ath_engine *tables_open(test_database on, const ath_allocator *allocator) {
    ath_error error = {0};
    ath_engine *db =
        ath_engine_open(on == TEST_SQLITE ? "sqlite://" : test_url(on), .error = &error, .allocator = allocator);
    if (db && ath_drop_all(db, &HistoryTables, &error) == ATH_OK &&
        ath_create_all(db, &HistoryTables, &error) == ATH_OK)
        return db;
    test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
    ath_engine_close(db);
    return NULL;
}
