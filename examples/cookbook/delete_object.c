/* SPDX-License-Identifier: Apache-2.0
 *
 * An object read, then deleted. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = select(User).where(User.id == user_id)
     * result = await db.execute(stmt)
     * user = result.scalar_one_or_none() */
    User *user = ath_one_or_none(db, User, .where = ath_eq(ath_col(User, username), "bob"));
    if (!user)
        return blog_close(engine, db, false);

    /* await db.delete(user)
     * await db.commit() */
    ath_delete(db, user);
    printf("marked, rows: %" PRId64 "\n", ath_count(db, User)); /* the count flushes first */
    if (ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);

    /* return user  # readable still, but no row of the session's any more */
    printf("%s: %s\n", user->username, ath_session_state(db, user) == ATH_STATE_NONE ? "gone" : "there");
    printf("rows: %" PRId64 "\n", ath_count(db, User));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
