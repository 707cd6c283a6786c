/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL's reflector: indexes and the keys that they are, foreign keys, CHECK.
 */
#include "backend/mysql/mysql.h"

#include "backend/mysql/reflect.h"

/* ---- indexes ---- */

static ath_status take_primary(ath__reflect *r, ath__reflected *t, const ath_row *row) {
    const char *name = ath__reflect_text(r, row, 3);
    if (!t->table.primary_key.columns.count)
        t->names = (ath__grown){0};
    ath_reflected_column *column = ath__reflect_column(r, t, name);
    if (column)
        column->primary_key = (unsigned)t->table.primary_key.columns.count + 1;
    t->last = "PRIMARY";
    return ath__reflect_name(r, &t->names, &t->table.primary_key.columns, name);
}

static void take_head(ath__reflect *r, ath_reflected_index *index, const ath_row *row) {
    const char *type = ath__reflect_text(r, row, 6), *comment = ath__reflect_text(r, row, 7);
    index->name = ath__reflect_text(r, row, 1);
    index->unique = !ath_row_int(row, 2);
    index->comment = comment && *comment ? comment : NULL;
    index->invisible = ath_row_int(row, 8) != 0;
    if (!type || strcmp(type, "BTREE") == 0)
        return;
    if (strcmp(type, "FULLTEXT") == 0)
        index->prefix = "FULLTEXT";
    else if (strcmp(type, "SPATIAL") == 0)
        index->prefix = "SPATIAL";
    else
        index->method = type;
}

/* A unique index is a UNIQUE constraint too: the database makes no difference. */
static ath_status take_unique(ath__reflect *r, ath__reflected *t, const ath_reflected_index *index,
                              const char *column) {
    ath_reflected_key *key = ath__reflect_last(&t->uniques, sizeof *key);
    if (!index->unique || !column)
        return r->status;
    if (index->parts.count == 1) {
        key = ath__reflect_grow(r, &t->uniques, sizeof *key);
        t->names = (ath__grown){0};
    }
    if (!key)
        return r->status;
    key->name = key->duplicates_index = index->name;
    return ath__reflect_name(r, &t->names, &key->columns, column);
}

static ath_status take_index(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    const char *name = ath__reflect_text(r, row, 1), *order = ath_row_text(row, 5);
    if (!t || !name)
        return r->status;
    if (strcmp(name, "PRIMARY") == 0)
        return take_primary(r, t, row);
    ath_reflected_index *index = ath__reflect_part_of(r, t, &t->indexes, sizeof *index, name);
    if (!index)
        return r->status;
    if (!index->name)
        take_head(r, index, row);
    ath_index_part *part = ath__reflect_grow(r, &t->parts, sizeof *part);
    if (!part)
        return r->status;
    part->column = ath__reflect_text(r, row, 3);
    part->expression = ath__reflect_text(r, row, 9);
    part->mysql_length = index->prefix ? 0 : (uint32_t)ath_row_int(row, 4);
    part->desc = order && *order == 'D';
    index->parts = (ath_part_list){.count = t->parts.count, .parts = t->parts.items};
    return take_unique(r, t, index, part->column);
}

static const char indexes_sql[] =
    "SELECT s.TABLE_NAME, s.INDEX_NAME, s.NON_UNIQUE, s.COLUMN_NAME, s.SUB_PART, s.COLLATION, s.INDEX_TYPE, "
    "s.INDEX_COMMENT, %s, %s FROM information_schema.STATISTICS s WHERE :scope "
    "ORDER BY s.TABLE_NAME, s.INDEX_NAME, s.SEQ_IN_INDEX";

static ath_status read_indexes(ath__reflect *r) {
    bool is_mariadb = ath__mysql_reflect_of(r)->is_mariadb;
    int version = r->connection->dialect->version;
    const char *ignored = !is_mariadb ? "s.IS_VISIBLE = 'NO'" : version >= 100600 ? "s.IGNORED = 'YES'" : "0";
    const char *expression = is_mariadb || version < 80013 ? "NULL" : "s.EXPRESSION";
    const char *sql = ath__reflect_printf(r, indexes_sql, !is_mariadb && version < 80000 ? "0" : ignored, expression);
    return sql ? ath__reflect_query(r, sql, ath__mysql_scope(r, "s"), take_index) : r->status;
}

/* ---- foreign keys ---- */

/* On MariaDB RESTRICT is what there is without a word, and the same as NO ACTION. */
static const char *action(ath__reflect *r, const ath_row *row, size_t i) {
    const char *rule = ath__reflect_text(r, row, i);
    bool none = !rule || strcmp(rule, "NO ACTION") == 0 ||
                (ath__mysql_reflect_of(r)->is_mariadb && strcmp(rule, "RESTRICT") == 0);
    return none ? NULL : rule;
}

