/* SPDX-License-Identifier: Apache-2.0
 *
 * What a constraint refuses, and which one it was. */
#include "blog.h"

/* async def create_user_safe(db: AsyncSession, user_data: dict): */
static User *create_user_safe(ath_session *db, const char *username, const char *email) {
    /* user = User(**user_data); db.add(user); await db.commit() */
    User *user = ath_new(db, User, .username = username, .email = email);
    if (ath_commit(db) == ATH_OK)
        return user;

    /* except IntegrityError: await db.rollback(); raise ValueError("用户名已存在")
     *
     * An IntegrityError need not be a user name that exists: NOT NULL, CHECK and foreign keys raise it too.  Here the
     * error says which. */
    const ath_error *error = ath_error(db);
    if (error->integrity == ATH_INTEGRITY_UNIQUE)
        printf("%s.%s: %s exists\n", error->table, error->column, username);
    else if (error->integrity == ATH_INTEGRITY_NOT_NULL)
        printf("%s.%s: missing\n", error->table, error->column);
    else
        printf("%s\n", error->message);
    ath_rollback(db); /* until then the session refuses work */
    return NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    create_user_safe(db, "alice", "other@example.org");
    create_user_safe(db, "nomail", NULL);
    User *user = create_user_safe(db, "fine", "fine@example.org");
    if (user)
        printf("%s has the key %s\n", user->username, user->id > 4 ? "after the others'" : "of another");

    /* No such user: a foreign key. */
    ath_new(db, Post, .user_id = 99, .title = "Nobody's");
    if (ath_flush(db) == ATH_INTEGRITY)
        printf("foreign key: %s\n", ath_error(db)->integrity == ATH_INTEGRITY_FOREIGN_KEY ? "yes" : "no");
    ath_rollback(db);
    return blog_close(engine, db, user != NULL);
}
