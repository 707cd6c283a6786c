/* SPDX-License-Identifier: Apache-2.0
 *
 * Where an object stands, from new to gone. */
#include "blog.h"

static void show(ath_session *db, const char *when, const User *user) {
    static const char *const names[] = {"none of the session's", "pending", "persistent", "deleted"};
    printf("%s: %s\n", when, names[ath_session_state(db, user)]);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* insp = inspect(user): insp.transient, insp.pending, insp.persistent, insp.deleted, insp.detached */
    User *user = ath_new(db, User, .username = "zoe", .email = "zoe@example.org");
    show(db, "made", user); /* SQLAlchemy's transient is a plain struct here, that no session knows */
    ath_flush(db);
    show(db, "flushed", user);
    ath_rollback(db);
    show(db, "rolled back", user);
    printf("its key: %" PRId64 "\n", user->id); /* cleared: the row was never there */

    user = ath_new(db, User, .username = "zoe", .email = "zoe@example.org");
    if (ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);
    ath_delete(db, user);
    show(db, "marked", user);
    ath_rollback(db);
    show(db, "rolled back", user);
    ath_delete(db, user);
    ath_flush(db);
    show(db, "deleted", user);
    ath_commit(db);
    show(db, "committed", user);
    printf("still readable: %s\n", user->username);

    /* session.dirty: assignments are found by the flush, which compares; nothing is sent for a value that is the same. */
    User *alice = ath_get(db, User, 1);
    uint64_t before = ath_session_statements(db);
    if (alice)
        alice->balance += 0;
    ath_flush(db);
    printf("statements: %d\n", (int)(ath_session_statements(db) - before));
    return blog_close(engine, db, alice && ath_error(db)->status == ATH_OK);
}
