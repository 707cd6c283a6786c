/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules: each kind at its borders, which objects are checked, and that nothing is sent when one is broken.
 */
#include "../servers.h"

#include <athanor/athanor.h>

typedef struct Member {
    int64_t id;
    const char *name;
    char code[8];
    ath_opt_i32 age;
    ath_decimal fee;
    double weight;
    ath_opt_date born;
    ath_bytes key;
    const char *status, *last_name;
} Member;

static ath_status check_member(const void *object, ath_error *error) {
    const Member *m = object;
    if (m->last_name && strcmp(m->last_name, "silent") == 0)
        return ATH_INTEGRITY;
    return m->last_name && strcmp(m->last_name, m->name) == 0 ? ath_invalid(error, "last_name", "it is the first name")
                                                              : ATH_OK;
}

ATH_MODEL(Member, "members") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40), .min_length = 2, .max_length = 5);
    ath_column(code, .pattern = "^[A-Z]{2}[0-9]+$");
    ath_column(age, .nullable = true, .min = ath_int(18), .max = ath_int(99));
    ath_column(fee, .type = ATH_NUMERIC(10, 2), .min = ath_str("0.50"));
    ath_column(weight, .max = ath_real(250.5));
    ath_column(born, .nullable = true, .min = ath_str("1900-01-01"));
    ath_column(key, .nullable = true, .max_length = 3);
    ath_column(status, .type = ATH_STRING(20), .server_default = ath_str("new"), .min_length = 5);
    ath_column(last_name, .type = ATH_STRING(20), .nullable = true);
    ath_model_options(.validate = check_member);
}
ATH_METADATA(Gym, Member);

static ath_engine *db;

static ath_session *gym_open(void) {
    ath_error error = {0};
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &error);
    if (db && ath_drop_all(db, &Gym, &error) == ATH_OK && ath_create_all(db, &Gym, &error) == ATH_OK)
        return ath_session_open(db);
    test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
    return NULL;
}

static ath_decimal fee(const char *text) {
    ath_decimal d = {0};
    CHECK_INT(ath_decimal_parse(text, strlen(text), &d), ATH_OK);
    return d;
}

static Member *new_member(ath_session *s) {
    return ath_new(s, Member, .name = "alice", .code = "AB1", .fee = fee("1.00"), .weight = 60);
}

/* ---- each rule ---- */

#define REFUSED(change, expected)                                                                                      \
    do {                                                                                                               \
        Member copy_ = *m;                                                                                             \
        test_context("%s", #change);                                                                                   \
        change;                                                                                                        \
        CHECK_INT(ath_validate(s, m), ATH_DATA);                                                                       \
        CHECK_STR(ath_error(s)->message, expected);                                                                    \
        CHECK_STR(ath_error(s)->table, "members");                                                                     \
        *m = copy_;                                                                                                    \
    } while (0)
#define ACCEPTED(change)                                                                                               \
    do {                                                                                                               \
        Member copy_ = *m;                                                                                             \
        test_context("%s", #change);                                                                                   \
        change;                                                                                                        \
        CHECK_INT(ath_validate(s, m), ATH_OK);                                                                         \
        *m = copy_;                                                                                                    \
    } while (0)

TEST(each_rule_at_its_borders) {
    ath_session *s = gym_open();
    Member *m = new_member(s);
    CHECK_INT(ath_validate(s, m), ATH_OK);
    REFUSED(m->name = "a", "Member.name: min_length: it has 1 characters, not at least 2");
    ACCEPTED(m->name = "ab");
    ACCEPTED(m->name = "\303\244\303\244\303\244\303\244\303\244"); /* characters, not bytes */
    REFUSED(m->name = "abcdef", "Member.name: max_length: it has 6 characters, not at most 5");
    REFUSED(snprintf(m->code, sizeof m->code, "A1"), "Member.code: pattern: it does not match \"^[A-Z]{2}[0-9]+$\"");
    ACCEPTED(snprintf(m->code, sizeof m->code, "XY99"));
    REFUSED(m->age = (ath_opt_i32)ath_some(17), "Member.age: min: 17 is less than 18");
    ACCEPTED(m->age = (ath_opt_i32)ath_some(18));
    ACCEPTED(m->age = (ath_opt_i32)ath_some(99));
    REFUSED(m->age = (ath_opt_i32)ath_some(100), "Member.age: max: 100 is more than 99");
    ACCEPTED(m->age = (ath_opt_i32){0});
    REFUSED(m->fee = fee("0.49"), "Member.fee: min: 0.49 is less than 0.50");
    ACCEPTED(m->fee = fee("0.5"));
    REFUSED(m->weight = 250.75, "Member.weight: max: 250.75 is more than 250.5");
    ACCEPTED(m->weight = -1);
    REFUSED(m->born = (ath_opt_date)ath_some((ath_date){-25568}),
            "Member.born: min: 1899-12-31 is less than 1900-01-01");
    ACCEPTED(m->born = (ath_opt_date)ath_some((ath_date){-25567}));
    REFUSED(m->key = ((ath_bytes){"abcd", 4}), "Member.key: max_length: it has 4 bytes, not at most 3");
    ACCEPTED(m->key = ((ath_bytes){"abc", 3}));
    REFUSED(m->status = "old", "Member.status: min_length: it has 3 characters, not at least 5");
    REFUSED(m->last_name = "alice", "Member.last_name: validate: it is the first name");
    m->last_name = "silent";
    CHECK_INT(ath_validate(s, m), ATH_INTEGRITY);
    CHECK_STR(ath_error(s)->message, "Member: validate: refused by its check");
    test_context("%s", "");
    ath_session_close(s);
    ath_engine_close(db);
}

/* ---- at a flush ---- */

TEST(nothing_is_sent) {
    ath_session *s = gym_open();
    Member *good = new_member(s), *bad = new_member(s);
    bad->name = "x";
    uint64_t before = ath_session_statements(s);
    CHECK_INT(ath_commit(s), ATH_DATA);
    CHECK_INT(ath_session_statements(s) - before, 0);
    CHECK_STR(ath_error(s)->column, "name");
    CHECK_STR(ath_error(s)->constraint, "min_length");
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_session_state(s, good), ATH_STATE_NONE);
    good = new_member(s);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(good->status, "new"); /* the database's own: no rule is broken */
    good->name = "abcdefg";
    CHECK_INT(ath_flush(s), ATH_DATA);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_STR(good->name, "alice");
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(rows_older_than_a_rule_can_be_changed) {
    ath_session *s = gym_open();
    Member *m = new_member(s);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_update(s, Member, .set = ath_set(ath_to(Member, name, "x")), .all_rows = true), 1);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(m->name, "x");
    m->weight = 61;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_validate(s, m), ATH_DATA); /* all of it */
    m->name = "y";
    CHECK_INT(ath_commit(s), ATH_DATA);
    CHECK_INT(ath_rollback(s), ATH_OK);
    ath_delete(s, m); /* what goes need not be right */
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    ath_engine_close(db);
}

