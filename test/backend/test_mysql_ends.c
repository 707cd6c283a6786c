/* SPDX-License-Identifier: Apache-2.0
 *
 * MariaDB: what ends before its time.  Deadlines, cancelling, refusing wait hooks, killed connections, forked children, and
 * statements that the server does not keep.
 */
#include "mysqling.h"

#include "../base/counting.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>

static ath_engine *db;
static ath_connection *c, *other;

static void begin(void) {
    db = my_engine("");
    c = ath_connect(db, &my_error);
    other = ath_connect(db, &my_error);
    CHECK_STR(c && other ? "" : my_error.message, "");
}

static void end(void) {
    ath_connection_close(c);
    ath_connection_close(other);
    ath_engine_close(db);
}

/* Whether some other connection runs a statement that holds this mark. */
static bool runs_on_server(const char *mark) {
    char sql[300];
    snprintf(sql, sizeof sql,
             "SELECT count(*) FROM information_schema.processlist WHERE info LIKE '%%%s%%' AND id != connection_id()",
             mark);
    return my_int(other, sql) > 0;
}

static void deadline_in(ath_connection *one, int64_t us) {
    one->driver->set_deadline(one->handle, us < 0 ? INT64_MAX : ath__clock_us() + us);
}

/* ---- deadlines ---- */

TEST(deadlines) {
    TEST_ON(TEST_MYSQL);
    begin();
    my_run(c, "CREATE OR REPLACE TABLE kept (id INTEGER)");
    my_run(c, "INSERT INTO kept VALUES (1)");
    deadline_in(c, 50000);
    CHECK_INT(my_try(c, "SELECT sleep(30), 'deadline mark'"), ATH_TIMEOUT);
    CHECK(!c->driver->is_lost(c->handle));
    deadline_in(c, -1);
    CHECK(!runs_on_server("deadline mark"));
    CHECK(c->driver->in_transaction(c->handle)); /* only the query has ended */
    CHECK_INT(my_int(c, "SELECT count(*) FROM kept"), 1);
    CHECK_INT(ath_commit(c), ATH_OK);
    end();
}

/* The deadline passes between rows. */
TEST(deadlines_of_rows) {
    TEST_ON(TEST_MYSQL);
    begin();
    ath_result *r =
        ath_execute(c, ath_text("SELECT seq, sleep(if(seq > 3, 30, 0)), repeat('x', 9000) FROM seq_1_to_9"));
    deadline_in(c, 50000);
    int rows = 0;
    while (ath_fetch(r))
        rows++;
    CHECK(rows <= 3);
    CHECK_INT(ath_result_error(r)->status, ATH_TIMEOUT);
    ath_result_close(r);
    deadline_in(c, -1);
    CHECK_INT(my_int(c, "SELECT 8"), 8);
    end();
}

/* A deadline that has passed already ends the call at once, and the next one works. */
TEST(deadlines_of_the_past) {
    TEST_ON(TEST_MYSQL);
    begin();
    for (int i = 0; i < 5; i++) {
        deadline_in(c, -1);
        CHECK_INT(my_int(c, "SELECT 1"), 1);
        deadline_in(c, 0);
        ath_status status = my_try(c, "SELECT 2, sleep(1)");
        CHECK_INT(status, ATH_TIMEOUT);
        CHECK(!c->driver->is_lost(c->handle));
    }
    deadline_in(c, -1);
    CHECK_INT(my_int(c, "SELECT 3"), 3);
    end();
}

