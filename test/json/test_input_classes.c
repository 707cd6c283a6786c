/* SPDX-License-Identifier: Apache-2.0
 *
 * Input for classes that inherit: fields of the parent by their own names, the class said by the library, rules, checks and
 * input fields of both.
 */
#include "input_test.h"

#include "../servers.h"

typedef struct Employee {
    int64_t id;
    const char *name, *type;
} Employee;
typedef struct Manager {
    Employee employee;
    ath_opt_i32 level;
} Manager;
ATH_DECLARE(Employee);
ATH_DECLARE(Manager);

static ath_status check_employee(const void *object, ath_error *error) {
    const Employee *e = object;
    return strcmp(e->name, "nobody") != 0 ? ATH_OK : ath_invalid(error, "name", "somebody, please");
}
static ath_status check_manager(const void *object, ath_error *error) {
    const Manager *m = object;
    return m->level.has ? ATH_OK : ath_invalid(error, "level", "a manager has one");
}

ATH_MODEL(Employee, "employees") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(20), .min_length = 3);
    ath_column(type, .type = ATH_STRING(20));
    ath_polymorphic_on(type, .identity = "employee");
    ath_subclasses(Manager);
    ath_model_options(.validate = check_employee);
    ath_input_field(name, .strip = true);
}
ATH_MODEL(Manager, "managers") {
    ath_inherits(employee, Employee, .identity = "manager");
    ath_column(level, .nullable = true, .max = ath_int(9));
    ath_model_options(.validate = check_manager);
    ath_input_field(level, .alias = "rank");
}
ATH_METADATA(Staff, Employee, Manager);

TEST(fields) {
    CHECK_PROBLEMS(Manager, "{\"name\": \" ann \", \"rank\": 3}", "");
    CHECK_PROBLEMS(Manager, "{\"name\": \" a \", \"rank\": 10, \"type\": \"employee\"}",
                   "/name too_short; /rank too_big; /type read_only");
    CHECK_PROBLEMS(Manager, "{\"name\": \"nobody\"}", "/name check; /rank check");
    CHECK_PROBLEMS(Employee, "{\"name\": \"nobody\", \"rank\": 1}", "/rank unknown_field");
}

TEST(rows) {
    ath_error e = {0};
    ath_engine *db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &e);
    CHECK_INT(ath_drop_all(db, &Staff, &e), ATH_OK);
    CHECK_INT(ath_create_all(db, &Staff, &e), ATH_OK);
    ath_session *s = ath_session_open(db);
    ath_input *in = READ(Manager, "{\"name\": \"anna\", \"rank\": 3}");
    Manager *m = ath_input_new(s, Manager, in);
    ath_input_free(in);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(m && m->employee.id > 0 && strcmp(m->employee.type, "manager") == 0);
    in = READ(Employee, "{\"name\": \"bert\"}", .partial = true); /* of the parent, for an object of the child */
    CHECK_INT(ath_input_apply(s, m, in), ATH_OK);
    ath_input_free(in);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, Manager, .where = ath_eq(ath_col(Manager, employee.name), "bert")), 1);
    ath_session_close(s);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"fields", fields},
    {"rows", rows},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
