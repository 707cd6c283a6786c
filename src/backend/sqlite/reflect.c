/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite's reflector: the pragmas, as functions joined with sqlite_master, so that one query asks about all tables; and
 * the CREATE statements for what the pragmas do not tell.
 */
#include "backend/sqlite/reflect.h"

#include "backend/sqlite/sqlite.h"

/* The schema that is read, quoted as a name and as text. */
typedef struct place {
    const char *name, *text;
    const ath_expr *only;
} place;

/* What every query is about: tables (or views) of the schema, without SQLite's own. */
#define OWN_TABLES(kind) "m.type = '" kind "' AND m.name NOT LIKE 'sqlite~_%%' ESCAPE '~'"

static ath_status ask(ath__reflect *r, const place *p, const char *sql, ath__reflect_row take) {
    const char *text = ath__reflect_printf(r, "%s%s", sql, p->only ? " AND :scope" : "");
    return text ? ath__reflect_query(r, text, p->only, take) : r->status;
}

/* ---- schemas ---- */

static ath_status take_schema(ath__reflect *r, const ath_row *row) {
    const char **name = ath__reflect_grow(r, &r->schemas, sizeof *name);
    if (name)
        *name = ath__reflect_text(r, row, 0);
    return r->status;
}

static bool is_attached(const ath__reflect *r, const char *schema) {
    const char *const *names = r->schemas.items;
    for (size_t i = 0; i < r->schemas.count; i++)
        if (sqlite3_stricmp(names[i], schema) == 0)
            return true;
    return false;
}

static const char *quoted(ath__reflect *r, const char *name, char quote) {
    ath__buf out;
    ath__buf_init(&out, r->arena->allocator);
    ath__buf_char(&out, quote);
    for (const char *at = name; *at; at++) {
        if (*at == quote)
            ath__buf_char(&out, quote);
        ath__buf_char(&out, *at);
    }
    ath__buf_char(&out, quote);
    const char *kept = out.failed ? NULL : ath__reflect_keep(r, ath__buf_text(&out), out.size);
    if (!kept && r->status == ATH_OK)
        r->status = ath__fail_memory(r->error);
    ath__buf_done(&out);
    return kept;
}

static ath_status find_place(ath__reflect *r, place *p) {
    const char *schema = r->opts->temporary ? "temp" : r->opts->schema ? r->opts->schema : "main";
    ATH_TRY(ath__reflect_query(r, "SELECT name FROM pragma_database_list WHERE name <> 'temp'", NULL, take_schema));
    if (!is_attached(r, schema) && sqlite3_stricmp(schema, "temp") != 0)
        return ath__fail(r->error, ATH_ARGUMENT, "there is no schema \"%s\"", schema);
    r->default_schema = "main";
    p->name = quoted(r, schema, '"');
    p->text = quoted(r, schema, '\'');
    return r->status;
}

/* ---- tables and columns ---- */

static ath_status take_relation(ath__reflect *r, const ath_row *row) {
    const char *name = ath__reflect_text(r, row, 0), *sql = ath__reflect_text(r, row, 2);
    ath__reflected *t = ath__reflect_table(r, name, ath_row_int(row, 1) ? ATH_RELATION_VIEW : ATH_RELATION_TABLE);
    if (t)
        t->table.definition = sql;
    return r->status;
}

static ath_status take_column(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    int64_t hidden = ath_row_int(row, 6);
    if (!t)
        return r->status;
    ath_reflected_column *column = ath__reflect_grow(r, &t->columns, sizeof *column);
    if (!column)
        return r->status;
    column->name = ath__reflect_text(r, row, 1);
    column->persisted = hidden == 2 ? ATH_VIRTUAL : hidden == 3 ? ATH_STORED : ATH_PERSISTED_UNSAID;
    column->invisible = hidden == 1;
    column->nullable = !ath_row_int(row, 3);
    column->default_value = ath__reflect_text(r, row, 4);
    column->primary_key = (unsigned)ath_row_int(row, 5);
    ath__sqlite_reflect_type(r, ath__reflect_text(r, row, 2), column);
    return r->status;
}

#define COLUMNS                                                                                                        \
    "SELECT m.name, x.name, x.type, x.\"notnull\", x.dflt_value, x.pk, x.hidden FROM %s.sqlite_master m, "             \
    "pragma_table_xinfo(m.name, %s) x WHERE "

/* One by one, as one of them cannot be read (a view of a table that is gone, a table of a module that is not loaded): that
 * one says so, the others are read. */
