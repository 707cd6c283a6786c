/* SPDX-License-Identifier: Apache-2.0
 *
 * Joined-table inheritance: a class's own columns in a table of its own, with its parent's key.
 */
#include "staff.h"

#include <string.h>

typedef struct Firm Firm;
typedef struct Person Person;
typedef struct Worker Worker;
typedef struct Chief Chief;
typedef struct Client Client;
typedef struct Task Task;

struct Firm {
    int64_t id;
    const char *name;
    Person **people;
    Worker **workers;
};
struct Person {
    int64_t id;
    const char *name;
    int32_t kind, version;
    ath_opt_i64 firm_id;
    Firm *firm;
};
struct Worker {
    Person person;
    const char *trade;
    ath_opt_i64 employer_id;
    Firm *employer;
    Task **tasks;
};
struct Chief {
    Worker worker;
    ath_opt_i32 rank;
};
struct Client {
    Person person;
    const char *city;
};
struct Task {
    int64_t id, worker_id;
    const char *title;
    Worker *worker;
};
ATH_DECLARE(Firm);
ATH_DECLARE(Person);
ATH_DECLARE(Worker);
ATH_DECLARE(Chief);
ATH_DECLARE(Client);
ATH_DECLARE(Task);

ATH_MODEL(Firm, "firms") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_has_many(people, Person, .back_populates = "firm", .order_by = ath_by(ath_col(Person, id)));
    ath_has_many(workers, Worker, .back_populates = "employer", .foreign_key = ath_names("employer_id"),
                 .order_by = ath_by(ath_col(Worker, person.name)));
}
ATH_MODEL(Person, "people") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50), .index = true);
    ath_column(kind);
    ath_column(version, .version = true);
    ath_column(firm_id, .foreign_key = "firms.id", .nullable = true);
    ath_belongs_to(firm, Firm, .back_populates = "people", .foreign_key = ath_names("firm_id"));
    ath_polymorphic_on(kind, .number = ath_some(1));
    ath_subclasses(Worker, Client);
}
ATH_MODEL(Worker, "workers") {
    ath_inherits(person, Person, .number = ath_some(2));
    ath_column(trade, .type = ATH_STRING(30), .unique = true);
    ath_column(employer_id, .foreign_key = "firms.id", .nullable = true);
    ath_belongs_to(employer, Firm, .back_populates = "workers", .foreign_key = ath_names("employer_id"));
    ath_has_many(tasks, Task, .back_populates = "worker", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
    ath_subclasses(Chief);
}
ATH_MODEL(Chief, "chiefs") {
    ath_inherits(worker, Worker, .number = ath_some(3), .key = ath_names("chief_id"), .ondelete = "CASCADE");
    ath_column(rank, .nullable = true);
}
ATH_MODEL(Client, "clients") {
    ath_inherits(person, Person, .number = ath_some(4));
    ath_column(city, .server_default = ath_str("Rome"));
}
ATH_MODEL(Task, "tasks") {
    ath_column(id, .primary_key = true);
    ath_column(worker_id, .foreign_key = "workers.id");
    ath_column(title, .type = ATH_STRING(50));
    ath_belongs_to(worker, Worker, .back_populates = "tasks");
}
ATH_METADATA(Joined, Firm, Person, Worker, Chief, Client, Task);

static ath_engine *db;

static ath_session *begin(void) {
    return staff_begin(&db, &Joined);
}
static void end(ath_session *s) {
    staff_close(s, db);
}
static ath_session *again(ath_session *s) {
    ath_session_close(s);
    return ath_session_open(db);
}

/* Ann is a person, Bob a worker, Cid a client, Dee a chief; 1 to 4. */
static void fill(ath_session *s) {
    Firm *f = ath_new(s, Firm, .name = "acme");
    ath_new(s, Person, .name = "ann", .firm = f);
    ath_flush(s);
    Worker *bob = ath_new(s, Worker, .person.name = "bob", .person.firm = f, .trade = "smith", .employer = f);
    ath_flush(s);
    ath_new(s, Client, .person.name = "cid");
    ath_flush(s);
    ath_new(s, Chief, .worker.person.name = "dee", .worker.trade = "cook", .rank = ath_some(9));
    ath_append(s, bob, tasks, ath_new(s, Task, .title = "one"));
    CHECK_COMMIT(s);
}

TEST(tables_are_made) {
    ath_session *s = begin();
    CHECK_INT(staff_number(s, "SELECT count(*) FROM people"), 0);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM workers WHERE id = 1 AND trade = 'x'"), 0);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM chiefs WHERE chief_id = 1 AND rank = 1"), 0);
    CHECK_OK(s);
    end(s);
}

