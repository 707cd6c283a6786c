/* SPDX-License-Identifier: Apache-2.0
 *
 * All rows of the left table, with those of the right one that match. */
#include "blog.h"

typedef struct UserPost {
    const char *username, *title; /* title is NULL for a user without posts */
    ath_opt_i64 post_id;          /* a number that may be missing must be able to say so */
} UserPost;

ATH_PROJECTION(UserPost) {
    ath_column(username);
    ath_column(title, .nullable = true);
    ath_column(post_id, .nullable = true);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = select(User, Post).outerjoin(Post, User.id == Post.user_id)
     * result = await db.execute(stmt)
     * return result.all()  # Post is None for a user without posts */
    UserPost **rows = ath_into(
        db, UserPost,
        ath_select(.columns =
                       ath_cols(ath_col(User, username), ath_col(Post, title), ath_label(ath_col(Post, id), "post_id")),
                   .from = ath_from(ath_model_source(User)),
                   .joins = ath_joins(ath_outer_join(Post, .on = ath_eq(ath_col(User, id), ath_col(Post, user_id)))),
                   .order_by = ath_by(ath_col(User, id), ath_col(Post, id))));
    ath_each(UserPost, row, rows) {
        if (row->post_id.has)
            printf("%s: %s\n", row->username, row->title);
        else
            printf("%s: no posts\n", row->username);
    }
    return blog_close(engine, db, rows != NULL);
}
