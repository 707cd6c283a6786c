/* SPDX-License-Identifier: Apache-2.0
 *
 * What fields are called in JSON.  Both ways, out and in, go by this.
 */
#include "json/json.h"

static const char *last_part(const char *path) {
    const char *dot = strrchr(path, '.');
    return dot ? dot + 1 : path;
}

/* Whether another column, or a relation, ends with the same. */
static bool is_shared(const ath_table *table, const ath__column *column, const char *last) {
    for (size_t i = 0; i < table->column_count; i++)
        if (&table->columns[i] != column && strcmp(last_part(table->columns[i].field), last) == 0)
            return true;
    for (size_t i = 0; i < table->relation_count; i++)
        if (strcmp(last_part(table->relations[i].field), last) == 0)
            return true;
    return false;
}

const char *ath__json_relation_name(const ath__relation *relation) {
    return last_part(relation->field);
}

void ath__json_column_name(const ath_table *table, const ath__column *column, char out[ATH__JSON_NAME]) {
    const char *last = last_part(column->field);
    if (last == column->field || !is_shared(table, column, last)) {
        ath__copy_text(out, ATH__JSON_NAME, last, strlen(last));
        return;
    }
    ath__copy_text(out, ATH__JSON_NAME, column->field, strlen(column->field));
    for (char *dot = out; (dot = strchr(dot, '.')) != NULL; dot++)
        *dot = '_';
}

bool ath__json_is_named(const ath_table *table, const ath__column *column, const char *name) {
    char own[ATH__JSON_NAME];
    if (strcmp(column->field, name) == 0)
        return true;
    ath__json_column_name(table, column, own);
    return strcmp(own, name) == 0;
}
