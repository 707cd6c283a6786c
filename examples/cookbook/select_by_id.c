/* SPDX-License-Identifier: Apache-2.0
 *
 * At most one row, or exactly one. */
#include "blog.h"

/* async def get_user_by_id(db: AsyncSession, user_id: int): */
static User *get_user_by_id(ath_session *db, int64_t user_id) {
    /* stmt = select(User).where(User.id == user_id)
     * result = await db.execute(stmt)
     * return result.scalar_one_or_none() */
    return ath_one_or_none(db, User, .where = ath_eq(ath_col(User, id), user_id));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    User *jane = get_user_by_id(db, 2);
    if (!jane)
        return blog_close(engine, db, false);
    printf("2: %s\n", jane->username);
    printf("99: %s\n", get_user_by_id(db, 99) ? "found" : "none");

    /* user = result.scalar_one()  # raises NoResultFound: here NULL, and the status says why */
    User *user = ath_one(db, User, .where = ath_eq(ath_col(User, id), 99));
    printf("99 required: %s\n", user ? "found" : ath_status_name(ath_error(db)->status));
    /* ... or MultipleResultsFound */
    user = ath_one(db, User, .where = ath_is(ath_col(User, is_active)));
    printf("the active one: %s\n", user ? "found" : ath_status_name(ath_error(db)->status));
    return blog_close(engine, db, true);
}
