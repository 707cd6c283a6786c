/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL's reflector: schemas, tables, columns, sequences, by one query each over the system catalogs.
 */
#include "backend/postgresql/reflect.h"

#include "backend/postgresql/postgresql.h"

/* ---- schemas ---- */

static ath_status take_schema(ath__reflect *r, const ath_row *row) {
    const char *schema = ath__reflect_text(r, row, 0);
    if (!r->default_schema)
        r->default_schema = ath__reflect_text(r, row, 1);
    if (ath_row_int(row, 2) != 0)
        ((ath__pg_reflect *)r->own)->schema_found = true;
    if (!schema || strncmp(schema, "pg_", 3) == 0)
        return r->status;
    const char **name = ath__reflect_grow(r, &r->schemas, sizeof *name);
    if (name)
        *name = schema;
    return r->status;
}

static ath_status read_schemas(ath__reflect *r) {
    const char *schema = r->opts->schema ? r->opts->schema : "";
    ATH_TRY(ath__reflect_query(
        r, "SELECT n.nspname, current_schema(), :scope FROM pg_catalog.pg_namespace n ORDER BY n.nspname",
        ath_eq(ath_text("n.nspname"), schema), take_schema));
    if (r->opts->schema && !((ath__pg_reflect *)r->own)->schema_found)
        return r->status = ath__fail(r->error, ATH_ARGUMENT, "there is no schema \"%s\"", schema);
    return r->status;
}

/* ---- tables ---- */

static ath_relation_kind kind_of(const char *relkind) {
    return *relkind == 'v'   ? ATH_RELATION_VIEW
           : *relkind == 'm' ? ATH_RELATION_MATERIALIZED_VIEW
           : *relkind == 'f' ? ATH_RELATION_FOREIGN_TABLE
                             : ATH_RELATION_TABLE;
}

static ath_status take_relation(ath__reflect *r, const ath_row *row) {
    static const char *const options[] = {"with",         "using",         "tablespace", "inherits", "partition by",
                                          "partition of", "partition for", "unlogged",   "server"};
    const char *relkind = ath_row_text(row, 1);
    ath__reflected *t = ath__reflect_table(r, ath__reflect_text(r, row, 0), kind_of(relkind ? relkind : ""));
    if (!t)
        return r->status;
    t->table.comment = ath__reflect_text(r, row, 2);
    t->table.definition = ath__reflect_text(r, row, 3);
    for (size_t i = 0; i < ATH_COUNT_OF(options); i++) {
        const char *value = ath__reflect_text(r, row, 4 + i);
        if (value)
            ath__reflect_option(r, &t->options, options[i], value);
    }
    return r->status;
}

static const char relations_sql[] =
    "SELECT c.relname, CAST(c.relkind AS text), pg_catalog.obj_description(c.oid, 'pg_class'), "
    "CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END, "
    "pg_catalog.array_to_string(c.reloptions, ', '), "
    "CASE WHEN a.amname <> pg_catalog.current_setting('default_table_access_method') THEN a.amname END, s.spcname, "
    "CASE WHEN NOT c.relispartition THEN i.parents END, "
    "CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END, "
    "CASE WHEN c.relispartition THEN i.parents END, pg_catalog.pg_get_expr(c.relpartbound, c.oid), "
    "CASE WHEN c.relpersistence = 'u' THEN '' END, f.srvname "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "LEFT JOIN pg_catalog.pg_am a ON a.oid = c.relam LEFT JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace "
    "LEFT JOIN (SELECT h.inhrelid, pg_catalog.string_agg(CAST(p.relname AS text), ', ' ORDER BY h.inhseqno) AS parents "
    "FROM pg_catalog.pg_inherits h JOIN pg_catalog.pg_class p ON p.oid = h.inhparent GROUP BY h.inhrelid) i "
    "ON i.inhrelid = c.oid "
    "LEFT JOIN pg_catalog.pg_foreign_table w ON w.ftrelid = c.oid "
    "LEFT JOIN pg_catalog.pg_foreign_server f ON f.oid = w.ftserver "
    "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND :scope ORDER BY c.relname";

