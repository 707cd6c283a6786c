/* SPDX-License-Identifier: Apache-2.0
 *
 * Posts of an author, by name.
 */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* select(Post).join(User, User.id == Post.user_id).where(User.username == username) */
    Post **posts = ath_all(db, Post, .joins = ath_joins(ath_join(User)),
                           .where = ath_eq(ath_col(User, username), "alice"), .order_by = ath_by(ath_col(Post, id)));
    ath_each(Post, post, posts)
        printf("%s\n", post->title);
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
