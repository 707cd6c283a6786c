/* SPDX-License-Identifier: Apache-2.0
 *
 * Many rows deleted by one statement. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = delete(User).where(User.is_active == False)
     * await db.execute(stmt)
     * await db.commit() */
    int64_t rows = ath_delete_where(db, User, .where = ath_eq(ath_col(User, is_active), false));
    if (rows < 0 || ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);
    printf("%" PRId64 " deleted, %" PRId64 " left\n", rows, ath_count(db, User));

    /* Without a condition it is refused. */
    if (ath_delete_where(db, Comment) < 0)
        printf("%s\n", ath_status_name(ath_error(db)->status));
    rows = ath_delete_where(db, Comment, .all_rows = true);
    printf("%" PRId64 " comments deleted\n", rows);
    return blog_close(engine, db, rows >= 0 && ath_commit(db) == ATH_OK);
}
