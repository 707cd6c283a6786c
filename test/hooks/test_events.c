/* SPDX-License-Identifier: Apache-2.0
 *
 * Events: who is called when, in which order, what a hook may do, and that a refusal leaves nothing behind.
 */
#include "../servers.h"

#include <athanor/athanor.h>

typedef struct Person {
    int64_t id;
    const char *name;
    ath_opt_i64 age;
    int edits; /* no column */
} Person;
ATH_MODEL(Person, "people") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40));
    ath_column(age, .nullable = true);
}

typedef struct Note {
    int64_t id, person_id;
    const char *text;
} Note;
ATH_MODEL(Note, "notes") {
    ath_column(id, .primary_key = true);
    ath_column(person_id, .foreign_key = "people.id");
    ath_column(text, .type = ATH_STRING(80));
}
ATH_METADATA(Club, Person, Note);

static ath_engine *db;

static ath_engine *club_engine(void) {
    ath_error error = {0};
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &error);
    if (!db || ath_drop_all(db, &Club, &error) != ATH_OK || ath_create_all(db, &Club, &error) != ATH_OK)
        test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
    return db;
}

/* ---- what was called ---- */

static char story[1024];

static ath_status tell(const ath_event_info *info, void *context) {
    static const char *const short_names[] = {"?",  "bi", "bu", "bd", "ai", "au", "ad",
                                              "ld", "bf", "af", "bc", "ac", "ar"};
    size_t used = strlen(story);
    const char *who = context;
    snprintf(story + used, sizeof story - used, "%s%s", used ? " " : "", short_names[info->event]);
    used = strlen(story);
    if (info->model == ath_model_of(Person))
        snprintf(story + used, sizeof story - used, ":%s", ((Person *)info->object)->name);
    else if (info->model)
        snprintf(story + used, sizeof story - used, ":%s", info->model->name);
    used = strlen(story);
    if (who)
        snprintf(story + used, sizeof story - used, "%s", who);
    return ATH_OK;
}

static void tell_all(ath_session *s) {
    for (int event = ATH_BEFORE_INSERT; event <= ATH_AFTER_ROLLBACK; event++)
        CHECK_INT(ath_on(s, (ath_event)event, tell), ATH_OK);
}

#define CHECK_STORY(expected)                                                                                          \
    do {                                                                                                               \
        CHECK_STR(story, expected);                                                                                    \
        story[0] = '\0';                                                                                               \
    } while (0)

