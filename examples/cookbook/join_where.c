/* SPDX-License-Identifier: Apache-2.0
 *
 * Objects of one table by a condition on another. */
#include "blog.h"

/* async def get_posts_by_author_name(db: AsyncSession, username: str): */
static Post **get_posts_by_author_name(ath_session *db, const char *username) {
    /* stmt = select(Post).join(User, User.id == Post.user_id).where(
     *     User.username == username
     * )
     * result = await db.execute(stmt)
     * return result.scalars().all() */
    return ath_all(db, Post,
                   .joins = ath_joins(ath_join(User, .on = ath_eq(ath_col(User, id), ath_col(Post, user_id)))),
                   .where = ath_eq(ath_col(User, username), username), .order_by = ath_by(ath_col(Post, id)));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    Post **posts = get_posts_by_author_name(db, "alice");
    ath_each(Post, post, posts)
        printf("%" PRId64 " %s\n", post->id, post->title);
    if (!posts)
        return blog_close(engine, db, false);
    posts = get_posts_by_author_name(db, "mary");
    printf("mary: %zu\n", ath_len(posts));
    return blog_close(engine, db, posts != NULL);
}
