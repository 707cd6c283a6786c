/* SPDX-License-Identifier: Apache-2.0
 *
 * How long an object can be read. */
#include "blog.h"
#include <stdlib.h>
#include <string.h>

int main(void) {
    ath_engine *engine = blog_open();

    /* async with async_session() as session:
     *     user = (await session.execute(select(User))).scalar_one_or_none()
     * print(user.username)
     *
     * Said to fail since the session is closed; it does not: closing expires nothing, only a commit with
     * expire_on_commit=True before it does.  (With several users scalar_one_or_none would fail; a key is meant.)
     *
     * Here nothing ever expires: an object stays readable after commit and rollback, without a query, until the
     * session is closed.  Closing frees it, so what is needed later is copied first. */
    ath_session *session = ath_session_open(engine);
    User *user = ath_get(session, User, 1);
    if (!user)
        return blog_close(engine, session, false);
    user->status = "seen";
    if (ath_commit(session) != ATH_OK)
        return blog_close(engine, session, false);

    uint64_t before = ath_engine_statistics(engine).statements;
    printf("after the commit: %s is %s\n", user->username, user->status);
    user->status = "never mind";
    ath_rollback(session);
    printf("after the rollback: %s is %s\n", user->username, user->status);
    printf("statements for it: %d\n", (int)(ath_engine_statistics(engine).statements - before));

    /* The numbers of a struct are copied with it; its texts belong to the session. */
    User copy = *user;
    char *name = strdup(user->username);
    ath_session_close(session);
    copy.username = name ? name : "";
    copy.email = copy.status = NULL;
    printf("after the close: %" PRId64 " %s has %.0f\n", copy.id, copy.username, copy.balance);
    free(name);
    ath_engine_close(engine);
    return 0;
}
