/* SPDX-License-Identifier: Apache-2.0
 *
 * For the tests of the inspector: what it read, in the shape of SQLAlchemy's inspector, so that it can be compared with what
 * that one read from the same database.  Where SQLAlchemy sees less than is there, as it looks for patterns in the text of
 * a CREATE statement, the same patterns decide here what is left out; the inspector itself tells all.
 */
#ifndef ATH_TEST_INSPECT_AS_JSON_H
#define ATH_TEST_INSPECT_AS_JSON_H

#include <athanor/athanor.h>
#include <jansson.h>

/* {"table": {"columns": [...], "pk": {...}, ...}, "view:v": {"columns": [...]}}; `dialect`: "sqlite" ... */
json_t *as_json(const ath_inspector *inspector, const char *dialect);

/* ---- blind.c: what SQLAlchemy sees on SQLite ---- */

void blind_primary_key(json_t *pk, const char *sql);
void blind_foreign_keys(json_t *keys, const char *sql);
void blind_uniques(json_t *uniques, const char *sql);
/* The text of a computed column, as its pattern finds it. */
json_t *blind_computed(const char *column, const char *sql);

/* ---- compare.c ---- */

/* Without what is null or empty, texts with single blanks, lists in an order of their own. */
json_t *normal(json_t *value);
/* Reports each difference as a failure of the running test; how many there were. */
int differences(const char *path, const json_t *actual, const json_t *expected);

#endif
