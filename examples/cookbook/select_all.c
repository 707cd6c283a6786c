/* SPDX-License-Identifier: Apache-2.0
 *
 * All rows of a table as objects. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = select(User)
     * result = await db.execute(stmt)
     * return result.scalars().all()
     *
     * Without .order_by the database gives the rows in any order it likes. */
    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)));
    if (!users)
        return blog_close(engine, db, false);
    printf("%zu users\n", ath_len(users));
    ath_each(User, user, users)
        printf("%" PRId64 " %s\n", user->id, user->username);
    return blog_close(engine, db, true);
}
