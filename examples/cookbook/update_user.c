/* SPDX-License-Identifier: Apache-2.0
 *
 * A change to one object: an assignment and a commit. */
#include "blog.h"

/* def update_user(db: Session, user_id: int, name: str): */
static User *update_user(ath_session *db, int64_t user_id, const char *name) {
    /* user = get_user(db, user_id) */
    User *user = ath_get(db, User, user_id);
    if (!user)
        return NULL; /* Python would fail here: None has no name */
    /* user.name = name */
    user->username = name;
    /* db.commit(): UPDATE users SET username=? WHERE users.id = ?; only what has changed is written */
    return ath_commit(db) == ATH_OK ? user : NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    User *user = update_user(db, 1, "johnny");
    if (!user)
        return blog_close(engine, db, false);
    printf("%" PRId64 " is %s now\n", user->id, user->username);
    printf("rows of that name: %" PRId64 "\n", ath_count(db, User, .where = ath_eq(ath_col(User, username), "johnny")));
    if (!update_user(db, 99, "nobody"))
        printf("no user 99\n");
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
