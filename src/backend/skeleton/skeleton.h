/* SPDX-License-Identifier: Apache-2.0
 *
 * How to add a database.
 *
 * This folder is a backend that compiles and does nothing: copy it to src/backend/<name>/, rename `skeleton`, and fill it
 * in from top to bottom.  What is not said below is SQL as the standard has it.
 *
 *  1. dialect.c   facts: name, quotes, placeholders, reserved words, what the database can (src/sql/dialect.h).  With this
 *                 alone, ath_engine_sql and the DDL functions work: compare their text with the database's manual.
 *  2. render.c    expressions it writes in its own way; start with none.
 *  3. driver.c    the client library's calls (src/engine/driver.h says what each must do).  Start with connect, prepare,
 *                 bind, step, row, reset, finalize, disconnect and exec: statements run.  Wait for the socket through the
 *                 hook alone, and until the deadline.  Then errors with their kind, constraint, table and column; then
 *                 cancellation; then arrays of rows, if the database has them.
 *  4. reflect.c   what the inspector asks (src/engine/reflect.h); may come last.
 *  5. List the backend in src/athanor.c, its room in tools/layers.txt, its client library in meson.build and
 *     tools/install-deps.sh.
 *  6. Run the conformance suite: add the database to test/servers.h.  A test that needs an ability the database has not
 *     is skipped by its flag; every other one must pass.  Nothing above this floor has to change: if something must, the
 *     floor above knows too much.
 */
#ifndef ATH_BACKEND_SKELETON_SKELETON_H
#define ATH_BACKEND_SKELETON_SKELETON_H

#include "engine/driver.h"

extern const ath__backend ath__skeleton_backend;
extern const ath_dialect ath__skeleton_dialect;
extern const ath__driver ath__skeleton_driver;

bool ath__skeleton_render(ath__compiler *compiler, const ath_expr *node);

#endif
