/* SPDX-License-Identifier: Apache-2.0
 *
 * Users by what their posts contain. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* users = db.query(User).join(Post).filter(Post.title.contains('python')).all()
     *
     * The condition of the join is derived from the foreign key.  A user with two such posts comes once, as in Python:
     * one row, one struct. */
    User **users =
        ath_all(db, User, .joins = ath_joins(ath_join(Post)), .where = ath_contains(ath_col(Post, title), "python"),
                .order_by = ath_by(ath_col(User, id)));
    ath_each(User, user, users)
        printf("%s\n", user->username);

    /* Unlike SQLAlchemy's contains, % and _ in the text are no wildcards. */
    printf("with a %%: %" PRId64 "\n", ath_count(db, Post, .where = ath_contains(ath_col(Post, title), "%")));
    return blog_close(engine, db, users && ath_error(db)->status == ATH_OK);
}
