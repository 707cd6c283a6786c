/* SPDX-License-Identifier: Apache-2.0
 *
 * Random histories of the unit of work, on every database: what a session and the rows must be like after thousands of
 * random sequences of new, changed, moved, deleted and kept things, flushes, commits and rollbacks, a plain model tells.
 *
 * The seeds of histories that failed once are kept in a table.  More can be run, from a seed on, and one can be told:
 *
 *     ATHANOR_HISTORY=1000:50000 history_history random sqlite
 *     ATHANOR_HISTORY=4711:1:told history_history random sqlite          (4711:1:17: only 17 steps of it)
 */
#include "play.h"

/* Histories that failed once. */
static const uint64_t once_failed[] = {
    53,    229,   240,   331,   428,   444,    455,    546,    795,    832,    859,    1121,   2443,   3659,   4251,
    5123,  6150,  8741,  9450,  9985,  10386,  11589,  11601,  13417,  15942,  21296,  26809,  31181,  31878,  44500,
    49190, 53084, 55966, 58893, 84174, 128302, 145473, 146195, 153848, 168598, 170109, 371622, 389320,
};

enum { FIRST = 1, MANY_ON_SQLITE = 12000, MANY_ON_SERVERS = 400, FAILURES = 5 };

typedef struct order {
    uint64_t first, count;
    int most_steps;
    bool told;
} order;

static order order_of_environment(void) {
    unsigned long long first = FIRST, count = test_on == TEST_SQLITE ? MANY_ON_SQLITE : MANY_ON_SERVERS;
    char how[16] = "";
    const char *text = getenv("ATHANOR_HISTORY");
    if (text)
        sscanf(text, "%llu:%llu:%15s", &first, &count, how);
    return (order){first, count, atoi(how), how[0] != '\0'};
}

/* ---- tables ---- */

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
static void empty_tables(ath_engine *db, const world *w) {
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

static ath_engine *open_tables(void) {
    ath_error error = {0};
    ath_engine *db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &error);
    if (db && ath_drop_all(db, &HistoryTables, &error) == ATH_OK &&
        ath_create_all(db, &HistoryTables, &error) == ATH_OK)
        return db;
    test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
    ath_engine_close(db);
    return NULL;
}

/* ---- histories ---- */

/* Of the failures, the shortest is the one to look at. */
static void run_some(ath_engine *db, const order *o) {
    static play p;
    int failures = 0;
    for (uint64_t i = 0; i < o->count && failures < FAILURES; i++) {
        play_run(&p, db, test_on, o->first + i, o->most_steps, o->told);
        if (p.failed) {
            failures++;
            test_failed_(__FILE__, __LINE__, "history %llu, after %d steps: %s", (unsigned long long)(o->first + i),
                         p.steps, p.failure);
        }
        empty_tables(db, &p.now);
    }
}

TEST(once) {
    ath_engine *db = open_tables();
    for (size_t i = 0; db && i < TEST_COUNT(once_failed); i++)
        run_some(db, &(order){once_failed[i], 1, 0, false});
    ath_engine_close(db);
}

TEST(random_ones) {
    order o = order_of_environment();
    ath_engine *db = open_tables();
    if (db)
        run_some(db, &o);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"once", once},
    {"random_ones", random_ones},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
