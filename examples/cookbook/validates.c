/* SPDX-License-Identifier: Apache-2.0
 *
 * Values that are checked before anything is sent. */
#include "cookbook.h"
#include <string.h>

typedef struct Member {
    int64_t id;
    const char *name, *email;
    ath_opt_i32 age;
    ath_opt_date from, until;
} Member;

/* @validates("email")
 * def validate_email(self, key, value):
 *     if "@" not in value: raise ValueError("failed simple email validation")
 *     return value
 *
 * Conditions of single columns stand with the column.  What concerns several is a function. */
static ath_status check_member(const void *object, ath_error *error) {
    const Member *m = object;
    if (m->from.has && m->until.has && m->until.value.days < m->from.value.days)
        return ath_invalid(error, "until", "it ends before it begins");
    return ATH_OK;
}

ATH_MODEL(Member, "members") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40), .min_length = 2, .max_length = 40);
    ath_column(email, .type = ATH_STRING(100), .pattern = "^[^@ ]+@[^@ ]+$");
    ath_column(age, .nullable = true, .min = ath_int(18), .max = ath_int(130));
    ath_column(from, .name = "from_day", .nullable = true);
    ath_column(until, .name = "until_day", .nullable = true);
    ath_model_options(.validate = check_member);
}
ATH_METADATA(App, Member);

/* Adds one, commits, and says which rule it broke. */
static void try_out(ath_session *db, const Member *member) {
    ath_add(db, Member, member);
    if (ath_commit(db) == ATH_OK) {
        printf("%s: fine\n", member->name);
        return;
    }
    const ath_error *error = ath_error(db);
    printf("%s: %s, %s of %s\n", member->name, ath_status_name(error->status), error->constraint, error->column);
    ath_rollback(db);
}

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    ath_date early = {0}, late = {0};
    ath_date_make(2024, 1, 1, &early);
    ath_date_make(2024, 6, 30, &late);
    try_out(db, &(const Member){.name = "ann", .email = "ann@example.org", .age = ath_some(30)});
    try_out(db, &(const Member){.name = "b", .email = "b@example.org"});
    try_out(db, &(const Member){.name = "carl", .email = "no address"});
    try_out(db, &(const Member){.name = "dora", .email = "d@example.org", .age = ath_some(12)});
    try_out(db,
            &(const Member){.name = "eve", .email = "e@example.org", .from = ath_some(late), .until = ath_some(early)});
    printf("members: %" PRId64 "\n", ath_count(db, Member));
    return cookbook_close(engine, db, ath_error(db)->status == ATH_OK);
}
