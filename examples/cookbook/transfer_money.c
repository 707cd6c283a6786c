/* SPDX-License-Identifier: Apache-2.0
 *
 * Two changes that happen both or not at all. */
#include "blog.h"

/* async def transfer_money(db: AsyncSession, from_user_id: int, to_user_id: int, amount: float):
 *     from_user = ...; to_user = ...
 *     if not from_user or from_user.balance < amount: raise ValueError("余额不足")
 *     from_user.balance -= amount
 *     to_user.balance += amount
 *     await db.commit()
 * except: await db.rollback(); raise
 *
 * The Python lines read, compute and write back: of two transfers at once one is lost, and that there is a receiver is
 * not checked.  Let the database compute, and let the condition of the UPDATE be the check of the balance. */
static bool transfer_money(ath_session *db, int64_t from, int64_t to, double amount) {
    int64_t taken =
        ath_update(db, User, .set = ath_set(ath_to(User, balance, ath_minus(ath_col(User, balance), amount))),
                   .where = ath_and(ath_eq(ath_col(User, id), from), ath_ge(ath_col(User, balance), amount)));
    int64_t given =
        taken != 1
            ? 0
            : ath_update(db, User, .set = ath_set(ath_to(User, balance, ath_plus(ath_col(User, balance), amount))),
                         .where = ath_eq(ath_col(User, id), to));
    if (taken == 1 && given == 1 && ath_commit(db) == ATH_OK)
        return true;
    ath_rollback(db);
    return false;
}

/* The same by objects, in a block that is one transaction: good where nobody else writes meanwhile. */
static bool transfer_objects(ath_session *db, User *from, User *to, double amount) {
    bool enough = false;
    ATH_TRANSACTION(db) {
        to->balance += amount;
        from->balance -= amount;
        enough = from->balance >= 0;
        if (!enough)
            break; /* rolls back: both assignments are undone */
    }
    return enough && ath_error(db)->status == ATH_OK;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    User *alice = ath_get(db, User, 1), *bob = ath_get(db, User, 2);
    if (!alice || !bob)
        return blog_close(engine, db, false);

    bool done = transfer_money(db, 1, 2, 30);
    printf("30: %s, %.0f and %.0f\n", done ? "done" : "refused", alice->balance, bob->balance);
    done = transfer_money(db, 1, 2, 500);
    printf("500: %s, %.0f and %.0f\n", done ? "done" : "refused", alice->balance, bob->balance);
    done = transfer_money(db, 1, 99, 10);
    printf("10 to nobody: %s, %.0f\n", done ? "done" : "refused", alice->balance);

    done = transfer_objects(db, bob, alice, 20);
    printf("20 back: %s, %.0f and %.0f\n", done ? "done" : "refused", alice->balance, bob->balance);
    done = transfer_objects(db, bob, alice, 1000);
    printf("1000 back: %s, %.0f and %.0f\n", done ? "done" : "refused", alice->balance, bob->balance);
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
