/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL and MariaDB: connecting, what a session is told first, parting, and ending a query from outside.
 *
 * A session costs two round trips more than libmariadb's handshake needs: none for the character set, which the handshake
 * carries, and one for everything else, in one SET.
 */
#include <fcntl.h>
#include <limits.h>
#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include "backend/mysql/client.h"
#include "engine/engine.h"

#include <errmsg.h>

enum { KILL_US = 5000000 };

/* ---- dialling ---- */

static pthread_once_t library_once = PTHREAD_ONCE_INIT;

/* libmariadb's own initialisation is not made for threads. */
static void library_init(void) {
    mysql_server_init(0, NULL, NULL);
}

static void set_text(MYSQL *mysql, enum mysql_option option, const char *value) {
    if (value)
        mysql_options(mysql, option, value);
}

static void set_seconds(MYSQL *mysql, enum mysql_option option, unsigned value) {
    if (value)
        mysql_options(mysql, option, &value);
}

/* TLS handshakes are waited for inside of libmariadb: the connection's time bounds them as well. */
static unsigned connect_seconds(const ath__mysql *c) {
    unsigned from_url = c->target.connect_timeout;
    if (c->deadline_us == INT64_MAX)
        return from_url;
    int64_t left = (c->deadline_us - ath__clock_us() + 999999) / 1000000;
    left = left < 1 ? 1 : left > INT_MAX ? INT_MAX : left;
    return from_url && from_url < (unsigned)left ? from_url : (unsigned)left;
}

static void set_tls(MYSQL *mysql, const ath__mysql_target *t, bool use) {
    my_bool enforce = use, verify = t->tls == ATH__MYSQL_TLS_VERIFIED;
    if (!use)
        return;
    mysql_ssl_set(mysql, t->key, t->certificate, t->ca, t->ca_path, t->cipher);
    set_text(mysql, MARIADB_OPT_TLS_VERSION, t->tls_version);
    mysql_options(mysql, MYSQL_OPT_SSL_ENFORCE, &enforce);
    mysql_options(mysql, MYSQL_OPT_SSL_VERIFY_SERVER_CERT, &verify);
}

static bool set_options(ath__mysql *c, bool tls) {
    const ath__mysql_target *t = &c->target;
    unsigned protocol = t->socket || !t->host ? MYSQL_PROTOCOL_SOCKET : MYSQL_PROTOCOL_TCP, infile = t->local_infile;
    if (mysql_options(c->mysql, MYSQL_OPT_NONBLOCK, NULL) != 0)
        return false;
    mysql_options(c->mysql, MYSQL_OPT_PROTOCOL, &protocol);
    mysql_options(c->mysql, MYSQL_OPT_LOCAL_INFILE, &infile);
    set_text(c->mysql, MYSQL_SET_CHARSET_NAME, "utf8mb4");
    set_seconds(c->mysql, MYSQL_OPT_CONNECT_TIMEOUT, connect_seconds(c));
    set_seconds(c->mysql, MYSQL_OPT_READ_TIMEOUT, t->read_timeout);
    set_seconds(c->mysql, MYSQL_OPT_WRITE_TIMEOUT, t->write_timeout);
    if (t->compress)
        mysql_options(c->mysql, MYSQL_OPT_COMPRESS, NULL);
    if (t->program)
        mysql_options4(c->mysql, MYSQL_OPT_CONNECT_ATTR_ADD, "program_name", t->program);
    set_tls(c->mysql, t, tls);
    return true;
}

/* Over TLS, libmariadb leaves the socket blocking, and its calls that should not block do. */
static void unblock(const ath__mysql *c) {
    int fd = (int)mysql_get_socket(c->mysql), flags = fcntl(fd, F_GETFL);
    if (flags != -1)
        fcntl(fd, F_SETFL, flags | O_NONBLOCK);
}

static ath_status dial_once(ath__mysql *c, bool tls, ath_error *error) {
    const ath__mysql_target *t = &c->target;
    MYSQL *made = NULL;
    c->mysql = mysql_init(NULL);
    if (!c->mysql || !set_options(c, tls)) {
        mysql_close(c->mysql);
        c->mysql = NULL;
        return ath__fail_memory(error);
    }
    ATH__MYSQL_RUN(c,
                   mysql_real_connect_start(&made, c->mysql, t->socket ? NULL : t->host, t->user, t->password,
                                            t->database, t->port, t->socket, CLIENT_FOUND_ROWS),
                   mysql_real_connect_cont(&made, c->mysql, ready));
    bool plain = made && t->tls >= ATH__MYSQL_TLS_REQUIRED && !mysql_get_ssl_cipher(c->mysql);
    if (made && !plain) {
        unblock(c);
        return ATH_OK;
    }
    /* libmariadb goes on in the clear when the server, or somebody in between, says that it knows no TLS */
    ath_status status = plain ? ath__fail(error, ATH_OPERATIONAL, "TLS is asked for, and the server at %s has none",
                                          t->host ? t->host : "the socket")
                              : ath__mysql_failed(c, NULL, error);
    if (c->cut != ATH_OK)
        status = ath__fail(error, c->cut, "the server at %s did not accept the connection in time",
                           t->host ? t->host : "the socket");
    mysql_close(c->mysql);
    c->mysql = NULL;
    c->cut = ATH_OK;
    return status;
}

