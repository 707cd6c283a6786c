/* SPDX-License-Identifier: Apache-2.0
 *
 * The flush of a mixed graph, in three sizes: its time shall grow as the graph does.
 *
 * A team of 25 objects: its name, four people, of whom one leads the others (a table that refers to itself), nineteen
 * tasks, and a tag that all of them have (a table between).  Keys are the database's.  Objects are made in an order that
 * is not the one they can be written in.  Three flushes: all is new; people are renamed, tasks go to another
 * person and lose their tag; the tasks of one person are deleted.
 */
#include "flush.h"

#include "ours.h"

#include <stdlib.h>
#include <string.h>

enum { PEOPLE = 4, TASKS = 19, TEAM_OBJECTS = 25 };

typedef struct Team Team;
typedef struct Person Person;
typedef struct Task Task;
typedef struct Label Label;
typedef struct TaskLabel TaskLabel;
struct Team {
    int64_t id;
    const char *name;
    Person **people;
};
struct Person {
    int64_t id;
    const char *name;
    ath_opt_i64 team_id, lead_id;
    Team *team;
    Person *lead;
    Task **tasks;
};
struct Task {
    int64_t id;
    const char *title;
    int32_t stars;
    ath_opt_i64 person_id;
    Person *person;
    Label **labels;
};
struct Label {
    int64_t id;
    const char *name;
};
struct TaskLabel {
    int64_t task_id, label_id;
};
ATH_DECLARE(Team);
ATH_DECLARE(Person);
ATH_DECLARE(Task);
ATH_DECLARE(Label);
ATH_DECLARE(TaskLabel);

ATH_MODEL(Team, "teams") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_has_many(people, Person, .back_populates = "team");
}
ATH_MODEL(Person, "people") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_column(team_id, .nullable = true, .foreign_key = "teams.id", .index = true);
    ath_column(lead_id, .nullable = true, .foreign_key = "people.id", .index = true);
    ath_belongs_to(team, Team, .back_populates = "people");
    ath_belongs_to(lead, Person);
    ath_has_many(tasks, Task, .back_populates = "person");
}
ATH_MODEL(Task, "tasks") {
    ath_column(id, .primary_key = true);
    ath_column(title, .type = ATH_STRING(50));
    ath_column(stars);
    ath_column(person_id, .nullable = true, .foreign_key = "people.id", .index = true);
    ath_belongs_to(person, Person, .back_populates = "tasks");
    ath_has_many(labels, Label, .secondary = ath_model_of(TaskLabel));
}
ATH_MODEL(Label, "labels") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
}
ATH_MODEL(TaskLabel, "task_labels") {
    ath_column(task_id, .primary_key = true, .foreign_key = "tasks.id");
    ath_column(label_id, .primary_key = true, .foreign_key = "labels.id", .index = true);
}
ATH_METADATA(Graph, Team, Person, Task, Label, TaskLabel);

typedef struct run {
    size_t teams;
    ath_engine *db;
    ath_session *s;
    Person *(*people)[PEOPLE];
    Task *(*tasks)[TASKS];
    Label **labels;
} run;

static void ok(run *r, ath_status status, const char *what) {
    if (status != ATH_OK)
        bench_fail(what, ath_error(r->s)->message);
}

/* ---- the work ---- */

static void make_team(run *r, size_t i) {
    Person **p = r->people[i];
    Label *label = r->labels[i] = ath_new(r->s, Label, .name = "of one team");
    for (size_t k = 0; k < PEOPLE; k++)
        p[k] = ath_new(r->s, Person, .name = "somebody");
    for (size_t k = 0; k < TASKS; k++) {
        Task *t = r->tasks[i][k] = ath_new(r->s, Task, .title = "what is to be done", .stars = (int32_t)k);
        ok(r, ath_append(r->s, p[k % PEOPLE], tasks, t), "a task");
        ok(r, ath_append(r->s, t, labels, label), "a label");
    }
    Team *team = ath_new(r->s, Team, .name = "a team");
    for (size_t k = PEOPLE; k-- > 0;) { /* who leads comes last */
        ok(r, ath_append(r->s, team, people, p[k]), "a person");
        if (k)
            p[k]->lead = p[0];
    }
}

