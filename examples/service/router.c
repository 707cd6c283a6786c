/* SPDX-License-Identifier: Apache-2.0
 *
 * Which function answers what.
 */
#include "handlers.h"

#include <stdio.h>
#include <string.h>

enum { SESSION, BARE }; /* with a session of its own, or without */

static const Route routes[] = {
    {"GET", "/", page_read, BARE},
    {"GET", "/health", health_read, BARE},
    {"GET", "/stats", stats_read, BARE},
    {"GET", "/schemas", schemas_read, BARE},

    {"GET", "/users", users_list, SESSION},
    {"POST", "/users", users_create, SESSION},
    {"GET", "/users/{id}", users_read, SESSION},
    {"PUT", "/users/{id}", users_replace, SESSION},
    {"PATCH", "/users/{id}", users_change, SESSION},
    {"DELETE", "/users/{id}", users_delete, SESSION},
    {"POST", "/users/{id}/restore", users_restore, SESSION},

    {"GET", "/posts", posts_list, SESSION},
    {"POST", "/posts", posts_create, SESSION},
    {"GET", "/posts/{id}", posts_read, SESSION},
    {"PUT", "/posts/{id}", posts_replace, SESSION},
    {"PATCH", "/posts/{id}", posts_change, SESSION},
    {"DELETE", "/posts/{id}", posts_delete, SESSION},
    {"POST", "/posts/{id}/restore", posts_restore, SESSION},

    {"GET", "/posts/{id}/comments", comments_list, SESSION},
    {"POST", "/posts/{id}/comments", comments_create, SESSION},
    {"DELETE", "/comments/{id}", comments_delete, SESSION},
    {"GET", "/tags", tags_list, SESSION},

    {"GET", "/accounts/{id}", accounts_read, SESSION},
    {"POST", "/accounts/{id}/deposits", deposits_create, SESSION},
    {"POST", "/transfers", transfers_create, SESSION},
};

/* "12" at *at, which moves behind it; 18 digits at most. */
static bool read_id(const char **at, int64_t *id) {
    const char *start = *at;
    int64_t value = 0;
    for (; **at >= '0' && **at <= '9' && *at - start < 18; ++*at)
        value = value * 10 + (**at - '0');
    *id = value;
    return *at > start;
}

static bool matches(const char *pattern, const char *path, int64_t *id) {
    for (; *pattern; pattern++)
        if (*pattern == '{') {
            pattern += strlen("{id}") - 1;
            if (!read_id(&path, id))
                return false;
        } else if (*pattern != *path++) {
            return false;
        }
    return *path == '\0';
}

/* The methods of a path, for the header Allow: "GET, POST".  False: there is no such path. */
static bool find_methods(const char *path, char *out, size_t size) {
    size_t length = 0;
    int64_t id;
    out[0] = '\0';
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (matches(routes[i].pattern, path, &id) && length < size)
            length += (size_t)snprintf(out + length, size - length, "%s%s", length ? ", " : "", routes[i].method);
    return length > 0;
}

bool route_find(Request *r) {
    const char *method = strcmp(r->method, "HEAD") == 0 ? "GET" : r->method; /* http.c leaves the body out */
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++)
        if (strcmp(routes[i].method, method) == 0 && matches(routes[i].pattern, r->path, &r->id)) {
            r->route = &routes[i];
            return true;
        }
    if (find_methods(r->path, r->allow, sizeof r->allow))
        refuse(r, 405, "method_not_allowed", NULL, "this method is none of this path's");
    else
        refuse(r, 404, "not_found", NULL, "there is no such path");
    return false;
}
