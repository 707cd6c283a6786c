/* SPDX-License-Identifier: Apache-2.0
 *
 * Objects that leave a session, and come back to another. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();

    /* with Session() as session:
     *     user = session.get(User, 1)
     *     session.expunge(user)
     * user.status = "edited"           # detached
     *
     * An object's memory belongs to its session; what is to outlive that is copied, texts and all. */
    ath_session *db = ath_session_open(engine);
    User *alice = ath_get(db, User, 1);
    User *copy = alice ? ath_detach(db, alice) : NULL;
    ath_session_close(db);
    if (!copy)
        return blog_close(engine, NULL, true), 1;
    copy->status = "edited";

    /* with Session() as session:
     *     user = session.merge(user)   # the session's own object with that key, the values assigned to it
     *     session.commit() */
    db = ath_session_open(engine);
    alice = ath_merge(db, User, copy);
    bool ok = alice && alice != copy && ath_commit(db) == ATH_OK;
    ath_detached_free(copy);
    if (!ok)
        return blog_close(engine, db, false);
    printf("%s is %s\n", alice->username, alice->status);

    /* Any struct will do, if all of its fields are meant; without a key it is a new object. */
    User *dora = ath_merge(db, User, &(const User){.username = "dora", .email = "d@example.org", .status = "new"});
    ok = dora && ath_commit(db) == ATH_OK;
    printf("dora: %s\n", ok && dora->id ? "inserted" : "not inserted");

    /* session.expunge(user): within the session's life it stays readable, and what is assigned is not written. */
    ath_expunge(db, alice);
    alice->status = "never written";
    ok = ok && ath_commit(db) == ATH_OK;
    User *again = ath_get(db, User, 1);
    if (again)
        printf("%s is %s, in %s struct\n", again->username, again->status, again == alice ? "the same" : "another");
    return blog_close(engine, db, ok && again);
}