TEST(rows_are_in_all_tables) {
    ath_session *s = begin();
    fill(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM people"), 4);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM workers"), 2);
    CHECK_INT(staff_number(s, "SELECT kind FROM people WHERE name = 'dee'"), 3);
    CHECK_INT(staff_number(s, "SELECT c.rank FROM people p JOIN workers w ON w.id = p.id JOIN chiefs c ON c.chief_id "
                              "= p.id WHERE p.name = 'dee' AND w.trade = 'cook'"),
              9);
    Client *cid = (Client *)ath_get(s, Person, 3);
    CHECK_STR(cid->city, "Rome"); /* the database's own */
    CHECK_INT(cid->person.version, 1);
    end(s);
}

TEST(all_gives_the_real_classes) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Person **all = ath_all(s, Person, .order_by = ath_by(ath_col(Person, id)));
    CHECK_OK(s);
    CHECK_INT(ath_len(all), 4);
    CHECK_INT(ath_session_statements(s), 4); /* people, and one for each class that was met */
    CHECK(ath_class_of(s, all[0]) == ath_model_of(Person));
    Worker *bob = ath_as(s, Worker, all[1]);
    Client *cid = ath_as(s, Client, all[2]);
    Chief *dee = ath_as(s, Chief, all[3]);
    CHECK(bob && cid && dee && !ath_as(s, Chief, bob) && ath_as(s, Worker, dee) == &dee->worker);
    CHECK_STR(bob->trade, "smith");
    CHECK_STR(cid->city, "Rome");
    CHECK_STR(dee->worker.trade, "cook");
    CHECK(dee->rank.value == 9 && dee->worker.person.kind == 3);
    uint64_t before = ath_session_statements(s);
    CHECK_INT(ath_flush(s), ATH_OK);
    CHECK((void *)ath_get(s, Chief, 4) == dee && (void *)ath_get(s, Worker, 2) == bob && !ath_get(s, Chief, 2));
    CHECK_INT(ath_session_statements(s), before);
    Worker **workers = ath_all(s, Worker, .order_by = ath_by(ath_col(Worker, person.id)));
    CHECK(ath_len(workers) == 2 && workers[0] == bob && (void *)workers[1] == dee);
    CHECK_INT(ath_len(ath_all(s, Person, .only_class = true)), 1);
    CHECK_INT(ath_len(ath_all(s, Worker, .only_class = true)), 1);
    CHECK_INT(ath_count(s, Worker), 2);
    CHECK_OK(s);
    end(s);
}

TEST(a_class_is_a_join) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Chief *dee = ath_one(s, Chief, .where = ath_eq(ath_col(Chief, worker.person.name), "dee"));
    CHECK_OK(s);
    CHECK_INT(ath_session_statements(s), 1);
    CHECK(dee && dee->rank.value == 9 && strcmp(dee->worker.trade, "cook") == 0);
    CHECK((void *)dee == ath_one(s, Worker, .where = ath_eq(ath_col(Worker, trade), "cook")));
    CHECK((void *)dee == ath_one(s, Worker, .where = ath_eq(ath_col(Person, name), "dee")));
    CHECK((void *)dee == ath_get(s, Person, 4));
    s = again(s);
    CHECK(!ath_get(s, Chief, 2) && !ath_get(s, Client, 4));
    CHECK_OK(s);
    Person *p = ath_get(s, Person, 4);
    dee = ath_as(s, Chief, p);
    CHECK(dee && dee->rank.value == 9 && strcmp(dee->worker.trade, "cook") == 0);
    Worker *bob = ath_get(s, Worker, 2);
    CHECK(bob && strcmp(bob->trade, "smith") == 0 && strcmp(bob->person.name, "bob") == 0);
    Worker **w = ath_all(s, Worker, .order_by = ath_by(ath_desc(ath_col(Worker, person.name))), .limit = 1);
    CHECK(ath_len(w) == 1 && (void *)w[0] == p);
    CHECK_INT(ath_len(ath_all(s, Task, .joins = ath_joins(ath_join(Worker)),
                              .where = ath_eq(ath_col(Worker, person.name), "bob"))),
              1);
    CHECK_OK(s);
    CHECK_INT(ath_len(ath_all(s, Person,
                              .joins = ath_joins(
                                  ath_join_to(ath_model_as(Worker, "w"),
                                              .on = ath_eq(ath_col_of("w", Worker, person.id), ath_col(Person, id)))),
                              .where = ath_eq(ath_col_of("w", Worker, trade), "cook"))),
              1);
    CHECK_OK(s);
    end(s);
}

