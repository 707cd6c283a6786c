/* SPDX-License-Identifier: Apache-2.0
 *
 * The fake server of fake.h.
 */
#include "engine/fake.h"

#include "backend/sqlite/sqlite.h"

fake_server fake;

static char said[8192];
static size_t said_size;
static pthread_mutex_t said_mutex = PTHREAD_MUTEX_INITIALIZER;

typedef struct handle {
    ath_allocator allocator;
    int number, life, statements;
    _Atomic int64_t deadline_us;
    _Atomic bool running, cancelled;
    bool lost, in_transaction, spoiled;
} handle;

typedef struct statement {
    handle *h;
    char sql[200];
    int schema;
    size_t binds;
    int64_t bound[8];
    bool row, over;
} statement;

static void say(const char *sql) {
    pthread_mutex_lock(&said_mutex);
    int n = snprintf(said + said_size, sizeof said - said_size, "%s%s", said_size ? "; " : "", sql);
    if (n > 0 && (size_t)n < sizeof said - said_size)
        said_size += (size_t)n;
    pthread_mutex_unlock(&said_mutex);
}

const char *fake_log(void) {
    return said;
}

void fake_log_clear(void) {
    said_size = 0;
    said[0] = '\0';
}

void fake_reset(void) {
    memset((void *)&fake, 0, sizeof fake);
    fake.connect_status = ATH_OPERATIONAL;
    fake.connect_sqlstate = "28000";
    fake_log_clear();
}

void fake_kill_all(void) {
    fake.life++;
}

/* ---- connections ---- */

static ath_status connect(const ath__connect *how, void **connection, ath_error *error) {
    int number = ++fake.connects;
    fake.never_prepare = how->never_prepare;
    fake.connect_deadline = how->deadline_us;
    if (fake.connect_ms)
        sleep_ms(fake.connect_ms);
    if (fake.down)
        return ath__fail(error, ATH_DISCONNECT, "nobody listens");
    if (fake.connect_fails > 0) {
        fake.connect_fails--;
        ath__fail(error, fake.connect_status, "the server refuses");
        snprintf(error->sqlstate, sizeof error->sqlstate, "%s", fake.connect_sqlstate);
        return error->status;
    }
    handle *h = ath__alloc_zero(how->allocator, 1, sizeof *h);
    if (!h)
        return ath__fail_memory(error);
    h->allocator = *how->allocator;
    h->number = number;
    h->life = fake.life;
    int now = ++fake.connected;
    for (int most = fake.most; most < now && !atomic_compare_exchange_weak(&fake.most, &most, now);)
        continue;
    *connection = h;
    return ATH_OK;
}

static void free_handle(handle *h) {
    ath_allocator a = h->allocator;
    fake.connected--;
    ath__free(&a, h, sizeof *h);
}

static void disconnect(void *connection) {
    fake.disconnects++;
    free_handle(connection);
}

static void abandon(void *connection) {
    fake.abandons++;
    free_handle(connection);
}

static ath_status alive(handle *h, ath_error *error) {
    h->lost = h->lost || h->life != fake.life || fake.down;
    return h->lost ? ath__fail(error, ATH_DISCONNECT, "the server has gone away") : ATH_OK;
}

static ath_status exec(void *connection, const char *sql, ath_error *error) {
    handle *h = connection;
    say(sql);
    ATH_TRY(alive(h, error));
    if (strcmp(sql, "ROLLBACK") != 0 && h->spoiled)
        return ath__fail(error, ATH_STATE, "the transaction is aborted");
    h->spoiled = false;
    if (strcmp(sql, "BEGIN") == 0)
        h->in_transaction = true;
    if (strcmp(sql, "COMMIT") == 0 || strcmp(sql, "ROLLBACK") == 0)
        h->in_transaction = false;
    return ATH_OK;
}

static bool in_transaction(void *connection) {
    handle *h = connection;
    return h->in_transaction && !h->lost;
}

static void set_deadline(void *connection, int64_t deadline_us) {
    ((handle *)connection)->deadline_us = deadline_us;
}

static ath_status cancel(void *connection, ath_error *error) {
    handle *h = connection;
    (void)error;
    if (fake.late_cancel)
        sleep_ms(fake.late_cancel);
    if (fake.late_cancel || h->running)
        h->cancelled = true;
    return ATH_OK;
}

static bool is_lost(void *connection) {
    return ((handle *)connection)->lost;
}

/* A cancellation that came too late for the statement it was meant for. */
static ath_status struck(handle *h, ath_error *error) {
    if (!fake.late_cancel || !atomic_exchange(&h->cancelled, false))
        return ATH_OK;
    fake.struck++;
    return ath__fail(error, ATH_OPERATIONAL, "the query was cancelled");
}

static ath_status ping(void *connection, ath_error *error) {
    fake.pings++;
    ATH_TRY(alive(connection, error));
    return struck(connection, error);
}

/* ---- statements ---- */

