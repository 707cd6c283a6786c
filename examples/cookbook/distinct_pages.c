/* SPDX-License-Identifier: Apache-2.0
 *
 * DISTINCT, and pages: by number, and from where the last one ended. */
#include "blog.h"

/* session.scalars(select(User.status).distinct().order_by(User.status)).all() */
static bool distinct(ath_session *db) {
    ath_result *result = ath_execute(db, ath_select(.columns = ath_cols(ath_col(User, status)), .distinct = true,
                                                    .order_by = ath_by(ath_col(User, status))));
    const ath_row **rows = ath_result_all(result);
    printf("%zu:", ath_len(rows));
    for (size_t i = 0; i < ath_len(rows); i++)
        printf(" %s", ath_row_text(rows[i], 0));
    printf("\n");
    ath_result_close(result);
    return rows != NULL;
}

/* db.scalar(select(func.count(func.distinct(User.status)))) */
static bool count_distinct(ath_session *db) {
    const ath_value *count = ath_scalar(db, ath_select(.columns = ath_cols(ath_count_distinct(ath_col(User, status)))));
    if (count)
        printf("%" PRId64 " kinds\n", count->as.i);
    return count != NULL;
}

/* total = await db.scalar(select(func.count()).select_from(User))
 * users = (await db.scalars(select(User).order_by(User.id).offset((page - 1) * size).limit(size))).all() */
static bool by_number(ath_session *db, int64_t page, int64_t size) {
    int64_t total = ath_count(db, User);
    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .offset = (page - 1) * size, .limit = size);
    printf("page %" PRId64 " of %" PRId64 ":", page, (total + size - 1) / size);
    ath_each(User, user, users)
        printf(" %s", user->username);
    printf("\n");
    return users && total >= 0;
}

/* select(User).where(tuple_(User.balance, User.id) > (last.balance, last.id)).order_by(User.balance, User.id).limit(size)
 *
 * Rows that come or go meanwhile neither repeat nor hide others, and the hundredth page is as fast as the first. */
static bool by_last(ath_session *db, int64_t size) {
    const User *last = NULL;
    for (;;) {
        User **users = ath_all(db, User,
                               .where = last ? ath_gt(ath_tuple(ath_col(User, balance), ath_col(User, id)),
                                                      ath_tuple(last->balance, last->id))
                                             : NULL,
                               .order_by = ath_by(ath_col(User, balance), ath_col(User, id)), .limit = size);
        if (!users || !ath_len(users))
            return users != NULL;
        printf("after %s:", last ? last->username : "nobody");
        ath_each(User, user, users) {
            printf(" %s", user->username);
            last = user;
        }
        printf("\n");
    }
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    bool ok = distinct(db) && count_distinct(db) && by_number(db, 1, 3) && by_number(db, 2, 3) && by_last(db, 3);
    return blog_close(engine, db, ok);
}
