/* SPDX-License-Identifier: Apache-2.0
 *
 * Errors as JSON: {"error": {"code": "duplicate", "message": "...", "field": "username"}}.  Clients go by the status and
 * the code; what the database said in its own words is for the log.
 */
#include "service.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct ErrorOut {
    const char *code, *message, *field; /* field: NULL, when it is about none */
    ath_json problems;
} ErrorOut;

ATH_PROJECTION(ErrorOut) {
    ath_column(code);
    ath_column(message);
    ath_column(field, .nullable = true);
    ath_column(problems, .nullable = true);
}

static char memory_is_out[] = "{\"error\":{\"code\":\"no_memory\",\"message\":\"out of memory\"}}";

static void release(char *text) {
    free(text);
}

static void answer_error(Request *r, int status, const ErrorOut *error) {
    char *json = ath_to_json(NULL, ErrorOut, error, .exclude_null = true);
    answer_clear(r);
    r->status = status;
    r->release = release;
    if (!json || asprintf(&r->text, "{\"error\":%s}", json) < 0) {
        r->text = memory_is_out;
        r->release = NULL;
    }
    ath_json_free(json);
}

void refuse(Request *r, int status, const char *code, const char *field, const char *message) {
    answer_error(r, status, &(const ErrorOut){.code = code, .message = message, .field = field});
}

void refuse_missing(Request *r, const char *what, int64_t id) {
    char message[80];
    snprintf(message, sizeof message, "there is no %s %" PRId64, what, id);
    refuse(r, 404, "not_found", NULL, message);
}

void refuse_input(Request *r) {
    const ath_problem *first = ath_input_problem(r->input, 0);
    if (strcmp(first->code, "invalid_json") == 0) {
        refuse(r, 400, "invalid_json", NULL, first->message);
    } else if (strcmp(first->code, "text_too_large") == 0) {
        refuse(r, 413, "too_large", NULL, first->message);
    } else {
        char *problems = ath_input_problems_json(r->input);
        answer_error(
            r, 422,
            &(const ErrorOut){.code = "invalid", .message = "the input is not right", .problems = {.text = problems}});
        ath_json_free(problems);
    }
}

/* ---- what the database says ---- */

/* Which field a constraint is about: "username" of uq_users_username.  Databases tell the column, or the constraint. */
static const char *field_of(const ath_error *e) {
    if (e->column[0])
        return e->column;
    const char *last = strrchr(e->constraint, '_');
    return last ? last + 1 : NULL;
}

static void refuse_integrity(Request *r, const ath_error *e) {
    const char *field = field_of(e);
    char message[160];
    switch (e->integrity) {
    case ATH_INTEGRITY_UNIQUE:
    case ATH_INTEGRITY_PRIMARY_KEY:
        snprintf(message, sizeof message, "there is another one with this %s", field ? field : "value");
        refuse(r, 409, "duplicate", field, message);
        break;
    case ATH_INTEGRITY_FOREIGN_KEY:
        refuse(r, 409, "no_such_reference", NULL, "what it refers to is not there");
        break;
    default:
        refuse(r, 422, "invalid", field, "the database refuses this value");
    }
}

static void refuse_internal(Request *r, const ath_error *e) {
    fprintf(stderr, "error: %s %s: %s: %s\n", r->method, r->path, ath_status_name(e->status), e->message);
    refuse(r, 500, "internal", NULL, "something went wrong here");
}

void refuse_error(Request *r, const ath_error *e) {
    switch (e->status) {
    case ATH_INTEGRITY:
        refuse_integrity(r, e);
        break;
    case ATH_DATA:
        refuse(r, 422, "invalid", e->column[0] ? e->column : NULL, "a value does not fit");
        break;
    case ATH_STALE_DATA:
        refuse(r, 409, "changed_meanwhile", NULL, "somebody else has changed or deleted it");
        break;
    case ATH_TIMEOUT: /* the request's deadline, or no connection of the pool in time */
        refuse(r, 503, "timeout", NULL, "this took too long");
        break;
    case ATH_CANCELLED: /* nobody will read this */
        refuse(r, 499, "cancelled", NULL, "the client went away, or the service ends");
        break;
    case ATH_DISCONNECT:
        refuse(r, 503, "database_away", NULL, "the database is away; nothing was changed");
        break;
    case ATH_OPERATIONAL: /* it cannot be reached, or others were in the way each time */
        refuse(r, 503, e->retryable ? "busy" : "database_away", NULL, "the database cannot do it now");
        break;
    default:
        refuse_internal(r, e);
    }
}

void refuse_failure(Request *r) {
    refuse_error(r, ath_error(r->session));
}

void refuse_commit(Request *r, const ath_error *e) {
    bool lost = e->status == ATH_DISCONNECT || e->status == ATH_TIMEOUT || e->status == ATH_CANCELLED;
    if (lost && !e->retryable && strcmp(r->method, "GET") != 0)
        refuse(r, 503, "outcome_unknown", NULL,
               "the connection was lost while this was being committed: it may have been done, or not");
    else
        refuse_error(r, e);
}
