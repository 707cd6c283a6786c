/* SPDX-License-Identifier: Apache-2.0
 *
 * The unit of work on every database: many rows in few statements, each key with its own row, and nothing of what the
 * database makes up left unread.  The tests of an absent ability take it away from the connection of a session.
 */
#include "library.h"

#include "orm/session.h"

typedef enum Mood { CALM, MERRY } Mood;

typedef struct Item {
    int64_t id;
    const char *name;
    ath_opt_i32 rank;
    const char *note;
    Mood mood;
    ath_json extra;
    const char *made; /* by the server */
    int32_t version;  /* by .onupdate */
    ath_opt_i32 twice;
} Item;

typedef struct Pair {
    int32_t a;
    const char *b;
    const char *text;
} Pair;

typedef struct Tick {
    int64_t id;
    ath_datetime at;
} Tick;

/* Its key is made by the database, and is no number. */
typedef struct Token {
    const char *key;
    const char *owner;
} Token;

ATH_DECLARE(Item);
ATH_DECLARE(Pair);
ATH_DECLARE(Tick);
ATH_DECLARE(Token);

ATH_MODEL(Item, "items") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40), .unique = true);
    ath_column(rank, .nullable = true);
    ath_column(note, .type = ATH_TEXT, .nullable = true);
    ath_column(mood, .type = ATH_ENUM("calm", "merry"));
    ath_column(extra, .nullable = true);
    ath_column(made, .type = ATH_STRING(10), .server_default = ath_str("made"));
    ath_column(version, .default_value = ath_int(1), .onupdate = ath_value_of(ath_plus(ath_col(Item, version), 1)));
    ath_column(twice, .nullable = true, .computed = "rank * 2", .persisted = ATH_STORED);
}

ATH_MODEL(Pair, "pairs") {
    ath_column(a, .primary_key = true);
    ath_column(b, .type = ATH_STRING(20), .primary_key = true);
    ath_column(text, .type = ATH_TEXT, .nullable = true);
}

ATH_MODEL(Tick, "ticks") {
    ath_column(id, .primary_key = true);
    ath_column(at, .server_default = ath_now());
}

ATH_MODEL(Token, "tokens") {
    ath_column(key, .type = ATH_STRING(64), .primary_key = true, .server_default = ath_str("placeholder"));
    ath_column(owner, .type = ATH_STRING(20));
}

ATH_METADATA(Shelf, Item, Pair, Tick, Token, Node);

static ath_engine *db;
static ath_session *s;
enum { MANY = 2300 };

static void begin(void) {
    ath_error error = {0};
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &error);
    if (!db || (test_on != TEST_SQLITE && ath_drop_all(db, &Shelf, &error) != ATH_OK) ||
        ath_create_all(db, &Shelf, &error) != ATH_OK)
        test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
    s = ath_session_open(db);
    CHECK(s != NULL);
}

static void end(void) {
    ath_session_close(s);
    ath_engine_close(db);
}

static void commit(int line) {
    if (ath_commit(s) != ATH_OK)
        test_failed_(__FILE__, line, "%s [%s]", ath_error(s)->message, ath_error(s)->statement);
}
#define COMMIT() commit(__LINE__)

static void run(const char *sql) {
    ath_result *result = ath_execute(s, ath_text(sql));
    if (!result)
        test_failed_(__FILE__, __LINE__, "%s: %s", sql, ath_error(s)->message);
    ath_result_close(result);
    COMMIT();
}

/* Item i, with every sort of NULL somewhere. */
static Item *make_item(int i) {
    static char name[24], note[32], json[24];
    snprintf(name, sizeof name, "item %d", i);
    snprintf(note, sizeof note, "n\xc3\xb6te, \"%d\"", i);
    snprintf(json, sizeof json, "{\"n\": %d}", i);
    Item *item = ath_new(s, Item, .name = name, .mood = i % 2 ? MERRY : CALM, .rank = {i, i % 3 != 0},
                         .note = i % 5 ? note : NULL, .extra = {i % 7 ? json : NULL});
    /* the text is copied at the flush; here it changes with the next call */
    item->name = ath__arena_str(&s->arena, name);
    item->note = i % 5 ? ath__arena_str(&s->arena, note) : NULL;
    item->extra.text = i % 7 ? ath__arena_str(&s->arena, json) : NULL;
    return item;
}

static bool json_has(const char *json, int i) {
    char number[24];
    snprintf(number, sizeof number, "%d}", i);
    return json && strstr(json, number) != NULL;
}

