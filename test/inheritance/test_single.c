/* SPDX-License-Identifier: Apache-2.0
 *
 * Single-table inheritance: classes of one table, one identity map, their real structs.
 */
#include "staff.h"

#include <string.h>

static ath_engine *db;

static ath_session *begin(void) {
    return staff_begin(&db, &Staff);
}
static void end(ath_session *s) {
    staff_close(s, db);
}

/* Ann is an employee, Bob a manager, Cid an engineer, Dee a director; they are 1 to 4. */
static void fill(ath_session *s) {
    Company *c = ath_new(s, Company, .name = "acme");
    ath_new(s, Employee, .name = "ann", .company = c);
    Manager *bob = ath_new(s, Manager, .employee.name = "bob", .employee.company = c, .level = ath_some(3), .led = c);
    ath_flush(s);
    ath_new(s, Engineer, .employee.name = "cid", .employee.boss = bob, .language = "C", .level = ath_some(7));
    ath_flush(s);
    ath_new(s, Director, .manager.employee.name = "dee", .manager.level = ath_some(9), .seat = "north");
    ath_new(s, Report, .title = "one", .author = bob);
    CHECK_COMMIT(s);
}

static ath_session *again(ath_session *s) {
    ath_session_close(s);
    return ath_session_open(db);
}

TEST(the_table_has_all_columns) {
    ath_session *s = begin();
    const ath_table *t = ath_model_table(ath_model_of(Manager), NULL);
    CHECK_INT(ath_table_column_count(t), 8);
    CHECK_STR(ath_table_name(t), "employees");
    CHECK_INT(staff_number(s, "SELECT count(*) FROM employees WHERE level IS NULL AND seat IS NULL AND led_id IS NULL "
                              "AND language IS NULL"),
              0);
    CHECK_OK(s);
    end(s);
}

TEST(classes_are_written) {
    ath_session *s = begin();
    fill(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM employees"), 4);
    CHECK_INT(staff_number(s, "SELECT id FROM employees WHERE type = 'employee' AND name = 'ann'"), 1);
    CHECK_INT(staff_number(s, "SELECT level FROM employees WHERE type = 'manager' AND led_id = 1"), 3);
    CHECK_INT(staff_number(s, "SELECT boss_id FROM employees WHERE type = 'engineer' AND language = 'C'"), 2);
    CHECK_INT(staff_number(s, "SELECT id FROM employees WHERE type = 'director' AND seat = 'north'"), 4);
    end(s);
}

TEST(all_gives_the_real_classes) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Employee **all = ath_all(s, Employee, .order_by = ath_by(ath_col(Employee, id)));
    CHECK_OK(s);
    CHECK_INT(ath_len(all), 4);
    CHECK_INT(ath_session_statements(s), 1);
    CHECK(ath_class_of(s, all[0]) == ath_model_of(Employee) && !ath_as(s, Manager, all[0]));
    Manager *bob = ath_as(s, Manager, all[1]);
    CHECK(bob && bob->level.value == 3 && bob->led_id.value == 1 && !ath_as(s, Director, all[1]));
    Engineer *cid = ath_as(s, Engineer, all[2]);
    CHECK(cid && cid->level.value == 7 && !ath_as(s, Manager, cid) && ath_as(s, Employee, cid) == &cid->employee);
    CHECK_STR(cid->language, "C");
    Director *dee = ath_as(s, Director, all[3]);
    CHECK(dee && ath_as(s, Manager, all[3]) == &dee->manager && dee->manager.level.value == 9);
    CHECK_STR(dee->seat, "north");
    CHECK_STR(dee->manager.employee.type, "director");
    CHECK_INT(ath_session_flush(s), ATH_OK);
    CHECK_INT(ath_session_statements(s), 1); /* nothing was to be written */
    end(s);
}

