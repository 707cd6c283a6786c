/* SPDX-License-Identifier: Apache-2.0
 *
 * libmicrohttpd on the loop.  Its sockets are in an epoll descriptor of its own; a fiber waits for that descriptor and lets it
 * run.  A request that is complete suspends its connection and gets a fiber, which resumes the connection with the answer;
 * another fiber, which it wakes, sends that.
 *
 * A suspended connection is not watched, so nobody would see that its client went away: another fiber looks a few times a
 * second, and cancels the requests whose client has.
 */
#include "service.h"

#include <microhttpd.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

enum { LOOK_EVERY_MS = 200, IDLE_SECONDS = 30, MOST_CONNECTIONS = 4000 };

typedef struct Exchange {
    Request request; /* first */
    Http *http;
    struct MHD_Connection *connection;
    ath_fiber *fiber;
    struct Exchange *before, *next; /* of those with a fiber */
    size_t body_size, body_room;
    char *body;
    bool too_large;
    char method[16];
    char path[]; /* copies: libmicrohttpd's may move */
} Exchange;

struct Http {
    Service *service;
    struct MHD_Daemon *daemon;
    int epoll, port;
    ath_fiber *serving, *sending, *looking;
    ath_limit *answers; /* left when there are some: `sending` waits for it */
    bool answered;      /* it was */
    Exchange *first;    /* that have a fiber */
    size_t active;      /* requests that have come in and are not sent */
    bool stopping;
};

/* ---- answering ---- */

static void add_headers(struct MHD_Response *response, const Request *r, bool last) {
    MHD_add_response_header(response, "Content-Type", r->type ? r->type : "application/json");
    MHD_add_response_header(response, "X-Content-Type-Options", "nosniff");
    if (r->location[0])
        MHD_add_response_header(response, "Location", r->location);
    if (r->allow[0])
        MHD_add_response_header(response, "Allow", r->allow);
    if (r->status == 503)
        MHD_add_response_header(response, "Retry-After", "1");
    if (last)
        MHD_add_response_header(response, "Connection", "close");
}

static void release_text(void *text) {
    ath_json_free(text);
}

/* The text goes to the response, which frees it when it is sent. */
static struct MHD_Response *make_response(Request *r) {
    size_t size = r->text ? strlen(r->text) : 0;
    struct MHD_Response *response;
    if (r->release == ath_json_free)
        response = MHD_create_response_from_buffer_with_free_callback(size, r->text, release_text);
    else
        response =
            MHD_create_response_from_buffer(size, r->text, r->release ? MHD_RESPMEM_MUST_FREE : MHD_RESPMEM_PERSISTENT);
    if (response) {
        r->text = NULL;
        r->release = NULL;
    }
    return response;
}

static enum MHD_Result answer(Exchange *e) {
    Request *r = &e->request;
    struct MHD_Response *response = make_response(r);
    if (!response)
        return MHD_NO;
    add_headers(response, r, e->http->stopping || e->too_large);
    enum MHD_Result result = MHD_queue_response(e->connection, (unsigned)r->status, response);
    MHD_destroy_response(response);
    return result;
}

/* ---- a request, from its first line to its end ---- */

static const char *parameter(const Request *r, const char *name) {
    const Exchange *e = (const Exchange *)r;
    return MHD_lookup_connection_value(e->connection, MHD_GET_ARGUMENT_KIND, name);
}

static const char *header(const Exchange *e, const char *name) {
    const char *value = MHD_lookup_connection_value(e->connection, MHD_HEADER_KIND, name);
    return value ? value : "";
}

static Exchange *begin(Http *http, struct MHD_Connection *connection, const char *method, const char *path) {
    size_t size = strlen(path) + 1;
    Exchange *e = calloc(1, sizeof *e + size);
    if (!e)
        return NULL;
    memcpy(e->path, path, size);
    snprintf(e->method, sizeof e->method, "%s", method);
    e->http = http;
    e->connection = connection;
    e->request = (Request){.service = http->service,
                           .method = e->method,
                           .path = e->path,
                           .parameter = parameter,
                           .started = seconds_now()};
    http->active++;
    http->service->requests++;
    return e;
}

/* Called when an answer is sent, or will never be. */
static void on_completed(void *context, struct MHD_Connection *connection, void **slot,
                         enum MHD_RequestTerminationCode why) {
    Http *http = context;
    Exchange *e = *slot;
    (void)connection;
    (void)why;
    if (!e)
        return;
    if (e->fiber)
        ath_loop_join(e->fiber); /* over, or about to return */
    log_request(&e->request);
    answer_clear(&e->request);
    ath_input_free(e->request.input);
    free(e->body);
    free(e);
    *slot = NULL;
    http->active--;
}