/* A server that accepts and then says nothing, or what is no greeting. */
TEST(servers_that_say_nothing) {
    static const char *const greetings[] = {"", "HTTP/1.1 400 Bad Request\r\n\r\n"};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(listener, (struct sockaddr *)&address, size) == 0 && listen(listener, 5) == 0);
    getsockname(listener, (struct sockaddr *)&address, &size);
    for (size_t i = 0; i < TEST_COUNT(greetings); i++) {
        char url[80];
        void *handle = NULL;
        snprintf(url, sizeof url, "mysql://u:p@127.0.0.1:%d/?connect_timeout=60", ntohs(address.sin_port));
        ath_url *parsed = ath_url_parse(url, &my_error);
        pid_t child = fork();
        if (child == 0) {
            int one = accept(listener, NULL, NULL);
            ssize_t sent = write(one, greetings[i], strlen(greetings[i]));
            ath__poll_wait.wait(NULL, -1, 0, ath__clock_us() + 3000000);
            _exit(sent < 0);
        }
        const ath__connect how = {.url = parsed,
                                  .allocator = &ath__malloc_allocator,
                                  .wait = &ath__poll_wait,
                                  .deadline_us = ath__clock_us() + 100000};
        ath_status status = ath__mysql_backend.driver->connect(&how, &handle, &my_error);
        CHECK_INT(status, i == 0 ? ATH_TIMEOUT : my_error.status);
        CHECK(status != ATH_OK);
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        ath_url_free(parsed);
    }
    close(listener);
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
    TEST_ON(TEST_MYSQL);
    refusal r = {-1};
    const ath_wait_hook hook = {refuse, &r};
    ath_engine *e = ath_engine_open(test_url(TEST_MYSQL), .wait = &hook);
    ath_connection *one = ath_connect(e, &my_error);
    CHECK_INT(my_int(one, "SELECT 1"), 1);
    r.left = 0;
    CHECK_INT(my_try(one, "SELECT 2, sleep(30)"), ATH_STATE);
    r.left = -1;
    CHECK(!one->driver->is_lost(one->handle));
    CHECK_INT(my_int(one, "SELECT 3"), 3);
    ath_connection_close(one);
    ath_engine_close(e);
    for (int calls = 0; calls < 4; calls++) { /* while it connects */
        r.left = calls;
        e = ath_engine_open(test_url(TEST_MYSQL), .wait = &hook);
        one = ath_connect(e, &my_error);
        CHECK(one != NULL || my_error.status == ATH_STATE);
        ath_connection_close(one);
        ath_engine_close(e);
    }
}

/* ---- cancelling ---- */

static void *cancel_soon(void *unused) {
    (void)unused;
    while (!runs_on_server("cancel mark"))
        ath__poll_wait.wait(NULL, -1, 0, ath__clock_us() + 2000);
    static ath_status status;
    status = c->driver->cancel(c->handle, NULL);
    return &status;
}

TEST(cancelling) {
    TEST_ON(TEST_MYSQL);
    pthread_t thread;
    void *status = NULL;
    begin();
    CHECK_INT(c->driver->cancel(c->handle, NULL), ATH_OK); /* nothing runs */
    CHECK_INT(my_int(c, "SELECT 1"), 1);
    CHECK_INT(pthread_create(&thread, NULL, cancel_soon, NULL), 0);
    CHECK_INT(my_try(c, "SELECT sum(a.seq % (b.seq + 1)) AS `cancel mark` FROM seq_1_to_1000000 a, seq_1_to_1000000 b"),
              ATH_OPERATIONAL);
    CHECK_INT(ath_connection_error(c)->native_code, 1317);
    pthread_join(thread, &status);
    CHECK_INT(*(ath_status *)status, ATH_OK);
    CHECK_INT(my_int(c, "SELECT 2"), 2);
    end();
}

/* Many threads connect at once, and each is cancelled by its neighbour while it works. */
enum { THREADS = 12, ROUNDS = 10 };
static ath_connection *crowd[THREADS];

static void *work_and_cancel(void *number) {
    size_t i = (size_t)(uintptr_t)number;
    long done = 0;
    for (int round = 0; round < ROUNDS; round++) {
        ath_status status = my_try(crowd[i], "SELECT seq FROM seq_1_to_3000");
        done += status == ATH_OK || status == ATH_OPERATIONAL;
        crowd[(i + 1) % THREADS]->driver->cancel(crowd[(i + 1) % THREADS]->handle, NULL);
    }
    return (void *)(uintptr_t)done;
}

static void *connect_one(void *unused) {
    (void)unused;
    return ath_connect(db);
}

