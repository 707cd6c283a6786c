/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: what ends before its time.  Deadlines, cancelling, refusing wait hooks, killed connections, forked children,
 * servers that say nothing, and memory that runs out.
 */
#include "../base/counting.h"
#include "pging.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

/* Whether some other connection runs a statement that holds this mark. */
static bool runs_on_server(const char *mark) {
    char sql[300];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%%%s%%' AND pid <> "
             "pg_backend_pid()",
             mark);
    return pg_int(other, sql) > 0;
}

static void deadline_in(ath_connection *one, int64_t us) {
    one->driver->set_deadline(one->handle, us < 0 ? INT64_MAX : ath__clock_us() + us);
}

/* ---- deadlines ---- */

TEST(deadlines) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    const ath__driver *d = c->driver;
    for (int i = 0; i < 3; i++) {
        deadline_in(c, 50000);
        CHECK_INT(d->exec(c->handle, "SELECT pg_sleep(30), 'deadline mark'", &pg_error), ATH_TIMEOUT);
        CHECK(!d->is_lost(c->handle));
        deadline_in(c, -1);
        CHECK(!runs_on_server("deadline mark"));
        ath_rollback(other); /* a new look at the activity */
        CHECK(!d->in_transaction(c->handle));
        CHECK_INT(d->exec(c->handle, "SELECT 1", &pg_error), ATH_OK);
    }
    void *statement = pg_prepared(c->handle, "SELECT pg_sleep(30)");
    deadline_in(c, 50000);
    CHECK_INT(d->step(statement, &pg_error), ATH__STEP_ERROR);
    CHECK_INT(pg_error.status, ATH_TIMEOUT);
    CHECK_STR(pg_error.sqlstate, "57014");
    d->finalize(statement);
    deadline_in(c, 0); /* of the past: nothing is sent */
    CHECK_INT(d->exec(c->handle, "SELECT 1", &pg_error), ATH_TIMEOUT);
    CHECK_INT(d->ping(c->handle, &pg_error), ATH_TIMEOUT);
    deadline_in(c, -1);
    CHECK_INT(d->ping(c->handle, &pg_error), ATH_OK);
    CHECK_INT(pg_int(c, "SELECT 2"), 2);
    end();
}

/* The deadline passes between rows, and while they are taken in for another statement. */
TEST(deadlines_of_rows) {
    TEST_ON(TEST_POSTGRESQL);
    static const char sql[] = "SELECT g, repeat('x', 9000), pg_sleep(CASE WHEN g > 50 THEN 30 ELSE 0 END)"
                              " FROM generate_series(1, 60) AS g";
    begin();
    const ath__driver *d = c->driver;
    void *statement = pg_prepared(c->handle, sql);
    int rows = 0;
    d->stream(statement);
    deadline_in(c, 100000);
    while (d->step(statement, &pg_error) == ATH__STEP_ROW)
        rows++;
    CHECK(rows <= 50);
    CHECK_INT(pg_error.status, ATH_TIMEOUT);
    CHECK_INT(d->step(statement, &pg_error), ATH__STEP_DONE);
    d->reset(statement);
    deadline_in(c, -1);
    CHECK_INT(d->exec(c->handle, "SELECT 1", &pg_error), ATH_OK);
    d->stream(statement);
    CHECK_INT(d->step(statement, &pg_error), ATH__STEP_ROW);
    deadline_in(c, 100000);
    CHECK_INT(d->exec(c->handle, "SELECT 2", &pg_error), ATH_TIMEOUT); /* it came between */
    deadline_in(c, -1);
    CHECK_INT(d->exec(c->handle, "SELECT 3", &pg_error), ATH_OK);
    d->finalize(statement);
    CHECK_INT(pg_int(c, "SELECT 8"), 8);
    end();
}

/* ---- hooks that refuse ---- */

typedef struct refusal {
    int left; /* calls that still go well; -1: all */
} refusal;

static ath_status refuse(void *context, int fd, short events, int64_t deadline_us) {
    refusal *r = context;
    if (r->left == 0)
        return ATH_STATE;
    if (r->left > 0)
        r->left--;
    return ath__poll_wait.wait(ath__poll_wait.context, fd, events, deadline_us);
}

