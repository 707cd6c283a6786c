/* SPDX-License-Identifier: Apache-2.0
 *
 * A mark instead of a deletion. */
#include "blog.h"

/* async def soft_delete_user(db: AsyncSession, user_id: int): */
static ath_status soft_delete_user(ath_session *db, int64_t user_id) {
    /* stmt = update(User).where(User.id == user_id).values(
     *     deleted_at=datetime.now()
     * )
     * await db.execute(stmt)
     * await db.commit()
     *
     * ath_datetime_now() is this machine's clock, in UTC; ath_now() would be the database's. */
    int64_t rows =
        ath_update(db, User, .set = ath_set(ath_to(User, deleted_at, ath_datetime_now())),
                   .where = ath_and(ath_eq(ath_col(User, id), user_id), ath_is_null(ath_col(User, deleted_at))));
    if (rows < 0)
        return ath_error(db)->status;
    return rows == 0 ? ATH_NO_RESULT : ath_commit(db);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    printf("3: %s\n", ath_status_name(soft_delete_user(db, 3)));
    printf("3 again: %s\n", ath_status_name(soft_delete_user(db, 3)));

    User **users = ath_all(db, User, .where = ath_eq(ath_col(User, deleted_at), NULL),
                           .order_by = ath_by(ath_col(User, id))); /* IS NULL */
    ath_each(User, user, users)
        printf("%s\n", user->username);
    User *mary = ath_get(db, User, 3);
    if (mary)
        printf("%s: %s\n", mary->username, mary->deleted_at.has ? "marked" : "not marked");
    return blog_close(engine, db, users && mary);
}