TEST(come_in_order) {
    ath_session *s = ath_session_open(club_engine());
    story[0] = '\0';
    tell_all(s);
    Person *ann = ath_new(s, Person, .name = "ann");
    ath_new(s, Person, .name = "bob");
    CHECK_STORY("");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STORY("bc bf bi:ann bi:bob ai:ann ai:bob af ac");
    ath_new(s, Note, .person_id = ann->id, .text = "hello");
    ann->age = (ath_opt_i64)ath_some(30);
    CHECK_INT(ath_flush(s), ATH_OK);
    CHECK_STORY("bf bi:Note bu:ann au:ann ai:Note af");
    CHECK_INT(ath_flush(s), ATH_OK); /* nothing to write */
    CHECK_STORY("");
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_STORY("ar");
    CHECK_INT(ath_delete(s, ann), ATH_OK);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STORY("bc bf bd:ann ad:ann af ac");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STORY("bc ac");
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(loads_are_told) {
    ath_session *s = ath_session_open(club_engine());
    ath_new(s, Person, .name = "ann");
    ath_new(s, Person, .name = "bob");
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    s = ath_session_open(db);
    story[0] = '\0';
    CHECK_INT(ath_on(s, ATH_LOADED, tell, .model = ath_model_of(Person)), ATH_OK);
    ath_expr_list by_id = ath_by(ath_col(Person, id));
    Person **all = ath_all(s, Person, .order_by = by_id);
    CHECK_INT(ath_len(all), 2);
    CHECK_STORY("ld:ann ld:bob");
    CHECK(ath_all(s, Person, .order_by = by_id)); /* the session has them */
    CHECK_STORY("");
    CHECK(ath_get(s, Person, 1) == all[0]);
    CHECK_STORY("");
    CHECK_INT(ath_refresh(s, all[1]), ATH_OK);
    CHECK_STORY("ld:bob");
    CHECK(ath_all(s, Person, .order_by = by_id, .read_only = true, .limit = 1));
    CHECK_STORY("ld:ann");
    ath_stream *rows = ath_stream_open(s, Person, .order_by = by_id);
    while (ath_stream_next(rows))
        continue;
    CHECK_INT(ath_stream_close(rows), ATH_OK);
    CHECK_STORY("ld:ann ld:bob");
    CHECK(ath_all(s, Note));
    CHECK_STORY("");
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(engines_have_hooks_too) {
    static char names[][4] = {"", "(1)", "(2)", "(3)", "(4)"};
    club_engine();
    ath_session *early = ath_session_open(db);
    story[0] = '\0';
    CHECK_INT(ath_on(db, ATH_BEFORE_INSERT, tell, .context = names[1]), ATH_OK);
    CHECK_INT(ath_on(db, ATH_BEFORE_INSERT, tell, .model = ath_model_of(Note), .context = names[2]), ATH_OK);
    CHECK_INT(ath_on(db, ATH_BEFORE_INSERT, tell, .model = ath_model_of(Person), .context = names[3]), ATH_OK);
    ath_session *s = ath_session_open(db);
    CHECK_INT(ath_on(s, ATH_BEFORE_INSERT, tell, .context = names[4]), ATH_OK);
    ath_new(s, Person, .name = "ann");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STORY("bi:ann(1) bi:ann(3) bi:ann(4)");
    ath_new(early, Person, .name = "bob"); /* was there before */
    CHECK_INT(ath_commit(early), ATH_OK);
    CHECK_STORY("");
    CHECK_INT(ath_on(db, (ath_event)99, tell), ATH_ARGUMENT);
    CHECK_INT(ath_on(s, ATH_LOADED, NULL), ATH_ARGUMENT);
    ath_session_close(early);
    ath_session_close(s);
    ath_engine_close(db);
}

/* ---- what a hook may do ---- */

static ath_status count_edits(const ath_event_info *info, void *context) {
    Person *p = info->object;
    (void)context;
    p->age = (ath_opt_i64)ath_some(p->age.has ? p->age.value + 1 : 1);
    p->edits++;
    return ATH_OK;
}

TEST(changes_are_written_by_the_same_flush) {
    ath_session *s = ath_session_open(club_engine());
    CHECK_INT(ath_on(s, ATH_BEFORE_INSERT, count_edits, .model = ath_model_of(Person)), ATH_OK);
    CHECK_INT(ath_on(s, ATH_BEFORE_UPDATE, count_edits, .model = ath_model_of(Person)), ATH_OK);
    Person *p = ath_new(s, Person, .name = "ann");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(p->age.value, 1);
    p->name = "anna";
    uint64_t before = ath_session_statements(s);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_session_statements(s) - before, 1);
    CHECK_INT(p->age.value, 2);
    CHECK_INT(ath_refresh(s, p), ATH_OK);
    CHECK_INT(p->age.value, 2);
    CHECK_STR(p->name, "anna");
    p->name = "anna"; /* no net change: nobody is called */
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(p->edits, 2);
    ath_session_close(s);
    ath_engine_close(db);
}

/* Each new person gets a note, by an object or by a statement. */
static ath_status note_before(const ath_event_info *info, void *context) {
    (void)context;
    if (info->model != ath_model_of(Person))
        return ATH_OK;
    Person *p = info->object;
    p->id = 77;
    return ath_new(info->session, Note, .person_id = 77, .text = "made before") ? ATH_OK : ATH_NO_MEMORY;
}

static ath_status note_after(const ath_event_info *info, void *context) {
    const Person *p = info->object;
    (void)context;
    ath_result *r = ath_execute(info->session,
                                ath_insert(.model = ath_model_of(Note),
                                           .set = ath_set(ath_to(Note, person_id, p->id), ath_to(Note, text, "told"))));
    ath_status status = r ? ATH_OK : ath_error(info->session)->status;
    ath_result_close(r);
    return status;
}

static ath_status object_after(const ath_event_info *info, void *context) {
    const Person *p = info->object;
    (void)context;
    return ath_new(info->session, Note, .person_id = p->id, .text = "made after") ? ATH_OK : ATH_NO_MEMORY;
}

TEST(hooks_make_rows) {
    ath_session *s = ath_session_open(club_engine());
    CHECK_INT(ath_on(s, ATH_BEFORE_INSERT, note_before), ATH_OK);
    CHECK_INT(ath_on(s, ATH_AFTER_INSERT, note_after, .model = ath_model_of(Person)), ATH_OK);
    CHECK_INT(ath_on(s, ATH_AFTER_INSERT, object_after, .model = ath_model_of(Person)), ATH_OK);
    ath_new(s, Person, .name = "ann");
    CHECK_INT(ath_commit(s), ATH_OK);
    Note **notes = ath_all(s, Note, .order_by = ath_by(ath_col(Note, text)));
    CHECK_INT(ath_len(notes), 3);
    CHECK_STR(notes[0]->text, "made after");
    CHECK_STR(notes[1]->text, "made before");
    CHECK_STR(notes[2]->text, "told");
    CHECK_INT(notes[2]->person_id, 77);
    ath_session_close(s);
    ath_engine_close(db);
}

static ath_status refuse_bob(const ath_event_info *info, void *context) {
    const Person *p = info->object;
    (void)context;
    return strcmp(p->name, "bob") == 0 ? ath_event_refuse(info, ATH_DATA, "no bobs") : ATH_OK;
}

static ath_status refuse_silently(const ath_event_info *info, void *context) {
    (void)info;
    (void)context;
    return ATH_STATE;
}

TEST(refusals_roll_back) {
    ath_session *s = ath_session_open(club_engine());
    CHECK_INT(ath_on(s, ATH_BEFORE_INSERT, refuse_bob, .model = ath_model_of(Person)), ATH_OK);
    CHECK_INT(ath_on(s, ATH_AFTER_DELETE, refuse_silently), ATH_OK);
    Person *ann = ath_new(s, Person, .name = "ann"), *bob = ath_new(s, Person, .name = "bob");
    uint64_t before = ath_session_statements(s);
    CHECK_INT(ath_commit(s), ATH_DATA);
    CHECK_INT(ath_session_statements(s) - before, 0); /* nothing was sent */
    CHECK_STR(ath_error(s)->message, "no bobs");
    CHECK_STR(ath_error(s)->table, "people");
    CHECK_INT(ath_commit(s), ATH_DATA); /* it stands still */
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_session_state(s, ann), ATH_STATE_NONE);
    CHECK_INT(ath_session_state(s, bob), ATH_STATE_NONE);
    ann = ath_new(s, Person, .name = "ann");
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_delete(s, ann);
    CHECK_INT(ath_commit(s), ATH_STATE);
    CHECK_STR(ath_error(s)->message, "a hook after the delete of a Person gave state");
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_session_state(s, ann), ATH_STATE_PERSISTENT);
    CHECK_INT(ath_count(s, Person), 1);
    ath_session_close(s);
    ath_engine_close(db);
}

