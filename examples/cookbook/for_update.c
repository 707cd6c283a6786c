/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows that are locked while they are changed: a transfer that reads, decides and writes. */
#include "blog.h"

/* stmt = select(User).where(User.id.in_([from_id, to_id])).order_by(User.id).with_for_update()
 * accounts = {user.id: user for user in await db.scalars(stmt)}
 *
 * In one order always, so that two transfers in opposite directions do not wait for each other.  populate_existing: what
 * the session knew of the rows is from before the lock.  SQLite has no row locks, and writes one transaction at a time. */
static bool lock_both(ath_session *db, int64_t from, int64_t to) {
    User **users = ath_all(db, User, .where = ath_in(ath_col(User, id), from, to),
                           .order_by = ath_by(ath_col(User, id)), .lock = ath_for_update(), .populate_existing = true);
    return ath_len(users) == 2;
}

static const char *transfer(ath_session *db, int64_t from, int64_t to, double amount) {
    const char *outcome = "failed";
    ATH_TRANSACTION(db) {
        if (!lock_both(db, from, to)) {
            outcome = "no such user";
            break; /* rolls back */
        }
        User *giver = ath_get(db, User, from), *taker = ath_get(db, User, to); /* no SQL: the session has them */
        if (giver->balance < amount) {
            outcome = "not enough";
            break;
        }
        giver->balance -= amount;
        taker->balance += amount;
        outcome = "done";
    }
    return ath_error(db)->status == ATH_OK ? outcome : ath_error(db)->message;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    printf("30: %s\n", transfer(db, 1, 2, 30));
    printf("500: %s\n", transfer(db, 1, 2, 500));
    printf("to nobody: %s\n", transfer(db, 1, 99, 1));

    User **users = ath_all(db, User, .where = ath_le(ath_col(User, id), 2), .order_by = ath_by(ath_col(User, id)));
    ath_each(User, user, users)
        printf("%s has %.0f\n", user->username, user->balance);
    return blog_close(engine, db, users != NULL);
}
