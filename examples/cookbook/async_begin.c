/* SPDX-License-Identifier: Apache-2.0
 *
 * A transaction in a fiber: committed at the end of its block, rolled back when it is left in another way. */
#include "blog.h"

/* @app.post('/article/add', response_model=UserRespSchema)
 * async def add_article(req: UserCreateRegSchema):
 *     async with AsyncSessionFactory() as session:
 *         try:
 *             async with session.begin():
 *                 user = User(username=req.username, email=req.email, password=req.password)
 *                 session.add(user)
 *         except Exception as e:
 *             raise HTTPException(status_code=400, detail='xxx')
 *         return user                  # after the commit: readable because of expire_on_commit=False
 *
 * (The snippet writes `reg.username` for `req.username`.) */
typedef struct Request {
    ath_engine *engine;
    const char *username, *email;
    int code;
    char answer[80];
} Request;

static ath_status add_user(void *arg) {
    Request *request = arg;
    ath_session *session = ath_session_open(request->engine);
    User *user = NULL;
    ATH_TRANSACTION(session) {
        user = ath_new(session, User, .username = request->username, .email = request->email);
    }
    if (ath_error(session)->status == ATH_OK) {
        request->code = 201;
        snprintf(request->answer, sizeof request->answer, "%s has %s key", user->username, user->id ? "a" : "no");
    } else {
        request->code = ath_error(session)->status == ATH_INTEGRITY ? 409 : 400;
        snprintf(request->answer, sizeof request->answer, "%s is taken", request->username);
    }
    ath_session_close(session);
    return ATH_OK; /* the request was answered */
}

int main(void) {
    ath_engine *engine = blog_open();
    Request requests[] = {
        {.engine = engine, .username = "eve", .email = "eve@example.org"},
        {.engine = engine, .username = "alice", .email = "another@example.org"},
    };
    for (int i = 0; i < 2; i++) {
        ath_loop_main(add_user, &requests[i]);
        printf("%d: %s\n", requests[i].code, requests[i].answer);
    }
    ath_session *db = ath_session_open(engine); /* outside of fibers, as ever */
    printf("users: %" PRId64 "\n", ath_count(db, User));
    return blog_close(engine, db, requests[0].code == 201 && requests[1].code == 409);
}
