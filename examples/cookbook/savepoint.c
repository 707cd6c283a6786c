/* SPDX-License-Identifier: Apache-2.0
 *
 * A part of the work that may fail, without the rest. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    static const char *const names[] = {"zoe", "alice", "yan"}; /* alice is there */

    /* for name in names:
     *     try:
     *         with session.begin_nested():
     *             session.add(User(username=name))
     *     except IntegrityError:
     *         print(f"skipped {name}")
     * session.commit() */
    for (int i = 0; i < 3; i++) {
        ath_begin_nested(db);
        ath_new(db, User, .username = names[i], .email = "new@example.org");
        if (ath_commit_nested(db) == ATH_OK)
            continue;
        printf("skipped %s: %s\n", names[i], ath_status_name(ath_error(db)->status));
        ath_rollback_nested(db);
    }
    if (ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);
    printf("users: %" PRId64 "\n", ath_count(db, User));

    /* Going back puts objects back too, to what they were at the savepoint. */
    User *alice = ath_get(db, User, 1);
    if (!alice)
        return blog_close(engine, db, false);
    alice->balance = 1;
    ath_begin_nested(db); /* flushes: the 1 is before it */
    alice->balance = 2;
    User *ghost = ath_new(db, User, .username = "ghost", .email = "g@example.org");
    ath_flush(db);
    ath_rollback_nested(db);
    printf("balance: %.0f, ghost: %s\n", alice->balance,
           ath_session_state(db, ghost) == ATH_STATE_NONE ? "gone" : "there");

    /* As a block: leaving it early goes back to where it began. */
    ATH_NESTED(db) {
        alice->balance = 3;
        break;
    }
    ATH_NESTED(db) {
        alice->status = "kept";
    }
    bool ok = ath_commit(db) == ATH_OK && ath_refresh(db, alice) == ATH_OK;
    printf("balance: %.0f, status: %s\n", alice->balance, alice->status);
    return blog_close(engine, db, ok);
}
