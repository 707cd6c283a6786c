/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `migrate`: directives for indexes.
 */
#include "migrate/op_int.h"

static bool is(const char *a, const char *b) {
    return a && b && strcmp(a, b) == 0;
}

static const ath_reflected_index *index_named(const ath_reflected_table *t, const char *name) {
    for (size_t i = 0; t && i < t->index_count; i++)
        if (is(t->indexes[i].name, name))
            return &t->indexes[i];
    return NULL;
}

static ath_status has_index(ath_ops *op, const char *schema, const char *table, const char *name, bool *has) {
    ath_inspector *inspector;
    const ath_reflected_table *t;
    ATH_TRY(ath__op_inspect(op, schema, table, &inspector, &t));
    *has = index_named(t, name) != NULL;
    ath_inspector_free(inspector);
    return ATH_OK;
}

ath_status ath__op_create_index(ath_ops *op, const ath_operation *o) {
    ATH_TRY(ath__op_build(op, o));
    const ath_table *t = op->built;
    bool if_not_exists = o->if_exists || t->indexes[0].opts.if_not_exists, there = false;
    bool asks = if_not_exists && !ath__op_writes(op, ATH__DDL_INDEX_IF_EXISTS) && op->opts.connection;
    t->indexes[0].opts.postgresql_concurrently |= o->concurrently;
    if (asks)
        ATH_TRY(has_index(op, t->opts.schema, t->name, t->indexes[0].name, &there));
    if (there)
        return ATH_OK;
    ATH_TRY(ath__ddl_create_index(&op->w, t, &t->indexes[0], if_not_exists && !asks));
    bool outside = t->indexes[0].opts.postgresql_concurrently && ath__op_writes(op, ATH__DDL_POSTGRESQL_OPTIONS);
    return ath__op_take(op, outside ? ATH__OP_OUTSIDE : 0);
}

/* ---- DROP INDEX ---- */

/* The table that has an index of that name, where the name alone does not say it. */
static ath_status find_table(ath_ops *op, const ath_operation *o, const char **table) {
    size_t count = 0, found = 0;
    if (!op->opts.connection)
        return ath__fail(&op->error, ATH_ARGUMENT, "%s drops an index from its table: say .table of index '%s'",
                         op->dialect->title, o->name);
    ath_inspector *all = ath_inspect(op->opts.connection, .schema = o->schema, .no_views = true);
    if (!all) {
        op->error = op->opts.connection->error;
        return ath__failed(&op->error);
    }
    const ath_reflected_table *tables = ath_inspector_tables(all, &count);
    for (size_t i = 0; i < count; i++)
        if (index_named(&tables[i], o->name)) {
            found++;
            *table = ath__op_keep(op, tables[i].name);
        }
    ath_inspector_free(all);
    if (op->error.status != ATH_OK)
        return op->error.status;
    return found == 1 ? ATH_OK
                      : ath__fail(&op->error, ATH_ARGUMENT, "%s table has an index named '%s': say .table",
                                  found ? "more than one" : "no", o->name);
}

static bool begins_with(const ath_part_list parts, ath_name_list columns) {
    bool same = parts.count >= columns.count;
    for (size_t i = 0; same && i < columns.count; i++)
        same = is(parts.parts[i].column, columns.names[i]);
    return same;
}

static bool key_covers(const ath_reflected_key *key, ath_name_list columns) {
    bool same = key->columns.count >= columns.count;
    for (size_t i = 0; same && i < columns.count; i++)
        same = is(key->columns.names[i], columns.names[i]);
    return same;
}

/* The foreign key that only this index serves (MySQL refuses to drop it then); NULL: none. */
static const ath_reflected_foreign_key *served(const ath_reflected_table *t, const ath_reflected_index *index) {
    for (size_t i = 0; i < t->foreign_key_count; i++) {
        const ath_reflected_foreign_key *key = &t->foreign_keys[i];
        bool other = !begins_with(index->parts, key->columns) || key_covers(&t->primary_key, key->columns);
        for (size_t k = 0; k < t->index_count; k++)
            other = other || (&t->indexes[k] != index && begins_with(t->indexes[k].parts, key->columns));
        for (size_t k = 0; k < t->unique_count; k++)
            other = other || (!is(t->uniques[k].name, index->name) && key_covers(&t->uniques[k], key->columns));
        if (!other)
            return key;
    }
    return NULL;
}

/* An index that a foreign key stands on is replaced by one of the key's own, as MySQL makes it where there is none. */
static ath_status drop_served(ath_ops *op, const ath_operation *o, const ath_reflected_foreign_key *key) {
    ath__alter_table(&op->w, o->schema, o->table);
    ath__buf_str(&op->text, " ADD INDEX ");
    ath__dialect_name(op->dialect, &op->text, key->name);
    for (size_t i = 0; i < key->columns.count; i++) {
        ath__buf_str(&op->text, i ? ", " : " (");
        ath__dialect_name(op->dialect, &op->text, key->columns.names[i]);
    }
    ath__buf_str(&op->text, "), DROP INDEX ");
    ath__dialect_name(op->dialect, &op->text, o->name);
    return ATH_OK;
}

/* Where an index belongs to its table: looks what stands there.  *done: nothing is left to write. */
static ath_status drop_on_table(ath_ops *op, const ath_operation *o, bool *done) {
    ath_inspector *inspector;
    const ath_reflected_table *t;
    ATH_TRY(ath__op_inspect(op, o->schema, o->table, &inspector, &t));
    const ath_reflected_index *index = index_named(t, o->name);
    const ath_reflected_foreign_key *key = index ? served(t, index) : NULL;
    *done = inspector && !index && o->if_exists;
    ath_status status = ATH_OK;
    if (key && key->name) {
        *done = true;
        status = drop_served(op, o, key);
        if (status == ATH_OK)
            status = ath__op_take(op, 0);
    }
    ath_inspector_free(inspector);
    return status;
}

ath_status ath__op_drop_index(ath_ops *op, const ath_operation *o) {
    ath_operation on = *o;
    bool on_table = ath__op_writes(op, ATH__DDL_INDEX_ON_TABLE), done = false;
    if (!o->name)
        return ath__fail(&op->error, ATH_ARGUMENT, "drop_index does not say which");
    if (on_table && !o->table)
        ATH_TRY(find_table(op, o, &on.table));
    if (on_table)
        ATH_TRY(drop_on_table(op, &on, &done));
    if (done)
        return ATH_OK;
    ATH_TRY(ath__alter_drop_index(&op->w, on.schema, on.table, on.name,
                                  on.if_exists && (!on_table || !op->opts.connection), on.concurrently));
    bool outside = o->concurrently && ath__op_writes(op, ATH__DDL_POSTGRESQL_OPTIONS);
    return ath__op_take(op, outside ? ATH__OP_OUTSIDE : 0);
}

ath_status ath__op_rename_index(ath_ops *op, const ath_operation *o) {
    ath_operation on = *o;
    if (!o->name || !o->new_name)
        return ath__fail(&op->error, ATH_ARGUMENT, "rename_index needs both names");
    if (!o->table && ath__op_writes(op, ATH__DDL_INDEX_ON_TABLE))
        ATH_TRY(find_table(op, o, &on.table));
    ATH_TRY(ath__alter_rename_index(&op->w, on.schema, on.table, on.name, on.new_name));
    return ath__op_take(op, 0);
}
