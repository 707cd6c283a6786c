/* SPDX-License-Identifier: Apache-2.0
 *
 * A nested answer from one statement: the database puts posts into users, and comments into posts. */
#include "../blog.h"

#include <string.h>

/* stmt = select(User).options(selectinload(User.posts).selectinload(Post.comments)).limit(2)
 * return [UserResponse.model_validate(user) for user in (await db.scalars(stmt)).all()]
 *
 * takes three statements, and an object for every row. */
static char *by_objects(ath_session *db) {
    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .limit = 2,
                           .load = ath_load(ath_selectin(User, posts, .then = ath_load(ath_selectin(Post, comments)))));
    return ath_list_to_json(db, User, users, .include = ath_names("username", "posts.title", "posts.comments.content"));
}

/* The same query, asked in another way. */
static char *by_the_database(ath_session *db) {
    return ath_query_json_with(
        db, User, ath_json_options(.include = ath_names("username", "posts.title", "posts.comments.content")),
        .order_by = ath_by(ath_col(User, id)), .limit = 2,
        .load = ath_load(ath_selectin(User, posts, .then = ath_load(ath_selectin(Post, comments)))));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    char *objects = by_objects(db);
    int statements = (int)ath_session_statements(db);
    ath_session_close(db);

    db = ath_session_open(engine);
    char *database = by_the_database(db);
    bool ok = objects && database;
    if (ok) {
        printf("%s\n", database);
        printf("by objects: %d statements, by the database: %d\n", statements, (int)ath_session_statements(db));
        printf("the same text: %s\n", strcmp(objects, database) == 0 ? "yes" : "no");
    }
    ath_json_free(objects);
    ath_json_free(database);
    return blog_close(engine, db, ok);
}