static ath_status misuse(const ath_event_info *info, void *context) {
    ath_session *s = info->session;
    (void)context;
    CHECK_INT(ath_commit(s), ATH_STATE);
    CHECK_INT(ath_rollback(s), ATH_STATE);
    CHECK_INT(ath_begin(s), ATH_STATE);
    if (info->event != ATH_BEFORE_COMMIT && info->event != ATH_AFTER_COMMIT)
        CHECK_INT(ath_flush(s), ATH_STATE);
    if (info->event == ATH_BEFORE_INSERT)
        CHECK_INT(ath_delete(s, info->object), ATH_STATE);
    if (info->event == ATH_LOADED)
        CHECK_INT(ath_count(s, Person), -1);
    else
        CHECK(ath_count(s, Person) >= 0);
    return ATH_OK;
}

TEST(hooks_stay_inside) {
    ath_session *s = ath_session_open(club_engine());
    const ath_event events[] = {ATH_BEFORE_INSERT, ATH_AFTER_INSERT,  ATH_LOADED,      ATH_BEFORE_FLUSH,
                                ATH_AFTER_FLUSH,   ATH_BEFORE_COMMIT, ATH_AFTER_COMMIT};
    for (size_t i = 0; i < TEST_COUNT(events); i++)
        CHECK_INT(ath_on(s, events[i], misuse), ATH_OK);
    ath_new(s, Person, .name = "ann");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(ath_error(s)->message, "");
    CHECK(ath_all(s, Person, .read_only = true));
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    ath_engine_close(db);
}

static ath_status make_another(const ath_event_info *info, void *context) {
    (void)context;
    return ath_new(info->session, Person, .name = "again") ? ATH_OK : ATH_NO_MEMORY;
}

TEST(hooks_that_never_end_are_ended) {
    ath_session *s = ath_session_open(club_engine());
    CHECK_INT(ath_on(s, ATH_AFTER_FLUSH, make_another), ATH_OK);
    ath_new(s, Person, .name = "ann");
    CHECK_INT(ath_commit(s), ATH_STATE);
    CHECK(strstr(ath_error(s)->message, "after 100 flushes"));
    CHECK_INT(ath_rollback(s), ATH_OK);
    ath_session_close(s);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"come_in_order", come_in_order},
    {"loads_are_told", loads_are_told},
    {"engines_have_hooks_too", engines_have_hooks_too},
    {"changes_are_written_by_the_same_flush", changes_are_written_by_the_same_flush},
    {"hooks_make_rows", hooks_make_rows},
    {"refusals_roll_back", refusals_roll_back},
    {"hooks_stay_inside", hooks_stay_inside},
    {"hooks_that_never_end_are_ended", hooks_that_never_end_are_ended},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
