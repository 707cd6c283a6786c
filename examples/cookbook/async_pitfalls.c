/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes wrong with AsyncSession, and cannot go wrong here. */
#include "blog.h"

/* 6.1  result = db.execute(select(User).where(User.id == 1)).first()
 *      AttributeError: 'coroutine' object has no attribute 'first'
 *
 * There is nothing to await and so nothing to forget: a call that waits is a call. */
static void nothing_to_await(ath_session *session) {
    const User *user = ath_first(session, User, .where = ath_eq(ath_col(User, id), 1));
    printf("6.1 %s\n", user ? user->username : "?");
}

/* 6.2  session_factory = sessionmaker(bind=engine, class_=AsyncSession)      # the synchronous one
 *
 * There is one kind of engine and one kind of session.  The very same function runs in a fiber and outside. */
static int64_t count_users(ath_engine *engine) {
    ath_session *session = ath_session_open(engine);
    int64_t users = ath_count(session, User);
    ath_session_close(session);
    return users;
}

/* 6.3  users = await db.execute(select(User))
 *      for user in users: print(user)             # iterates over Row objects: (<User>,)
 *
 * ath_all gives objects, ath_execute gives rows, and the compiler knows which. */
static void objects_are_objects(ath_session *session) {
    User **users = ath_all(session, User, .order_by = ath_by(ath_col(User, id)), .limit = 2);
    printf("6.3");
    ath_each(User, user, users)
        printf(" %s", user->username);
    puts("");
}

/* 6.4  async with async_session() as session:
 *          user = result.scalar_one_or_none()
 *      print(user.username)                       # DetachedInstanceError, MissingGreenlet
 *
 * Objects are readable after the commit; and after the session is closed, as a copy that was taken along. */
static void readable_after_close(ath_engine *engine) {
    ath_session *session = ath_session_open(engine);
    User *user = ath_get(session, User, 1);
    ath_commit(session);
    printf("6.4 %s", user ? user->username : "?");
    User *copy = user ? ath_detach(session, user) : NULL;
    ath_session_close(session);
    printf(" %s\n", copy ? copy->username : "?");
    ath_detached_free(copy);
}

/* 6.5  for user in all_users:
 *          posts = await db.execute(select(Post).where(Post.user_id == user.id))       # N+1
 *
 * A relation that was not loaded is NULL; it is loaded for all of them at once. */
static void no_query_per_user(ath_session *session) {
    uint64_t before = ath_session_statements(session);
    User **users = ath_all(session, User, .load = ath_load(ath_selectin(User, posts)));
    size_t posts = 0;
    ath_each(User, user, users)
        posts += ath_len(user->posts);
    printf("6.5 %zu users, %zu posts, %d statements\n", ath_len(users), posts,
           (int)(ath_session_statements(session) - before));
}

static ath_status in_a_fiber(void *arg) {
    ath_engine *engine = arg;
    ath_session *session = ath_session_open(engine);
    nothing_to_await(session);
    objects_are_objects(session);
    no_query_per_user(session);
    ath_status status = ath_error(session)->status;
    ath_session_close(session);
    printf("6.2 %" PRId64 " users in a fiber\n", count_users(engine));
    readable_after_close(engine);
    return status;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_status status = ath_loop_main(in_a_fiber, engine);
    printf("6.2 %" PRId64 " users outside\n", count_users(engine));
    ath_engine_close(engine);
    return status == ATH_OK ? 0 : 1;
}
