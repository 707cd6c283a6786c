/* SPDX-License-Identifier: Apache-2.0
 *
 * Cells are gathered row by row; widths are known when the table is printed.
 */
#include "table.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Table table_start(const char *head, ...) {
    Table t = {0};
    va_list more;
    va_start(more, head);
    for (; head && t.columns < TABLE_COLUMNS; head = va_arg(more, const char *))
        t.heads[t.columns++] = head;
    va_end(more);
    return t;
}

/* Columns of a terminal that UTF-8 text takes, near enough: its characters. */
static size_t width_of(const char *text) {
    size_t width = 0;
    for (; *text; text++)
        width += ((unsigned char)*text & 0xC0) != 0x80;
    return width;
}

/* The bytes of the first TABLE_WIDTH characters. */
static size_t cut(const char *text) {
    size_t width = 0, size = 0;
    for (; text[size]; size++) {
        width += ((unsigned char)text[size] & 0xC0) != 0x80;
        if (width > TABLE_WIDTH)
            break;
    }
    return size;
}

void table_text(Table *t, const char *text) {
    text = text ? text : "-";
    t->cells = grow(t->cells, t->cell_count, sizeof *t->cells);
    t->cells[t->cell_count++] = pool_text(&t->pool, text, cut(text));
}

void table_number(Table *t, long long number) {
    table_text(t, thousands(number));
}

static void print_cell(const char *text, size_t width, bool number, bool last) {
    size_t own = width_of(text), pad = own < width ? width - own : 0;
    printf("  %*s%s%*s", number ? (int)pad : 0, "", text, number || last ? 0 : (int)pad, "");
}

static void print_row(const Table *t, const char *const *cells, const size_t *widths) {
    for (size_t i = 0; i < t->columns; i++) {
        bool number = t->heads[i][0] == '#';
        print_cell(cells[i] + (cells == t->heads && number), widths[i], number, i + 1 == t->columns);
    }
    putchar('\n');
}

void table_print(Table *t, const char *heading) {
    size_t widths[TABLE_COLUMNS] = {0};
    for (size_t i = 0; i < t->columns; i++)
        widths[i] = width_of(t->heads[i]) - (t->heads[i][0] == '#');
    for (size_t i = 0; i < t->cell_count; i++) {
        size_t own = width_of(t->cells[i]), *width = &widths[i % t->columns];
        *width = own > *width ? own : *width;
    }
    printf("\n%s\n", heading);
    print_row(t, t->heads, widths);
    for (size_t row = 0; row + t->columns <= t->cell_count; row += t->columns)
        print_row(t, t->cells + row, widths);
    pool_free(&t->pool);
    free(t->cells);
}