TEST(crowds) {
    TEST_ON(TEST_MYSQL);
    pthread_t threads[THREADS];
    begin();
    for (size_t i = 0; i < THREADS; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, connect_one, NULL), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *one = NULL;
        pthread_join(threads[i], &one);
        crowd[i] = one;
        CHECK(one != NULL);
    }
    for (size_t i = 0; i < THREADS; i++)
        CHECK_INT(pthread_create(&threads[i], NULL, work_and_cancel, (void *)(uintptr_t)i), 0);
    for (size_t i = 0; i < THREADS; i++) {
        void *done = NULL;
        pthread_join(threads[i], &done);
        CHECK_INT((long)(uintptr_t)done, ROUNDS);
    }
    for (size_t i = 0; i < THREADS; i++) {
        ath_rollback(crowd[i]);
        ath_status status = my_try(crowd[i], "DO 0"); /* takes a cancel that came late */
        CHECK(status == ATH_OK || status == ATH_OPERATIONAL);
        CHECK_INT(my_int(crowd[i], "SELECT 1"), 1);
        ath_connection_close(crowd[i]);
    }
    end();
}

/* ---- connections that end ---- */

static void kill_connection(ath_connection *one) {
    char sql[60];
    snprintf(sql, sizeof sql, "KILL %lld", (long long)my_int(one, "SELECT connection_id()"));
    my_run(other, sql);
}

TEST(killed_connections) {
    TEST_ON(TEST_MYSQL);
    begin();
    CHECK_INT(c->driver->ping(c->handle, NULL), ATH_OK);
    kill_connection(c);
    CHECK_INT(my_try(c, "SELECT 1"), ATH_DISCONNECT);
    CHECK(c->driver->is_lost(c->handle));
    CHECK_INT(c->driver->ping(c->handle, NULL), ATH_DISCONNECT);
    CHECK_INT(my_try(c, "SELECT 2"), ATH_STATE); /* the transaction went with it */
    end();
}

TEST(killed_between_rows) {
    TEST_ON(TEST_MYSQL);
    begin();
    int64_t id = my_int(c, "SELECT connection_id()");
    ath_result *r = ath_execute(c, ath_text("SELECT seq, repeat('x', 1000) FROM seq_1_to_1000000"));
    CHECK(ath_fetch(r) != NULL);
    char sql[60];
    snprintf(sql, sizeof sql, "KILL %lld", (long long)id);
    my_run(other, sql);
    while (ath_fetch(r))
        ;
    CHECK_INT(ath_result_error(r)->status, ATH_DISCONNECT);
    ath_result_close(r);
    CHECK(c->driver->is_lost(c->handle));
    end();
}

/* A child leaves its parent's connection alone, whose rows are still on their way, and frees what it holds. */
static void fork_beside(const char *query) {
    static const char sql[] = "SELECT seq, repeat('x', 200) FROM seq_1_to_5000";
    void *handle = NULL, *walked = NULL, *resting = NULL;
    counting memory;
    char url[400];
    counting_init(&memory, 0);
    snprintf(url, sizeof url, "%s%s", test_url(TEST_MYSQL), query);
    ath_url *parsed = ath_url_parse(url, &my_error);
    const ath__driver *d = ath__mysql_backend.driver;
    const ath__connect how = {
        .url = parsed, .allocator = &memory.allocator, .wait = &ath__poll_wait, .deadline_us = INT64_MAX};
    CHECK_INT(d->connect(&how, &handle, &my_error), ATH_OK);
    CHECK_INT(d->prepare(handle, "SELECT 1", 8, NULL, 0, &resting, &my_error), ATH_OK);
    CHECK_INT(d->prepare(handle, sql, strlen(sql), NULL, 0, &walked, &my_error), ATH_OK);
    CHECK_INT(d->step(walked, &my_error), ATH__STEP_ROW);
    pid_t child = fork();
    if (child == 0) {
        d->abandon(handle);
        _exit(memory.live != 0 || memory.wrong != 0);
    }
    int status = -1, rows = 1;
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    while (d->step(walked, &my_error) == ATH__STEP_ROW)
        rows++;
    CHECK_INT(rows, 5000);
    CHECK_INT(d->step(resting, &my_error), ATH__STEP_ROW);
    d->finalize(walked);
    d->finalize(resting);
    d->disconnect(handle);
    CHECK_RELEASED(&memory);
    ath_url_free(parsed);
}

