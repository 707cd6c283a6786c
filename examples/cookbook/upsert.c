/* SPDX-License-Identifier: Apache-2.0
 *
 * INSERT a row, or UPDATE the one that is there. */
#include "blog.h"

/* PostgreSQL, SQLite:
 *     stmt = insert(User).values(username=..., email=...)
 *     stmt = stmt.on_conflict_do_update(index_elements=[User.username], set_={"email": stmt.excluded.email})
 * MySQL:
 *     stmt = insert(User).values(...).on_duplicate_key_update(email=stmt.inserted.email)
 *
 * Three imports of insert, and two ways to say it, in SQLAlchemy; one here.  MySQL and MariaDB watch every unique key, not
 * just those that are named. */
static bool put(ath_session *db, const char *username, const char *email) {
    ath_result *result = ath_execute(
        db, ath_insert(.model = ath_model_of(User),
                       .set = ath_set(ath_to(User, username, username), ath_to(User, email, email),
                                      ath_to(User, balance, 1.0)),
                       .on_conflict = ath_on_conflict(.columns = ath_names("username"),
                                                      .set = ath_set(ath_to(User, email, ath_excluded(User, email)),
                                                                     ath_to(User, balance,
                                                                            ath_plus(ath_col(User, balance),
                                                                                     ath_excluded(User, balance)))))));
    ath_result_close(result);
    return result != NULL;
}

/* stmt.on_conflict_do_nothing(index_elements=[User.username]); MySQL: insert(User).prefix_with("IGNORE")
 *
 * IGNORE would also swallow values that do not fit.  Here the row that is there stays as it is, and no more. */
static bool put_if_absent(ath_session *db, const char *username, const char *email) {
    ath_result *result =
        ath_execute(db, ath_insert(.model = ath_model_of(User), .columns = ath_names("username", "email", "balance"),
                                   .values = ath_rows(ath_vals(username, email, 0.0)),
                                   .on_conflict = ath_on_conflict(.columns = ath_names("username"))));
    ath_result_close(result);
    return result != NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    bool ok = put(db, "bob", "new@example.com") && put(db, "zoe", "zoe@example.com") &&
              put_if_absent(db, "zoe", "other@example.com") && put_if_absent(db, "yan", "yan@example.com") &&
              ath_commit(db) == ATH_OK;

    User **users = ath_all(db, User, .where = ath_in(ath_col(User, username), "bob", "zoe", "yan"),
                           .order_by = ath_by(ath_col(User, username)));
    ath_each(User, user, users)
        printf("%s %s %.0f %s\n", user->username, user->email, user->balance, user->status);
    return blog_close(engine, db, ok && users);
}
