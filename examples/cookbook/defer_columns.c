/* SPDX-License-Identifier: Apache-2.0
 *
 * Objects without the columns that nobody looks at. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    ath_new(db, Post, .user_id = 3, .title = "long read", .content = "a thousand pages");
    if (ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);
    ath_session_close(db);

    /* select(Post).options(defer(Post.content), joinedload(Post.author).load_only(User.username))
     *
     * A field that is not loaded is zero, and is not written. */
    db = ath_session_open(engine);
    Post **posts = ath_all(db, Post, .order_by = ath_by(ath_col(Post, id)), .defer = ath_cols(ath_col(Post, content)),
                           .load = ath_load(ath_joined(Post, author, .load_only = ath_cols(ath_col(User, username)))));
    if (!posts)
        return blog_close(engine, db, false);
    ath_each(Post, post, posts)
        printf("%s: %s, by %s\n", post->title, ath_is_loaded(db, post, content) ? "loaded" : "not loaded",
               post->author->username);

    /* post.content: SQLAlchemy reads it at that moment, for each post by itself.  Here the program says when, and it is
     * read for all that came with this one. */
    uint64_t before = ath_session_statements(db);
    bool ok = ath_load_columns(db, posts[0], content) == ATH_OK;
    Post *last = posts[ath_len(posts) - 1];
    printf("%s; statements: %d\n", last->content, (int)(ath_session_statements(db) - before));

    /* select(User.id, User.username): plain rows, no objects (sql_functions.c, group_and_count.c). */
    return blog_close(engine, db, ok);
}