TEST(forked_children) {
    TEST_ON(TEST_MYSQL);
    fork_beside("");
    fork_beside("?sslmode=require");
}

/* ---- statements that the server does not keep ---- */

TEST(poolers_in_transaction_mode) {
    TEST_ON(TEST_MYSQL);
    void *handle = NULL, *statement = NULL;
    begin();
    const ath__driver *d = c->driver;
    const ath__connect how = {.url = db->url,
                              .allocator = &db->allocator,
                              .wait = &db->wait,
                              .deadline_us = INT64_MAX,
                              .never_prepare = true};
    CHECK_INT(d->connect(&how, &handle, &my_error), ATH_OK);
    const char *sql = "SELECT ? + 1";
    CHECK_INT(d->prepare(handle, sql, strlen(sql), NULL, 0, &statement, &my_error), ATH_OK);
    CHECK_INT((int)d->bind_count(statement), 1);
    CHECK_INT(d->exec(handle, "SET SESSION time_zone = '+05:00'", &my_error), ATH_OK);
    for (int i = 0; i < 3; i++) {
        ath_value v = {.kind = ATH_KIND_INT, .as.i = i}, cell = {0};
        CHECK_INT(d->exec(handle, "BEGIN", &my_error), ATH_OK);
        CHECK_INT(d->bind(statement, 0, &v, 1, true, &my_error), ATH_OK);
        CHECK_INT(d->step(statement, &my_error), ATH__STEP_ROW);
        CHECK_INT(d->row(statement, &cell, 1, &my_error), ATH_OK);
        CHECK_INT(cell.as.i, i + 1);
        d->reset(statement);
        CHECK(((ath__mysql_stmt *)statement)->stmt == NULL); /* closed on the server as well */
        CHECK_INT(d->exec(handle, "COMMIT", &my_error), ATH_OK);
    }
    void *zone = NULL;
    ath_value cell = {0};
    sql = "SELECT @@time_zone"; /* set up again by BEGIN */
    CHECK_INT(d->prepare(handle, sql, strlen(sql), NULL, 0, &zone, &my_error), ATH_OK);
    CHECK_INT(d->step(zone, &my_error), ATH__STEP_ROW);
    CHECK_INT(d->row(zone, &cell, 1, &my_error), ATH_OK);
    CHECK_STR(cell.as.text.data, "+00:00");
    d->finalize(zone);
    d->finalize(statement);
    d->disconnect(handle);
    end();
}

/* What the server has forgotten is prepared again: here, by closing it behind the driver's back. */
TEST(forgotten_statements) {
    TEST_ON(TEST_MYSQL);
    void *statement = NULL;
    begin();
    const ath__driver *d = c->driver;
    const char *sql = "SELECT ?";
    CHECK_INT(d->prepare(c->handle, sql, strlen(sql), NULL, 0, &statement, &my_error), ATH_OK);
    ath__mysql_stmt *s = statement;
    for (int i = 0; i < 3; i++) {
        ath_value v = {.kind = ATH_KIND_INT, .as.i = i}, cell = {0};
        s->stmt->stmt_id += 1000;
        CHECK_INT(d->bind(statement, 0, &v, 1, true, &my_error), ATH_OK);
        CHECK_INT(d->step(statement, &my_error), ATH__STEP_ROW);
        CHECK_INT(d->row(statement, &cell, 1, &my_error), ATH_OK);
        CHECK_INT(cell.as.i, i);
        CHECK_INT(d->step(statement, &my_error), ATH__STEP_DONE);
        d->reset(statement);
    }
    d->finalize(statement);
    end();
}

static const test_case cases[] = {
    {"deadlines", deadlines},
    {"deadlines_of_rows", deadlines_of_rows},
    {"deadlines_of_the_past", deadlines_of_the_past},
    {"servers_that_say_nothing", servers_that_say_nothing},
    {"hooks_that_refuse", hooks_that_refuse},
    {"cancelling", cancelling},
    {"crowds", crowds},
    {"killed_connections", killed_connections},
    {"killed_between_rows", killed_between_rows},
    {"forked_children", forked_children},
    {"poolers_in_transaction_mode", poolers_in_transaction_mode},
    {"forgotten_statements", forgotten_statements},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
