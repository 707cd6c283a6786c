#include <athanor/athanor.h>
#include <inttypes.h>
#include <stdio.h>

typedef struct User {
    int64_t id;
    const char *name;
    ath_opt_i32 age; /* may be NULL */
    bool is_active;
} User;

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50), .unique = true);
    ath_column(age, .nullable = true);
    ath_column(is_active, .default_value = ath_bool(true));
}
ATH_METADATA(App, User);

int main(void) {
    ath_engine *db = ath_engine_open("sqlite://"); /* or "sqlite:///app.db" */
    ath_create_all(db, &App);
    ath_session *s = ath_session_open(db);

    User *alice = ath_new(s, User, .name = "Alice", .age = ath_some(31));
    ath_new(s, User, .name = "Bob", .is_active = false);
    ath_commit(s); /* INSERTs; the keys are in the structs now */

    alice->age.value++; /* an assignment is all it takes */
    User **active =
        ath_all(s, User, .where = ath_eq(ath_col(User, is_active), true), .order_by = ath_by(ath_col(User, name)));
    ath_each(User, u, active)
        printf("%" PRId64 " %s is %d\n", u->id, u->name, u->age.value);

    ath_new(s, User, .name = "Alice"); /* the name is taken */
    if (ath_commit(s) == ATH_INTEGRITY)
        printf("refused: %s.%s must be unique\n", ath_error(s)->table, ath_error(s)->column);
    ath_rollback(s);

    ath_session_close(s); /* frees all that the session loaded */
    ath_engine_close(db);
    return 0;
}