static ath_status prepare(void *connection, const char *sql, size_t size, const ath__bind *binds, size_t bind_count,
                          void **out, ath_error *error) {
    handle *h = connection;
    (void)binds;
    ATH_TRY(alive(h, error));
    if (fake.cancels_prepare > 0) {
        fake.cancels_prepare--;
        ath__fail(error, ATH_OPERATIONAL, "canceling statement due to user request");
        ath__copy_text(error->sqlstate, sizeof error->sqlstate, "57014", 5);
        return error->status;
    }
    if (fake.statement_limit && h->statements >= fake.statement_limit)
        return ath__fail(error, ATH_OPERATIONAL, "too many statements are prepared");
    statement *s = ath__alloc_zero(&h->allocator, 1, sizeof *s);
    if (!s)
        return ath__fail_memory(error);
    s->h = h;
    s->schema = fake.schema;
    s->binds = bind_count;
    ath__copy_text(s->sql, sizeof s->sql, sql, size);
    h->statements++;
    fake.statements++;
    *out = s;
    return ATH_OK;
}

static void finalize(void *st) {
    statement *s = st;
    s->h->statements--;
    fake.statements--;
    ath__free(&s->h->allocator, s, sizeof *s);
}

static size_t statement_bytes(void *st) {
    (void)st;
    return sizeof(statement);
}

static size_t column_count(void *st) {
    return strncmp(((statement *)st)->sql, "SELECT", 6) == 0 ? 1 : 0;
}

static const char *column_name(void *st, size_t i) {
    (void)st;
    return i ? "" : "number";
}

static size_t bind_count(void *st) {
    return ((statement *)st)->binds;
}

static ath_status bind(void *st, size_t first, const ath_value *values, size_t count, bool copy, ath_error *error) {
    statement *s = st;
    (void)copy;
    (void)error;
    for (size_t i = 0; i < count && first + i < 8; i++)
        s->bound[first + i] = values[i].as.i;
    return ATH_OK;
}

static ath_status sleep_until_ended(handle *h, ath_error *error) {
    h->cancelled = false;
    h->running = true;
    fake.sleeping++;
    while (!h->cancelled && ath__clock_us() < h->deadline_us && h->life == fake.life)
        sleep_ms(1);
    fake.sleeping--;
    h->running = false;
    ATH_TRY(alive(h, error));
    h->spoiled = true;
    return h->cancelled ? ath__fail(error, ATH_OPERATIONAL, "the query was cancelled")
                        : ath__fail(error, ATH_TIMEOUT, "the query took too long");
}

static ath_status run(statement *s, ath_error *error) {
    handle *h = s->h;
    say(s->sql);
    ATH_TRY(alive(h, error));
    if (h->spoiled)
        return ath__fail(error, ATH_STATE, "the transaction is aborted");
    if (s->schema != fake.schema) {
        h->spoiled = true;
        return ath__fail(error, ATH_NOT_SUPPORTED, "cached plan must not change result type");
    }
    if (!strstr(s->sql, "sleep"))
        ATH_TRY(struck(h, error));
    return strstr(s->sql, "sleep") ? sleep_until_ended(h, error) : ATH_OK;
}

static ath__step step(void *st, ath_error *error) {
    statement *s = st;
    if (!s->row && !s->over && run(s, error) != ATH_OK)
        return ATH__STEP_ERROR;
    if (!s->row && !s->over && column_count(s)) {
        s->row = true;
        return ATH__STEP_ROW;
    }
    s->over = true;
    return ATH__STEP_DONE;
}

static ath_status row(void *st, ath_value *cells, size_t count, ath_error *error) {
    statement *s = st;
    (void)error;
    for (size_t i = 0; i < count; i++)
        cells[i] = (ath_value){.kind = ATH_KIND_INT, .as.i = s->binds ? s->bound[0] : s->h->number};
    return ATH_OK;
}

static void reset(void *st) {
    ((statement *)st)->row = ((statement *)st)->over = false;
}

static int64_t none(void *connection) {
    (void)connection;
    return 0;
}

static bool is_private(const ath_url *url) {
    (void)url;
    return false;
}

static bool is_stale_plan(const ath_error *error) {
    return strstr(error->message, "cached plan") != NULL;
}

static const ath__driver driver = {
    .struct_size = sizeof(ath__driver),
    .name = "fake",
    .connect = connect,
    .disconnect = disconnect,
    .prepare = prepare,
    .finalize = finalize,
    .statement_bytes = statement_bytes,
    .column_count = column_count,
    .column_name = column_name,
    .bind_count = bind_count,
    .bind = bind,
    .step = step,
    .row = row,
    .reset = reset,
    .rows_changed = none,
    .inserted_id = none,
    .exec = exec,
    .in_transaction = in_transaction,
    .is_private = is_private,
    .set_deadline = set_deadline,
    .cancel = cancel,
    .is_lost = is_lost,
    .ping = ping,
    .abandon = abandon,
    .is_stale_plan = is_stale_plan,
};

ath_engine *fake_engine_opts(const ath_engine_opts *opts) {
    static const ath__backend backend = {.name = "fake", .dialect = &ath__sqlite_dialect, .driver = &driver};
    ath_engine *db = ath_engine_open_opts(opts);
    if (!db)
        return NULL;
    db->backend = &backend; /* before the first connection */
    return db;
}
