/* SPDX-License-Identifier: Apache-2.0
 *
 * All users, with their posts where they have some.
 */
#include "blog.h"

typedef struct UserPost {
    const char *username, *title; /* NULL where an outer join found nothing */
} UserPost;

ATH_PROJECTION(UserPost) {
    ath_column(username, .nullable = true);
    ath_column(title, .nullable = true);
}

static void show(UserPost **rows) {
    ath_each(UserPost, row, rows)
        printf("%s: %s\n", row->username ? row->username : "-", row->title ? row->title : "-");
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* select(User, Post).outerjoin(Post, User.id == Post.user_id) */
    show(ath_into(
        db, UserPost,
        ath_select(.columns = ath_cols(ath_col(User, username), ath_col(Post, title)),
                   .from = ath_from(ath_model_source(User)),
                   .joins = ath_joins(ath_outer_join(Post, .on = ath_eq(ath_col(User, id), ath_col(Post, user_id)))),
                   .order_by = ath_by(ath_col(User, id), ath_col(Post, id)))));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