static bool item_is(const Item *item, int i) {
    char name[24], note[32];
    snprintf(name, sizeof name, "item %d", i);
    snprintf(note, sizeof note, "n\xc3\xb6te, \"%d\"", i);
    return strcmp(item->name, name) == 0 && item->rank.has == (i % 3 != 0) &&
           (!item->rank.has || item->rank.value == i) &&
           (i % 5 ? item->note && strcmp(item->note, note) == 0 : !item->note) && (int)item->mood == i % 2 &&
           (i % 7 ? json_has(item->extra.text, i) : !item->extra.text) && strcmp(item->made, "made") == 0 &&
           item->twice.has == item->rank.has && (!item->rank.has || item->twice.value == 2 * i);
}

static Item *items[MANY];

static void make_items(int n) {
    for (int i = 0; i < n; i++)
        items[i] = make_item(i);
    COMMIT();
}

/* Each object is its own row, as another session sees it. */
static void check_items(int n, int32_t version) {
    ath_session *other = ath_session_open(db);
    int wrong = 0;
    for (int i = 0; i < n; i++) {
        Item *row = ath_get(other, Item, items[i]->id);
        wrong += !row || !item_is(row, i) || !item_is(items[i], i) || row->version != version ||
                 items[i]->version != version;
    }
    CHECK_INT(wrong, 0);
    CHECK_INT(ath_count(other, Item), n);
    ath_session_close(other);
}

/* ---- inserts ---- */

TEST(inserts_of_many_rows) {
    begin();
    uint64_t before = statements_of(db);
    make_items(MANY);
    /* BEGIN, COMMIT, and by arrays 3 statements; SQLite has texts of 1000, 100, 10 and 1 rows */
    CHECK(statements_of(db) - before <= (test_on == TEST_SQLITE ? 2 + 2 + 3 : 2 + 3));
    check_items(MANY, 1);
    end();
}

TEST(rows_that_say_nothing) {
    begin();
    Tick *ticks[120];
    uint64_t before = statements_of(db);
    for (int i = 0; i < 120; i++)
        ticks[i] = ath_new(s, Tick);
    COMMIT();
    if (test_on != TEST_SQLITE)
        CHECK(statements_of(db) - before <= 2 + 1 + 2);
    int wrong = 0;
    for (int i = 0; i < 120; i++)
        wrong += ticks[i]->id != ticks[0]->id + i || ticks[i]->at.us <= 0;
    CHECK_INT(wrong, 0);
    CHECK_INT(ath_count(s, Tick), 120);
    end();
}

/* A batch ends before it is larger than a server takes. */
TEST(large_values) {
    begin();
    enum { N = 240, SIZE = 60000 };
    char *text = malloc(SIZE + 1);
    CHECK(text != NULL);
    memset(text, 'x', SIZE);
    text[SIZE] = '\0';
    for (int i = 0; i < N; i++)
        ath_new(s, Pair, .a = i, .b = "b", .text = text);
    COMMIT();
    CHECK_INT(ath_count(s, Pair, .where = ath_eq(ath_length(ath_col(Pair, text)), SIZE)), N);
    free(text);
    end();
}

/* No order of such keys proves anything: still each object gets its own. */
TEST(keys_that_the_database_makes_up) {
    begin();
    static const char *const sql[] = {("DROP TABLE tokens; CREATE TABLE tokens (\"key\" TEXT PRIMARY KEY DEFAULT "
                                       "(lower(hex(randomblob(16)))), owner TEXT)"),
                                      "ALTER TABLE tokens ALTER COLUMN key SET DEFAULT md5(random()::text)",
                                      "ALTER TABLE tokens MODIFY `key` VARCHAR(64) NOT NULL DEFAULT (uuid())"};
    if (test_on == TEST_SQLITE) {
        run("DROP TABLE tokens");
        run(strstr(sql[0], "CREATE"));
    } else {
        run(sql[test_on]);
    }
    Token *tokens[40];
    char owners[40][12];
    for (int i = 0; i < 40; i++) {
        snprintf(owners[i], sizeof owners[i], "owner %d", i);
        tokens[i] = ath_new(s, Token, .owner = owners[i]);
    }
    COMMIT();
    ath_session *other = ath_session_open(db);
    int wrong = 0;
    for (int i = 0; i < 40; i++) {
        Token *row = tokens[i]->key ? ath_get(other, Token, tokens[i]->key) : NULL;
        wrong += !row || strcmp(row->owner, owners[i]) != 0;
    }
    CHECK_INT(wrong, 0);
    ath_session_close(other);
    end();
}

