/* SPDX-License-Identifier: Apache-2.0
 *
 * The parts of the demonstration.  Those that use Athanor return a status, and say in *error what went wrong.
 */
#ifndef PACKAGES_DEMO_H
#define PACKAGES_DEMO_H

#include "parse.h"
#include "progress.h"

/* Files that are written in one transaction, by both loaders. */
enum { FILES_PER_COMMIT = 10000 };

/* migrate.c: brings the tables to what the models are; deletes the rows of an earlier run; takes a migration back that has
 * moved data, and runs it again. */
ath_status migrate(ath_engine *db, ath_error *error);
ath_status clear(ath_engine *db, ath_error *error);
ath_status there_and_back(ath_engine *db, ath_error *error);

/* load.c: fills the tables through sessions; `progress` may be NULL. */
ath_status load(ath_engine *db, const Catalog *catalog, Progress *progress, ath_error *error);

/* compare.c: times both loads by turns, if `url` is an SQLite file. */
bool compare(const char *url, const Catalog *catalog);

/* raw.c: the same rows into the same tables of the file at `path`, by sqlite3 alone.  False with a line on standard error
 * when it fails. */
bool raw_load(const char *path, const Catalog *catalog);

/* main.c: where the example's files are. */
const char *example_folder(void);

/* main.c: tells of a failure on standard error; true when there is none. */
bool report(ath_status status, const char *step, const ath_error *error);

/* query.c: questions, answered by tables on standard output. */
ath_status ask(ath_engine *db, ath_error *error);

/* change.c: a transaction that is committed and one that is rolled back. */
ath_status change(ath_engine *db, ath_error *error);

#endif
