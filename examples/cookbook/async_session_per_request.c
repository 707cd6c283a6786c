/* SPDX-License-Identifier: Apache-2.0
 *
 * A session for each request, and each request in a fiber: as a dependency, as middleware, and as a context manager. */
#include "blog.h"

/* async def get_db() -> AsyncGenerator[AsyncSession, None]:       # the dependency
 *     async with async_session() as session:
 *         try:
 *             yield session
 *             await session.commit()
 *         except Exception:
 *             await session.rollback()
 *             raise
 *         finally:
 *             await session.close()
 *
 * @app.middleware('http')                                         # the middleware
 * async def create_session_middleware(request: Request, call_next):
 *     session = AsyncSessionFactory()
 *     setattr(request.state, 'session', session)
 *     response = await call_next(request)
 *     await session.close()           # is not reached when call_next raises
 *     return response
 *
 * async with AsyncSessionFactory() as session:                    # the context manager
 *     async with session.begin(): ...
 *
 * In C, the first two are a function that is given the handler; it runs in a fiber, and handlers do not know. */
typedef struct Request Request;
typedef int (*Handler)(ath_session *session, Request *request);

struct Request {
    ath_engine *engine;
    Handler handler;
    int64_t user_id;
    const char *title;
    int code;
    char answer[80];
};

static ath_status serve(void *arg) {
    Request *request = arg;
    ath_session *session = ath_session_open(request->engine);
    request->code = request->handler(session, request);
    if (request->code < 400 && ath_commit(session) != ATH_OK)
        request->code = 500;
    ath_status status = ath_error(session)->status;
    ath_session_close(session); /* whatever happened: rolls back what was not committed */
    return request->code == 500 ? status : ATH_OK;
}

/* @app.get("/users/{user_id}")
 * async def get_user(user_id: int, db: AsyncSession = Depends(get_db)):
 *     result = await db.execute(select(User).where(User.id == user_id))
 *     return result.scalar_one_or_none() */
static int get_user(ath_session *session, Request *request) {
    const User *user = ath_one_or_none(session, User, .where = ath_eq(ath_col(User, id), request->user_id));
    if (!user)
        return 404;
    snprintf(request->answer, sizeof request->answer, "%s", user->username);
    return 200;
}

static int add_post(ath_session *session, Request *request) {
    const Post *post = ath_new(session, Post, .user_id = request->user_id, .title = request->title);
    snprintf(request->answer, sizeof request->answer, "%s", request->title);
    return post ? 201 : 500;
}

/* Raises after it has written. */
static int fail_late(ath_session *session, Request *request) {
    add_post(session, request);
    ath_flush(session);
    return 400;
}

/* The context manager: a block, whose session is closed behind it. */
static int with_block(ath_session *unused, Request *request) {
    (void)unused;
    ath_session *session = ath_session_open(request->engine);
    ATH_TRANSACTION(session) {
        add_post(session, request);
    }
    int code = ath_error(session)->status == ATH_OK ? 201 : 400;
    ath_session_close(session);
    return code;
}

/* What an HTTP server does: a fiber for each request that comes in; here, all at once. */
static ath_status serve_all(void *arg) {
    Request *requests = arg;
    ath_group *group = ath_group_new(.keep_going = true); /* one that fails is not the others' affair */
    for (int i = 0; requests[i].handler; i++)
        ath_group_spawn(group, serve, &requests[i]);
    return ath_group_join(group);
}

int main(void) {
    ath_engine *engine = blog_open();
    Request requests[] = {
        {.engine = engine, .handler = get_user, .user_id = 1},
        {.engine = engine, .handler = get_user, .user_id = 99},
        {.engine = engine, .handler = add_post, .user_id = 2, .title = "by a dependency"},
        {.engine = engine, .handler = fail_late, .user_id = 2, .title = "never"},
        {.engine = engine, .handler = with_block, .user_id = 2, .title = "by a block"},
        {.handler = NULL},
    };
    ath_status status = ath_loop_main(serve_all, requests);
    for (int i = 0; requests[i].handler; i++)
        printf("%d %s\n", requests[i].code, requests[i].answer);

    ath_session *db = ath_session_open(engine);
    printf("posts: %" PRId64 ", never: %" PRId64 "\n", ath_count(db, Post),
           ath_count(db, Post, .where = ath_eq(ath_col(Post, title), "never")));
    printf("connections in use: %d\n", (int)ath_engine_statistics(engine).checked_out - 1); /* but this one */
    return blog_close(engine, db, status == ATH_OK);
}
