/* SPDX-License-Identifier: Apache-2.0
 *
 * Several things at once, not too many of them, and not for too long: gather, Semaphore, wait_for, cancel. */
#include "blog.h"

typedef struct Task {
    ath_engine *engine;
    const char *username;
    int64_t posts;
    ath_limit *limit;
} Task;

/* async def count_posts(username): ...
 * One session cannot be shared by tasks, there as here: each opens its own. */
static ath_status count_posts(void *arg) {
    Task *task = arg;
    ath_session *session = ath_session_open(task->engine);
    task->posts =
        ath_count(session, Post, .where = ath_rel_has(Post, author, ath_eq(ath_col(User, username), task->username)));
    ath_status status = ath_error(session)->status;
    ath_session_close(session);
    return status;
}

/* async with semaphore:
 *     await count_posts(username) */
static ath_status count_in_turn(void *arg) {
    Task *task = arg;
    if (ath_limit_enter(task->limit) != ATH_OK)
        return ATH_CANCELLED;
    ath_status status = count_posts(task);
    ath_limit_leave(task->limit);
    return status;
}

static ath_status sleep_long(void *arg) {
    (void)arg;
    return ath_loop_sleep(3600000);
}

static ath_status run(void *arg) {
    Task *tasks = arg;
    /* await asyncio.gather(*(count_posts(name) for name in names)); semaphore = asyncio.Semaphore(2) */
    ath_limit *limit = ath_limit_new(ath_loop_here(), 2);
    ath_group *group = ath_group_new();
    for (int i = 0; i < 4; i++) {
        tasks[i].limit = limit;
        ath_group_spawn(group, count_in_turn, &tasks[i]);
    }
    ath_status status = ath_group_join(group);
    ath_limit_free(limit);
    for (int i = 0; i < 4; i++)
        printf("%s: %" PRId64 "\n", tasks[i].username, tasks[i].posts);

    /* try: await asyncio.wait_for(asyncio.sleep(3600), timeout=0.01)
     * except asyncio.TimeoutError: ... */
    ath_deadline before = ath_loop_deadline(10);
    printf("%s\n", ath_status_name(ath_loop_sleep(3600000)));
    ath_loop_deadline_restore(before);

    /* task = asyncio.create_task(...); task.cancel(); await task */
    ath_fiber *fiber;
    ath_loop_spawn(ath_loop_here(), sleep_long, NULL, .fiber = &fiber);
    ath_loop_cancel(fiber);
    printf("%s\n", ath_status_name(ath_loop_join(fiber)));
    return status;
}

int main(void) {
    ath_engine *engine = blog_open();
    Task tasks[] = {
        {.engine = engine, .username = "alice"},
        {.engine = engine, .username = "bob"},
        {.engine = engine, .username = "mary"},
        {.engine = engine, .username = "john"},
    };
    ath_status status = ath_loop_main(run, tasks);
    ath_engine_close(engine);
    return status == ATH_OK ? 0 : 1;
}