static void flush_fails(const char *message) {
    for (int i = 0; i < 20; i++)
        make_item(i);
    CHECK_INT(ath_flush(s), ATH_INTERNAL);
    if (!strstr(ath_error(s)->message, message))
        test_failed_(__FILE__, __LINE__, "%s", ath_error(s)->message);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_count(s, Item), 0);
}

#define ON_POSTGRESQL()                                                                                                \
    if (test_on != TEST_POSTGRESQL)                                                                                    \
    TEST_SKIP("PostgreSQL's triggers and sequences")

/* A trigger that changes keys, or leaves rows out, is noticed: no object gets a key that is not its own. */
TEST(triggers_that_change_what_was_sent) {
    ON_POSTGRESQL();
    begin();
    run("CREATE OR REPLACE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.id := 1000000 - "
        "(NEW.id * 7919) % 1000; RETURN NEW; END $$");
    run("CREATE TRIGGER meddle BEFORE INSERT ON items FOR EACH ROW EXECUTE FUNCTION meddle()");
    flush_fails("cannot be matched");
    run("CREATE OR REPLACE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN IF NEW.name = 'item 7' THEN "
        "RETURN NULL; END IF; RETURN NEW; END $$");
    flush_fails("cannot be matched");
    run("CREATE TRIGGER meddle_pairs BEFORE INSERT ON pairs FOR EACH ROW WHEN (NEW.a = 7) EXECUTE FUNCTION "
        "suppress_redundant_updates_trigger()");
    run("DROP TRIGGER meddle_pairs ON pairs");
    run("CREATE OR REPLACE FUNCTION drop_row() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$");
    run("CREATE TRIGGER drop_row BEFORE INSERT ON pairs FOR EACH ROW WHEN (NEW.a = 7) EXECUTE FUNCTION drop_row()");
    for (int i = 0; i < 20; i++)
        ath_new(s, Pair, .a = i, .b = "b");
    CHECK_INT(ath_flush(s), ATH_INTERNAL);
    CHECK(strstr(ath_error(s)->message, "of 20 rows the database took 19") != NULL);
    CHECK_INT(ath_rollback(s), ATH_OK);
    end();
}

TEST(sequences_of_their_own_kind) {
    ON_POSTGRESQL();
    begin();
    run("ALTER SEQUENCE items_id_seq INCREMENT BY -3 MINVALUE -1000000 MAXVALUE 1000 START 1000 RESTART CACHE 5");
    make_items(500);
    CHECK(items[1]->id < items[0]->id);
    check_items(500, 1);
    end();
    begin();
    run("ALTER TABLE items ALTER COLUMN id DROP DEFAULT");
    run("ALTER TABLE items ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (START 50 INCREMENT 7)");
    make_items(50);
    CHECK_INT(items[1]->id, items[0]->id + 7);
    check_items(50, 1);
    end();
}

/* ---- updates ---- */

TEST(updates_of_many_rows) {
    begin();
    make_items(MANY);
    for (int i = 0; i < MANY; i++)
        if (i % 2)
            items[i]->mood = CALM;
        else
            items[i]->note = i % 4 ? "that" : "other";
    uint64_t before = statements_of(db);
    COMMIT();
    /* two shapes by turns, two batches each; MariaDB reads back what RETURNING would give */
    if (test_on != TEST_SQLITE)
        CHECK(statements_of(db) - before <= 2 + 4 + (test_on == TEST_MYSQL ? 8 : 0));
    for (int i = 0; i < MANY; i++)
        if (i % 2)
            items[i]->mood = MERRY;
        else
            items[i]->note = "";
    COMMIT();
    ath_session *other = ath_session_open(db);
    int wrong = 0;
    for (int i = 0; i < MANY; i++) {
        Item *row = ath_get(other, Item, items[i]->id);
        wrong += !row || row->version != 3 || items[i]->version != 3 || (int)row->mood != i % 2 ||
                 (i % 2 == 0 && (!row->note || row->note[0]));
    }
    CHECK_INT(wrong, 0);
    ath_session_close(other);
    end();
}

