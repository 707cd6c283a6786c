/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of DDL share: tables made on the spot, and a row that says what some DDL is in each of the dialects.
 */
#ifndef ATH_TEST_SQL_DDL_TEXTS_H
#define ATH_TEST_SQL_DDL_TEXTS_H

#include "../test.h"

#include <athanor/athanor.h>

/* What is expected, whitespace folded, statements with "; " between them; ! and a message: an error.  NULL: not asked.
 * `our_` is where we differ on purpose from SQLAlchemy's text, which then stands beside it.  MariaDB is held to what MySQL
 * says, unless it has a text of its own. */
typedef struct ddl_row {
    const char *id;
    ath_ddl ddl;
    const char *sqlite, *our_sqlite, *postgresql, *our_postgresql, *mysql, *our_mysql, *mariadb, *our_mariadb;
} ddl_row;

/* Keeps a table until the rows that use it have been checked. */
const ath_table *ddl_keep(ath_table *table);
#define T(...) ddl_keep(ath_table_new(__VA_ARGS__))
#define C(...) ath_column_def(__VA_ARGS__)
#define I ath_column_def("id", ATH_INTEGER, .primary_key = true)

/* A metadata of tables, which lives as long. */
const ath_metadata *ddl_metadata(const ath_table *const *tables, size_t count, ath_metadata more);
#define TABLES_OF(more, ...)                                                                                           \
    ddl_metadata((const ath_table *const[]){__VA_ARGS__},                                                              \
                 sizeof((const ath_table *const[]){__VA_ARGS__}) / sizeof(void *), more)
#define ALL(...) TABLES_OF((ath_metadata){0}, __VA_ARGS__)

/* The text, or ! and the message. */
const char *ddl_text_of(const char *dialect, ath_ddl ddl);
void check_ddl(const ddl_row *rows, size_t count);

#define CHECK_DDL(...)                                                                                                 \
    do {                                                                                                               \
        const ddl_row ddl_rows_[] = {__VA_ARGS__};                                                                     \
        check_ddl(ddl_rows_, TEST_COUNT(ddl_rows_));                                                                   \
    } while (0)

#endif
