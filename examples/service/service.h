/* SPDX-License-Identifier: Apache-2.0
 *
 * A blog over HTTP: what its files share.  A request comes in (http.c), finds its handler (router.c), and runs in a fiber
 * with a session of its own (main.c); the handler answers by the functions of answer.c and errors.c.
 */
#ifndef SERVICE_H
#define SERVICE_H

#include <athanor/athanor.h>

/* ---- settings.c: what the environment says ---- */

typedef struct Settings {
    const char *database_url; /* DATABASE_URL */
    const char *host;         /* HOST */
    int port;                 /* PORT; 0: any that is free */
    int pool_size, pool_overflow, pool_timeout_ms;
    int request_timeout_ms; /* for a request as a whole */
    int reconnect_ms;       /* how long a database that refuses is asked again */
    int grace_ms;           /* how long running requests are waited for at the end */
    int max_body;           /* bytes */
    bool log_requests, log_sql;
} Settings;

/* False, with a line on standard error, when a variable makes no sense. */
bool settings_read(Settings *out);

/* ---- a request ---- */

typedef struct Service {
    Settings settings;
    ath_engine *engine;
    ath_loop *loop;
    int64_t requests; /* that have come in */
} Service;

typedef struct Route Route;

typedef struct Request {
    Service *service;
    const Route *route;
    const char *method, *path;
    int64_t id; /* of {id} in the path */
    const char *body;
    size_t body_size;
    const char *(*parameter)(const struct Request *r, const char *name); /* ?name=value, decoded; NULL: not given */

    ath_session *session; /* its own; handlers neither commit nor close it */
    ath_input *input;     /* what the body said, once it was read */

    int status; /* the answer: of HTTP, 0 while there is none */
    char *text;
    void (*release)(char *text); /* frees it; NULL: it is static */
    const char *type;            /* Content-Type; NULL: JSON */
    char location[64];           /* of what was made */
    char allow[64];              /* the methods that there are, where this one is none */

    uint64_t statements; /* that it sent */
    int attempts;        /* how often it was started over, and once */
    double started;      /* seconds */
} Request;

/* main.c: runs the handler, and commits what it did if it answers with less than 400.  In a fiber. */
void request_run(Request *r);

/* ---- router.c ---- */

typedef void (*Handler)(Request *r);

struct Route {
    const char *method, *pattern; /* "/posts/{id}" */
    Handler handler;
    bool bare; /* without a session */
};

/* Finds the handler and sets r->route and r->id.  False, when 404 or 405 was answered. */
bool route_find(Request *r);

/* ---- answer.c: what handlers say ---- */

/* JSON of the library's, which is freed with the answer; NULL: what made it has failed, and that is answered. */
void answer_json(Request *r, int status, char *json);
/* The same of an array with one element, or none: 404, naming `what`. */
void answer_only(Request *r, int status, char *array, const char *what);
/* 201, and where it is: "/posts/7". */
void answer_created(Request *r, const char *folder, int64_t id);
/* 204. */
void answer_nothing(Request *r);
/* Of no answer. */
void answer_clear(Request *r);

/* Which part of a list is asked for: ?limit=20&offset=0&q=text. */
typedef struct Page {
    int64_t limit, offset;
    const char *search; /* NULL: all */
} Page;

/* False: they make no sense, which is answered. */
bool page_of(Request *r, Page *out);
/* A parameter that is a whole number; false, and an answer, when it is something else. */
bool parameter_number(Request *r, const char *name, int64_t least, int64_t most, int64_t *out);
/* A parameter that is one of the words, which end with NULL; *which is left alone when it was not given. */
bool parameter_word(Request *r, const char *name, const char *const *words, int *which);
/* ?hard=true, or false; the answer that it is neither: false. */
bool parameter_hard(Request *r, bool *hard);
/* {"items": [...], "total": 100, "limit": 20, "offset": 0}; `items` as of answer_json. */
void answer_page(Request *r, char *items, int64_t total, const Page *page);

/* Reads the body: input_read(r, UserIn), or with options of ath_from_json.  False: it is not right, which is answered. */
#define input_read(r, ...) INPUT_READ_(r, __VA_ARGS__, .struct_size = sizeof(ath_input_opts))
#define INPUT_READ_(r, M, ...)                                                                                         \
    input_take(r,                                                                                                      \
               ath_input_read(&ath_model_##M, (r)->body, (r)->body_size, false, &(const ath_input_opts){__VA_ARGS__}))
bool input_take(Request *r, ath_input *input);

/* ---- errors.c: {"error": {"code": "not_found", "message": "there is no post 7"}} ---- */

void refuse(Request *r, int status, const char *code, const char *field, const char *message);
/* 404: there is no post 7. */
void refuse_missing(Request *r, const char *what, int64_t id);
/* 422 with the input's problems, or 400, 413. */
void refuse_input(Request *r);
/* What the session's last error means. */
void refuse_failure(Request *r);
void refuse_error(Request *r, const ath_error *error);
/* The commit failed.  When the connection was lost on the way nobody knows whether it came about, and that is said. */
void refuse_commit(Request *r, const ath_error *error);

/* ---- log.c ---- */

double seconds_now(void);
/* One line of JSON for each request, on standard error. */
void log_request(const Request *r);
/* For the engine. */
void log_line(void *context, ath_log_level level, const char *line);

/* ---- database.c ---- */

/* Opens it, and brings it up to date under the lock of migrations; NULL with lines on standard error. */
ath_engine *database_open(const Settings *settings, ath_error *error);

/* ---- http.c ---- */

typedef struct Http Http;

/* Listens and serves, by fibers of the running fiber's loop.  NULL with a line on standard error. */
Http *http_start(Service *service);
int http_port(const Http *http);
/* Takes no more requests, waits for those that run, and frees it all. */
void http_stop(Http *http);

#endif
