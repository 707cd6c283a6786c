/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL's reflector: constraints.  A row per column of a key; a row per CHECK and EXCLUDE.
 */
#include "backend/postgresql/postgresql.h"

#include "backend/postgresql/reflect.h"

/* ---- primary keys and UNIQUE ---- */

static ath_reflected_key *primary_key_of(ath__reflected *t, const char *id) {
    if (!t->last || strcmp(t->last, id) != 0) {
        t->last = id;
        t->names = t->more_names = (ath__grown){0};
    }
    return &t->table.primary_key;
}

static ath_status take_key(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    const char *name = ath__reflect_text(r, row, 1);
    if (!t || !name)
        return r->status;
    bool primary = ath_row_int(row, 2) != 0;
    ath_reflected_key *key =
        primary ? primary_key_of(t, name) : ath__reflect_part_of(r, t, &t->uniques, sizeof *key, name);
    if (!key)
        return r->status;
    if (!key->name) {
        key->name = name;
        key->nulls_not_distinct = ath_row_int(row, 5) != 0;
        key->deferrable = ath_row_int(row, 6) ? ATH_DEFERRABLE : ATH_DEFERRABLE_UNSAID;
        key->initially = ath_row_int(row, 7) ? "DEFERRED" : NULL;
        key->comment = ath__reflect_text(r, row, 8);
    }
    const char *column = ath__reflect_text(r, row, 3);
    if (!ath_row_int(row, 4))
        return ath__reflect_name(r, &t->more_names, &key->include, column);
    ath_reflected_column *of = primary ? ath__reflect_column(r, t, column) : NULL;
    if (of)
        of->primary_key = (unsigned)key->columns.count + 1;
    return ath__reflect_name(r, &t->names, &key->columns, column);
}

static const char keys_sql[] =
    "SELECT c.relname, k.conname, k.contype = 'p', a.attname, u.place <= i.indnkeyatts, %s, k.condeferrable, "
    "k.condeferred, pg_catalog.obj_description(k.oid, 'pg_constraint') "
    "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_index i ON i.indexrelid = k.conindid "
    "CROSS JOIN LATERAL pg_catalog.unnest(i.indkey) WITH ORDINALITY u(number, place) "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number "
    "WHERE k.contype IN ('p', 'u') AND :scope ORDER BY c.relname, k.contype, k.conname, u.place";

/* ---- foreign keys ---- */

static const char *action(ath__reflect *r, const ath_row *row, size_t i) {
    const char *code = ath_row_text(row, i);
    switch (code ? *code : 'a') {
    case 'r':
        return "RESTRICT";
    case 'c':
        return "CASCADE";
    case 'n':
        return "SET NULL";
    case 'd':
        return "SET DEFAULT";
    default:
        (void)r;
        return NULL;
    }
}

static void take_foreign_key_head(ath__reflect *r, ath__reflected *t, ath_reflected_foreign_key *key,
                                  const ath_row *row) {
    const char *schema = ath__reflect_text(r, row, 4), *match = ath_row_text(row, 9), *only = ath_row_text(row, 14);
    key->name = ath__reflect_text(r, row, 1);
    key->referred_table = ath__reflect_text(r, row, 3);
    if (schema && (!ath_row_int(row, 5) || (t->table.schema && strcmp(t->table.schema, schema) == 0)))
        key->referred_schema = schema;
    key->onupdate = action(r, row, 7);
    key->ondelete = action(r, row, 8);
    if (only && key->ondelete)
        key->ondelete = ath__reflect_printf(r, "%s (%s)", key->ondelete, only);
    key->match = !match || *match == 's' ? NULL : *match == 'f' ? "FULL" : "PARTIAL";
    key->deferrable = ath_row_int(row, 10) ? ATH_DEFERRABLE : ATH_DEFERRABLE_UNSAID;
    key->initially = ath_row_int(row, 11) ? "DEFERRED" : NULL;
    key->not_valid = !ath_row_int(row, 12);
    key->comment = ath__reflect_text(r, row, 13);
}

static ath_status take_foreign_key(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    if (!t)
        return r->status;
    ath_reflected_foreign_key *key =
        ath__reflect_part_of(r, t, &t->foreign_keys, sizeof *key, ath__reflect_text(r, row, 1));
    if (!key)
        return r->status;
    if (!key->name)
        take_foreign_key_head(r, t, key, row);
    ATH_TRY(ath__reflect_name(r, &t->names, &key->columns, ath__reflect_text(r, row, 2)));
    return ath__reflect_name(r, &t->more_names, &key->referred_columns, ath__reflect_text(r, row, 6));
}

