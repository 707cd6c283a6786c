/* SPDX-License-Identifier: Apache-2.0
 *
 * Posts, their comments, and who wrote them. */
#include "blog.h"

typedef struct Said {
    const char *title, *comment, *username;
} Said;

ATH_PROJECTION(Said) {
    ath_column(title);
    ath_column(comment);
    ath_column(username);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* stmt = select(Post, Comment, User).join(
     *     Comment, Post.id == Comment.post_id
     * ).join(
     *     User, Comment.user_id == User.id
     * ) */
    Said **rows = ath_into(
        db, Said,
        ath_select(.columns = ath_cols(ath_col(Post, title), ath_label(ath_col(Comment, content), "comment"),
                                       ath_col(User, username)),
                   .from = ath_from(ath_model_source(Post)),
                   .joins = ath_joins(ath_join(Comment, .on = ath_eq(ath_col(Post, id), ath_col(Comment, post_id))),
                                      ath_join(User, .on = ath_eq(ath_col(Comment, user_id), ath_col(User, id)))),
                   .order_by = ath_by(ath_col(Comment, id))));
    ath_each(Said, row, rows)
        printf("%s: \"%s\" (%s)\n", row->title, row->comment, row->username);
    return blog_close(engine, db, rows != NULL);
}
