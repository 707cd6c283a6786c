/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLAlchemy's own answers: the file sql.dev.jsonl of a folder beside the repository, which may be missing, and values in
 * the JSON that it uses.
 */
#ifndef ATH_TEST_GOLDENS_ANSWERS_H
#define ATH_TEST_GOLDENS_ANSWERS_H

#include "goldens.h"

typedef struct answers {
    ath_engine *engine; /* a database in memory: it reads JSON */
    ath_connection *connection;
} answers;

/* The path of a file among the goldens; false when $ATHANOR_SHARED and ../shared have none of that name. */
bool answers_file(const char *name, char *path, size_t size);
/* The whole of a file, NUL-terminated, to be freed; NULL: it cannot be read. */
char *answers_read(const char *path);
bool answers_open(answers *a);
void answers_close(answers *a);
/* What stands at a JSON path of a case: a text as it is, anything else as JSON without spaces; NULL when it is null or not
 * there.  To be freed. */
char *answers_get(const answers *a, const char *id, const char *path);
/* How many cases of the file are wanted (statements other than DDL); calls `missing` with each that `known` lacks. */
size_t answers_count(const answers *a, bool (*known)(void *context, const char *id), void *context);

/* A value in the file's JSON. */
void answers_write(ath__buf *out, const ath_value *value);
/* JSON in which decimals are plain numbers and tags around JSON are left out, so that answers can be compared. */
char *answers_plain(const char *json);
/* Whitespace folded, and casts of PostgreSQL's placeholders left out; to be freed. */
char *answers_fold(const char *sql);
/* The members of a JSON array in the order of their texts; to be freed. */
char *answers_sorted(const answers *a, const char *json);

#endif
