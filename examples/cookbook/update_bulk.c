/* SPDX-License-Identifier: Apache-2.0
 *
 * Many rows changed by one statement. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    User *john = ath_get(db, User, 1);

    /* stmt = update(User).where(User.is_active == True).values(status=status)
     * await db.execute(stmt)
     * await db.commit() */
    int64_t rows = ath_update(db, User, .set = ath_set(ath_to(User, status, "checked")),
                              .where = ath_eq(ath_col(User, is_active), true));
    if (rows < 0 || ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);
    printf("%" PRId64 " rows\n", rows);
    printf("%s is %s\n", john->username, john->status); /* objects of the session are in step */

    /* Without a condition it is refused; all rows must be asked for. */
    rows = ath_update(db, User, .set = ath_set(ath_to(User, status, "old")));
    printf("without a condition: %" PRId64 ", %s\n", rows, ath_status_name(ath_error(db)->status));
    rows = ath_update(db, User, .set = ath_set(ath_to(User, status, "old")), .all_rows = true);
    printf("all: %" PRId64 "\n", rows);
    return blog_close(engine, db, rows >= 0 && ath_commit(db) == ATH_OK);
}