TEST(what_the_database_computes_follows) {
    begin();
    make_items(30);
    for (int i = 0; i < 30; i++) {
        items[i]->rank = (ath_opt_i32)ath_some(100 + i);
        items[i]->twice = (ath_opt_i32)ath_some(-1); /* is not the program's to set */
    }
    COMMIT();
    int wrong = 0;
    for (int i = 0; i < 30; i++)
        wrong += !items[i]->twice.has || items[i]->twice.value != 2 * (100 + i) || items[i]->version != 2;
    CHECK_INT(wrong, 0);
    uint64_t before = statements_of(db);
    items[3]->twice.value = 5;
    COMMIT();
    CHECK_INT(statements_of(db) - before, 0);
    CHECK_INT(items[3]->twice.value, 206);
    end();
}

TEST(a_missing_row_among_many_is_stale) {
    begin();
    make_items(50);
    run("DELETE FROM items WHERE name = 'item 31'");
    for (int i = 0; i < 50; i++)
        items[i]->note = "changed";
    CHECK_INT(ath_commit(s), ATH_STALE_DATA);
    CHECK(strstr(ath_error(s)->message, "UPDATE statement on table 'items' expected to update") != NULL);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK(item_is(items[30], 30));
    CHECK_INT(ath_count(s, Item, .where = ath_eq(ath_col(Item, note), "changed")), 0);
    end();
}

/* What one row gives up another may take, in the order of the objects, whatever order a database updates rows in. */
TEST(unique_values_that_move) {
    begin();
    make_items(60);
    items[0]->name = "free";
    for (int i = 1; i < 60; i++) {
        static char names[60][12];
        snprintf(names[i], sizeof names[i], "item %d", i - 1);
        items[i]->name = names[i];
    }
    COMMIT();
    ath_session *other = ath_session_open(db);
    for (int i = 1; i < 60; i += 7) {
        Item *row = ath_get(other, Item, items[i]->id);
        CHECK(row && strcmp(row->name, items[i]->name) == 0);
    }
    ath_session_close(other);
    end();
}

TEST(unique_values_that_are_new) {
    begin();
    make_items(300);
    static char names[300][16];
    for (int i = 0; i < 300; i++) {
        snprintf(names[i], sizeof names[i], "new %d", i);
        items[i]->name = names[i];
    }
    uint64_t before = statements_of(db);
    COMMIT();
    if (test_on != TEST_SQLITE)
        CHECK(statements_of(db) - before <= 2 + 1 + 2);
    CHECK_INT(ath_count(s, Item, .where = ath_startswith(ath_col(Item, name), "new ")), 300);
    end();
}

TEST(keys_that_move) {
    begin();
    Pair *pairs[30];
    for (int i = 0; i < 30; i++)
        pairs[i] = ath_new(s, Pair, .a = 29 - i, .b = "b", .text = "t");
    COMMIT();
    for (int i = 0; i < 30; i++)
        pairs[i]->a++; /* 29 to 30 first, then 28 to 29 ... */
    COMMIT();
    for (int i = 0; i < 30; i++) {
        CHECK(ath_get(s, Pair, 30 - i, "b") == pairs[i]);
        pairs[i]->a += 100;
        pairs[i]->text = NULL;
    }
    COMMIT();
    CHECK_INT(ath_count(s, Pair, .where = ath_and(ath_gt(ath_col(Pair, a), 100), ath_eq(ath_col(Pair, text), NULL))),
              30);
    end();
}

/* ---- deletes ---- */

TEST(deletes_of_many_rows) {
    begin();
    make_items(MANY);
    for (int i = 0; i < 40; i++)
        ath_new(s, Pair, .a = i, .b = i % 2 ? "odd" : "even");
    COMMIT();
    Pair **pairs = ath_all(s, Pair, .where = ath_ne(ath_col(Pair, a), 5));
    for (size_t i = 0; i < ath_len(pairs); i++)
        CHECK_INT(ath_delete(s, pairs[i]), ATH_OK);
    for (int i = 0; i < MANY; i++)
        if (i != 77)
            CHECK_INT(ath_delete(s, items[i]), ATH_OK);
    uint64_t before = statements_of(db);
    COMMIT();
    CHECK(statements_of(db) - before <= 1 + 5 + 1);
    CHECK_INT(ath_count(s, Item), 1);
    CHECK_INT(ath_count(s, Pair), 1);
    CHECK(ath_get(s, Pair, 5, "odd") != NULL);
    CHECK(ath_get(s, Item, items[77]->id) == items[77]);
    end();
}

TEST(a_long_line_of_children_is_deleted) {
    begin();
    Node *nodes[200];
    for (int i = 0; i < 200; i++)
        nodes[i] = ath_new(s, Node, .id = i + 1, .label = "n", .parent_id = {i, i > 0});
    COMMIT();
    for (int i = 0; i < 200; i++)
        CHECK_INT(ath_delete(s, nodes[i]), ATH_OK);
    COMMIT();
    CHECK_INT(ath_count(s, Node), 0);
    end();
}

