/* SPDX-License-Identifier: Apache-2.0
 *
 * Small tables on standard output: text to the left, numbers to the right, columns as wide as they need to be.
 */
#ifndef PACKAGES_TABLE_H
#define PACKAGES_TABLE_H

#include "text.h"

enum { TABLE_COLUMNS = 6, TABLE_WIDTH = 60 };

typedef struct Table {
    Pool pool;
    size_t columns;
    const char *heads[TABLE_COLUMNS]; /* one that begins with '#' heads a column of numbers */
    const char **cells;
    size_t cell_count;
} Table;

/* Heads of columns, ended by NULL: table_start("section", "#packages", NULL). */
Table table_start(const char *head, ...);
/* The next cell; long text is cut. */
void table_text(Table *table, const char *text);
void table_number(Table *table, long long number);
/* Prints the table under a heading and frees it. */
void table_print(Table *table, const char *heading);

#endif
