/* SPDX-License-Identifier: Apache-2.0
 *
 * What surrounds the unit of work with every allocation failing in turn: a status each time, nothing leaked, and the
 * session usable after a rollback.
 */
#include "../failing.h"

#include <athanor/athanor.h>

typedef struct Task Task;
typedef struct Step Step;
struct Task {
    int64_t id;
    const char *title;
    bool hidden;
    int32_t version;
    int64_t letters;
    Step **steps;
};
struct Step {
    int64_t id, task_id;
    const char *text;
    Task *task;
};

static ath_status check_task(const void *object, ath_error *error) {
    const Task *t = object;
    return t->title ? ATH_OK : ath_invalid(error, "title", "there is none");
}

ATH_DECLARE(Task);
ATH_DECLARE(Step);
ATH_MODEL(Task, "tasks") {
    ath_column(id, .primary_key = true);
    ath_column(title, .type = ATH_STRING(40), .unique = true, .min_length = 1, .pattern = "^[a-z0-9 ]+$");
    ath_column(hidden);
    ath_column(version, .version = true);
    ath_column(letters, .expression = ath_length(ath_col(Task, title)));
    ath_has_many(steps, Step, .back_populates = "task", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
    ath_model_options(.validate = check_task, .filter = ath_eq(ath_col(Task, hidden), false));
}
ATH_MODEL(Step, "steps") {
    ath_column(id, .primary_key = true);
    ath_column(task_id, .foreign_key = "tasks.id");
    ath_column(text, .type = ATH_STRING(40));
    ath_belongs_to(task, Task, .back_populates = "steps");
}
ATH_METADATA(Plan, Task, Step);

/* ---- the journeys ---- */

static ath_status nod(const ath_event_info *info, void *context) {
    (void)info;
    ++*(int *)context;
    return ATH_OK;
}

#define OR_LEAVE(condition)                                                                                            \
    do {                                                                                                               \
        if (!(condition))                                                                                              \
            return ath_error(s)->status;                                                                               \
    } while (0)

static ath_status objects(ath_session *s, void *arg) {
    Task *task = ath_new(s, Task, .title = "first");
    OR_LEAVE(task);
    for (int i = 0; i < 12; i++)
        OR_LEAVE(ath_new(s, Task,
                         .title = (const char *[]){"a", "b", "c", "d", "e", "f", "g", "h", "i", "j", "k", "l"}[i],
                         .hidden = i % 2));
    OR_LEAVE(ath_on(s, ATH_LOADED, nod, .context = arg) == ATH_OK);
    OR_LEAVE(ath_on(s, ATH_AFTER_UPDATE, nod, .context = arg) == ATH_OK);
    OR_LEAVE(ath_flush(s) == ATH_OK);
    task->title = "changed";
    OR_LEAVE(ath_validate(s, task) == ATH_OK);
    OR_LEAVE(ath_flush(s) == ATH_OK);
    OR_LEAVE(ath_new(s, Step, .task_id = task->id, .text = "one"));
    OR_LEAVE(ath_session_filter(s, Step, ath_eq(ath_col(Step, text), "one")) == ATH_OK);
    OR_LEAVE(ath_all(s, Task, .load = ath_load(ath_selectin(Task, steps)), .where = ath_ne(ath_col(Task, title), "x")));
    OR_LEAVE(ath_get(s, Task, task->id));
    OR_LEAVE(ath_count(s, Task, .limit = 5) >= 0);
    OR_LEAVE(ath_update(s, Task, .set = ath_set(ath_to(Task, hidden, true)), .where = ath_eq(ath_col(Task, id), 3)) >=
             0);
    return ATH_OK;
}

static ath_status arrays(ath_session *s, void *arg) {
    Task tasks[15];
    char titles[15][8];
    (void)arg;
    for (int i = 0; i < 15; i++) {
        snprintf(titles[i], sizeof titles[i], "t%d", i);
        tasks[i] = (Task){.id = 100 + i, .title = titles[i]};
    }
    OR_LEAVE(ath_insert_many(s, Task, tasks, 15) == 15);
    for (int i = 0; i < 15; i++)
        tasks[i].version = 1;
    OR_LEAVE(ath_get(s, Task, 103));
    tasks[3].title = "three";
    OR_LEAVE(ath_update_many(s, Task, tasks, 15, ath_names("title")) == 15);
    OR_LEAVE(ath_upsert_many(s, Task, tasks, 15, .on = ath_names("title"), .set = ath_names("hidden")) == 15);
    OR_LEAVE(ath_upsert(s, Task, &tasks[4], .on = ath_names("title")));
    return ATH_OK;
}

/* Ends in stale data, whose object must be named. */
static ath_status stale(ath_session *s, void *arg) {
    Task *task = ath_new(s, Task, .title = "stale");
    (void)arg;
    OR_LEAVE(task && ath_flush(s) == ATH_OK);
    ath_result *r = ath_execute(s, ath_text("UPDATE tasks SET version = 9"));
    OR_LEAVE(r);
    ath_result_close(r);
    task->title = "mine";
    ath_status status = ath_flush(s);
    return status == ATH_STALE_DATA ? ATH_OK : status;
}

static ath_status repository(ath_session *s, void *arg) {
    (void)arg;
    Task *task = ath_repository_create(s, Task, .title = "kept");
    OR_LEAVE(task && ath_repository_update(s, Task, task, .title = "renamed") == ATH_OK);
    OR_LEAVE(ath_repository_soft_delete(s, task, hidden) == ATH_OK);
    OR_LEAVE(ath_repository_get_multi(s, Task, 0, 5));
    return ath_repository_delete(s, task);
}

static ath_status graphs(ath_session *s, void *arg) {
    Task given = {.title = "whole"};
    Step one = {.text = "one", .task = &given}, two = {.text = "two", .task = &given};
    (void)arg;
    given.steps = (Step *[]){&one, &two, NULL};
    Task *task = ath_merge(s, Task, &given);
    OR_LEAVE(task && ath_flush(s) == ATH_OK);
    given.id = task->id;
    given.version = 1;
    given.title = "another";
    one = (Step){.id = task->steps[0]->id, .task_id = task->id, .text = "uno", .task = &given};
    OR_LEAVE(ath_merge(s, Task, &given) == task && ath_flush(s) == ATH_OK);
    OR_LEAVE(ath_refresh(s, task) == ATH_OK);
    OR_LEAVE(ath_expire(s, task) == ATH_OK);
    OR_LEAVE(ath_get(s, Task, task->id) && ath_load_rel(s, task, steps) == ATH_OK);
    OR_LEAVE(ath_get_with(s, Task, ath_cols(task->id), .load = ath_load(ath_selectin(Task, steps))));
    return ATH_OK;
}

typedef ath_status (*part)(ath_session *s, void *arg);

static ath_status in_database(ath_engine *db, part run) {
    int calls = 0;
    ath_error error = {0};
    if (ath_create_all(db, &Plan, &error) != ATH_OK)
        return error.status;
    ath_status status = ath_on(db, ATH_BEFORE_INSERT, nod, .context = &calls);
    if (status == ATH_OK)
        status = ath_transact(db, run, &calls, .error = &error);
    ath_session *s = ath_session_open(db, .error = &error);
    if (!s)
        return error.status;
    ath_status again = run == stale ? ATH_OK : run(s, &calls);
    /* Whatever failed, a rollback makes the session usable again (it may itself run out of memory: then it says so). */
    ath_status rolled = ath_rollback(s);
    CHECK(rolled == ATH_OK || rolled == ATH_NO_MEMORY);
    ath_session_close(s);
    return status == ATH_STALE_DATA || (run != stale && status == ATH_OK && again == ATH_INTEGRITY) ? ATH_OK : status;
}

static ath_status journey(failing *f, part run) {
    ath_allocator allocator = FAILING(f);
    ath_error error = {0};
    ath_engine *db = ath_engine_open("sqlite://", .allocator = &allocator, .error = &error);
    if (!db)
        return error.status;
    ath_status status = in_database(db, run);
    ath_engine_close(db);
    return status;
}

static void sweep(part run) {
    failing count = {0};
    ath_status whole = journey(&count, run);
    CHECK_INT(whole, ATH_OK);
    CHECK_INT(count.held, 0);
    CHECK(count.requests > 50);
    for (long n = 1; n <= count.requests; n++) {
        failing f = {.fail_at = n};
        test_context("allocation %ld of %ld", n, count.requests);
        ath_status status = journey(&f, run);
        /* A failure that only costs comfort (a cache entry, a name in a message) may go unnoticed. */
        CHECK(status == ATH_NO_MEMORY || status == ATH_OK);
        CHECK_INT(f.held, 0);
    }
    test_context("%s", "");
}

TEST(of_objects) {
    sweep(objects);
}
TEST(of_graphs) {
    sweep(graphs);
}
TEST(of_arrays) {
    sweep(arrays);
}
TEST(of_stale_data) {
    sweep(stale);
}
TEST(of_the_repository) {
    sweep(repository);
}

static const test_case cases[] = {
    {"of_objects", of_objects},
    {"of_graphs", of_graphs},
    {"of_arrays", of_arrays},
    {"of_stale_data", of_stale_data},
    {"of_the_repository", of_the_repository},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
