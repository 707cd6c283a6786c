/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL's reflector: indexes, a row per part.
 */
#include "backend/postgresql/postgresql.h"

#include "backend/postgresql/reflect.h"

enum { DESC = 1, NULLS_FIRST = 2 };

static ath_status take_options(ath__reflect *r, ath__reflected *t, ath_reflected_index *index, const ath_row *row) {
    const char *with = ath__reflect_text(r, row, 15), *tablespace = ath__reflect_text(r, row, 16);
    for (const char *at = with; at && *at;) {
        size_t size = strcspn(at, "\n"), name = strcspn(at, "=\n");
        ath__reflect_option(r, &t->item_options, ath__reflect_keep(r, at, name),
                            ath__reflect_keep(r, at + name + (name < size), size - name - (name < size)));
        at += size + (at[size] == '\n');
    }
    if (tablespace)
        ath__reflect_option(r, &t->item_options, "tablespace", tablespace);
    index->options = t->item_options.items;
    index->option_count = t->item_options.count;
    return r->status;
}

static ath_status take_head(ath__reflect *r, ath__reflected *t, ath_reflected_index *index, const ath_row *row) {
    index->name = ath__reflect_text(r, row, 1);
    index->unique = ath_row_int(row, 2) != 0;
    index->duplicates_constraint = ath__reflect_text(r, row, 3);
    index->method = ath__reflect_text(r, row, 10);
    index->where = ath__reflect_text(r, row, 11);
    index->nulls_not_distinct = ath_row_int(row, 12) != 0;
    index->invalid = !ath_row_int(row, 13);
    index->comment = ath__reflect_text(r, row, 14);
    return take_options(r, t, index, row);
}

static ath_status take_index(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    if (!t)
        return r->status;
    ath_reflected_index *index = ath__reflect_part_of(r, t, &t->indexes, sizeof *index, ath__reflect_text(r, row, 1));
    if (!index)
        return r->status;
    if (!index->name)
        ATH_TRY(take_head(r, t, index, row));
    const char *column = ath__reflect_text(r, row, 5);
    if (!ath_row_int(row, 4))
        return ath__reflect_name(r, &t->names, &index->include, column);
    ath_index_part *part = ath__reflect_grow(r, &t->parts, sizeof *part);
    if (!part)
        return r->status;
    int64_t order = ath_row_int(row, 7);
    part->column = column;
    part->expression = ath__reflect_text(r, row, 6);
    part->desc = (order & DESC) != 0;
    part->nulls_last = part->desc && !(order & NULLS_FIRST);
    part->nulls_first = !part->desc && (order & NULLS_FIRST);
    part->postgresql_ops = ath__reflect_text(r, row, 8);
    part->collation = ath__reflect_text(r, row, 9);
    index->parts = (ath_part_list){.count = t->parts.count, .parts = t->parts.items};
    return r->status;
}

static const char indexes_sql[] =
    "SELECT c.relname, x.relname, i.indisunique, k.conname, u.place <= i.indnkeyatts, a.attname, "
    "CASE WHEN u.number = 0 THEN pg_catalog.pg_get_indexdef(x.oid, CAST(u.place AS integer), true) END, "
    "i.indoption[u.place - 1], o.opcname, CASE WHEN l.oid <> COALESCE(a.attcollation, l.oid) THEN l.collname END, "
    "CASE WHEN m.amname <> 'btree' THEN m.amname END, pg_catalog.pg_get_expr(i.indpred, i.indrelid), %s, i.indisvalid, "
    "pg_catalog.obj_description(x.oid, 'pg_class'), pg_catalog.array_to_string(x.reloptions, E'\\n'), s.spcname "
    "FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace JOIN pg_catalog.pg_class x ON x.oid = i.indexrelid "
    "JOIN pg_catalog.pg_am m ON m.oid = x.relam "
    "CROSS JOIN LATERAL pg_catalog.unnest(i.indkey) WITH ORDINALITY u(number, place) "
    "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number AND u.number <> 0 "
    "LEFT JOIN pg_catalog.pg_opclass o ON o.oid = i.indclass[u.place - 1] AND NOT o.opcdefault "
    "LEFT JOIN pg_catalog.pg_collation l ON l.oid = i.indcollation[u.place - 1] "
    "LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = x.reltablespace "
    "LEFT JOIN pg_catalog.pg_constraint k ON k.conrelid = c.oid AND k.conindid = x.oid AND k.contype IN ('p', 'u', "
    "'x') "
    "WHERE NOT i.indisprimary AND :scope ORDER BY c.relname, x.relname, u.place";

ath_status ath__pg_reflect_indexes(ath__reflect *r) {
    bool since_15 = r->connection->dialect->version >= 150000;
    const char *sql = ath__reflect_printf(r, indexes_sql, since_15 ? "i.indnullsnotdistinct" : "false");
    return sql ? ath__reflect_query(r, sql, ((ath__pg_reflect *)r->own)->scope, take_index) : r->status;
}
