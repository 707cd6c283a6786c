/* SPDX-License-Identifier: Apache-2.0
 *
 * One new row, and its generated key. */
#include "blog.h"

/* def create_user(db: Session, email: str, name: str): */
static User *create_user(ath_session *db, const char *email, const char *name) {
    /* user = User(email=email, name=name); db.add(user) */
    User *user = ath_new(db, User, .email = email, .username = name);
    /* db.commit() */
    if (ath_commit(db) != ATH_OK)
        return NULL;
    /* db.refresh(user): not needed to get the id, nor is it in SQLAlchemy; the flush has set it.  It is one SELECT
     * more, for values that a trigger may have changed. */
    if (ath_refresh(db, user) != ATH_OK)
        return NULL;
    return user;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    User *user = create_user(db, "zoe@example.org", "zoe");
    if (user) /* the fields not named have the model's defaults */
        printf("%s: %s %s %s %s\n", user->id > 4 ? "new" : "not new", user->username, user->email, user->status,
               user->is_active ? "active" : "not active");
    return blog_close(engine, db, user != NULL);
}
