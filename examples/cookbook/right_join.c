/* SPDX-License-Identifier: Apache-2.0
 *
 * All posts with their authors: a right join is a left join with the tables swapped.
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

    /* select(Post, User).outerjoin(User, Post.user_id == User.id)
     * (The guide calls this a RIGHT JOIN; it is FROM posts LEFT OUTER JOIN users.) */
    show(ath_into(
        db, UserPost,
        ath_select(.columns = ath_cols(ath_col(User, username), ath_col(Post, title)),
                   .from = ath_from(ath_model_source(Post)),
                   .joins = ath_joins(ath_outer_join(User, .on = ath_eq(ath_col(Post, user_id), ath_col(User, id)))),
                   .order_by = ath_by(ath_col(User, id), ath_col(Post, id)))));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
