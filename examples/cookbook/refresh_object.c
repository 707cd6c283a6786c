/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading an object anew. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* db.add(user)
     * db.commit()
     * db.refresh(user)      # "to get the id that the database made"
     *
     * It is not needed for that: the flush has brought the id, and defaults of the database. */
    User *user = ath_new(db, User, .username = "zoe", .email = "zoe@example.org");
    if (ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);
    uint64_t before = ath_session_statements(db);
    printf("id %s, status %s, statements: %d\n", user->id ? "set" : "not set", user->status,
           (int)(ath_session_statements(db) - before));

    /* What somebody else has written; objects of a session do not follow by themselves. */
    ath_session *other = ath_session_open(engine);
    ath_update(other, User, .set = ath_set(ath_to(User, balance, 70)), .where = ath_eq(ath_col(User, id), user->id));
    bool ok = ath_commit(other) == ATH_OK;
    ath_session_close(other);
    printf("before: %.0f\n", user->balance);
    ok = ok && ath_refresh(db, user) == ATH_OK;
    printf("refreshed: %.0f\n", user->balance);

    /* session.refresh(user, with_for_update=True): and nobody else changes it until our transaction ends */
    ok = ok && ath_refresh(db, user, .lock = ath_for_update()) == ATH_OK;
    user->balance += 1;
    ok = ok && ath_commit(db) == ATH_OK;

    /* session.expire(user): unwritten changes are forgotten; the next query that meets the row reads it. */
    user->balance = 1000;
    ath_expire(db, user);
    User *same = ath_get(db, User, user->id);
    printf("expired: %.0f, %s\n", user->balance, same == user ? "the same struct" : "another");

    /* A row that is gone. */
    ath_delete_where(db, User, .where = ath_eq(ath_col(User, username), "mary"));
    User *john = ath_get(db, User, 4);
    ath_result_close(ath_execute(db, ath_text("DELETE FROM users WHERE id = 4")));
    if (john)
        printf("gone: %s\n", ath_status_name(ath_refresh(db, john)));
    ath_rollback(db);
    return blog_close(engine, db, ok && same);
}