static void change_team(run *r, size_t i) {
    Person **p = r->people[i];
    for (size_t k = 0; k < PEOPLE; k++)
        p[k]->name = "somebody else";
    for (size_t k = 1; k < TASKS; k += PEOPLE) { /* the second person's go to the third */
        Task *t = r->tasks[i][k];
        ok(r, ath_append(r->s, p[2], tasks, t), "another person's task");
        ok(r, ath_remove(r->s, t, labels, r->labels[i]), "a label less");
    }
}

static void thin_team(run *r, size_t i) {
    for (size_t k = 3; k < TASKS; k += PEOPLE)
        ok(r, ath_delete(r->s, r->tasks[i][k]), "a task less");
}

static void timed(void *state) {
    run *r = state;
    void (*const steps[])(run *, size_t) = {make_team, change_team, thin_team};
    for (size_t k = 0; k < sizeof steps / sizeof *steps; k++) {
        for (size_t i = 0; i < r->teams; i++)
            steps[k](r, i);
        ok(r, ath_flush(r->s), "flush");
    }
    ok(r, ath_commit(r->s), "commit");
}

/* ---- around it ---- */

static void make_tables(const char *place, size_t n) {
    ath_error error;
    ath_engine *db = ours_open(place);
    (void)n;
    if (ath_drop_all(db, &Graph, &error) != ATH_OK || ath_create_all(db, &Graph, &error) != ATH_OK)
        bench_fail("making the tables", error.message);
    ath_engine_close(db);
}

static run *start(const char *place, size_t objects) {
    run *r = calloc(1, sizeof *r);
    bench_check(r != NULL, "memory");
    make_tables(place, 0); /* the run before left its rows */
    r->teams = objects / TEAM_OBJECTS;
    r->people = calloc(r->teams, sizeof *r->people);
    r->tasks = calloc(r->teams, sizeof *r->tasks);
    r->labels = calloc(r->teams, sizeof *r->labels);
    bench_check(r->people && r->tasks && r->labels, "memory");
    r->db = ours_open(place);
    r->s = ath_session_open(r->db);
    bench_check(r->s != NULL, "memory");
    return r;
}

static void finish(void *state) {
    run *r = state;
    int64_t teams = (int64_t)r->teams, gone = (TASKS - 3 + PEOPLE - 1) / PEOPLE,
            less = (TASKS - 1 + PEOPLE - 1) / PEOPLE;
    ath_session *s = ath_session_open(r->db);
    bench_check(ath_count(s, Team) == teams && ath_count(s, Label) == teams, "teams and labels");
    bench_check(ath_count(s, Person, .where_ = ath_eq(ath_col(Person, name), "somebody else")) == PEOPLE * teams,
                "people");
    bench_check(ath_count(s, Task) == (TASKS - gone) * teams, "tasks");
    bench_check(ath_count(s, TaskLabel) == (TASKS - gone - less) * teams, "labels of tasks");
    ath_session_close(s);
    ath_session_close(r->s);
    ath_engine_close(r->db);
    free(r->people);
    free(r->tasks);
    free(r->labels);
    free(r);
}

static void *start_1(const char *place, size_t n) {
    return start(place, n);
}
static void *start_2(const char *place, size_t n) {
    return start(place, 2 * n);
}
static void *start_4(const char *place, size_t n) {
    return start(place, 4 * n);
}

static const bench_side once = {"1x", start_1, timed, finish}, twice = {"2x", start_2, timed, finish},
                        four_times = {"4x", start_4, timed, finish};
static const bench_side *const sides[] = {&once, &twice, &four_times};

static const bench_line lines[] = {{"flush a graph of 25,000 beside one of 12,500", "1x", "2x", BENCH_MS, 2.00},
                                   {"flush a graph of 50,000 beside one of 12,500", "1x", "4x", BENCH_MS, 4.00}};

int flush_main(int argc, char **argv, const bench_server *server) {
    const bench b = {.name = "flush",
                     .server = server,
                     .n = 12500,
                     .small_n = 2500,
                     .prepare = make_tables,
                     .sides = sides,
                     .side_count = 3,
                     .lines = lines,
                     .line_count = 2};
    return bench_main(argc, argv, &b);
}
