/* SPDX-License-Identifier: Apache-2.0
 *
 * One row by its key. */
#include "blog.h"

/* def get_user(db: Session, user_id: int): */
static User *get_user(ath_session *db, int64_t user_id) {
    /* return db.query(User).filter(User.id == user_id).first() */
    return ath_first(db, User, .where = ath_eq(ath_col(User, id), user_id));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    User *john = get_user(db, 1);
    if (!john)
        return blog_close(engine, db, false);
    printf("%" PRId64 " %s %s\n", john->id, john->username, john->email);

    /* No such row is no error: NULL and ATH_OK, as Python's None. */
    User *nobody = get_user(db, 99);
    printf("99: %s, %s\n", nobody ? nobody->username : "none", ath_status_name(ath_error(db)->status));

    /* db.get(User, 1): by the key, without SQL when the session has the object already. */
    printf("same object: %s\n", ath_get(db, User, 1) == john ? "yes" : "no");
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
