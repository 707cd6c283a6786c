/* SPDX-License-Identifier: Apache-2.0
 *
 * SQL as text.  Values are bound, never written into it. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* connection.execute("UPDATE users SET new_column = 'default' WHERE new_column IS NULL")
     *
     * A bare string is refused by SQLAlchemy 2, which wants text("..."); so here. */
    ath_result *r = ath_execute(db, ath_text("UPDATE users SET deleted_at = :day WHERE deleted_at IS NULL AND id > :id",
                                             ath_bind("day", "2024-01-01 00:00:00.000000"), ath_bind("id", 2)));
    if (!r)
        return blog_close(engine, db, false);
    printf("%" PRId64 " rows\n", ath_result_rowcount(r));
    ath_result_close(r);

    /* session.execute(text("SELECT id, username FROM users WHERE username = :name"), {"name": name}) */
    const char *name = "john' OR 1 = 1 --"; /* a value, whatever is in it */
    for (int i = 0; i < 2; i++, name = "john") {
        int found = 0;
        r = ath_execute(db, ath_text("SELECT id, username FROM users WHERE username = :name", ath_bind("name", name)));
        for (const ath_row *row; (row = ath_fetch(r)) != NULL; found++)
            printf("%" PRId64 " %s\n", ath_row_int(row, 0), ath_row_text(row, 1));
        printf("%d found\n", found);
        ath_result_close(r);
    }

    /* Text serves as a part of a query as well. */
    User **users = ath_all(
        db, User,
        .where = ath_and(ath_is(ath_col(User, is_active)), ath_text("length(users.username) = :n", ath_bind("n", 4))),
        .order_by = ath_by(ath_text("users.username")));
    ath_each(User, user, users)
        printf("%s\n", user->username);
    return blog_close(engine, db, users && ath_commit(db) == ATH_OK);
}
