/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations loaded when they are needed, without a query for each object; and never by accident. */
#include "blog.h"

static bool print_authors(ath_session *db) {
    Post **posts = ath_all(db, Post, .order_by = ath_by(ath_col(Post, id)));
    if (!posts)
        return false;
    /* for post in posts: print(post.author.username)   # lazy="select": a query for each user
     *
     * Here nothing is read by looking at a field: it is NULL until it is loaded.  The first call loads the authors of all
     * posts that came with this one. */
    uint64_t before = ath_session_statements(db);
    ath_each(Post, post, posts) {
        if (ath_load_rel(db, post, author) != ATH_OK)
            return false;
        printf("%s: %s\n", post->title, post->author->username);
    }
    printf("statements: %d\n", (int)(ath_session_statements(db) - before));
    return true;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    bool ok = print_authors(db);
    ath_session_close(db);
    if (!ok)
        return blog_close(engine, NULL, true), 1;

    /* select(User).options(raiseload(User.posts)), or lazy="raise" in the model: .load = ATH_LOAD_RAISE */
    db = ath_session_open(engine);
    User *alice =
        ath_first(db, User, .order_by = ath_by(ath_col(User, id)), .load = ath_load(ath_raise_load(User, posts)));
    if (!alice)
        return blog_close(engine, db, false);
    printf("raiseload: %s\n", ath_status_name(ath_load_rel(db, alice, posts)));
    ath_session_close(db);

    /* What peers cannot help: objects that came one by one.  A session can refuse, or warn of it with file and line
     * (ATH_REPEATED_LOAD_WARNED). */
    db = ath_session_open(engine, .on_repeated_load = ATH_REPEATED_LOAD_REFUSED, .repeated_load_threshold = 2);
    for (int64_t id = 1; id <= 3; id++) {
        User *user = ath_get(db, User, id);
        ath_status status = user ? ath_load_rel(db, user, posts) : ATH_NO_RESULT;
        printf("user %" PRId64 ": %s\n", id, ath_status_name(status));
        ok = ok && (id > 2) == (status == ATH_STATE);
    }
    return blog_close(engine, db, ok);
}
