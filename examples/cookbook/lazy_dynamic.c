/* SPDX-License-Identifier: Apache-2.0
 *
 * A relation that is too long to be loaded: asked, and added to. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    User *alice = ath_get(db, User, 1);
    if (!alice)
        return blog_close(engine, db, false);

    /* class User(Base):
     *     posts = relationship("Post", lazy="dynamic")   # since 2.0: lazy="write_only", WriteOnlyMapped["Post"]
     *
     * No option of the model is needed: whoever asks decides, and the same relation can be loaded whole elsewhere (which
     * SQLAlchemy refuses: "does not support object population").
     *
     * user.posts.count() */
    printf("posts: %" PRId64 "\n", ath_rel_count(db, alice, posts));

    /* user.posts.filter(Post.is_published).order_by(Post.id.desc()).limit(1).all() */
    Post **latest = ath_rel_query(db, alice, posts, .where = ath_col(Post, is_published),
                                  .order_by = ath_by(ath_desc(ath_col(Post, id))), .limit = 1);
    ath_each(Post, post, latest)
        printf("latest: %s\n", post->title);

    /* user.posts.append(Post(...)): nothing is read for it */
    uint64_t before = ath_session_statements(db);
    for (int i = 0; i < 20; i++)
        ath_append(db, alice, posts, ath_new(db, Post, .title = "one more"));
    printf("read for 20 more: %d statements\n", (int)(ath_session_statements(db) - before));
    if (ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);
    printf("posts: %" PRId64 ", loaded: %s\n", ath_rel_count(db, alice, posts),
           ath_is_loaded(db, alice, posts) ? "yes" : "no");

    /* session.execute(user.posts.delete().where(Post.title == "one more")) */
    int64_t rows = ath_delete_where(
        db, Post, .where = ath_and(ath_rel_is(Post, author, alice), ath_eq(ath_col(Post, title), "one more")));
    printf("deleted: %" PRId64 "\n", rows);
    return blog_close(engine, db, latest && rows >= 0 && ath_commit(db) == ATH_OK);
}