TEST(hooks_that_refuse) {
    TEST_ON(TEST_POSTGRESQL);
    refusal r = {-1};
    const ath_wait_hook hook = {refuse, &r};
    ath_engine *e = ath_engine_open(test_url(TEST_POSTGRESQL), .wait = &hook);
    ath_connection *one = ath_connect(e, &pg_error);
    CHECK_INT(pg_int(one, "SELECT 1"), 1);
    CHECK_INT(ath_commit(one), ATH_OK);
    for (int i = 0; i < 30; i++) { /* at once: the cancel may be at the server before the query is */
        r.left = 0;
        CHECK_INT(one->driver->exec(one->handle, "SELECT pg_sleep(30)", &pg_error), ATH_STATE);
        r.left = -1;
        CHECK(!one->driver->is_lost(one->handle));
    }
    CHECK_INT(pg_int(one, "SELECT 3"), 3);
    ath_connection_close(one);
    ath_engine_close(e);
    for (int calls = 0; calls < 6; calls++) { /* while it connects */
        r.left = calls;
        e = ath_engine_open(test_url(TEST_POSTGRESQL), .wait = &hook);
        one = ath_connect(e, &pg_error);
        CHECK(one != NULL || pg_error.status == ATH_STATE);
        ath_connection_close(one);
        ath_engine_close(e);
    }
}

/* ---- cancelling ---- */

static void *cancel_soon(void *unused) {
    static ath_status status;
    (void)unused;
    while (!runs_on_server("cancel mark")) {
        ath_rollback(other);
        ath__poll_wait.wait(NULL, -1, 0, ath__clock_us() + 2000);
    }
    status = c->driver->cancel(c->handle, NULL);
    return &status;
}

TEST(cancelling) {
    TEST_ON(TEST_POSTGRESQL);
    pthread_t thread;
    void *status = NULL;
    begin();
    CHECK_INT(c->driver->cancel(c->handle, NULL), ATH_OK); /* nothing runs */
    CHECK_INT(pg_int(c, "SELECT 1"), 1);
    CHECK_INT(pthread_create(&thread, NULL, cancel_soon, NULL), 0);
    CHECK_INT(pg_try(c, "SELECT pg_sleep(60), 'cancel mark'"), ATH_OPERATIONAL);
    CHECK_STR(ath_connection_error(c)->sqlstate, "57014");
    pthread_join(thread, &status);
    CHECK_INT(*(ath_status *)status, ATH_OK);
    CHECK_INT(ath_rollback(c), ATH_OK);
    CHECK_INT(pg_int(c, "SELECT 2"), 2);
    end();
}

/* ---- servers that say nothing ---- */

typedef struct silence {
    int listener, port;
} silence;

static silence silent_server(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    silence s = {socket(AF_INET, SOCK_STREAM, 0), 0};
    CHECK(bind(s.listener, (struct sockaddr *)&address, size) == 0 && listen(s.listener, 5) == 0);
    getsockname(s.listener, (struct sockaddr *)&address, &size);
    s.port = ntohs(address.sin_port);
    return s;
}

TEST(connecting_to_silence) {
    TEST_ON(TEST_POSTGRESQL);
    silence s = silent_server();
    char url[120];
    void *handle = NULL;
    snprintf(url, sizeof url, "postgresql://u:p@127.0.0.1:%d/x?connect_timeout=0.1", s.port);
    ath_url *parsed = ath_url_parse(url, &pg_error);
    const ath__connect how = {
        .url = parsed, .allocator = &ath__malloc_allocator, .wait = &ath__poll_wait, .deadline_us = INT64_MAX};
    CHECK_INT(ath__postgresql_backend.driver->connect(&how, &handle, &pg_error), ATH_TIMEOUT);
    CHECK(strstr(pg_error.message, "127.0.0.1") != NULL);
    ath_url_free(parsed);
    close(s.listener);
    snprintf(url, sizeof url, "postgresql://u:p@127.0.0.1:%d/x", s.port); /* nobody listens any more */
    ath_engine *e = ath_engine_open(url);
    CHECK(ath_connect(e, &pg_error) == NULL);
    CHECK_INT(pg_error.status, ATH_OPERATIONAL);
    CHECK(strchr(pg_error.message, '\n') == NULL);
    ath_engine_close(e);
}