TEST(changes_go_to_their_tables) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Chief *dee = ath_get(s, Chief, 4);
    uint64_t before = ath_session_statements(s);
    dee->rank = (ath_opt_i32)ath_some(10);
    CHECK_INT(ath_flush(s), ATH_OK);
    CHECK_INT(ath_session_statements(s) - before, 2); /* chiefs, and people: the version */
    CHECK_INT(dee->worker.person.version, 2);
    dee->worker.person.name = "deb";
    CHECK_INT(ath_flush(s), ATH_OK);
    CHECK_INT(ath_session_statements(s) - before, 3);
    dee->worker.trade = "baker";
    dee->worker.person.name = "dora";
    dee->rank = (ath_opt_i32)ath_some(11);
    CHECK_COMMIT(s);
    CHECK_INT(ath_session_statements(s) - before, 6);
    CHECK_INT(staff_number(s, "SELECT rank FROM chiefs WHERE chief_id = 4"), 11);
    CHECK_INT(staff_number(s, "SELECT version FROM people WHERE name = 'dora'"), 4);
    CHECK_INT(staff_number(s, "SELECT id FROM workers WHERE trade = 'baker'"), 4);
    staff_run(s, "UPDATE people SET version = 9 WHERE id = 4");
    dee->rank = (ath_opt_i32)ath_some(12);
    CHECK_INT(ath_flush(s), ATH_STALE_DATA);
    ath_rollback(s);
    CHECK_INT(dee->rank.value, 11);
    dee->worker.person.id = 40;
    CHECK_INT(ath_flush(s), ATH_NOT_SUPPORTED);
    ath_rollback(s);
    CHECK_INT(dee->worker.person.id, 4);
    end(s);
}

TEST(deletes_and_rollbacks) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Person **all = ath_all(s, Person, .order_by = ath_by(ath_col(Person, id)));
    Chief *eva = ath_new(s, Chief, .worker.person.name = "eva", .worker.trade = "none", .rank = ath_some(1));
    ath_delete(s, all[1]);
    ath_delete(s, all[3]);
    ((Client *)all[2])->city = "Oslo";
    CHECK_INT(ath_flush(s), ATH_OK);
    CHECK_OK(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM workers"), 1);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM tasks"), 0);
    ath_rollback(s);
    CHECK(eva->worker.person.id == 0);
    CHECK_STR(((Client *)all[2])->city, "Rome");
    CHECK_INT(ath_session_state(s, all[3]), ATH_STATE_PERSISTENT);
    CHECK(ath_get(s, Person, 4) == all[3]);
    ath_delete(s, all[1]);
    ath_delete(s, all[3]);
    ath_delete(s, all[0]);
    CHECK_COMMIT(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM people"), 1);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM workers"), 0);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM chiefs"), 0);
    end(s);
}

TEST(relations) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Firm *f = ath_one(s, Firm, .load = ath_load(ath_selectin(Firm, people), ath_joined(Firm, workers)));
    CHECK_OK(s);
    CHECK_INT(ath_len(f->people), 2);
    CHECK(ath_len(f->workers) == 1 && (void *)f->workers[0] == f->people[1]);
    CHECK_STR(f->workers[0]->trade, "smith");
    CHECK(f->people[1]->firm == f && f->workers[0]->employer == f);
    CHECK_INT(ath_load_rel(s, f->workers[0], tasks), ATH_OK);
    CHECK(ath_len(f->workers[0]->tasks) == 1 && f->workers[0]->tasks[0]->worker == f->workers[0]);
    Chief *dee = ath_get(s, Chief, 4);
    ath_append(s, &dee->worker, tasks, f->workers[0]->tasks[0]);
    ath_set_rel(s, &dee->worker, employer, f);
    CHECK_COMMIT(s);
    CHECK_INT(staff_number(s, "SELECT worker_id FROM tasks"), 4);
    CHECK_INT(staff_number(s, "SELECT employer_id FROM workers WHERE id = 4"), 1);
    CHECK_INT(ath_len(ath_all(s, Firm,
                              .where = ath_rel_any(Firm, workers, ath_eq(ath_col(Worker, person.name), "dee"),
                                                   ath_eq(ath_col(Worker, trade), "cook")))),
              1);
    CHECK_INT(ath_len(ath_all(s, Task, .where = ath_rel_has(Task, worker, ath_eq(ath_col(Person, name), "dee")))), 1);
    CHECK_INT(ath_len(ath_all(s, Worker, .where = ath_rel_any(Worker, tasks, ath_eq(ath_col(Task, title), "one")))), 1);
    CHECK_INT(ath_len(ath_all(s, Chief, .where = ath_rel_any(Chief, worker.tasks))), 1);
    CHECK_OK(s);
    s = again(s);
    Task *t = ath_one(s, Task,
                      .load = ath_load(ath_joined(
                          Task, worker, .then = ath_load(ath_joined(Worker, employer), ath_joined(Person, firm)))));
    CHECK_OK(s);
    dee = ath_as(s, Chief, t->worker);
    CHECK(dee && dee->rank.value == 9 && dee->worker.employer && strcmp(dee->worker.trade, "cook") == 0);
    CHECK(ath_is_loaded(s, t->worker, person.firm) && !t->worker->person.firm);
    Firm **firms = ath_all(s, Firm, .load = ath_load(ath_joined(Firm, workers)), .limit = 3,
                           .order_by = ath_by(ath_col(Firm, id)));
    CHECK_OK(s);
    CHECK(ath_len(firms) == 1 && ath_len(firms[0]->workers) == 2);
    Worker **w = ath_all(s, Worker, .load = ath_load(ath_joined(Worker, tasks)), .limit = 2,
                         .order_by = ath_by(ath_col(Worker, person.name)));
    CHECK_OK(s);
    CHECK(ath_len(w) == 2 && ath_len(w[0]->tasks) == 0 && ath_len(w[1]->tasks) == 1);
    end(s);
}

