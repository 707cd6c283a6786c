/* SPDX-License-Identifier: Apache-2.0
 *
 * A transaction that is whole or not at all.
 */
#include "blog.h"

/* The seed reads both balances, changes them in memory and writes them back: under concurrency an update can be lost.  Here
 * the database does the arithmetic, and the condition guards it. */
static bool transfer(ath_session *s, int64_t from, int64_t to, double amount) {
    bool done = false;
    ATH_TRANSACTION(s) {
        int64_t taken =
            ath_update(s, User, .set = ath_set(ath_to(User, balance, ath_minus(ath_col(User, balance), amount))),
                       .where = ath_and(ath_eq(ath_col(User, id), from), ath_ge(ath_col(User, balance), amount)));
        int64_t given =
            taken == 1
                ? ath_update(s, User, .set = ath_set(ath_to(User, balance, ath_plus(ath_col(User, balance), amount))),
                             .where = ath_eq(ath_col(User, id), to))
                : 0;
        if (given != 1)
            break; /* rolls back */
        done = true;
    }
    return done && ath_error(s)->status == ATH_OK;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    User *alice = ath_get(db, User, 1), *bob = ath_get(db, User, 2);
    printf("30 to bob: %s\n", transfer(db, 1, 2, 30) ? "done" : "refused");
    printf("alice %g, bob %g\n", alice->balance, bob->balance);
    printf("500 to bob: %s\n", transfer(db, 1, 2, 500) ? "done" : "refused");
    printf("5 to nobody: %s\n", transfer(db, 1, 99, 5) ? "done" : "refused");
    printf("alice %g, bob %g\n", alice->balance, bob->balance);
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