/* c has its target, hook and deadline. */
static ath_status dial(ath__mysql *c, ath_error *error) {
    ath_error local;
    error = error ? error : &local;
    pthread_once(&library_once, library_init);
    c->connecting = true;
    ath_status status = dial_once(c, c->target.tls != ATH__MYSQL_TLS_OFF, error);
    if (status != ATH_OK && c->target.tls == ATH__MYSQL_TLS_PREFERRED &&
        error->native_code == CR_SSL_CONNECTION_ERROR) {
        c->lost = false;
        status = dial_once(c, false, error);
    }
    c->connecting = false;
    if (status == ATH_DISCONNECT) /* nothing was there to be cut */
        error->status = status = ATH_OPERATIONAL;
    return status;
}

/* ---- the session ---- */

/* Modes that change what a statement means are off, and those that would let a wrong value pass are on.  Zero in a key
 * that the database numbers is the number zero, as elsewhere. */
#define MODES                                                                                                          \
    "STRICT_ALL_TABLES,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,"                   \
    "NO_ENGINE_SUBSTITUTION,NO_AUTO_VALUE_ON_ZERO"

void ath__mysql_setup_sql(const ath__mysql *c, ath__buf *out) {
    const ath__mysql_target *t = &c->target;
    if (t->collation)
        ath__buf_printf(out, "SET NAMES utf8mb4 COLLATE %s, ", t->collation);
    else
        ath__buf_str(out, "SET ");
    /* Else group_concat and JSON_ARRAYAGG cut their results off, after a kilobyte on MySQL, and say no more than a warning. */
    ath__buf_str(out, "autocommit=1, time_zone='+00:00', group_concat_max_len=1073741824, sql_mode='");
    if (t->sql_mode)
        ath__buf_str(out, t->sql_mode);
    else
        ath__buf_str(out, c->is_mariadb ? MODES : MODES ",ONLY_FULL_GROUP_BY");
    ath__buf_str(out, "'");
}

static ath_status set_up(ath__mysql *c, ath_error *error) {
    ath__buf sql;
    ath__buf_init(&sql, &c->allocator);
    ath__mysql_setup_sql(c, &sql);
    ath_status status =
        sql.failed ? ath__fail_memory(error) : ath__mysql_query(c, ath__buf_text(&sql), sql.size, error);
    ath__buf_done(&sql);
    if (status == ATH_OK && c->target.init)
        status = ath__mysql_query(c, c->target.init, strlen(c->target.init), error);
    return status;
}

static void take_peer(ath__mysql *c) {
    struct sockaddr_storage peer;
    socklen_t size = sizeof peer;
    if (c->target.socket || !c->target.host ||
        getpeername((int)mysql_get_socket(c->mysql), (struct sockaddr *)&peer, &size) != 0 ||
        getnameinfo((struct sockaddr *)&peer, size, c->peer, sizeof c->peer, NULL, 0, NI_NUMERICHOST) != 0)
        c->peer[0] = '\0';
}

static void take_server(ath__mysql *c) {
    unsigned long long abilities = 0;
    size_t version = 0;
    c->is_mariadb = mariadb_connection(c->mysql);
    c->thread_id = mysql_thread_id(c->mysql);
    take_peer(c);
    mariadb_get_infov(c->mysql, MARIADB_CONNECTION_SERVER_VERSION_ID, &version);
    mariadb_get_infov(c->mysql, MARIADB_CONNECTION_EXTENDED_SERVER_CAPABILITIES, &abilities);
    ath__mysql_dialect_for(c->is_mariadb, (int)version, &c->dialect);
    if (!c->is_mariadb || !(abilities & (MARIADB_CLIENT_STMT_BULK_OPERATIONS >> 32)))
        c->dialect.can &= ~ATH__CAN_ROW_ARRAYS;
}

static ath_status check_version(const ath__mysql *c, ath_error *error) {
    int least = c->is_mariadb ? ath__mariadb_dialect.version : 80000;
    if (c->dialect.version >= least)
        return ATH_OK;
    return ath__fail(error, ATH_NOT_SUPPORTED, "the server is %s %s; %s is the least that is supported",
                     c->dialect.title, mysql_get_server_info(c->mysql), c->is_mariadb ? "10.5" : "8.0");
}

