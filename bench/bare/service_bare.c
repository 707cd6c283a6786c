/* SPDX-License-Identifier: Apache-2.0
 *
 * Two endpoints of examples/service written against bare libpq on the same libmicrohttpd: GET /posts/{id} and GET /posts.
 * One thread, an epoll loop, non-blocking connections, prepared statements that build the JSON; no sessions, no checks, no
 * log, no transactions.  bench/service.sh measures it beside the service.
 *
 *     service_bare URL CONNECTIONS       prints its port
 */
#include <inttypes.h>
#include <libpq-fe.h>
#include <microhttpd.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>

#define AUTHOR(alias)                                                                                                  \
    "json_build_object('id', " alias ".id, 'username', " alias ".username, 'full_name', " alias                        \
    ".full_name, 'created_at', " alias ".created_at, 'updated_at', " alias ".updated_at, 'deleted_at', " alias         \
    ".deleted_at)"
#define POST                                                                                                           \
    "'id', p.id, 'author_id', p.author_id, 'title', p.title, 'slug', p.slug, 'content', p.content, 'status', "         \
    "p.status, 'created_at', p.created_at, 'updated_at', p.updated_at, 'deleted_at', p.deleted_at, 'author', " AUTHOR( \
        "u")
#define TAGS                                                                                                           \
    "'tags', coalesce((SELECT json_agg(json_build_object('id', t.id, 'name', t.name) ORDER BY t.name) FROM tags t "    \
    "JOIN post_tags pt ON pt.tag_id = t.id WHERE pt.post_id = p.id), '[]')"
#define FROM_POSTS                                                                                                     \
    " FROM posts p LEFT JOIN users u ON u.id = p.author_id AND u.deleted_at IS NULL WHERE p.deleted_at IS NULL"

static const char one_sql[] =
    "SELECT json_build_object(" POST ", " TAGS
    ", 'comments', coalesce((SELECT json_agg(json_build_object('id', c.id, 'post_id', c.post_id, 'author_id', "
    "c.author_id, 'content', c.content, 'created_at', c.created_at, 'author', " AUTHOR(
        "cu") ") ORDER BY c.id) FROM comments c LEFT JOIN users cu ON cu.id = c.author_id AND cu.deleted_at IS NULL "
              "WHERE c.post_id = p.id), '[]'))" FROM_POSTS " AND p.id = $1::bigint";
static const char count_sql[] = "SELECT count(*) FROM posts WHERE deleted_at IS NULL";
static const char list_sql[] = "SELECT coalesce(json_agg(item), '[]') FROM (SELECT json_build_object(" POST ", " TAGS
                               ") AS item" FROM_POSTS " ORDER BY p.id DESC LIMIT 20) x";

/* A request that waits for a connection, or has one. */
typedef struct Job {
    struct MHD_Connection *client;
    char id[24]; /* empty: the list */
    char total[24];
    char *answer;
    int step; /* of the list: 0 the count, 1 the posts */
    bool done;
    struct Job *next;
} Job;

typedef struct Link {
    PGconn *pg;
    Job *job;
} Link;

static struct MHD_Daemon *http;
static Link *links;
static int link_count;
static Job *first, *last; /* that wait */

/* ---- the database ---- */

static void send_query(Link *link) {
    Job *job = link->job;
    const char *values[] = {job->id};
    if (*job->id)
        PQsendQueryPrepared(link->pg, "one", 1, values, NULL, NULL, 0);
    else
        PQsendQueryPrepared(link->pg, job->step == 0 ? "count" : "list", 0, NULL, NULL, NULL, 0);
    PQflush(link->pg); /* short: it fits into the socket's buffer */
}

static void start_next(Link *link) {
    link->job = first;
    if (!first)
        return;
    first = first->next;
    send_query(link);
}

static void take(Job *job, const PGresult *result) {
    bool fine = PQresultStatus(result) == PGRES_TUPLES_OK && PQntuples(result) == 1;
    const char *value = fine ? PQgetvalue(result, 0, 0) : NULL;
    if (!*job->id && job->step == 0)
        snprintf(job->total, sizeof job->total, "%s", value ? value : "0");
    else if (*job->id)
        job->answer = value ? strdup(value) : NULL;
    else if (asprintf(&job->answer, "{\"items\":%s,\"total\":%s,\"limit\":20,\"offset\":0}", value, job->total) < 0)
        job->answer = NULL;
}

static void finish(Link *link) {
    Job *job = link->job;
    if (!*job->id && job->step++ == 0) {
        send_query(link);
        return;
    }
    job->done = true;
    MHD_resume_connection(job->client);
    start_next(link);
}

