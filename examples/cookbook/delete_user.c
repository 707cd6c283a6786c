/* SPDX-License-Identifier: Apache-2.0
 *
 * A row deleted by its key. */
#include "blog.h"

/* def delete_user(db: Session, user_id: int): */
static ath_status delete_user(ath_session *db, int64_t user_id) {
    /* user = get_user(db, user_id) */
    User *user = ath_get(db, User, user_id);
    if (!user)
        return ath_error(db)->status ? ath_error(db)->status : ATH_NO_RESULT;
    /* db.delete(user); db.commit() */
    ath_delete(db, user);
    return ath_commit(db);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    printf("4: %s\n", ath_status_name(delete_user(db, 4)));
    printf("4 again: %s\n", ath_status_name(delete_user(db, 4)));

    /* A user who has posts: they go with him, for blog.h says so, of the relation and of the foreign key.  (With neither
     * the session would make their user_id NULL, which the column refuses.) */
    printf("1: %s\n", ath_status_name(delete_user(db, 1)));
    printf("posts left: %" PRId64 "\n", ath_count(db, Post));
    printf("users left: %" PRId64 "\n", ath_count(db, User));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