static ath_status columns_one_by_one(ath__reflect *r, const place *p, ath_relation_kind kind) {
    ath__reflected *const *tables = r->tables.items;
    ath_error kept = *r->error;
    for (size_t i = 0; i < r->tables.count && r->status == ATH_OK; i++) {
        ath__reflected *t = tables[i];
        if (t->table.kind != kind)
            continue;
        t->columns = (ath__grown){0};
        const char *sql = ath__reflect_printf(r, COLUMNS ":scope", p->name, p->text);
        const ath_expr *this_one = ath_eq(ath_text("m.name"), t->table.name);
        if (sql && ath__reflect_query(r, sql, this_one, take_column) == ATH_PROGRAMMING) {
            t->table.mistake = r->error->message[0] ? NULL : "";
            r->status = ATH_OK;
            t->table.mistake = ath__reflect_keep(r, r->error->message, strlen(r->error->message));
            t->columns = (ath__grown){0};
            *r->error = kept;
        }
    }
    return r->status;
}

static ath_status read_columns(ath__reflect *r, const place *p, ath_relation_kind kind) {
    const char *sql = kind == ATH_RELATION_VIEW ? ath__reflect_printf(r, COLUMNS OWN_TABLES("view"), p->name, p->text)
                                                : ath__reflect_printf(r, COLUMNS OWN_TABLES("table"), p->name, p->text);
    if (!sql || ask(r, p, sql, take_column) != ATH_PROGRAMMING)
        return r->status;
    r->status = ATH_OK;
    ath_error_clear(r->error);
    return columns_one_by_one(r, p, kind);
}

static ath_status make_primary_keys(ath__reflect *r) {
    ath__reflected *const *tables = r->tables.items;
    for (size_t i = 0; i < r->tables.count; i++) {
        ath__grown names = {0};
        const ath_reflected_column *columns = tables[i]->columns.items;
        for (unsigned key = 1; key <= tables[i]->columns.count; key++)
            for (size_t j = 0; j < tables[i]->columns.count; j++)
                if (columns[j].primary_key == key)
                    ATH_TRY(ath__reflect_name(r, &names, &tables[i]->table.primary_key.columns, columns[j].name));
    }
    return ATH_OK;
}

/* ---- foreign keys ---- */

static const char *action(ath__reflect *r, const ath_row *row, size_t i) {
    const char *text = ath__reflect_text(r, row, i);
    return text && strcmp(text, "NO ACTION") == 0 ? NULL : text;
}

/* SQLite numbers them from the last declared; here they come as declared. */
static ath_status take_foreign_key(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    if (!t)
        return r->status;
    ath_reflected_foreign_key *key =
        ath__reflect_part_of(r, t, &t->foreign_keys, sizeof *key, ath__reflect_text(r, row, 1));
    if (!key)
        return r->status;
    if (!key->columns.count) {
        key->referred_table = ath__reflect_text(r, row, 2);
        key->onupdate = action(r, row, 5);
        key->ondelete = action(r, row, 6);
        key->referred_schema = t->table.schema;
    }
    ATH_TRY(ath__reflect_name(r, &t->names, &key->columns, ath__reflect_text(r, row, 3)));
    const char *referred = ath__reflect_text(r, row, 4);
    return referred ? ath__reflect_name(r, &t->more_names, &key->referred_columns, referred) : r->status;
}

static ath_status read_foreign_keys(ath__reflect *r, const place *p) {
    const char *sql = ath__reflect_printf(
        r,
        "SELECT m.name, f.id, f.\"table\", f.\"from\", COALESCE(f.\"to\", (SELECT k.name FROM "
        "pragma_table_info(f.\"table\", %s) k WHERE k.pk = f.seq + 1)), f.on_update, f.on_delete FROM %s.sqlite_master "
        "m, "
        "pragma_foreign_key_list(m.name, %s) f WHERE " OWN_TABLES("table") " AND m.rootpage > 0%s "
                                                                           "ORDER BY m.name, f.id DESC, f.seq",
        p->text, p->name, p->text, p->only ? " AND :scope" : "");
    return sql ? ath__reflect_query(r, sql, p->only, take_foreign_key) : r->status;
}

/* ---- indexes ---- */