TEST(one_row_is_one_struct) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Manager *bob = ath_get(s, Manager, 2);
    CHECK(bob && bob->level.value == 3);
    CHECK((void *)ath_get(s, Employee, 2) == bob);
    CHECK((void *)ath_one(s, Employee, .where = ath_eq(ath_col(Employee, name), "bob")) == bob);
    Employee *dee = ath_get(s, Employee, 4);
    CHECK(dee && ath_as(s, Director, dee) && (void *)ath_get(s, Director, 4) == dee);
    CHECK((void *)ath_get(s, Manager, 4) == dee);
    CHECK(!ath_get(s, Engineer, 2) && !ath_get(s, Director, 2) && !ath_get(s, Manager, 1));
    CHECK_OK(s);
    s = again(s);
    CHECK(!ath_get(s, Engineer, 2) && !ath_get(s, Manager, 1) && !ath_get(s, Employee, 9));
    CHECK_OK(s);
    end(s);
}

TEST(a_class_gives_its_rows) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Manager **managers = ath_all(s, Manager, .order_by = ath_by(ath_col(Manager, employee.id)));
    CHECK_INT(ath_len(managers), 2);
    CHECK(ath_as(s, Director, managers[1]));
    CHECK_STR(((Director *)managers[1])->seat, "north");
    CHECK_INT(ath_len(ath_all(s, Director)), 1);
    CHECK_INT(ath_len(ath_all(s, Engineer)), 1);
    CHECK_INT(ath_count(s, Manager), 2);
    CHECK_INT(ath_count(s, Employee), 4);
    CHECK_INT(ath_len(ath_all(s, Manager, .only_class = true)), 1);
    CHECK_INT(ath_len(ath_all(s, Employee, .only_class = true)), 1);
    CHECK_INT(ath_count(s, Manager, .only_class = true), 1);
    CHECK_INT(ath_count(s, Manager, .unfiltered = true), 2);
    Manager *bob = ath_one(s, Manager, .where = ath_eq(ath_col(Manager, employee.name), "bob"));
    CHECK(bob == managers[0]);
    CHECK(bob == ath_one(s, Manager, .where = ath_eq(ath_col(Employee, name), "bob")));
    CHECK((void *)bob == ath_one(s, Employee, .where = ath_eq(ath_col(Manager, level), 3)));
    CHECK(!ath_one_or_none(s, Manager, .where = ath_eq(ath_col(Manager, employee.name), "cid")));
    CHECK_INT(ath_len(ath_all(s, Employee, .order_by = ath_by(ath_col(Employee, id)), .limit = 2, .offset = 1)), 2);
    CHECK_OK(s);
    end(s);
}

TEST(changes_and_deletes) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Manager *bob = ath_get(s, Manager, 2);
    Employee *cid = ath_get(s, Employee, 3);
    bob->level = (ath_opt_i32)ath_some(4);
    bob->employee.retired = true;
    ((Engineer *)cid)->language = "D";
    CHECK_COMMIT(s);
    CHECK_INT(staff_number(s, "SELECT level FROM employees WHERE id = 2 AND retired"), 4);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM employees WHERE language = 'D'"), 1);
    staff_run(s, "UPDATE employees SET level = 5, name = 'rob' WHERE id = 2");
    CHECK_INT(ath_refresh(s, bob), ATH_OK);
    CHECK_INT(bob->level.value, 5);
    CHECK_STR(bob->employee.name, "rob");
    ath_delete(s, cid);
    ath_delete(s, bob);
    CHECK_COMMIT(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM employees"), 2);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM reports"), 0); /* with its author */
    CHECK_INT(ath_session_state(s, bob), ATH_STATE_NONE);
    end(s);
}

TEST(a_rollback_restores) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Employee **all = ath_all(s, Employee, .order_by = ath_by(ath_col(Employee, id)));
    Manager *bob = (Manager *)all[1];
    Director *dee = (Director *)all[3];
    bob->level = (ath_opt_i32)ath_some(1);
    dee->seat = "south";
    Engineer *eva = ath_new(s, Engineer, .employee.name = "eva");
    ath_delete(s, all[2]);
    CHECK_INT(ath_flush(s), ATH_OK);
    CHECK(eva->employee.id > 0);
    ath_rollback(s);
    CHECK_INT(bob->level.value, 3);
    CHECK_STR(dee->seat, "north");
    CHECK(eva->employee.id == 0 && ath_session_state(s, eva) == ATH_STATE_NONE);
    CHECK_INT(ath_session_state(s, all[2]), ATH_STATE_PERSISTENT);
    CHECK(ath_get(s, Employee, 3) == all[2] && (void *)ath_get(s, Director, 4) == dee);
    CHECK_INT(ath_count(s, Employee), 4);
    end(s);
}

