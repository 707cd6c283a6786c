/* SPDX-License-Identifier: Apache-2.0
 *
 * The models of the tests of inheritance: one hierarchy in one table, one joined, one concrete.
 */
#ifndef ATH_TEST_INHERITANCE_STAFF_H
#define ATH_TEST_INHERITANCE_STAFF_H

#include "../servers.h"

#include <athanor/athanor.h>

/* ---- single-table ---- */

typedef struct Company Company;
typedef struct Employee Employee;
typedef struct Manager Manager;
typedef struct Director Director;
typedef struct Engineer Engineer;
typedef struct Report Report;
typedef struct Skill Skill;
typedef struct StaffSkill StaffSkill;

struct Company {
    int64_t id;
    const char *name;
    Employee **staff;
    Manager **managers;
};
struct Employee {
    int64_t id;
    const char *name, *type;
    ath_opt_i64 company_id, boss_id;
    bool retired;
    Company *company;
    Manager *boss;
    Skill **skills;
};
struct Manager {
    Employee employee;
    ath_opt_i32 level;
    ath_opt_i64 led_id;
    Company *led;
    Report **reports;
    Employee **team;
};
struct Director {
    Manager manager;
    const char *seat;
};
struct Engineer {
    Employee employee;
    const char *language;
    ath_opt_i32 level; /* the same column as a manager's */
};
struct Report {
    int64_t id;
    ath_opt_i64 author_id;
    const char *title;
    Manager *author;
};
struct Skill {
    int64_t id;
    const char *name;
    Employee **people;
};
struct StaffSkill {
    int64_t employee_id, skill_id;
};
ATH_DECLARE(Company);
ATH_DECLARE(Employee);
ATH_DECLARE(Manager);
ATH_DECLARE(Director);
ATH_DECLARE(Engineer);
ATH_DECLARE(Report);
ATH_DECLARE(Skill);
ATH_DECLARE(StaffSkill);
ATH_DECLARE_METADATA(Staff);

/* A session over a fresh database with the tables. */
ath_session *staff_begin(ath_engine **db, const ath_metadata *md);
void staff_close(ath_session *s, ath_engine *db);
void staff_run(ath_session *s, const char *sql);
/* The first column of the first row as a number; -1 when there is none, or it is NULL. */
int64_t staff_number(ath_session *s, const char *sql);

#define CHECK_OK(s) CHECK_STR(ath_error(s)->message, "")
#define CHECK_COMMIT(s)                                                                                                \
    do {                                                                                                               \
        ath_commit(s);                                                                                                 \
        CHECK_OK(s);                                                                                                   \
    } while (0)

#endif