static ath_status open_connection(ath__mysql *c, const ath__connect *how, ath_error *error) {
    ATH_TRY(ath__mysql_target_of(how->url, &c->arena, &c->target, error));
    ATH_TRY(dial(c, error));
    take_server(c);
    ATH_TRY(check_version(c, error));
    return set_up(c, error);
}

ath_status ath__mysql_connect(const ath__connect *how, void **connection, ath_error *error) {
    ATH_TRY(ath__libmariadb_load(error));
    ath__mysql *c = ath__alloc_zero(how->allocator, 1, sizeof *c);
    if (!c)
        return ath__fail_memory(error);
    c->allocator = *how->allocator;
    c->wait = *how->wait;
    c->deadline_us = how->deadline_us;
    c->never_prepare = how->never_prepare;
    ath__arena_init(&c->arena, &c->allocator);
    ath_status status = open_connection(c, how, error);
    if (status != ATH_OK) {
        ath__mysql_disconnect(c);
        return status;
    }
    c->deadline_us = INT64_MAX;
    *connection = c;
    return ATH_OK;
}

/* ---- parting ---- */

static void free_connection(ath__mysql *c) {
    ath_allocator a = c->allocator;
    ath__arena_done(&c->arena);
    ath__free(&a, c, sizeof *c);
}

void ath__mysql_disconnect(void *connection) {
    ath__mysql *c = connection;
    if (c->mysql) {
        ath__here_forget((int)mysql_get_socket(c->mysql));
        c->deadline_us = ath__clock_us(); /* a word of parting that cannot be sent now is not sent */
        c->connecting = true;             /* nothing to kill */
        if (c->lost)
            mariadb_cancel(c->mysql);
        ATH__MYSQL_RUN(c, mysql_close_start(c->mysql), mysql_close_cont(c->mysql, ready));
    }
    free_connection(c);
}

/* The socket is the parent's too, so it is not shut but replaced by one that leads nowhere: what libmariadb says in
 * parting is not heard, and what it waits for has ended. */
static bool cut_off(int fd, int *nowhere) {
    int pair[2];
    if (fd < 0 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair) != 0)
        return false;
    shutdown(pair[1], SHUT_WR);
    bool done = dup2(pair[0], fd) == fd;
    close(pair[0]);
    *nowhere = pair[1]; /* open until the end: writing to nobody would raise a signal */
    if (!done)
        close(pair[1]);
    return done;
}

void ath__mysql_abandon(void *connection) {
    ath__mysql *c = connection;
    int nowhere, fd = c->mysql ? (int)mysql_get_socket(c->mysql) : -1;
    c->lost = true;
    if (cut_off(fd, &nowhere)) {
        while (c->stmts)
            ath__mysql_finalize(c->stmts);
        mysql_close(c->mysql);
        close(nowhere);
    } else if (fd >= 0) {
        close(fd); /* and libmariadb's memory stays: its last words could reach whoever gets the number next */
    }
    free_connection(c);
}

/* ---- ending a query from outside ---- */

static ath_status kill_query(const ath__mysql *c, const ath_wait_hook *wait, ath_error *error) {
    char sql[48];
    ath__mysql second = {.allocator = c->allocator, .wait = *wait, .target = c->target};
    second.deadline_us = ath__clock_us() + KILL_US;
    second.target.database = NULL;
    /* A name may lead elsewhere the second time, and the number of the query to somebody else's. */
    if (c->peer[0] && second.target.tls != ATH__MYSQL_TLS_VERIFIED)
        second.target.host = c->peer;
    ATH_TRY(dial(&second, error));
    snprintf(sql, sizeof sql, "KILL QUERY %lu", c->thread_id);
    second.connecting = true; /* no kill of the kill */
    ath_status status = ath__mysql_query(&second, sql, strlen(sql), error);
    if (second.lost)
        mariadb_cancel(second.mysql);
    mysql_close(second.mysql);
    return status;
}

/* In a fiber a worker thread does it, as connecting may block. */
typedef struct killing {
    ath__job job;
    const ath__mysql *connection;
    const ath_wait_hook *wait;
    ath_error *error;
    ath_status status;
} killing;

static void run_kill(ath__job *job) {
    killing *k = (killing *)job;
    k->status = kill_query(k->connection, k->wait, k->error);
}

ath_status ath__mysql_kill(const ath__mysql *c, const ath_wait_hook *wait, ath_error *error) {
    if (!ath__here)
        return kill_query(c, wait, error);
    killing k = {.job.run = run_kill, .connection = c, .wait = &ath__poll_wait, .error = error};
    k.status = ATH_NO_MEMORY;
    ath__shield();
    (void)ath__here_run(&k.job);
    ath__unshield();
    return k.status;
}

ath_status ath__mysql_cancel(void *connection, ath_error *error) {
    const ath__mysql *c = connection;
    return c->running ? ath__mysql_kill(c, &ath__poll_wait, error) : ATH_OK;
}