TEST(relations_are_inherited) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Company *acme =
        ath_one(s, Company, .load = ath_load(ath_selectin(Company, staff), ath_selectin(Company, managers)));
    CHECK_OK(s);
    CHECK_INT(ath_len(acme->staff), 2);
    CHECK(ath_as(s, Manager, acme->staff[1]) == acme->managers[0]);
    CHECK(acme->staff[0]->company == acme && acme->managers[0]->led == acme);
    Manager *bob = acme->managers[0];
    CHECK_INT(ath_load_rel(s, bob, team), ATH_OK);
    CHECK_INT(ath_len(bob->team), 1);
    CHECK(ath_as(s, Engineer, bob->team[0]) && bob->team[0]->boss == bob);
    CHECK_INT(ath_load_rel(s, bob, reports), ATH_OK);
    CHECK_INT(ath_len(bob->reports), 1);
    Director *dee = ath_get(s, Director, 4);
    CHECK_INT(ath_set_rel(s, &dee->manager.employee, company, acme), ATH_OK);
    CHECK(acme->staff[2] == &dee->manager.employee);
    CHECK_INT(ath_append(s, &dee->manager, team, bob->team[0]), ATH_OK);
    CHECK_INT(ath_len(bob->team), 0);
    ath_append(s, &dee->manager, reports, ath_new(s, Report, .title = "two"));
    Skill *c = ath_new(s, Skill, .name = "c");
    ath_append(s, &dee->manager.employee, skills, c);
    ath_append(s, c, people, &bob->employee);
    CHECK_COMMIT(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM employees WHERE company_id = 1"), 3);
    CHECK_INT(staff_number(s, "SELECT boss_id FROM employees WHERE id = 3"), 4);
    CHECK_INT(staff_number(s, "SELECT author_id FROM reports WHERE title = 'two'"), 4);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM staff_skills"), 2);
    s = again(s);
    Employee **all = ath_all(s, Employee, .order_by = ath_by(ath_col(Employee, id)));
    uint64_t before = ath_session_statements(s);
    CHECK_INT(ath_load_rel(s, all[0], skills), ATH_OK); /* of all four, whatever they are */
    CHECK(ath_is_loaded(s, all[3], skills) && ath_len(all[3]->skills) == 1 && all[1]->skills[0] == all[3]->skills[0]);
    CHECK_INT(ath_session_statements(s) - before, 1);
    CHECK_INT(ath_load_rel(s, all[1], company), ATH_OK);
    CHECK(all[1]->company && all[1]->company == all[3]->company);
    CHECK_INT(ath_session_statements(s) - before, 2);
    end(s);
}

TEST(relations_in_queries) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Employee **all = ath_all(s, Employee, .order_by = ath_by(ath_col(Employee, id)), .limit = 3,
                             .load = ath_load(ath_joined(Employee, boss), ath_joined(Employee, skills)));
    CHECK_OK(s);
    CHECK_INT(ath_session_statements(s), 1);
    CHECK_INT(ath_len(all), 3);
    CHECK((void *)all[2]->boss == all[1] && ath_as(s, Manager, all[1])->level.value == 3);
    s = again(s);
    Manager **m = ath_all(s, Manager, .load = ath_load(ath_selectin(Employee, company), ath_joined(Manager, reports)),
                          .order_by = ath_by(ath_col(Manager, employee.id)));
    CHECK_OK(s);
    CHECK(ath_len(m) == 2 && m[0]->employee.company && ath_len(m[0]->reports) == 1 && ath_len(m[1]->reports) == 0);
    CHECK_INT(ath_len(ath_all(s, Company, .where = ath_rel_any(Company, managers, ath_eq(ath_col(Manager, level), 3)))),
              1);
    CHECK_INT(ath_len(ath_all(s, Employee, .where = ath_rel_has(Employee, boss, ath_eq(ath_col(Manager, level), 3)))),
              1);
    CHECK_INT(ath_len(ath_all(s, Employee, .where = ath_rel_is(Employee, boss, m[0]))), 1);
    CHECK_INT(ath_len(ath_all(s, Report, .joins = ath_joins(ath_join(Manager)),
                              .where = ath_eq(ath_col(Manager, employee.name), "bob"))),
              1);
    CHECK_OK(s);
    end(s);
}

