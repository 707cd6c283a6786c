/* SPDX-License-Identifier: Apache-2.0
 *
 * Money moves, or nothing does; and whoever gets in the way of another starts over. */
#include "blog.h"

/* async def transfer(db, from_id, to_id, amount):
 *     try:
 *         from_user = await db.get(User, from_id) ...
 *         await db.commit()
 *     except Exception:
 *         await db.rollback()
 *         raise
 *
 * There a deadlock is an exception like any other, and trying again is left to the caller. */
typedef struct Transfer {
    int64_t from, to;
    double amount;
    int runs;
} Transfer;

static ath_status transfer(ath_session *db, void *arg) {
    Transfer *t = arg;
    t->runs++;
    User *from = ath_get(db, User, t->from), *to = ath_get(db, User, t->to);
    if (!from || !to)
        return ath_error(db)->status != ATH_OK ? ath_error(db)->status : ATH_NO_RESULT;
    if (from->balance < t->amount)
        return ATH_ARGUMENT; /* rolled back, given back, not tried again */
    from->balance -= t->amount;
    to->balance += t->amount;
    return ATH_OK; /* committed */
}

static void try_transfer(ath_engine *engine, Transfer t) {
    ath_error error;
    ath_status status = ath_transact(engine, transfer, &t, .retries = 5, .error = &error);
    printf("%.0f from %" PRId64 " to %" PRId64 ": %s, run %s\n", t.amount, t.from, t.to, ath_status_name(status),
           t.runs == 1 ? "once" : "several times");
}

int main(void) {
    ath_engine *engine = blog_open();
    try_transfer(engine, (Transfer){.from = 1, .to = 2, .amount = 30});
    try_transfer(engine, (Transfer){.from = 1, .to = 2, .amount = 500});
    try_transfer(engine, (Transfer){.from = 1, .to = 99, .amount = 1});

    ath_session *db = ath_session_open(engine);
    User **users = ath_all(db, User, .where = ath_in(ath_col(User, id), 1, 2), .order_by = ath_by(ath_col(User, id)));
    ath_each(User, user, users)
        printf("%s %.0f\n", user->username, user->balance);
    return blog_close(engine, db, users != NULL);
}
