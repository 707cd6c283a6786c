/* SPDX-License-Identifier: Apache-2.0
 *
 * Objects and their relations from one SELECT. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* users = db.query(User).options(joinedload(User.posts)).all()
     *
     * (The text that has this line gives User.posts lazy="dynamic" right before; SQLAlchemy refuses the two together.)
     * One SELECT with LEFT OUTER JOIN; a user with two posts is two rows, and one struct. */
    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .load = ath_load(ath_joined(User, posts)));
    if (!users)
        return blog_close(engine, db, false);
    printf("statements: %d\n", (int)ath_session_statements(db));
    ath_each(User, user, users)
        printf("%s: %zu\n", user->username, ath_len(user->posts));
    ath_session_close(db);

    /* With LIMIT the users become a subquery first: two users, not two rows. */
    db = ath_session_open(engine);
    users =
        ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .limit = 2, .load = ath_load(ath_joined(User, posts)));
    if (!users)
        return blog_close(engine, db, false);
    printf("of %zu users:", ath_len(users));
    ath_each(User, user, users)
        printf(" %zu", ath_len(user->posts));
    printf("\n");
    ath_session_close(db);

    /* select(Comment).options(joinedload(Comment.post, innerjoin=True).joinedload(Post.author, innerjoin=True))
     *
     * For one object a join is best; .inner where there is always one. */
    db = ath_session_open(engine);
    Comment **comments =
        ath_all(db, Comment, .order_by = ath_by(ath_col(Comment, id)),
                .load = ath_load(ath_joined(Comment, post, .inner = true,
                                            .then = ath_load(ath_joined(Post, author, .inner = true)))));
    if (!comments)
        return blog_close(engine, db, false);
    printf("statements: %d\n", (int)ath_session_statements(db));
    ath_each(Comment, comment, comments)
        printf("%s (%s): %s\n", comment->post->title, comment->post->author->username, comment->content);
    return blog_close(engine, db, true);
}
