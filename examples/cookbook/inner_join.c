/* SPDX-License-Identifier: Apache-2.0
 *
 * Two tables, the rows that match: columns of both in a projection. */
#include "blog.h"

typedef struct UserPost {
    int64_t user_id, post_id;
    const char *username, *title;
} UserPost;

ATH_PROJECTION(UserPost) {
    ath_column(user_id);
    ath_column(post_id);
    ath_column(username);
    ath_column(title);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = select(User, Post).join(Post, User.id == Post.user_id)
     * result = await db.execute(stmt)
     * return result.all()  # [(User1, Post1), (User1, Post2), ...] */
    UserPost **rows =
        ath_into(db, UserPost,
                 ath_select(.columns = ath_cols(ath_col(Post, user_id), ath_label(ath_col(Post, id), "post_id"),
                                                ath_col(User, username), ath_col(Post, title)),
                            .from = ath_from(ath_model_source(User)),
                            .joins = ath_joins(ath_join(Post, .on = ath_eq(ath_col(User, id), ath_col(Post, user_id)))),
                            .order_by = ath_by(ath_col(Post, id))));
    ath_each(UserPost, row, rows)
        printf("%s: %s\n", row->username, row->title);
    if (!rows)
        return blog_close(engine, db, false);

    /* Where the objects themselves are wanted, their keys lead to them. */
    Post *first = ath_get(db, Post, rows[0]->post_id);
    if (first)
        printf("the first: %s\n", first->is_published ? "published" : "a draft");
    return blog_close(engine, db, first != NULL);
}