/* A key that points to a partitioned table has helpers, one for each partition, on the same table: not to be seen. */
static const char foreign_keys_sql[] =
    "SELECT c.relname, k.conname, a.attname, f.relname, fn.nspname, pg_catalog.pg_table_is_visible(f.oid), fa.attname, "
    "CAST(k.confupdtype AS text), CAST(k.confdeltype AS text), CAST(k.confmatchtype AS text), k.condeferrable, "
    "k.condeferred, k.convalidated, pg_catalog.obj_description(k.oid, 'pg_constraint'), %s "
    "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "JOIN pg_catalog.pg_class f ON f.oid = k.confrelid JOIN pg_catalog.pg_namespace fn ON fn.oid = f.relnamespace "
    "CROSS JOIN LATERAL ROWS FROM (pg_catalog.unnest(k.conkey), pg_catalog.unnest(k.confkey)) "
    "WITH ORDINALITY u(number, referred, place) "
    "JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = u.number "
    "JOIN pg_catalog.pg_attribute fa ON fa.attrelid = f.oid AND fa.attnum = u.referred "
    "WHERE k.contype = 'f' AND NOT EXISTS (SELECT 1 FROM pg_catalog.pg_constraint p WHERE p.oid = k.conparentid AND "
    "p.conrelid = k.conrelid) AND :scope ORDER BY c.relname, k.conname, u.place";

static const char columns_set_sql[] =
    "(SELECT pg_catalog.string_agg(pg_catalog.quote_ident(s.attname), ', ') FROM pg_catalog.pg_attribute s WHERE "
    "s.attrelid = c.oid AND s.attnum = ANY (k.confdelsetcols))";

/* ---- CHECK and EXCLUDE ---- */

/* Where the parenthesis that opens at `at` closes; NULL: nowhere. */
static const char *closing(const char *at) {
    int depth = 0;
    for (; *at; at++) {
        if (*at == '\'' || *at == '"') {
            const char *close = strchr(at + 1, *at);
            if (!close)
                return NULL;
            at = close;
        } else if (*at == '(') {
            depth++;
        } else if (*at == ')' && --depth == 0) {
            return at;
        }
    }
    return NULL;
}

const char *ath__pg_strip_parentheses(ath__reflect *r, const char *text) {
    const char *close = text && *text == '(' ? closing(text) : NULL;
    return close && !close[1] ? ath__reflect_keep(r, text + 1, (size_t)(close - text - 1)) : text;
}

static ath_status take_check(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    if (!t)
        return r->status;
    if (!ath_row_int(row, 2)) {
        ath_reflected_exclusion *exclusion = ath__reflect_grow(r, &t->exclusions, sizeof *exclusion);
        if (exclusion)
            *exclusion = (ath_reflected_exclusion){.name = ath__reflect_text(r, row, 1),
                                                   .definition = ath__reflect_text(r, row, 3),
                                                   .comment = ath__reflect_text(r, row, 6)};
        return r->status;
    }
    ath_reflected_check *check = ath__reflect_grow(r, &t->checks, sizeof *check);
    if (check)
        *check = (ath_reflected_check){.name = ath__reflect_text(r, row, 1),
                                       .sql = ath__pg_strip_parentheses(r, ath__reflect_text(r, row, 3)),
                                       .not_valid = !ath_row_int(row, 4),
                                       .no_inherit = ath_row_int(row, 5) != 0,
                                       .comment = ath__reflect_text(r, row, 6)};
    return r->status;
}

static const char checks_sql[] =
    "SELECT c.relname, k.conname, k.contype = 'c', CASE k.contype WHEN 'c' THEN pg_catalog.pg_get_expr(k.conbin, "
    "c.oid, true) "
    "ELSE pg_catalog.pg_get_constraintdef(k.oid, true) END, k.convalidated, k.connoinherit, "
    "pg_catalog.obj_description(k.oid, 'pg_constraint') "
    "FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid "
    "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace "
    "WHERE k.contype IN ('c', 'x') AND :scope ORDER BY c.relname, k.conname";

ath_status ath__pg_reflect_constraints(ath__reflect *r) {
    const ath_expr *scope = ((ath__pg_reflect *)r->own)->scope;
    bool since_15 = r->connection->dialect->version >= 150000;
    const char *keys = ath__reflect_printf(r, keys_sql, since_15 ? "i.indnullsnotdistinct" : "false");
    const char *foreign_keys = ath__reflect_printf(r, foreign_keys_sql, since_15 ? columns_set_sql : "NULL");
    if (!keys || !foreign_keys)
        return r->status;
    ATH_TRY(ath__reflect_query(r, keys, scope, take_key));
    ATH_TRY(ath__reflect_query(r, foreign_keys, scope, take_foreign_key));
    return ath__reflect_query(r, checks_sql, scope, take_check);
}
