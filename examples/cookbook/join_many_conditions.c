/* SPDX-License-Identifier: Apache-2.0
 *
 * A join on more than the key. */
#include "blog.h"

typedef struct UserPost {
    const char *username, *title;
} UserPost;

ATH_PROJECTION(UserPost) {
    ath_column(username);
    ath_column(title);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = select(User, Post).join(
     *     Post,
     *     and_(
     *         User.id == Post.user_id,
     *         Post.is_published == True  # 多个条件
     *     )
     * ) */
    UserPost **rows = ath_into(
        db, UserPost,
        ath_select(.columns = ath_cols(ath_col(User, username), ath_col(Post, title)),
                   .from = ath_from(ath_model_source(User)),
                   .joins = ath_joins(ath_join(Post, .on = ath_and(ath_eq(ath_col(User, id), ath_col(Post, user_id)),
                                                                   ath_eq(ath_col(Post, is_published), true)))),
                   .order_by = ath_by(ath_col(Post, id))));
    ath_each(UserPost, row, rows)
        printf("%s: %s\n", row->username, row->title);
    return blog_close(engine, db, rows != NULL);
}