static void on_readable(Link *link) {
    if (!PQconsumeInput(link->pg)) {
        fprintf(stderr, "service_bare: %s\n", PQerrorMessage(link->pg));
        exit(1);
    }
    while (link->job && !PQisBusy(link->pg)) {
        PGresult *result = PQgetResult(link->pg);
        if (!result) {
            finish(link);
            return;
        }
        take(link->job, result);
        PQclear(result);
    }
}

static bool connect_one(Link *link, const char *url, int epoll) {
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = link};
    link->pg = PQconnectdb(url);
    if (PQstatus(link->pg) != CONNECTION_OK || PQsetnonblocking(link->pg, 1) != 0)
        return false;
    PQclear(PQprepare(link->pg, "one", one_sql, 1, NULL));
    PQclear(PQprepare(link->pg, "count", count_sql, 0, NULL));
    PQclear(PQprepare(link->pg, "list", list_sql, 0, NULL));
    return epoll_ctl(epoll, EPOLL_CTL_ADD, PQsocket(link->pg), &event) == 0;
}

/* ---- HTTP ---- */

static enum MHD_Result answer(Job *job) {
    static char missing[] = "{\"error\":{\"code\":\"not_found\"}}";
    unsigned status = job->answer ? 200 : 404;
    char *text = job->answer ? job->answer : missing;
    struct MHD_Response *response = MHD_create_response_from_buffer(
        strlen(text), text, job->answer ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    job->answer = NULL;
    MHD_add_response_header(response, "Content-Type", "application/json");
    enum MHD_Result result = MHD_queue_response(job->client, status, response);
    MHD_destroy_response(response);
    return result;
}

static void begin(Job *job) {
    job->next = NULL;
    if (first)
        last->next = job;
    else
        first = job;
    last = job;
    for (int i = 0; first && i < link_count; i++)
        if (!links[i].job)
            start_next(&links[i]);
}

static enum MHD_Result on_request(void *context, struct MHD_Connection *client, const char *path, const char *method,
                                  const char *version, const char *data, size_t *size, void **slot) {
    Job *job = *slot;
    (void)context, (void)method, (void)version, (void)data, (void)size;
    if (!job) {
        *slot = job = calloc(1, sizeof *job);
        if (!job)
            return MHD_NO;
        job->client = client;
        if (strncmp(path, "/posts/", 7) == 0)
            snprintf(job->id, sizeof job->id, "%" PRId64, (int64_t)strtoll(path + 7, NULL, 10));
        return MHD_YES;
    }
    if (job->done)
        return answer(job);
    MHD_suspend_connection(client);
    begin(job);
    return MHD_YES;
}

static void on_completed(void *context, struct MHD_Connection *client, void **slot,
                         enum MHD_RequestTerminationCode why) {
    (void)context, (void)client, (void)why;
    if (*slot)
        free(((Job *)*slot)->answer);
    free(*slot);
    *slot = NULL;
}

/* ---- the loop ---- */

static void run(int epoll) {
    struct epoll_event events[64];
    for (;;) {
        MHD_UNSIGNED_LONG_LONG timeout;
        int wait = -1;
        MHD_run(http);
        if (MHD_get_timeout(http, &timeout) == MHD_YES)
            wait = timeout < 1000 ? (int)timeout : 1000;
        int count = epoll_wait(epoll, events, 64, wait);
        for (int i = 0; i < count; i++)
            if (events[i].data.ptr)
                on_readable(events[i].data.ptr);
    }
}

int main(int argc, char **argv) {
    int epoll = epoll_create1(0);
    link_count = argc == 3 ? (int)strtol(argv[2], NULL, 10) : 0;
    links = calloc(link_count > 0 ? (size_t)link_count : 1, sizeof *links);
    if (link_count <= 0 || !links)
        return 2;
    for (int i = 0; i < link_count; i++)
        if (!connect_one(&links[i], argv[1], epoll)) {
            fprintf(stderr, "service_bare: %s\n", PQerrorMessage(links[i].pg));
            return 1;
        }
    http = MHD_start_daemon(MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME, 0, NULL, NULL, on_request, NULL,
                            MHD_OPTION_NOTIFY_COMPLETED, on_completed, NULL, MHD_OPTION_END);
    if (!http)
        return 1;
    struct epoll_event event = {.events = EPOLLIN};
    epoll_ctl(epoll, EPOLL_CTL_ADD, MHD_get_daemon_info(http, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd, &event);
    printf("listening on http://127.0.0.1:%d\n", MHD_get_daemon_info(http, MHD_DAEMON_INFO_BIND_PORT)->port);
    fflush(stdout);
    run(epoll);
    return 0;
}
