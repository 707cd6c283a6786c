/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL behind PgBouncer in transaction mode, where each transaction may run on another server connection: with and
 * without prepared statements.  Skipped where pgbouncer is not installed
 * and need not be.
 */
#include "pging.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/stat.h>

static int port;

static int free_port(void) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr = {htonl(INADDR_LOOPBACK)}};
    socklen_t size = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(fd, (struct sockaddr *)&address, size) == 0);
    getsockname(fd, (struct sockaddr *)&address, &size);
    close(fd);
    return ntohs(address.sin_port);
}

static void write_settings(const ath_url *url) {
    FILE *file = fopen("pooler.ini", "w");
    if (!file)
        return;
    fprintf(file,
            "[databases]\n* = host=%s port=%d user=%s password=%s\n[pgbouncer]\nlisten_addr = 127.0.0.1\n"
            "listen_port = %d\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 2\nunix_socket_dir =\n",
            url->host, url->port, url->user, url->password, port);
    fclose(file);
    chmod("pooler.ini", 0644);
}

/* pgbouncer does not run as root, and nobody may not look into root's folders: it gets its settings as an open file. */
static pid_t start_pooler(void) {
    char settings[40];
    pid_t child = fork();
    if (child != 0)
        return child;
    int fd = open("pooler.ini", O_RDONLY);
    snprintf(settings, sizeof settings, "/proc/self/fd/%d", fd);
    if (!freopen("pooler.log", "w", stderr) || (getuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0)))
        _exit(126);
    execlp("pgbouncer", "pgbouncer", settings, (char *)NULL);
    execl("/usr/sbin/pgbouncer", "pgbouncer", settings, (char *)NULL);
    _exit(127);
}

/* An engine behind the pooler, once it answers; NULL: it has ended. */
static ath_engine *pooled_engine(const ath_url *url, pid_t pooler, ath_prepare_mode prepare) {
    char text[400];
    int status;
    snprintf(text, sizeof text, "postgresql://%s:%s@127.0.0.1:%d/%s", url->user, url->password, port, url->database);
    while (waitpid(pooler, &status, WNOHANG) == 0) {
        ath_engine *e = ath_engine_open(text, .prepare = prepare, .error = &pg_error);
        ath_connection *one = ath_connect(e, &pg_error);
        ath_connection_close(one);
        if (one)
            return e;
        ath_engine_close(e);
        ath__poll_wait.wait(NULL, -1, 0, ath__clock_us() + 20000);
    }
    return NULL;
}

enum { CLIENTS = 3 };

static void take_turns(ath_engine *e) {
    ath_connection *clients[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++)
        clients[i] = ath_connect(e, &pg_error);
    for (int64_t k = 0; k < 90; k++) {
        ath_connection *one = clients[k % CLIENTS], *next = clients[(k + 1) % CLIENTS];
        test_context("turn %d", (int)k);
        if (k % 4 == 0)
            CHECK_INT(pg_int(next, "SELECT 5"), 5); /* its transaction holds one of the two servers */
        ath_result *r = ath_execute(
            one, ath_text("SELECT :a + :b, current_setting('TimeZone')", ath_bind("a", k), ath_bind("b", 1)));
        const ath_row *row = ath_fetch(r);
        CHECK_STR(r ? "" : ath_connection_error(one)->message, "");
        CHECK_INT(ath_row_int(row, 0), k + 1);
        CHECK_STR(ath_row_text(row, 1), "UTC");
        ath_result_close(r);
        CHECK_INT(ath_commit(one), ATH_OK);
        CHECK_INT(ath_commit(next), ATH_OK);
    }
    for (size_t i = 0; i < CLIENTS; i++)
        ath_connection_close(clients[i]);
}

TEST(transaction_mode) {
    TEST_ON(TEST_POSTGRESQL);
    int status = 0;
    ath_url *url = ath_url_parse(test_url(TEST_POSTGRESQL), &pg_error);
    port = free_port();
    write_settings(url);
    pid_t pooler = start_pooler();
    ath_engine *never = pooled_engine(url, pooler, ATH_NEVER);
    if (never) {
        take_turns(never);
        ath_engine_close(never);
        ath_engine *once = pooled_engine(url, pooler, ATH_PREPARE_ONCE);
        CHECK(once != NULL);
        if (once)
            take_turns(once); /* a statement that another server does not know is prepared there */
        ath_engine_close(once);
        kill(pooler, SIGTERM);
        waitpid(pooler, &status, 0);
    }
    ath_url_free(url);
    if (!never)
        TEST_LACKS("no pgbouncer");
}

static const test_case cases[] = {{"transaction_mode", transaction_mode}};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
