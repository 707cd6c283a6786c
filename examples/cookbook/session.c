/* SPDX-License-Identifier: Apache-2.0
 *
 * Sessions: opened, committed, rolled back, closed. */
#include "blog.h"

/* SessionLocal = sessionmaker(autocommit=False, autoflush=False, bind=engine)
 *
 * The factory is a function of the program's.  autocommit=False is the only value SQLAlchemy 2 knows, and here as well
 * a session is always in a transaction.  expire_on_commit=False needs no option either: objects stay readable. */
static ath_session *session_local(ath_engine *engine) {
    return ath_session_open(engine, .no_autoflush = true);
}

int main(void) {
    ath_engine *engine = blog_open();

    /* async with async_session() as session: */
    ath_session *session = session_local(engine);
    ath_new(session, User, .username = "kept", .email = "kept@example.org");
    /* Without autoflush a query does not see what is pending. */
    printf("before the flush: %" PRId64 "\n", ath_count(session, User));
    if (ath_flush(session) != ATH_OK)
        return blog_close(engine, session, false);
    printf("after it: %" PRId64 "\n", ath_count(session, User));
    if (ath_commit(session) != ATH_OK)
        return blog_close(engine, session, false);

    ath_new(session, User, .username = "dropped", .email = "dropped@example.org");
    ath_rollback(session);
    ath_session_close(session); /* what is not committed is rolled back here too */

    session = session_local(engine);
    printf("in the next session: %" PRId64 "\n", ath_count(session, User));

    /* async with session.begin():  # commits at its end, rolls back when left early */
    ATH_TRANSACTION(session) {
        ath_new(session, User, .username = "block", .email = "block@example.org");
    }
    if (ath_error(session)->status != ATH_OK)
        return blog_close(engine, session, false);
    ATH_TRANSACTION(session) {
        ath_new(session, User, .username = "left", .email = "left@example.org");
        break; /* as return or goto would */
    }
    printf("after two blocks: %" PRId64 "\n", ath_count(session, User));
    return blog_close(engine, session, ath_error(session)->status == ATH_OK);
}