TEST(refresh_and_overwriting) {
    ath_session *s = begin();
    fill(s);
    Person *p = ath_get(s, Person, 4);
    Chief *dee = ath_as(s, Chief, p);
    staff_run(s, "UPDATE chiefs SET rank = 20 WHERE chief_id = 4");
    staff_run(s, "UPDATE people SET name = 'x' WHERE id = 4");
    CHECK_INT(ath_refresh(s, dee), ATH_OK);
    CHECK_INT(dee->rank.value, 20);
    CHECK_STR(dee->worker.person.name, "x");
    staff_run(s, "UPDATE chiefs SET rank = 21 WHERE chief_id = 4");
    CHECK_INT(ath_len(ath_all(s, Person, .populate_existing = true)), 4);
    CHECK_INT(dee->rank.value, 21);
    CHECK_OK(s);
    end(s);
}

TEST(what_is_refused) {
    ath_session *s = begin();
    fill(s);
    CHECK(!ath_all(s, Person, .read_only = true));
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK_INT(ath_len(ath_all(s, Chief, .read_only = true)), 1);
    CHECK(!ath_stream_open(s, Person));
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK_INT(ath_delete_where(s, Person, .all_rows = true), -1);
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK_INT(ath_update(s, Chief, .set = ath_set(ath_to(Chief, rank, 1)), .all_rows = true), -1);
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK_INT(ath_update(s, Person, .set = ath_set(ath_to(Person, name, "all")), .all_rows = true), 4);
    CHECK_OK(s);
    CHECK_STR(((Chief *)ath_get(s, Person, 4))->worker.person.name, "all");
    end(s);
}

TEST(many_rows) {
    ath_session *s = begin();
    Firm *f = ath_new(s, Firm, .name = "big");
    char trades[200][12];
    for (int i = 0; i < 200; i++) {
        snprintf(trades[i], sizeof trades[i], "t%d", i);
        if (i % 2)
            ath_new(s, Chief, .worker.person.name = trades[i], .worker.trade = trades[i], .rank = ath_some(i),
                    .worker.person.firm = f);
        else
            ath_new(s, Client, .person.name = trades[i], .city = trades[i], .person.firm = f);
    }
    CHECK_COMMIT(s);
    s = again(s);
    f = ath_one(s, Firm, .load = ath_load(ath_selectin(Firm, people)));
    CHECK_OK(s);
    CHECK_INT(ath_session_statements(s), 4);
    int chiefs = 0;
    for (size_t i = 0; i < ath_len(f->people); i++) {
        Chief *c = ath_as(s, Chief, f->people[i]);
        Client *k = ath_as(s, Client, f->people[i]);
        CHECK(c ? strcmp(c->worker.trade, c->worker.person.name) == 0 &&
                      strtol(c->worker.trade + 1, NULL, 10) == c->rank.value
                : k && strcmp(k->city, k->person.name) == 0);
        chiefs += c != NULL;
        if (c)
            c->rank.value++;
        else if (k)
            k->city = "here";
    }
    CHECK_INT(chiefs, 100);
    CHECK_COMMIT(s);
    CHECK_INT(staff_number(s, "SELECT sum(rank) FROM chiefs"), 10100);
    for (size_t i = 0; i < ath_len(f->people); i++)
        ath_delete(s, f->people[i]);
    CHECK_COMMIT(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM people"), 0);
    end(s);
}

static const test_case cases[] = {
    {"tables_are_made", tables_are_made},
    {"rows_are_in_all_tables", rows_are_in_all_tables},
    {"all_gives_the_real_classes", all_gives_the_real_classes},
    {"a_class_is_a_join", a_class_is_a_join},
    {"changes_go_to_their_tables", changes_go_to_their_tables},
    {"deletes_and_rollbacks", deletes_and_rollbacks},
    {"relations", relations},
    {"refresh_and_overwriting", refresh_and_overwriting},
    {"what_is_refused", what_is_refused},
    {"many_rows", many_rows},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
