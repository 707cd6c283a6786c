/* SPDX-License-Identifier: Apache-2.0
 *
 * AND. */
#include "blog.h"

/* async def get_users_by_status(db: AsyncSession, status: str): */
static User **get_users_by_status(ath_session *db, const char *status) {
    /* stmt = select(User).where(
     *     and_(
     *         User.is_active == True,
     *         User.status == status
     *     )
     * )
     * result = await db.execute(stmt)
     * return result.scalars().all() */
    return ath_all(db, User,
                   .where = ath_and(ath_eq(ath_col(User, is_active), true), ath_eq(ath_col(User, status), status)),
                   .order_by = ath_by(ath_col(User, id)));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    User **users = get_users_by_status(db, "draft");
    ath_each(User, user, users)
        printf("%s is %s\n", user->username, user->status);
    return blog_close(engine, db, users != NULL);
}
