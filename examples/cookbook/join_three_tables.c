/* SPDX-License-Identifier: Apache-2.0
 *
 * Posts with their comments and who wrote them.
 */
#include "blog.h"

typedef struct Line {
    const char *title, *content, *username;
} Line;

ATH_PROJECTION(Line) {
    ath_column(title);
    ath_column(content);
    ath_column(username);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* select(Post, Comment, User).join(Comment, Post.id == Comment.post_id).join(User, Comment.user_id == User.id) */
    Line **lines = ath_into(
        db, Line,
        ath_select(.columns = ath_cols(ath_col(Post, title), ath_col(Comment, content), ath_col(User, username)),
                   .joins = ath_joins(ath_join(Comment, .on = ath_eq(ath_col(Post, id), ath_col(Comment, post_id))),
                                      ath_join(User, .on = ath_eq(ath_col(Comment, user_id), ath_col(User, id))))));
    ath_each(Line, line, lines)
        printf("%s: \"%s\" (%s)\n", line->title, line->content, line->username);
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