/* Whether the server's process is one of this machine's. */
static bool is_postgres(pid_t pid) {
    char path[40], name[16] = "";
    snprintf(path, sizeof path, "/proc/%ld/comm", (long)pid);
    FILE *file = fopen(path, "r");
    bool is = file && fgets(name, sizeof name, file) && strncmp(name, "postgres", 8) == 0;
    if (file)
        fclose(file);
    return is;
}

/* A server that stops: its process gets SIGSTOP, so that neither the query nor the cancel request is answered. */
TEST(servers_that_stop) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    pid_t pid = (pid_t)pg_int(c, "SELECT pg_backend_pid()");
    CHECK_INT(ath_commit(c), ATH_OK);
    if (is_postgres(pid) && kill(pid, SIGSTOP) == 0) {
        int64_t before = ath__clock_us();
        deadline_in(c, 50000);
        CHECK_INT(c->driver->exec(c->handle, "SELECT 1", &pg_error), ATH_TIMEOUT);
        CHECK(c->driver->is_lost(c->handle)); /* out of step: nobody knows when it will answer */
        CHECK_INT(c->driver->exec(c->handle, "SELECT 1", &pg_error), ATH_DISCONNECT);
        CHECK(ath__clock_us() - before < 60 * INT64_C(1000000));
        kill(pid, SIGCONT);
    }
    end();
}

/* ---- connections that end ---- */

/* The server's process behind the connection. */
static int64_t backend_of(ath_connection *one) {
    return pg_int(one, "SELECT pg_backend_pid()");
}

static void end_backend(int64_t pid) {
    char sql[80];
    snprintf(sql, sizeof sql, "SELECT pg_terminate_backend(%lld)::int", (long long)pid);
    CHECK_INT(pg_int(other, sql), 1);
}

TEST(killed_connections) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    int64_t pid = backend_of(c);
    const ath__driver *d = c->driver;
    CHECK_INT(d->ping(c->handle, NULL), ATH_OK);
    void *statement = pg_prepared(c->handle, "SELECT 1");
    end_backend(pid);
    CHECK_INT(d->step(statement, &pg_error), ATH__STEP_ERROR);
    CHECK_INT(pg_error.status, ATH_DISCONNECT);
    CHECK(d->is_lost(c->handle));
    CHECK_INT(d->ping(c->handle, &pg_error), ATH_DISCONNECT);
    CHECK_INT(d->exec(c->handle, "SELECT 1", &pg_error), ATH_DISCONNECT);
    CHECK(!d->in_transaction(c->handle));
    d->reset(statement);
    d->finalize(statement);
    end();
}

TEST(killed_between_rows) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    int64_t pid = backend_of(c);
    const ath__driver *d = c->driver;
    void *statement = pg_prepared(c->handle, "SELECT g, repeat('x', 1000) FROM generate_series(1, 200000) AS g");
    d->stream(statement);
    CHECK_INT(d->step(statement, &pg_error), ATH__STEP_ROW);
    end_backend(pid);
    ath__step step;
    while ((step = d->step(statement, &pg_error)) == ATH__STEP_ROW)
        ;
    CHECK_INT(step, ATH__STEP_ERROR);
    CHECK_INT(pg_error.status, ATH_DISCONNECT);
    CHECK(d->is_lost(c->handle));
    d->finalize(statement);
    end();
}

/* The engine's next connection works. */
TEST(life_goes_on) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    int64_t pid = backend_of(c);
    CHECK_INT(pg_int(c, "SELECT 1"), 1);
    end_backend(pid);
    CHECK_INT(pg_try(c, "SELECT 2"), ATH_DISCONNECT);
    ath_connection_close(c);
    c = ath_connect(db, &pg_error);
    CHECK_INT(c ? pg_int(c, "SELECT 3") : 0, 3);
    end();
}

