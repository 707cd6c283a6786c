/* SPDX-License-Identifier: Apache-2.0
 *
 * The models of the tests of inheritance, and what the programs share.
 */
#include "staff.h"

ATH_MODEL(Company, "companies") {
    ath_column(id, .primary_key = true);
    ath_column(name);
    ath_has_many(staff, Employee, .back_populates = "company", .order_by = ath_by(ath_col(Employee, id)));
    ath_has_many(managers, Manager, .foreign_key = ath_names("led_id"), .back_populates = "led",
                 .order_by = ath_by(ath_col(Manager, employee.id)));
}
ATH_MODEL(Employee, "employees") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50), .unique = true);
    ath_column(type, .type = ATH_STRING(20));
    ath_column(company_id, .foreign_key = "companies.id", .nullable = true);
    ath_column(boss_id, .foreign_key = "employees.id", .nullable = true);
    ath_column(retired, .default_value = ath_bool(false));
    ath_belongs_to(company, Company, .back_populates = "staff", .foreign_key = ath_names("company_id"));
    ath_belongs_to(boss, Manager, .back_populates = "team", .foreign_key = ath_names("boss_id"));
    ath_has_many(skills, Skill, .secondary = ath_model_of(StaffSkill), .back_populates = "people",
                 .order_by = ath_by(ath_col(Skill, id)));
    ath_polymorphic_on(type, .identity = "employee");
    ath_subclasses(Manager, Engineer);
}
ATH_MODEL(Manager, "employees") {
    ath_inherits(employee, Employee, .identity = "manager");
    ath_column(level, .nullable = true);
    ath_column(led_id, .foreign_key = "companies.id", .nullable = true);
    ath_belongs_to(led, Company, .back_populates = "managers", .foreign_key = ath_names("led_id"));
    ath_has_many(reports, Report, .back_populates = "author", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
    ath_has_many(team, Employee, .back_populates = "boss", .foreign_key = ath_names("boss_id"),
                 .order_by = ath_by(ath_col(Employee, id)));
    ath_subclasses(Director);
}
ATH_MODEL(Director, "employees") {
    ath_inherits(manager, Manager, .identity = "director");
    ath_column(seat, .type = ATH_STRING(30), .nullable = true);
}
ATH_MODEL(Engineer, "employees") {
    ath_inherits(employee, Employee, .identity = "engineer");
    ath_column(language, .type = ATH_STRING(30));
    ath_column(level, .nullable = true);
}
ATH_MODEL(Report, "reports") {
    ath_column(id, .primary_key = true);
    ath_column(author_id, .foreign_key = "employees.id", .nullable = true);
    ath_column(title);
    ath_belongs_to(author, Manager, .back_populates = "reports");
}
ATH_MODEL(Skill, "skills") {
    ath_column(id, .primary_key = true);
    ath_column(name);
    ath_has_many(people, Employee, .secondary = ath_model_of(StaffSkill), .back_populates = "skills",
                 .order_by = ath_by(ath_col(Employee, id)));
}
ATH_MODEL(StaffSkill, "staff_skills") {
    ath_column(employee_id, .primary_key = true, .foreign_key = "employees.id");
    ath_column(skill_id, .primary_key = true, .foreign_key = "skills.id");
}
ATH_METADATA(Staff, Company, Employee, Manager, Director, Engineer, Report, Skill, StaffSkill);

ath_session *staff_begin(ath_engine **db, const ath_metadata *md) {
    ath_error error = {0};
    const char *url = test_url(test_on);
    *db = ath_engine_open(url, .error = &error);
    if (*db && ath_drop_all(*db, md, &error) == ATH_OK && ath_create_all(*db, md, &error) == ATH_OK)
        return ath_session_open(*db);
    test_failed_(__FILE__, __LINE__, "%s: %s [%s]", url, error.message, error.statement);
    ath_engine_close(*db);
    return NULL;
}

void staff_close(ath_session *s, ath_engine *db) {
    ath_session_close(s);
    ath_engine_close(db);
}

int64_t staff_number(ath_session *s, const char *sql) {
    ath_result *r = ath_execute(s, ath_text(sql));
    const ath_value *v = r ? ath_result_scalar(r) : NULL;
    int64_t n = v && v->kind == ATH_KIND_INT ? v->as.i : -1;
    ath_result_close(r);
    return n;
}

void staff_run(ath_session *s, const char *sql) {
    ath_result_close(ath_execute(s, ath_text(sql)));
    CHECK_OK(s);
}
