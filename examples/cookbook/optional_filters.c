/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions that are there only when they were asked for. */
#include "blog.h"

/* filters = []
 * if status: filters.append(User.status == status)
 * if min_balance is not None: filters.append(User.balance >= min_balance)
 * if active is not None: filters.append(User.is_active == active)
 * stmt = select(User).where(*filters)
 *
 * A NULL operand of ath_and (or ath_or) is left out. */
static int64_t find(ath_session *db, const char *status, const double *min_balance, const bool *active) {
    return ath_count(db, User,
                     .where = ath_and(status ? ath_eq(ath_col(User, status), status) : NULL,
                                      min_balance ? ath_ge(ath_col(User, balance), *min_balance) : NULL,
                                      active ? ath_eq(ath_col(User, is_active), *active) : NULL));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    printf("everyone: %" PRId64 "\n", find(db, NULL, NULL, NULL));
    printf("gold: %" PRId64 "\n", find(db, "gold", NULL, NULL));
    printf("with 50: %" PRId64 "\n", find(db, NULL, &(double){50}, NULL));
    printf("draft, not active: %" PRId64 "\n", find(db, "draft", NULL, &(bool){false}));
    printf("all three: %" PRId64 "\n", find(db, "gold", &(double){10}, &(bool){true}));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