static bool keep_body(Exchange *e, const char *data, size_t size) {
    size_t most = (size_t)e->http->service->settings.max_body, wanted = e->body_size + size;
    e->too_large = e->too_large || wanted > most;
    if (e->too_large) { /* read and thrown away, so that the client sees the answer; up to a point */
        e->body_size = wanted;
        return wanted / 16 < most;
    }
    if (wanted > e->body_room) {
        size_t room = wanted * 2 < most ? wanted * 2 : most;
        char *body = realloc(e->body, room);
        if (!body)
            return false;
        e->body = body;
        e->body_room = room;
    }
    memcpy(e->body + e->body_size, data, size);
    e->body_size = wanted;
    return true;
}

/* ---- its fiber ---- */

static void list_add(Exchange *e) {
    e->next = e->http->first;
    if (e->next)
        e->next->before = e;
    e->http->first = e;
}

static void list_remove(Exchange *e) {
    *(e->before ? &e->before->next : &e->http->first) = e->next;
    if (e->next)
        e->next->before = e->before;
}

static ath_status run(void *arg) {
    Exchange *e = arg;
    request_run(&e->request);
    list_remove(e);
    MHD_resume_connection(e->connection);
    if (!e->http->answered)
        ath_limit_leave(e->http->answers);
    e->http->answered = true;
    return ATH_OK;
}

static enum MHD_Result start_fiber(Exchange *e) {
    e->request.body = e->body ? e->body : "";
    e->request.body_size = e->body_size;
    if (ath_loop_spawn(e->http->service->loop, run, e, .fiber = &e->fiber,
                       .deadline_ms = e->http->service->settings.request_timeout_ms) != ATH_OK) {
        refuse(&e->request, 503, "no_memory", NULL, "out of memory");
        return answer(e);
    }
    list_add(e);
    MHD_suspend_connection(e->connection);
    return MHD_YES;
}

/* "application/json", or with parameters behind it. */
static bool is_json(const char *type) {
    size_t size = strlen("application/json");
    return strncasecmp(type, "application/json", size) == 0 && (!type[size] || strchr("; \t", type[size]));
}

/* What can be said before the body has come.  A body that is no JSON by its own words is refused: so no form of another
 * site's page can send one. */
static bool is_welcome(Exchange *e) {
    Request *r = &e->request;
    if (strtoull(header(e, "Content-Length"), NULL, 10) > (unsigned long long)e->http->service->settings.max_body)
        e->too_large = true;
    bool writes = strcmp(r->method, "POST") == 0 || strcmp(r->method, "PUT") == 0 || strcmp(r->method, "PATCH") == 0;
    bool sends = strtoull(header(e, "Content-Length"), NULL, 10) > 0 || *header(e, "Transfer-Encoding");
    if (e->too_large)
        refuse(r, 413, "too_large", NULL, "the body is too large");
    else if (writes && sends && !is_json(header(e, "Content-Type")))
        refuse(r, 415, "unsupported_media_type", NULL, "the body is to be application/json");
    else
        return route_find(r);
    return false;
}

/* libmicrohttpd calls this when the headers are there, for each part of the body, at its end, and when it was resumed. */
static enum MHD_Result on_request(void *context, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *data, size_t *size,
                                  void **slot) {
    Exchange *e = *slot;
    (void)version;
    if (!e) {
        e = *slot = begin(context, connection, method, path);
        if (!e)
            return MHD_NO;
        return is_welcome(e) || !e->too_large ? MHD_YES : answer(e); /* others when the body is over */
    }
    if (*size) {
        size_t part = *size;
        *size = 0;
        return keep_body(e, data, part) ? MHD_YES : MHD_NO;
    }
    if (e->too_large && !e->request.status)
        refuse(&e->request, 413, "too_large", NULL, "the body is too large");
    return e->request.status ? answer(e) : start_fiber(e);
}

/* ---- the fibers of the server ---- */

/* Lets libmicrohttpd do what there is to do.  Fibers do not switch in it. */
static void run_daemon(Http *http, MHD_UNSIGNED_LONG_LONG *timeout, bool *timed) {
    MHD_run(http->daemon);
    while ((*timed = MHD_get_timeout(http->daemon, timeout) == MHD_YES) && *timeout == 0 && ath_loop_yield() == ATH_OK)
        MHD_run(http->daemon);
}

