/* SPDX-License-Identifier: Apache-2.0
 *
 * How many rows there are. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = select(func.count(User.id))
     * result = await db.execute(stmt)
     * return result.scalar() */
    const ath_value *count = ath_scalar(db, ath_select(.columns = ath_cols(ath_count(ath_col(User, id)))));
    if (!count)
        return blog_close(engine, db, false);
    printf("%" PRId64 " users\n", count->as.i);

    /* The same in short, with a condition; -1 says that it failed. */
    int64_t active = ath_count(db, User, .where = ath_is(ath_col(User, is_active)));
    printf("%" PRId64 " active\n", active);
    return blog_close(engine, db, active >= 0);
}
