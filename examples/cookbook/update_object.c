/* SPDX-License-Identifier: Apache-2.0
 *
 * An object read, changed, written. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = select(User).where(User.id == user_id)
     * result = await db.execute(stmt)
     * user = result.scalar_one_or_none() */
    User *user = ath_one_or_none(db, User, .where = ath_eq(ath_col(User, id), 2));
    if (!user)
        return blog_close(engine, db, false);

    /* for key, value in update_data.items(): setattr(user, key, value)
     *
     * A plain assignment is right, in Python as well: setattr does nothing else. */
    user->status = "vip";
    user->balance += 5;

    /* await db.commit(): one UPDATE of the two columns */
    if (ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);
    /* await db.refresh(user): after a commit objects are not expired here; needed only for what others changed */
    if (ath_refresh(db, user) != ATH_OK)
        return blog_close(engine, db, false);
    printf("%s is %s and has %.2f\n", user->username, user->status, user->balance);

    /* A field set to the value it had is no change: nothing is sent. */
    uint64_t before = ath_engine_statistics(engine).statements;
    user->status = "vip";
    ath_flush(db);
    printf("statements: %d\n", (int)(ath_engine_statistics(engine).statements - before));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