/* What comes in. */
static ath_status keep_serving(void *arg) {
    Http *http = arg;
    MHD_UNSIGNED_LONG_LONG timeout = 0;
    bool timed = false;
    do
        run_daemon(http, &timeout, &timed);
    while (ath_loop_wait(http->epoll, POLLIN, timed ? (int64_t)timeout : -1) != ATH_CANCELLED);
    return ATH_OK;
}

/* What goes out: connections that were resumed are not seen by the epoll descriptor. */
static ath_status keep_sending(void *arg) {
    Http *http = arg;
    MHD_UNSIGNED_LONG_LONG timeout;
    bool timed;
    while (ath_limit_enter(http->answers) == ATH_OK) {
        http->answered = false;
        run_daemon(http, &timeout, &timed);
    }
    return ATH_OK;
}

/* Whether the other end of a connection has hung up. */
static bool is_gone(const Exchange *e) {
    const union MHD_ConnectionInfo *info = MHD_get_connection_info(e->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct pollfd p = {.fd = info ? info->connect_fd : -1, .events = POLLRDHUP};
    return poll(&p, 1, 0) > 0 && p.revents & (POLLRDHUP | POLLHUP | POLLERR);
}

static ath_status keep_looking(void *arg) {
    Http *http = arg;
    while (ath_loop_sleep(LOOK_EVERY_MS) == ATH_OK)
        for (Exchange *e = http->first; e; e = e->next)
            if (is_gone(e))
                ath_loop_cancel(e->fiber);
    return ATH_OK;
}

/* ---- start and stop ---- */

static struct MHD_Daemon *start_daemon(Http *http, const Settings *s) {
    struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_PASSIVE}, *found;
    char port[16];
    snprintf(port, sizeof port, "%d", s->port);
    if (getaddrinfo(s->host, port, &hints, &found) != 0)
        return NULL;
    unsigned flags = MHD_USE_EPOLL | MHD_ALLOW_SUSPEND_RESUME;
    if (found->ai_family == AF_INET6)
        flags |= MHD_USE_IPv6;
    struct MHD_Daemon *daemon = MHD_start_daemon(
        flags, 0, NULL, NULL, on_request, http, MHD_OPTION_SOCK_ADDR, found->ai_addr, MHD_OPTION_NOTIFY_COMPLETED,
        on_completed, http, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)IDLE_SECONDS, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)MOST_CONNECTIONS, MHD_OPTION_END);
    freeaddrinfo(found);
    return daemon;
}

static bool listen_on(Http *http) {
    const Settings *s = &http->service->settings;
    http->daemon = start_daemon(http, s);
    if (!http->daemon) {
        fprintf(stderr, "service: cannot listen on %s, port %d\n", s->host, s->port);
        return false;
    }
    http->epoll = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
    http->port = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
    return true;
}

Http *http_start(Service *service) {
    Http *http = calloc(1, sizeof *http);
    if (!http)
        return NULL;
    http->service = service;
    http->answers = ath_limit_new(service->loop, 1);
    if (http->answers && ath_limit_enter(http->answers) == ATH_OK && listen_on(http) &&
        ath_loop_spawn(service->loop, keep_serving, http, .fiber = &http->serving) == ATH_OK &&
        ath_loop_spawn(service->loop, keep_sending, http, .fiber = &http->sending) == ATH_OK &&
        ath_loop_spawn(service->loop, keep_looking, http, .fiber = &http->looking) == ATH_OK)
        return http;
    http_stop(http);
    return NULL;
}

int http_port(const Http *http) {
    return http->port;
}

static void wait_for_requests(Http *http, int64_t milliseconds) {
    double until = seconds_now() + (double)milliseconds / 1e3;
    while (http->active && seconds_now() < until && ath_loop_sleep(10) == ATH_OK)
        continue;
}

static void end_fiber(ath_fiber *fiber) {
    if (fiber) {
        ath_loop_cancel(fiber);
        ath_loop_join(fiber);
    }
}

void http_stop(Http *http) {
    if (http->daemon) {
        int listening = MHD_quiesce_daemon(http->daemon);
        if (listening >= 0)
            close(listening);
        http->stopping = true;
        wait_for_requests(http, http->service->settings.grace_ms);
        for (Exchange *e = http->first; e; e = e->next)
            ath_loop_cancel(e->fiber);
        while (http->first && ath_loop_sleep(10) == ATH_OK) /* those with a fiber end by themselves now */
            continue;
        wait_for_requests(http, 500);
    }
    end_fiber(http->looking);
    end_fiber(http->serving);
    end_fiber(http->sending);
    if (http->daemon)
        MHD_stop_daemon(http->daemon);
    ath_limit_free(http->answers);
    free(http);
}