static ath_status take_index_part(ath__reflect *r, ath__reflected *t, ath_reflected_index *index, const ath_row *row) {
    ath_index_part *part = ath__reflect_grow(r, &t->parts, sizeof *part);
    if (!part)
        return r->status;
    part->column = ath__reflect_text(r, row, 4);
    part->desc = ath_row_int(row, 5) != 0;
    const char *collation = ath__reflect_text(r, row, 6);
    const ath_reflected_column *column = part->column ? ath__reflect_column(r, t, part->column) : NULL;
    const char *usual = column && column->collation ? column->collation : "BINARY";
    if (collation && sqlite3_stricmp(collation, usual) != 0)
        part->collation = collation;
    index->parts = (ath_part_list){.count = t->parts.count, .parts = t->parts.items};
    return r->status;
}

/* Rows of an index: the CREATE statement is read once all parts are there, at the last. */
static ath_status take_index(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    if (!t)
        return r->status;
    ath_reflected_index *index = ath__reflect_part_of(r, t, &t->indexes, sizeof *index, ath__reflect_text(r, row, 1));
    if (!index)
        return r->status;
    if (!index->name) {
        index->name = ath__reflect_text(r, row, 1);
        index->unique = ath_row_int(row, 2) != 0;
    }
    ATH_TRY(take_index_part(r, t, index, row));
    if (!ath_row_int(row, 7))
        return r->status;
    return ath__sqlite_reflect_index_sql(r, index, t->parts.items, ath__reflect_text(r, row, 3));
}

static ath_status take_unique(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    if (!t)
        return r->status;
    ath_reflected_key *key = ath__reflect_part_of(r, t, &t->uniques, sizeof *key, ath__reflect_text(r, row, 1));
    return key ? ath__reflect_name(r, &t->names, &key->columns, ath__reflect_text(r, row, 4)) : r->status;
}

#define INDEXES(origin)                                                                                                \
    "SELECT m.name, l.name, l.\"unique\", i.sql, x.name, x.\"desc\", x.coll, "                                         \
    "x.seqno = MAX(x.seqno) OVER (PARTITION BY l.name) FROM %s.sqlite_master m, pragma_index_list(m.name, %s) l, "     \
    "pragma_index_xinfo(l.name, %s) x LEFT JOIN %s.sqlite_master i ON i.type = 'index' AND i.name = l.name "           \
    "WHERE " OWN_TABLES("table") " AND m.rootpage > 0 AND l.origin = '" origin                                         \
                                 "' AND x.key%s ORDER BY m.name, l.seq, x.seqno"

static ath_status read_indexes(ath__reflect *r, const place *p) {
    const char *filter = p->only ? " AND :scope" : "";
    const char *made = ath__reflect_printf(r, INDEXES("c"), p->name, p->text, p->text, p->name, filter);
    const char *unique = ath__reflect_printf(r, INDEXES("u"), p->name, p->text, p->text, p->name, filter);
    if (!made || !unique)
        return r->status;
    ATH_TRY(ath__reflect_query(r, unique, p->only, take_unique));
    return ath__reflect_query(r, made, p->only, take_index);
}

/* ---- all ---- */

static ath_status read_sql(ath__reflect *r) {
    ath__reflected *const *tables = r->tables.items;
    for (size_t i = 0; i < r->tables.count; i++)
        if (tables[i]->table.kind == ATH_RELATION_TABLE)
            ATH_TRY(ath__sqlite_reflect_table_sql(r, tables[i], tables[i]->table.definition));
    return r->status;
}

static ath_status read_insides(ath__reflect *r, const place *p) {
    ATH_TRY(read_columns(r, p, ATH_RELATION_TABLE));
    if (!r->opts->no_views)
        ATH_TRY(read_columns(r, p, ATH_RELATION_VIEW));
    ATH_TRY(make_primary_keys(r));
    ATH_TRY(read_foreign_keys(r, p));
    ATH_TRY(read_indexes(r, p));
    return read_sql(r);
}

static ath_status read(ath__reflect *r) {
    place p = {.only = ath__reflect_only(r, "m.name COLLATE NOCASE")};
    ATH_TRY(find_place(r, &p));
    const char *sql =
        ath__reflect_printf(r,
                            "SELECT m.name, m.type = 'view', m.sql FROM %s.sqlite_master m WHERE m.type IN "
                            "('table', 'view') AND m.name NOT LIKE 'sqlite~_%%' ESCAPE '~'",
                            p.name);
    if (!sql)
        return r->status;
    ATH_TRY(ask(r, &p, sql, take_relation));
    return r->opts->names_only ? ATH_OK : read_insides(r, &p);
}

const ath__reflector ath__sqlite_reflector = {.struct_size = sizeof(ath__reflector), .fold_case = true, .read = read};
