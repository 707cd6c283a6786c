/* SPDX-License-Identifier: Apache-2.0
 *
 * INSERT or UPDATE of structs, where upsert.c spells the statement out. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = insert(User).values(...)
     * stmt = stmt.on_conflict_do_update(index_elements=[User.username], set_={...}).returning(User)
     * user = session.scalars(stmt, execution_options={"populate_existing": True}).one()
     *
     * The object is the session's; its id is the one that the row had. */
    User bob = {.username = "bob", .email = "new@example.com", .status = "gold", .is_active = true, .balance = 5};
    User *user = ath_upsert(db, User, &bob, .on = ath_names("username"), .set = ath_names("email", "balance"));
    if (!user)
        return blog_close(engine, db, false);
    printf("%" PRId64 " %s %s %.0f\n", user->id, user->username, user->email, user->balance);

    /* Many: one statement for up to 100 rows. */
    const User many[] = {{.username = "alice", .email = "a@example.net", .is_active = true},
                         {.username = "zoe", .email = "z@example.net", .is_active = true}};
    int64_t rows = ath_upsert_many(db, User, many, 2, .on = ath_names("username"), .set = ath_names("email"));
    /* on_conflict_do_nothing() */
    const User kept[] = {{.username = "mary", .email = "other@example.net"},
                         {.username = "yan", .email = "yan@example.net"}};
    int64_t more = ath_upsert_many(db, User, kept, 2, .on = ath_names("username"), .keep = true);
    if (rows != 2 || more != 2 || ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);

    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, username)));
    ath_each(User, each, users)
        printf("%s %s %.1f\n", each->username, each->email, each->balance);
    return blog_close(engine, db, users != NULL);
}
