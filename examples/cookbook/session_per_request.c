/* SPDX-License-Identifier: Apache-2.0
 *
 * A session for each request: opened before the handler, committed when it went well, closed whatever happens. */
#include "blog.h"

/* async def get_db() -> AsyncGenerator[AsyncSession, None]:
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
 * @app.middleware('http')
 * async def create_session_middleware(request: Request, call_next):
 *     session = AsyncSessionFactory()
 *     setattr(request.state, 'session', session)
 *     response = await call_next(request)
 *     await session.close()      # not reached when call_next raises: the connection is lost to the pool
 *     return response
 *
 * Both are a function that takes the handler. */
typedef struct Request {
    int64_t user_id;
    const char *email;
} Request;
typedef int (*handler)(ath_session *db, const Request *request);

static int with_session(ath_engine *engine, handler handle, const Request *request) {
    ath_session *db = ath_session_open(engine);
    int code = handle(db, request);
    if (code < 400 && ath_commit(db) != ATH_OK)
        code = ath_error(db)->status == ATH_INTEGRITY ? 409 : 500;
    ath_session_close(db); /* rolls back what was not committed; the connection is back in the pool */
    return code;
}

/* @app.get("/users/{user_id}")
 * async def get_user(user_id: int, db: AsyncSession = Depends(get_db)):
 *     result = await db.execute(select(User).where(User.id == user_id))
 *     return result.scalar_one_or_none()
 *
 * What the answer says is written out here, while the session is open. */
static int get_user(ath_session *db, const Request *request) {
    const User *user = ath_get(db, User, request->user_id);
    if (user)
        printf("{\"id\": %" PRId64 ", \"username\": \"%s\"}\n", user->id, user->username);
    return user ? 200 : 404;
}

/* @app.post('/article/add', response_model=UserResp): session.add(User(...)) */
static int add_user(ath_session *db, const Request *request) {
    const User *user = ath_new(db, User, .username = request->email, .email = request->email);
    return user ? 201 : 500;
}

/* A handler that finds out late that it will not. */
static int refuse(ath_session *db, const Request *request) {
    User *user = ath_get(db, User, request->user_id);
    if (user)
        user->email = request->email;
    return 400;
}

int main(void) {
    ath_engine *engine = blog_open();
    printf("%d\n", with_session(engine, get_user, &(const Request){.user_id = 1}));
    printf("%d\n", with_session(engine, get_user, &(const Request){.user_id = 99}));
    printf("%d\n", with_session(engine, add_user, &(const Request){.email = "eve@example.org"}));
    printf("%d\n", with_session(engine, add_user, &(const Request){.email = "eve@example.org"}));
    printf("%d\n", with_session(engine, refuse, &(const Request){.user_id = 1, .email = "never@example.org"}));

    ath_session *db = ath_session_open(engine);
    int64_t never = ath_count(db, User, .where = ath_eq(ath_col(User, email), "never@example.org"));
    printf("users: %" PRId64 ", changed: %" PRId64 "\n", ath_count(db, User), never);
    return blog_close(engine, db, never == 0);
}