/* ---- columns ---- */

static bool is_integer(const ath_type *type) {
    return type->sql == ATH_SQL_SMALLINT || type->sql == ATH_SQL_INTEGER || type->sql == ATH_SQL_BIGINT;
}

static void take_identity(ath_reflected_column *column, const ath_row *row, const char *identity) {
    if (!identity || !*identity)
        return;
    column->identity = *identity == 'a' ? ATH_IDENTITY_ALWAYS : ATH_IDENTITY_BY_DEFAULT;
    column->autoincrement = true;
    if (ath_row_is_null(row, 10))
        return;
    column->counting = (ath_count_opts){
        .start = ath_some(ath_row_int(row, 10)),
        .increment = ath_some(ath_row_int(row, 11)),
        .minvalue = ath_some(ath_row_int(row, 12)),
        .maxvalue = ath_some(ath_row_int(row, 13)),
        .cache = ath_some(ath_row_int(row, 14)),
        .cycle = ath_row_int(row, 15) != 0,
    };
}

static void take_type(ath__reflect *r, ath_reflected_column *column, const ath_row *row) {
    ath__pg_type_read type;
    column->declared = ath__reflect_text(r, row, 2);
    column->collation = ath__reflect_text(r, row, 8);
    const ath__pg_type_said said = {.format = column->declared,
                                    .own = ath_row_int(row, 3),
                                    .collation = column->collation,
                                    .collation_schema = ath__reflect_text(r, row, 9)};
    ath__pg_reflect_type(r, &said, &type);
    column->type = type.type;
    column->type_text = type.text;
    column->type_name = type.name;
    if (type.domain && !type.domain->nullable)
        column->nullable = false;
    if (type.domain && !column->default_value && !column->computed)
        column->default_value = type.domain->default_value;
}

static void take_default(ath__reflect *r, ath_reflected_column *column, const ath_row *row) {
    const char *expression = ath__reflect_text(r, row, 4), *generated = ath_row_text(row, 6);
    if (generated && *generated) {
        column->computed = expression;
        column->persisted = *generated == 's' ? ATH_STORED : ATH_VIRTUAL;
    } else {
        column->default_value = expression;
    }
}

static ath_status take_column(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    ath_reflected_column *column = t ? ath__reflect_grow(r, &t->columns, sizeof *column) : NULL;
    if (!column)
        return r->status;
    column->name = ath__reflect_text(r, row, 1);
    column->nullable = !ath_row_int(row, 5);
    column->comment = ath__reflect_text(r, row, 16);
    take_default(r, column, row);
    take_type(r, column, row);
    if (column->default_value && strstr(column->default_value, "nextval('"))
        column->autoincrement = is_integer(&column->type);
    take_identity(column, row, ath_row_text(row, 7));
    return r->status;
}

static const char columns_sql[] =
    "SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), "
    "CAST(CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN t.typelem ELSE t.oid END AS bigint), "
    "pg_catalog.pg_get_expr(d.adbin, d.adrelid), a.attnotnull, CAST(a.attgenerated AS text), "
    "CAST(a.attidentity AS text), l.collname, CASE WHEN NOT pg_catalog.pg_collation_is_visible(l.oid) THEN ln.nspname "
    "END, "
    "s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle, "
    "pg_catalog.col_description(c.oid, a.attnum) "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped "
    "JOIN pg_catalog.pg_type t ON t.oid = a.atttypid "
    "LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum "
    "LEFT JOIN pg_catalog.pg_collation l ON l.oid = a.attcollation AND a.attcollation <> t.typcollation "
    "LEFT JOIN pg_catalog.pg_namespace ln ON ln.oid = l.collnamespace "
    "LEFT JOIN pg_catalog.pg_depend q ON a.attidentity <> '' AND q.deptype = 'i' AND q.refobjid = c.oid AND "
    "q.refobjsubid = a.attnum AND q.classid = CAST('pg_catalog.pg_class' AS regclass) AND "
    "q.refclassid = CAST('pg_catalog.pg_class' AS regclass) "
    "LEFT JOIN pg_catalog.pg_sequence s ON s.seqrelid = q.objid "
    "WHERE c.relkind IN ('r', 'p', 'v', 'm', 'f') AND :scope ORDER BY c.relname, a.attnum";