TEST(a_relation_to_a_class_is_of_the_class) {
    ath_session *s = begin();
    fill(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM companies"), 1);
    staff_run(s, "UPDATE employees SET led_id = 1 WHERE id = 3"); /* an engineer leads nobody */
    ath_commit(s);
    s = again(s);
    Company *acme = ath_one(s, Company, .load = ath_load(ath_selectin(Company, managers)));
    CHECK_INT(ath_len(acme->managers), 1);
    CHECK_INT(ath_len(ath_all(s, Company,
                              .where = ath_rel_any(Company, managers, ath_eq(ath_col(Manager, employee.name), "cid")))),
              0);
    CHECK_OK(s);
    end(s);
}

TEST(changes_by_condition) {
    ath_session *s = begin();
    fill(s);
    Employee **all = ath_all(s, Employee, .order_by = ath_by(ath_col(Employee, id)));
    CHECK_INT(ath_update(s, Manager, .set = ath_set(ath_to(Manager, level, 8)), .all_rows = true), 2);
    CHECK_OK(s);
    CHECK(ath_as(s, Manager, all[1])->level.value == 8 && ath_as(s, Director, all[3])->manager.level.value == 8);
    CHECK_INT(ath_as(s, Engineer, all[2])->level.value, 7);
    CHECK_INT(ath_update(s, Employee, .set = ath_set(ath_to(Employee, retired, true)),
                         .where = ath_ge(ath_col(Employee, id), 3)),
              2);
    CHECK_OK(s);
    CHECK(!all[1]->retired && all[2]->retired && all[3]->retired);
    CHECK_STR(((Director *)all[3])->seat, "north");
    CHECK_INT(ath_delete_where(s, Engineer, .all_rows = true), 1);
    CHECK_INT(ath_session_state(s, all[2]), ATH_STATE_DELETED);
    CHECK_COMMIT(s);
    CHECK_INT(ath_count(s, Employee), 3);
    end(s);
}

TEST(some_columns_alone) {
    ath_session *s = begin();
    fill(s);
    s = again(s);
    Employee **all =
        ath_all(s, Employee, .load_only = ath_cols(ath_col(Employee, name)), .order_by = ath_by(ath_col(Employee, id)));
    CHECK_OK(s);
    Director *dee = ath_as(s, Director, all[3]);
    CHECK(dee && !ath_is_loaded(s, dee, seat) && ath_is_loaded(s, dee, manager.employee.name));
    CHECK_INT(ath_load_columns(s, dee, seat, manager.level), ATH_OK);
    CHECK_STR(dee->seat, "north");
    CHECK_INT(dee->manager.level.value, 9);
    s = again(s);
    all = ath_all(s, Employee, .defer = ath_cols(ath_col(Manager, level)), .order_by = ath_by(ath_col(Employee, id)));
    CHECK_OK(s);
    dee = ath_as(s, Director, all[3]);
    CHECK(dee && ath_is_loaded(s, dee, seat) && !ath_is_loaded(s, dee, manager.level));
    CHECK_INT(ath_undefer(s, dee), ATH_OK);
    CHECK_INT(dee->manager.level.value, 9);
    end(s);
}

TEST(streams_and_read_only_rows) {
    ath_session *s = begin();
    fill(s);
    int n = 0;
    ath_stream *rows = ath_stream_open(s, Employee, .order_by = ath_by(ath_col(Employee, id)));
    for (Employee *e; (e = ath_stream_next(rows)) != NULL; n++) {
        Engineer *cid = ath_as(s, Engineer, e);
        Director *dee = ath_as(s, Director, e);
        CHECK((cid != NULL) == (n == 2) && (dee != NULL) == (n == 3) && (!cid || strcmp(cid->language, "C") == 0));
        CHECK(!dee || strcmp(dee->seat, "north") == 0);
    }
    CHECK_INT(ath_stream_close(rows), ATH_OK);
    CHECK_INT(n, 4);
    Employee **all = ath_all(s, Employee, .read_only = true, .order_by = ath_by(ath_col(Employee, id)));
    CHECK(ath_class_of(s, all[1]) == NULL && ath_as(s, Manager, all[1])->level.value == 3);
    CHECK(!ath_as(s, Engineer, all[1]));
    end(s);
}

TEST(the_discriminator_is_the_library_s) {
    ath_session *s = begin();
    fill(s);
    Engineer *eva = ath_new(s, Engineer, .employee.name = "eva", .employee.type = "manager");
    CHECK_STR(eva->employee.type, "engineer");
    CHECK_COMMIT(s);
    eva->employee.type = "manager";
    CHECK_INT(ath_flush(s), ATH_ARGUMENT);
    CHECK(strstr(ath_error(s)->message, "make a new object"));
    ath_rollback(s);
    CHECK_STR(eva->employee.type, "engineer");
    staff_run(s, "UPDATE employees SET type = 'clown' WHERE id = 1");
    ath_commit(s);
    s = again(s);
    CHECK(!ath_all(s, Employee));
    CHECK_INT(ath_error(s)->status, ATH_DATA);
    CHECK(strstr(ath_error(s)->message, "clown"));
    CHECK(ath_get(s, Manager, 2) != NULL);
    end(s);
}

TEST(a_class_takes_the_place_of_another) {
    ath_session *s = begin();
    fill(s);
    Employee *ann = ath_get(s, Employee, 1);
    ath_delete(s, ann);
    Manager *promoted = ath_new(s, Manager, .employee.id = 1, .employee.name = "ann", .level = ath_some(1));
    CHECK_COMMIT(s);
    CHECK((void *)ath_get(s, Employee, 1) == promoted);
    CHECK_INT(staff_number(s, "SELECT level FROM employees WHERE id = 1 AND type = 'manager'"), 1);
    end(s);
}

TEST(many_of_several_classes) {
    ath_session *s = begin();
    Company *c = ath_new(s, Company, .name = "big");
    for (int i = 0; i < 300; i++) {
        char name[20];
        snprintf(name, sizeof name, "e%d", i);
        if (i % 3 == 0)
            ath_append(s, c, staff, (Employee *)ath_new(s, Engineer, .employee.name = name, .language = "C"));
        else if (i % 3 == 1)
            ath_append(s, c, staff, (Employee *)ath_new(s, Manager, .employee.name = name, .level = ath_some(i)));
        else
            ath_append(s, c, staff, ath_new(s, Employee, .name = name));
        CHECK_INT(ath_flush(s), ATH_OK);
    }
    CHECK_COMMIT(s);
    s = again(s);
    c = ath_one(s, Company, .load = ath_load(ath_selectin(Company, staff)));
    CHECK_INT(ath_len(c->staff), 300);
    for (int i = 0; i < 300; i++) {
        const Manager *m = ath_as(s, Manager, c->staff[i]);
        CHECK((m != NULL) == (i % 3 == 1) && (!m || m->level.value == i) && c->staff[i]->company == c);
    }
    CHECK_INT(ath_session_statements(s), 2);
    end(s);
}

TEST(rows_without_objects) {
    ath_session *s = begin();
    const Engineer rows[] = {{.employee.name = "x", .employee.type = "manager", .language = "C"},
                             {.employee.name = "y", .language = "D"}};
    CHECK_INT(ath_insert_many(s, Engineer, rows, 2), 2);
    CHECK_OK(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM employees WHERE type = 'engineer'"), 2);
    Engineer *x = ath_one(s, Engineer, .where = ath_eq(ath_col(Engineer, employee.name), "x"));
    Engineer given = {.employee.id = x->employee.id, .employee.name = "z", .language = "E"};
    CHECK((void *)ath_merge(s, Engineer, &given) == x);
    CHECK_COMMIT(s);
    CHECK_INT(
        staff_number(s, "SELECT count(*) FROM employees WHERE type = 'engineer' AND name = 'z' AND language = 'E'"), 1);
    CHECK_INT(ath_expire(s, x), ATH_OK);
    CHECK((void *)ath_get(s, Employee, x->employee.id) == x);
    CHECK_STR(x->language, "E");
    CHECK_OK(s);
    end(s);
}

/* A struct of a graph says by its discriminator what it is. */
TEST(a_graph_is_merged) {
    ath_session *s = begin();
    Manager lead = {.employee.name = "lead", .employee.type = "manager", .level = ath_some(3)};
    Engineer hand = {.employee.name = "hand", .employee.type = "engineer", .language = "C", .employee.boss = &lead};
    Employee plain = {.name = "plain"};
    Report report = {.title = "report", .author = &lead};
    Company given = {.name = "merged"};
    given.staff = (Employee *[]){&lead.employee, &hand.employee, &plain, NULL};
    lead.reports = (Report *[]){&report, NULL};
    Company *c = ath_merge(s, Company, &given);
    CHECK_OK(s);
    CHECK(c && ath_len(c->staff) == 3);
    Manager *m = c ? ath_as(s, Manager, c->staff[0]) : NULL;
    Engineer *e = c ? ath_as(s, Engineer, c->staff[1]) : NULL;
    CHECK(m && m->level.value == 3 && ath_len(m->reports) == 1 && m->reports[0]->author == m);
    CHECK(e && e->employee.boss == m);
    CHECK_COMMIT(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM employees WHERE type = 'engineer' AND language = 'C' AND boss_id = "
                              "(SELECT id FROM employees WHERE name = 'lead')"),
              1);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM employees WHERE type = 'employee' AND name = 'plain'"), 1);
    lead.employee.id = m ? m->employee.id : 0;
    lead.level = (ath_opt_i32)ath_some(4);
    lead.reports = NULL;
    CHECK((void *)ath_merge(s, Employee, &lead.employee) ==
          m); /* as what it is asked for: a manager's level is none of it */
    CHECK(m && m->level.value == 3);
    CHECK((void *)ath_merge(s, Manager, &lead) == m);
    CHECK(m && m->level.value == 4);
    CHECK_INT(ath_refresh(s, m), ATH_OK);
    CHECK_COMMIT(s);
    end(s);
}

static const test_case cases[] = {
    {"rows_without_objects", rows_without_objects},
    {"a_graph_is_merged", a_graph_is_merged},
    {"the_table_has_all_columns", the_table_has_all_columns},
    {"classes_are_written", classes_are_written},
    {"all_gives_the_real_classes", all_gives_the_real_classes},
    {"one_row_is_one_struct", one_row_is_one_struct},
    {"a_class_gives_its_rows", a_class_gives_its_rows},
    {"changes_and_deletes", changes_and_deletes},
    {"a_rollback_restores", a_rollback_restores},
    {"relations_are_inherited", relations_are_inherited},
    {"relations_in_queries", relations_in_queries},
    {"a_relation_to_a_class_is_of_the_class", a_relation_to_a_class_is_of_the_class},
    {"changes_by_condition", changes_by_condition},
    {"some_columns_alone", some_columns_alone},
    {"streams_and_read_only_rows", streams_and_read_only_rows},
    {"the_discriminator_is_the_library_s", the_discriminator_is_the_library_s},
    {"a_class_takes_the_place_of_another", a_class_takes_the_place_of_another},
    {"many_of_several_classes", many_of_several_classes},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
