/* SPDX-License-Identifier: Apache-2.0
 *
 * A table of any size, with what belongs to its rows, in bounded memory. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    static User users[2500];
    static char names[2500][16];
    for (int i = 0; i < 2500; i++) {
        snprintf(names[i], sizeof names[i], "user%d", i);
        users[i] = (User){.username = names[i], .email = "user@example.org"};
    }
    if (ath_insert_many(db, User, users, 2500) < 0 || ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);

    /* stmt = select(User).options(selectinload(User.posts)).execution_options(yield_per=1000)
     * for partition in session.scalars(stmt).partitions(): ...
     *
     * 1,000 users at a time, and one SELECT for their posts; each user is valid until the next one. */
    uint64_t before = ath_session_statements(db);
    size_t count = 0, posts = 0;
    ath_stream *rows =
        ath_stream_open(db, User, .order_by = ath_by(ath_col(User, id)), .load = ath_load(ath_selectin(User, posts)));
    for (const User *user; (user = ath_stream_next(rows)) != NULL; count++)
        posts += ath_len(user->posts);
    bool ok = ath_stream_close(rows) == ATH_OK; /* whether the walk ended well */
    printf("%zu users, %zu posts, %s\n", count, posts,
           ath_session_statements(db) - before <= 4 ? "4 statements at most" : "many statements");
    return blog_close(engine, db, ok);
}
