/* SPDX-License-Identifier: Apache-2.0
 *
 * What is marked as deleted is not there: for every query, relations included. */
#include "cookbook.h"

typedef struct User User;
typedef struct Post Post;
struct User {
    int64_t id;
    const char *name;
    Post **posts;
};
struct Post {
    int64_t id, user_id;
    const char *title;
    ath_opt_datetime deleted_at;
};
ATH_DECLARE(Post);

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_has_many(posts, Post, .order_by = ath_by(ath_col(Post, id)));
}
/* stmt = update(User).where(User.id == user_id).values(deleted_at=datetime.now())
 *
 * That marks (soft_delete.c), and every SELECT of the program must remember it.  SQLAlchemy's way to say it once is an
 * event of the session:
 *
 * @event.listens_for(Session, "do_orm_execute")
 * def hide_deleted(state):
 *     state.statement = state.statement.options(
 *         with_loader_criteria(Post, Post.deleted_at.is_(None), include_aliases=True)) */
ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id");
    ath_column(title, .type = ATH_STRING(50));
    ath_column(deleted_at, .nullable = true);
    ath_default_filter(ath_is_null(ath_col(Post, deleted_at)));
}
ATH_METADATA(App, User, Post);

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    User *alice = ath_new(db, User, .name = "alice"), *bob = ath_new(db, User, .name = "bob");
    Post *gone = ath_new(db, Post, .title = "regretted");
    ath_append(db, alice, posts, ath_new(db, Post, .title = "first"));
    ath_append(db, alice, posts, gone);
    ath_append(db, bob, posts, ath_new(db, Post, .title = "hello"));
    if (ath_commit(db) != ATH_OK || ath_repository_soft_delete(db, gone, deleted_at) != ATH_OK)
        return cookbook_close(engine, db, false);
    int64_t key = gone->id, tenant = bob->id;
    ath_session_close(db);

    db = ath_session_open(engine);
    printf("posts: %" PRId64 ", by its key: %s\n", ath_count(db, Post), ath_get(db, Post, key) ? "there" : "none");
    alice = ath_first(db, User, .order_by = ath_by(ath_col(User, id)), .load = ath_load(ath_selectin(User, posts)));
    if (!alice)
        return cookbook_close(engine, db, false);
    printf("alice's: %zu\n", ath_len(alice->posts));

    /* Whoever wants to see them says so: restoring. */
    printf("unfiltered: %" PRId64 "\n", ath_count(db, Post, .unfiltered = true));
    gone = ath_first(db, Post, .where = ath_eq(ath_col(Post, id), key), .unfiltered = true);
    bool ok = gone && ath_repository_restore(db, gone, deleted_at) == ATH_OK;
    printf("restored: %" PRId64 "\n", ath_count(db, Post));

    /* The same for a session: the rows of one tenant alone. */
    ok = ok && ath_session_filter(db, Post, ath_eq(ath_col(Post, user_id), tenant)) == ATH_OK;
    printf("bob's: %" PRId64 "\n", ath_count(db, Post));
    return cookbook_close(engine, db, ok && ath_error(db)->status == ATH_OK);
}