static ath_status take_foreign_key(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    if (!t)
        return r->status;
    ath_reflected_foreign_key *key =
        ath__reflect_part_of(r, t, &t->foreign_keys, sizeof *key, ath__reflect_text(r, row, 1));
    if (!key)
        return r->status;
    if (!key->name) {
        const char *schema = ath__reflect_text(r, row, 3);
        bool here = schema && strcmp(schema, ath__mysql_reflect_of(r)->schema) == 0;
        key->name = ath__reflect_text(r, row, 1);
        key->referred_schema = here ? t->table.schema : schema;
        key->referred_table = ath__reflect_text(r, row, 4);
        key->onupdate = action(r, row, 6);
        key->ondelete = action(r, row, 7);
    }
    ATH_TRY(ath__reflect_name(r, &t->names, &key->columns, ath__reflect_text(r, row, 2)));
    return ath__reflect_name(r, &t->more_names, &key->referred_columns, ath__reflect_text(r, row, 5));
}

static const char foreign_keys_sql[] =
    "SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.COLUMN_NAME, k.REFERENCED_TABLE_SCHEMA, k.REFERENCED_TABLE_NAME, "
    "k.REFERENCED_COLUMN_NAME, f.UPDATE_RULE, f.DELETE_RULE FROM information_schema.KEY_COLUMN_USAGE k "
    "JOIN information_schema.REFERENTIAL_CONSTRAINTS f ON f.CONSTRAINT_SCHEMA = k.CONSTRAINT_SCHEMA AND "
    "f.CONSTRAINT_NAME = k.CONSTRAINT_NAME AND f.TABLE_NAME = k.TABLE_NAME "
    "WHERE k.REFERENCED_TABLE_NAME IS NOT NULL AND :scope ORDER BY k.TABLE_NAME, k.CONSTRAINT_NAME, k.ORDINAL_POSITION";

static ath_status read_foreign_keys(ath__reflect *r) {
    const char *schema = ath__mysql_reflect_of(r)->schema;
    return ath__reflect_query(r, foreign_keys_sql,
                              ath_and(ath__mysql_scope(r, "k"), ath_eq(ath_text("f.CONSTRAINT_SCHEMA"), schema)),
                              take_foreign_key);
}

/* ---- CHECK ---- */

static bool is_json_check(const ath_reflected_column *column) {
    size_t size = strlen(column->name);
    return strncmp(column->check, "json_valid(`", 12) == 0 && strncmp(column->check + 12, column->name, size) == 0 &&
           strcmp(column->check + 12 + size, "`)") == 0;
}

static ath_status take_check(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    const char *name = ath__reflect_text(r, row, 1), *sql = ath__reflect_text(r, row, 2);
    if (!t || !name || !sql)
        return r->status;
    ath_reflected_column *column = ath_row_int(row, 3) ? ath__reflect_column(r, t, name) : NULL;
    if (column) {
        column->check = sql;
        if (is_json_check(column)) /* what MariaDB makes of JSON */
            column->type = (ath_type){.sql = ATH_SQL_JSON};
        return r->status;
    }
    ath_reflected_check *check = ath__reflect_grow(r, &t->checks, sizeof *check);
    if (check)
        *check = (ath_reflected_check){.name = name, .sql = sql, .not_enforced = ath_row_int(row, 4) != 0};
    return r->status;
}

/* MySQL keeps the condition in one view and the table in another, and knows no CHECK before 8.0.16. */
static ath_status read_checks(ath__reflect *r) {
    const ath__mysql_reflect *own = r->own;
    int version = r->connection->dialect->version;
    if (own->is_mariadb)
        return ath__reflect_query(
            r,
            version >= 100510 ? "SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.CHECK_CLAUSE, k.LEVEL = 'Column', 0 FROM "
                                "information_schema.CHECK_CONSTRAINTS k WHERE :scope"
                              : "SELECT k.TABLE_NAME, k.CONSTRAINT_NAME, k.CHECK_CLAUSE, 0, 0 FROM "
                                "information_schema.CHECK_CONSTRAINTS k WHERE :scope",
            ath_and(ath_eq(ath_text("k.CONSTRAINT_SCHEMA"), own->schema), ath__reflect_only(r, "k.TABLE_NAME")),
            take_check);
    if (version < 80016)
        return r->status;
    return ath__reflect_query(r,
                              "SELECT t.TABLE_NAME, t.CONSTRAINT_NAME, k.CHECK_CLAUSE, 0, t.ENFORCED = 'NO' FROM "
                              "information_schema.TABLE_CONSTRAINTS t JOIN information_schema.CHECK_CONSTRAINTS k ON "
                              "k.CONSTRAINT_SCHEMA = t.CONSTRAINT_SCHEMA AND k.CONSTRAINT_NAME = t.CONSTRAINT_NAME "
                              "WHERE t.CONSTRAINT_TYPE = 'CHECK' AND :scope",
                              ath__mysql_scope(r, "t"), take_check);
}

ath_status ath__mysql_reflect_constraints(ath__reflect *r) {
    ATH_TRY(read_indexes(r));
    ATH_TRY(read_foreign_keys(r));
    return read_checks(r);
}
