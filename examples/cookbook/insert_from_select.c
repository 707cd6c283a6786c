/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows written, changed and deleted by what other tables say, without a round trip for each. */
#include "blog.h"

static int64_t changed(ath_result *result) {
    int64_t n = result ? ath_result_rowcount(result) : -1;
    ath_result_close(result);
    return n;
}

/* insert(Comment).from_select(["post_id", "user_id", "content"],
 *     select(Post.id, Post.user_id, literal("published: ") + Post.title).where(Post.is_published)) */
static int64_t announce(ath_session *db) {
    return changed(ath_execute(
        db, ath_insert(.model = ath_model_of(Comment), .columns = ath_names("post_id", "user_id", "content"),
                       .select = ath_select(.columns = ath_cols(ath_col(Post, id), ath_col(Post, user_id),
                                                                ath_concat("published: ", ath_col(Post, title))),
                                            .where = ath_is(ath_col(Post, is_published))))));
}

/* posts = select(func.count(Post.id)).where(Post.user_id == User.id).scalar_subquery()
 * update(User).values(balance=User.balance + 10 * posts)
 *
 * A value that another table gives, by a subquery for each row. */
static int64_t reward(ath_session *db) {
    const ath_select_stmt *posts =
        ath_select(.columns = ath_cols(ath_count(ath_col(Post, id))), .from = ath_from(ath_model_source(Post)),
                   .where = ath_eq(ath_col(Post, user_id), ath_col(User, id)));
    return ath_update(
        db, User,
        .set = ath_set(ath_to(User, balance, ath_plus(ath_col(User, balance), ath_times(ath_subquery(posts), 10)))),
        .where = ath_is(ath_col(User, is_active)));
}

/* update(Post).where(Post.user_id == User.id, User.status == "gold").values(title=User.username + ": " + Post.title)
 *
 * UPDATE ... FROM on PostgreSQL and SQLite, UPDATE posts, users on MySQL and MariaDB. */
static int64_t sign(ath_session *db) {
    return changed(ath_execute(
        db,
        ath_update_of(.model = ath_model_of(Post), .from = ath_from(ath_model_source(User)),
                      .set = ath_set(ath_to(
                          Post, title, ath_concat(ath_concat(ath_col(User, username), ": "), ath_col(Post, title)))),
                      .where = ath_and(ath_eq(ath_col(Post, user_id), ath_col(User, id)),
                                       ath_eq(ath_col(User, status), "gold")))));
}

/* delete(User).where(User.id.not_in(select(Post.user_id)), User.id.not_in(select(Comment.user_id))) */
static int64_t forget(ath_session *db) {
    return ath_delete_where(
        db, User,
        .where =
            ath_and(ath_not_in_query(ath_col(User, id), ath_select(.columns = ath_cols(ath_col(Post, user_id)))),
                    ath_not_in_query(ath_col(User, id), ath_select(.columns = ath_cols(ath_col(Comment, user_id))))));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    printf("comments written: %" PRId64 "\n", announce(db));
    printf("users rewarded: %" PRId64 "\n", reward(db));
    printf("titles signed: %" PRId64 "\n", sign(db));
    printf("users forgotten: %" PRId64 "\n", forget(db));

    Comment **comments = ath_all(db, Comment, .where = ath_startswith(ath_col(Comment, content), "published"),
                                 .order_by = ath_by(ath_col(Comment, content)));
    ath_each(Comment, comment, comments)
        printf("%s\n", comment->content);
    Post **posts = ath_all(db, Post, .order_by = ath_by(ath_col(Post, id)));
    ath_each(Post, post, posts)
        printf("%s\n", post->title);
    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)));
    ath_each(User, user, users)
        printf("%s has %.0f\n", user->username, user->balance);
    return blog_close(engine, db, comments && posts && users && ath_commit(db) == ATH_OK);
}
