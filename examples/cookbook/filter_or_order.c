/* SPDX-License-Identifier: Apache-2.0
 *
 * OR, and the order of the rows. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* users = db.query(User).filter(
     *     or_(User.name == 'Alice', User.name == 'Bob')
     * ).order_by(User.name.desc()).all() */
    User **users = ath_all(
        db, User, .where = ath_or(ath_eq(ath_col(User, username), "alice"), ath_eq(ath_col(User, username), "bob")),
        .order_by = ath_by(ath_desc(ath_col(User, username))));
    ath_each(User, user, users)
        printf("%s\n", user->username);
    return blog_close(engine, db, users != NULL);
}