static ath_status repair(const ath_event_info *info, void *context) {
    Member *m = info->object;
    (void)context;
    m->name = "fixed";
    return ATH_OK;
}

TEST(hooks_come_first) {
    ath_session *s = gym_open();
    CHECK_INT(ath_on(s, ATH_BEFORE_INSERT, repair, .model = ath_model_of(Member)), ATH_OK);
    Member *m = new_member(s);
    m->name = "x";
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(m->name, "fixed");
    Member stranger = *m;
    CHECK_INT(ath_validate(s, &stranger), ATH_ARGUMENT);
    ath_session_close(s);
    ath_engine_close(db);
}

/* ---- models with mistakes ---- */

typedef struct Bad {
    int64_t id;
    const char *text;
} Bad;
typedef Bad Bad2, Bad3, Bad4;
ATH_MODEL(Bad, "bad") {
    ath_column(id, .primary_key = true, .min_length = 3);
    ath_column(text);
}
ATH_MODEL(Bad2, "bad2") {
    ath_column(id, .primary_key = true);
    ath_column(text, .pattern = "(");
}
ATH_MODEL(Bad3, "bad3") {
    ath_column(id, .primary_key = true, .max = ath_str("many"));
    ath_column(text);
}
ATH_MODEL(Bad4, "bad4") {
    ath_column(id, .primary_key = true);
    ath_column(text, .min = ath_str("a"));
}

TEST(mistakes_are_told) {
    ath_error error;
    CHECK(!ath_model_table(ath_model_of(Bad), &error));
    CHECK_STR(error.message, "model Bad: column id: lengths are of text and bytes");
    CHECK(!ath_model_table(ath_model_of(Bad2), &error));
    CHECK(strstr(error.message, "model Bad2: column text: .pattern \"(\": "));
    CHECK(!ath_model_table(ath_model_of(Bad3), &error));
    CHECK(strstr(error.message, "model Bad3: column id: .max: "));
    CHECK(!ath_model_table(ath_model_of(Bad4), &error));
    CHECK_STR(error.message, "model Bad4: column text: .min is for numbers, dates and times");
}

static const test_case cases[] = {
    {"each_rule_at_its_borders", each_rule_at_its_borders},
    {"nothing_is_sent", nothing_is_sent},
    {"rows_older_than_a_rule_can_be_changed", rows_older_than_a_rule_can_be_changed},
    {"hooks_come_first", hooks_come_first},
    {"mistakes_are_told", mistakes_are_told},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