/* A child leaves its parent's connection alone. */
TEST(forked_children) {
    TEST_ON(TEST_POSTGRESQL);
    begin();
    CHECK_INT(pg_int(c, "SELECT 1"), 1);
    pid_t child = fork();
    if (child == 0) {
        c->driver->abandon(c->handle);
        _exit(0);
    }
    int status = -1;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    CHECK_INT(pg_int(c, "SELECT 2"), 2);
    end();
}

/* ---- memory ---- */

/* All that a driver allocates, in one go; the first failure's status. */
static ath_status journey(const ath_allocator *a) {
    const ath__driver *d = ath__postgresql_backend.driver;
    const ath__connect how = {.url = db->url, .allocator = a, .wait = &ath__poll_wait, .deadline_us = INT64_MAX};
    void *handle = NULL, *one = NULL, *many = NULL;
    ath_error error = {0};
    static const char sql[] = "SELECT $1, $2 || 'x', NULL::humours, ARRAY[1], '\\x00'::bytea";
    static const char arrays[] = "SELECT * FROM unnest($1::int[], $2::text[])";
    static char text[6000];
    memset(text, 't', sizeof text - 1);
    const ath_value values[] = {{.kind = ATH_KIND_INT, .as.i = 1}, {.kind = ATH_KIND_TEXT, .as.text = {text, 5999}}};
    ath_value cells[5];
    bool there = false;
    ath_status status = d->connect(&how, &handle, &error);
    if (status != ATH_OK)
        return status;
    status = d->has_table(handle, "no_table", &there, &error);
    if (status == ATH_OK)
        status = d->prepare(handle, sql, strlen(sql), NULL, 0, &one, &error);
    if (status == ATH_OK)
        status = d->bind(one, 0, values, 2, true, &error);
    if (status == ATH_OK && d->step(one, &error) != ATH__STEP_ROW)
        status = error.status;
    if (status == ATH_OK)
        status = d->row(one, cells, 5, &error);
    if (status == ATH_OK)
        status = d->prepare(handle, arrays, strlen(arrays), NULL, 0, &many, &error);
    if (status == ATH_OK)
        status = d->bind_rows(many, values, 1, 2, &error);
    if (status == ATH_OK && d->step(many, &error) != ATH__STEP_ROW)
        status = error.status;
    if (one)
        d->finalize(one);
    if (many)
        d->finalize(many);
    d->disconnect(handle);
    return status;
}

TEST(memory_that_runs_out) {
    TEST_ON(TEST_POSTGRESQL);
    counting a;
    begin();
    pg_run(c, "DROP TYPE IF EXISTS humours");
    pg_run(c, "CREATE TYPE humours AS ENUM ('good')");
    CHECK_INT(ath_commit(c), ATH_OK);
    counting_init(&a, 0);
    CHECK_INT(journey(&a.allocator), ATH_OK);
    CHECK_RELEASED(&a);
    size_t all = a.requests, spared = 0;
    CHECK(all > 10);
    for (size_t i = 1; i <= all; i++) {
        test_context("allocation %zu", i);
        counting_init(&a, i);
        ath_status status = journey(&a.allocator);
        CHECK(status == ATH_NO_MEMORY || status == ATH_OK);
        spared += status == ATH_OK;
        CHECK_RELEASED(&a);
    }
    CHECK(spared <= 1); /* the names of dropped statements may be forgotten */
    end();
}

static const test_case cases[] = {
    {"deadlines", deadlines},
    {"deadlines_of_rows", deadlines_of_rows},
    {"hooks_that_refuse", hooks_that_refuse},
    {"cancelling", cancelling},
    {"connecting_to_silence", connecting_to_silence},
    {"servers_that_stop", servers_that_stop},
    {"killed_connections", killed_connections},
    {"killed_between_rows", killed_between_rows},
    {"life_goes_on", life_goes_on},
    {"forked_children", forked_children},
    {"memory_that_runs_out", memory_that_runs_out},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
