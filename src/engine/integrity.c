/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: what a broken constraint is called and where it stands, when the database itself says only half.
 *
 * MySQL names the key and no table; the statement knows the table it changes, and the model which columns the key has.
 */
#include "engine/engine.h"

static void set_column(ath_error *error, const char *name) {
    if (name)
        ath__copy_text(error->column, sizeof error->column, name, strlen(name));
}

/* The first column of the constraint or index of that name; one without a name is called by its column (MySQL). */
static const char *column_of(const ath_table *table, const char *constraint) {
    for (size_t i = 0; i < table->constraint_count; i++) {
        const ath__constraint *k = &table->constraints[i];
        if (k->name && strcmp(k->name, constraint) == 0)
            return k->columns.count ? k->columns.names[0] : NULL;
    }
    for (size_t i = 0; i < table->index_count; i++) {
        const ath__index *index = &table->indexes[i];
        if (index->name && strcmp(index->name, constraint) == 0)
            return index->columns.count ? index->columns.names[0] : NULL;
    }
    const ath__column *column = ath__table_column_named(table, constraint);
    return column ? column->name : NULL;
}

void ath__integrity_complete(ath_error *error, const ath__compiled *compiled) {
    const ath_table *table = compiled->target_table;
    if (error->status != ATH_INTEGRITY || !compiled->target)
        return;
    if (!error->table[0])
        ath__copy_text(error->table, sizeof error->table, compiled->target, strlen(compiled->target));
    if (error->column[0] || !table || strcmp(error->table, compiled->target) != 0)
        return;
    if (error->constraint[0])
        set_column(error, column_of(table, error->constraint));
    if (!error->column[0] && error->integrity == ATH_INTEGRITY_PRIMARY_KEY && table->key_count)
        set_column(error, table->columns[table->key[0]].name);
}
