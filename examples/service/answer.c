/* SPDX-License-Identifier: Apache-2.0
 *
 * What handlers say: JSON, pages of lists; and what they ask for: the body, parameters.
 */
#include "service.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void answer_clear(Request *r) {
    if (r->release)
        r->release(r->text);
    r->text = NULL;
    r->release = NULL;
    r->status = 0;
    r->location[0] = '\0';
}

void answer_json(Request *r, int status, char *json) {
    if (!json) {
        refuse_failure(r);
        return;
    }
    answer_clear(r);
    r->status = status;
    r->text = json;
    r->release = ath_json_free;
}

/* In place: "[{...}]" becomes "{...}". */
void answer_only(Request *r, int status, char *array, const char *what) {
    size_t length = array ? strlen(array) : 0;
    if (array && length <= 2) {
        ath_json_free(array);
        refuse_missing(r, what, r->id);
        return;
    }
    if (array) {
        memmove(array, array + 1, length - 2);
        array[length - 2] = '\0';
    }
    answer_json(r, status, array);
}

void answer_created(Request *r, const char *folder, int64_t id) {
    snprintf(r->location, sizeof r->location, "%s/%" PRId64, folder, id);
}

void answer_nothing(Request *r) {
    answer_clear(r);
    r->status = 204;
}

/* ---- lists ---- */

static void release(char *text) {
    free(text);
}

void answer_page(Request *r, char *items, int64_t total, const Page *page) {
    char *text = NULL;
    if (!items || total < 0) {
        ath_json_free(items);
        refuse_failure(r);
        return;
    }
    int length = asprintf(&text, "{\"items\":%s,\"total\":%" PRId64 ",\"limit\":%" PRId64 ",\"offset\":%" PRId64 "}",
                          items, total, page->limit, page->offset);
    ath_json_free(items);
    answer_clear(r);
    if (length < 0) {
        refuse(r, 500, "no_memory", NULL, "out of memory");
        return;
    }
    r->status = 200;
    r->text = text;
    r->release = release;
}

bool parameter_number(Request *r, const char *name, int64_t least, int64_t most, int64_t *out) {
    const char *text = r->parameter(r, name);
    if (!text)
        return true;
    char *end;
    errno = 0;
    long long value = strtoll(text, &end, 10);
    if (!errno && !*end && end != text && value >= least && value <= most) {
        *out = value;
        return true;
    }
    char message[100];
    snprintf(message, sizeof message, "a number from %" PRId64 " to %" PRId64 " belongs there", least, most);
    refuse(r, 422, "invalid_parameter", name, message);
    return false;
}

bool parameter_word(Request *r, const char *name, const char *const *words, int *which) {
    const char *text = r->parameter(r, name);
    for (int i = 0; text && words[i]; i++)
        if (strcmp(text, words[i]) == 0) {
            *which = i;
            return true;
        }
    if (text)
        refuse(r, 422, "invalid_parameter", name, "there is no such word here");
    return !text;
}

bool parameter_hard(Request *r, bool *hard) {
    int which = 0;
    bool fine = parameter_word(r, "hard", (const char *const[]){"false", "true", NULL}, &which);
    *hard = which == 1;
    return fine;
}

bool page_of(Request *r, Page *out) {
    *out = (Page){.limit = 20, .search = r->parameter(r, "q")};
    if (out->search && !*out->search)
        out->search = NULL;
    return parameter_number(r, "limit", 1, 100, &out->limit) &&
           parameter_number(r, "offset", 0, INT64_C(1000000000), &out->offset);
}

/* ---- the body ---- */

bool input_take(Request *r, ath_input *input) {
    ath_input_free(r->input);
    r->input = input;
    if (!input)
        refuse(r, 500, "no_memory", NULL, "out of memory");
    else if (ath_input_problem_count(input))
        refuse_input(r);
    else
        return true;
    return false;
}