/* ---- sequences ---- */

static ath_status take_sequence(ath__reflect *r, const ath_row *row) {
    ath__pg_type_read type;
    ath_reflected_sequence *s = ath__reflect_grow(r, &r->sequences, sizeof *s);
    if (!s)
        return r->status;
    s->schema = ath__reflect_text(r, row, 0);
    s->name = ath__reflect_text(r, row, 1);
    const ath__pg_type_said said = {.format = ath__reflect_text(r, row, 2)};
    ath__pg_reflect_type(r, &said, &type);
    s->type = type.type;
    s->type_text = type.text;
    s->counting = (ath_count_opts){
        .start = ath_some(ath_row_int(row, 3)),
        .increment = ath_some(ath_row_int(row, 4)),
        .minvalue = ath_some(ath_row_int(row, 5)),
        .maxvalue = ath_some(ath_row_int(row, 6)),
        .cache = ath_some(ath_row_int(row, 7)),
        .cycle = ath_row_int(row, 8) != 0,
    };
    s->owner_table = ath__reflect_text(r, row, 9);
    s->owner_column = ath__reflect_text(r, row, 10);
    s->is_identity = ath_row_int(row, 11) != 0;
    s->comment = ath__reflect_text(r, row, 12);
    return r->status;
}

static const char sequences_sql[] =
    "SELECT n.nspname, c.relname, pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, "
    "s.seqmax, s.seqcache, s.seqcycle, o.relname, a.attname, d.deptype = 'i', "
    "pg_catalog.obj_description(c.oid, 'pg_class') "
    "FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid "
    "LEFT JOIN pg_catalog.pg_depend d ON d.objid = c.oid AND d.deptype IN ('a', 'i') AND d.refobjsubid > 0 AND "
    "d.classid = CAST('pg_catalog.pg_class' AS regclass) AND d.refclassid = CAST('pg_catalog.pg_class' AS regclass) "
    "LEFT JOIN pg_catalog.pg_class o ON o.oid = d.refobjid "
    "LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid "
    "WHERE c.relkind = 'S' AND :scope ORDER BY c.relname";

/* ---- all ---- */

static ath_status read_insides(ath__reflect *r, const ath_expr *scope, const ath_expr *whole_schema) {
    ATH_TRY(ath__reflect_query(r, columns_sql, scope, take_column));
    ATH_TRY(ath__pg_reflect_constraints(r));
    ATH_TRY(ath__pg_reflect_indexes(r));
    return ath__reflect_query(r, sequences_sql, whole_schema, take_sequence);
}

static ath_status read(ath__reflect *r) {
    ath__pg_reflect own = {.schema_found = false};
    const ath_expr *visible = ath_text("pg_catalog.pg_table_is_visible(c.oid) AND n.nspname <> 'pg_catalog'");
    const ath_expr *in_schema =
        r->opts->schema && !r->opts->temporary ? ath_eq(ath_text("n.nspname"), r->opts->schema) : visible;
    const ath_expr *lasting =
        r->opts->temporary ? ath_text("c.relpersistence = 't'") : ath_text("c.relpersistence <> 't'");
    const ath_expr *whole_schema = ath_and(in_schema, lasting);
    const ath_expr *scope = ath_and(in_schema, lasting, ath__reflect_only(r, "CAST(c.relname AS text)"));
    own.scope = scope;
    r->own = &own;
    ATH_TRY(read_schemas(r));
    if (!r->opts->names_only)
        ATH_TRY(ath__pg_reflect_types(r));
    ATH_TRY(ath__reflect_query(r, relations_sql, scope, take_relation));
    return r->opts->names_only ? ATH_OK : read_insides(r, scope, whole_schema);
}

const ath__reflector ath__postgresql_reflector = {.struct_size = sizeof(ath__reflector), .read = read};
