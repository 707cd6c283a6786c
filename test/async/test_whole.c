/* SPDX-License-Identifier: Apache-2.0
 *
 * What takes long as a whole, in fibers: the inspector and migrations let others run; and a loop that is another's.
 */
#include "async.h"

#include <athanor/migrate.h>

#if ATH_HAVE_LIBUV
#include <uv.h>
#endif

/* ---- inspecting ---- */

/* SQLite's files are read by workers.  A server's answer may be there before anybody would wait for it. */
static ath_status look_around(void *arg) {
    ath_engine *db = arg;
    ath_loop_stats before, after;
    ath_connection *c = ath_connect(db);
    ath_loop_stats_of(ath_loop_here(), &before);
    ath_inspector *inspector = ath_inspect(c);
    ath_loop_stats_of(ath_loop_here(), &after);
    CHECK(inspector && ath_inspector_table(inspector, "authors"));
    CHECK(after.offloaded > before.offloaded || async_on != TEST_SQLITE);
    ath_inspector_free(inspector);
    ath_connection_close(c);
    return ATH_OK;
}

TEST(an_inspector_works_in_a_fiber) {
    ath_engine *db = async_open();
    if (db && async_tables(db))
        async_run(look_around, db);
    async_check_pool(db);
    ath_engine_close(db);
}

/* ---- migrations ---- */

ATH_REVISION("f1be", .message = "rooms");
ATH_UPGRADE(op) {
    ath_op_create_table(op, "fiber_rooms", ath_op_column("id", ATH_INTEGER, .primary_key = true),
                        ath_op_column("name", ATH_STRING(40)));
    ath_op_execute(op, "INSERT INTO fiber_rooms (id, name) VALUES (1, 'attic')");
}
ATH_DOWNGRADE(op) {
    ath_op_drop_table(op, "fiber_rooms");
}
ATH_REVISIONS(Rooms);

typedef struct ticking {
    bool over;
    int ticks;
} ticking;

static ath_status tick(void *arg) {
    ticking *t = arg;
    while (!t->over && ath_loop_yield() == ATH_OK)
        t->ticks++;
    return ATH_OK;
}

typedef struct runner {
    ath_engine *db;
    int steps, at_work;
} runner;

static void count_step(void *context, const ath_migration_progress *progress) {
    runner *r = context;
    r->steps += progress->moment == ATH_MOMENT_STEP;
    r->at_work += progress->moment == ATH_MOMENT_STATEMENT;
}

static ath_status upgrade(void *arg) {
    runner *r = arg;
    ath_error error = {0};
    ath_migration m = ath_migration_of(&Rooms, .error = &error, .progress = count_step, .progress_context = r);
    ath_status status = ath_migrate_upgrade(r->db, &m, "head");
    if (status != ATH_OK)
        test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
    return status;
}

static ath_status upgrade_three(void *arg) {
    ath_group *g = ath_group_new();
    ticking t = {0};
    ath_fiber *ticker;
    runner *runners = arg;
    CHECK_INT(ath_loop_spawn(ath_loop_here(), tick, &t, .fiber = &ticker), ATH_OK);
    for (int i = 0; i < 3; i++)
        CHECK_INT(ath_group_spawn(g, upgrade, &runners[i]), ATH_OK);
    CHECK_INT(ath_group_join(g), ATH_OK);
    CHECK(t.ticks > 0);
    t.over = true;
    return ath_loop_join(ticker);
}

/* Fibers of one loop keep apart as processes do: one migrates, the others wait, and find nothing to do. */
TEST(one_of_three_fibers_migrates) {
    ath_engine *db = async_open();
    runner runners[3] = {{.db = db}, {.db = db}, {.db = db}};
    if (db) {
        ath_migration m = ath_migration_of(&Rooms);
        async_run(upgrade_three, runners);
        CHECK_INT(runners[0].steps + runners[1].steps + runners[2].steps, 1);
        CHECK_INT(ath_migrate_downgrade(db, &m, "base"), ATH_OK);
        ath_connection *c = ath_connect(db);
        ath_result *dropped = ath_execute(c, ath_text("DROP TABLE athanor_version"));
        CHECK(dropped && ath_commit(c) == ATH_OK);
        ath_result_close(dropped);
        ath_connection_close(c);
        async_check_pool(db);
    }
    ath_engine_close(db);
}

/* ---- a loop that is another's ---- */

#if ATH_HAVE_LIBUV
typedef struct beating {
    ath_engine *db;
    int beats, found;
} beating;

static void beat(uv_timer_t *timer) {
    ((beating *)timer->data)->beats++;
}

static ath_status ask_until_it_beats(void *arg) {
    beating *b = arg;
    ath_session *s = ath_session_open(b->db);
    while (b->beats < 3 && ath_count(s, Author) == 0 && ath_rollback(s) == ATH_OK)
        b->found++;
    ath_session_close(s);
    return ATH_OK;
}

/* A program's own uv_loop_t: its handles run while fibers do, and it is the program's to close. */
TEST(handles_of_a_native_loop_run_as_well) {
    uv_loop_t native;
    uv_timer_t timer;
    beating b = {.db = async_open()};
    CHECK_INT(uv_loop_init(&native), 0);
    CHECK_INT(uv_timer_init(&native, &timer), 0);
    timer.data = &b;
    CHECK_INT(uv_timer_start(&timer, beat, 1, 1), 0);
    ath_loop *l = ath_loop_new(.poller = "uv", .native = &native);
    CHECK(l != NULL);
    if (b.db && async_tables(b.db)) {
        CHECK_INT(ath_loop_spawn(l, ask_until_it_beats, &b), ATH_OK);
        CHECK_INT(ath_loop_run(l), ATH_OK);
    }
    CHECK(b.beats >= 3);
    CHECK(b.found > 0);
    ath_loop_free(l);
    ath_engine_close(b.db);
    CHECK(uv_is_active((uv_handle_t *)&timer));
    uv_close((uv_handle_t *)&timer, NULL);
    uv_run(&native, UV_RUN_DEFAULT);
    CHECK_INT(uv_loop_close(&native), 0);
}
#endif

static const test_case cases[] = {
    {"an_inspector_works_in_a_fiber", an_inspector_works_in_a_fiber},
    {"one_of_three_fibers_migrates", one_of_three_fibers_migrates},
#if ATH_HAVE_LIBUV
    {"handles_of_a_native_loop_run_as_well", handles_of_a_native_loop_run_as_well},
#endif
};

int main(int argc, char **argv) {
    return async_main(argc, argv, cases, TEST_COUNT(cases));
}