/* ---- without ---- */

/* Takes abilities away from the connection of the session's transaction. */
static ath_dialect poor;
static ath__driver poor_driver;

static void take_away(uint64_t abilities, bool arrays) {
    poor = *s->connection->dialect;
    poor.can &= ~abilities;
    poor_driver = *s->connection->driver;
    if (!arrays)
        poor_driver.bind_rows = NULL;
    s->connection->dialect = &poor;
    s->connection->driver = &poor_driver;
}

/* As MySQL is: no RETURNING, no arrays. */
TEST(without_returning) {
    if (test_on == TEST_POSTGRESQL)
        TEST_SKIP("PostgreSQL has no insert id");
    begin();
    CHECK_INT(ath_begin(s), ATH_OK);
    const ath_dialect *dialect = s->connection->dialect;
    const ath__driver *driver = s->connection->driver;
    take_away(ATH__CAN_RETURNING | ATH__CAN_ROW_ARRAYS, false);
    for (int i = 0; i < 60; i++)
        items[i] = make_item(i);
    for (int i = 0; i < 70; i++)
        ath_new(s, Pair, .a = i, .b = "b");
    CHECK_INT(ath_flush(s), ATH_OK);
    int wrong = 0;
    for (int i = 0; i < 60; i++)
        wrong += !item_is(items[i], i) || items[i]->version != 1;
    CHECK_INT(wrong, 0);
    for (int i = 0; i < 60; i++)
        items[i]->rank = (ath_opt_i32)ath_some(1000 + i);
    CHECK_INT(ath_flush(s), ATH_OK);
    for (int i = 0; i < 60; i++)
        wrong += items[i]->version != 2 || items[i]->twice.value != 2000 + 2 * i;
    CHECK_INT(wrong, 0);
    CHECK_INT(ath_update(s, Item, .set = ath_set(ath_to(Item, note, "all"), ath_to(Item, rank, 4)),
                         .where = ath_lt(ath_col(Item, rank), 1010)),
              10);
    for (int i = 0; i < 60; i++)
        wrong += i < 10 ? items[i]->twice.value != 8 || strcmp(items[i]->note, "all") != 0 || items[i]->version != 3
                        : items[i]->version != 2;
    CHECK_INT(wrong, 0);
    CHECK_INT(ath_delete_where(s, Item, .where = ath_eq(ath_col(Item, rank), 4)), 10);
    CHECK_INT(ath_session_state(s, items[9]), ATH_STATE_DELETED);
    CHECK_INT(ath_session_state(s, items[10]), ATH_STATE_PERSISTENT);
    CHECK_INT(ath_update(s, Pair, .set = ath_set(ath_to(Pair, a, 5)), .where = ath_eq(ath_col(Pair, a), 6)), -1);
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    Pair **pairs = ath_all(s, Pair);
    for (size_t i = 0; i < ath_len(pairs); i++)
        CHECK_INT(ath_delete(s, pairs[i]), ATH_OK);
    ath_new(s, Token, .owner = "o");
    CHECK_INT(ath_flush(s), ATH_NOT_SUPPORTED);
    if (s->connection) {
        s->connection->dialect = dialect;
        s->connection->driver = driver;
    }
    CHECK_INT(ath_rollback(s), ATH_OK);
    end();
}

static const test_case cases[] = {
    {"inserts_of_many_rows", inserts_of_many_rows},
    {"rows_that_say_nothing", rows_that_say_nothing},
    {"large_values", large_values},
    {"keys_that_the_database_makes_up", keys_that_the_database_makes_up},
    {"triggers_that_change_what_was_sent", triggers_that_change_what_was_sent},
    {"sequences_of_their_own_kind", sequences_of_their_own_kind},
    {"updates_of_many_rows", updates_of_many_rows},
    {"what_the_database_computes_follows", what_the_database_computes_follows},
    {"a_missing_row_among_many_is_stale", a_missing_row_among_many_is_stale},
    {"unique_values_that_move", unique_values_that_move},
    {"unique_values_that_are_new", unique_values_that_are_new},
    {"keys_that_move", keys_that_move},
    {"deletes_of_many_rows", deletes_of_many_rows},
    {"a_long_line_of_children_is_deleted", a_long_line_of_children_is_deleted},
    {"without_returning", without_returning},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
