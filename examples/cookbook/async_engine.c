/* SPDX-License-Identifier: Apache-2.0
 *
 * The asynchronous engine and its sessions: the same ones, inside of fibers. */
#include "blog.h"

/* engine = create_async_engine(
 *     "mysql+asyncmy://user:password@host:port/db_name?charset=utf8mb4",
 *     echo=True, pool_size=10, max_overflow=20, pool_timeout=10, pool_recycle=3600, pool_pre_ping=True)
 *
 * There is one engine for both, and no driver of its own ("+asyncmy", "+asyncpg"): times are in milliseconds.
 *
 * async_session = async_sessionmaker(engine, class_=AsyncSession, expire_on_commit=False, autoflush=False)
 *
 * is a function, if a program opens its sessions in more than one way. */
static ath_session *open_session(ath_engine *engine) {
    return ath_session_open(engine, .no_autoflush = true); /* objects stay readable after commit, always */
}

static ath_engine *open_engine(void) {
    return ath_engine_open(cookbook_url(), .pool_size = 10, .max_overflow = 20, .pool_timeout_ms = 10000,
                           .pool_recycle_ms = 3600000, .pool_pre_ping = true);
}

typedef struct Work {
    ath_engine *engine;
    int64_t users;
    ath_status status;
} Work;

/* async with async_session() as session:
 *     result = await session.execute(select(User)) */
static ath_status count_users(void *arg) {
    Work *work = arg;
    ath_session *session = open_session(work->engine);
    User **users = ath_all(session, User, .order_by = ath_by(ath_col(User, id)));
    work->users = (int64_t)ath_len(users);
    work->status = ath_error(session)->status;
    ath_session_close(session);
    return work->status;
}

/* async def main():
 *     await asyncio.gather(count_users(), count_users(), count_users())
 * asyncio.run(main()) */
static ath_status run_three(void *arg) {
    Work *work = arg;
    ath_group *group = ath_group_new();
    for (int i = 0; i < 3; i++)
        ath_group_spawn(group, count_users, &work[i]);
    return ath_group_join(group);
}

int main(void) {
    ath_engine *filled = blog_open(); /* in memory there is one database for each engine: then that one is used */
    bool in_memory = getenv("COOKBOOK_URL") == NULL;
    ath_engine *engine = in_memory ? filled : open_engine();
    Work work[3] = {{.engine = engine}, {.engine = engine}, {.engine = engine}};
    ath_status status = ath_loop_main(run_three, work);
    for (int i = 0; i < 3; i++)
        printf("%" PRId64 " users\n", work[i].users);
    printf("%s\n", ath_status_name(status));
    if (!in_memory)
        ath_engine_close(engine); /* await engine.dispose() */
    ath_engine_close(filled);
    return status == ATH_OK ? 0 : 1;
}
