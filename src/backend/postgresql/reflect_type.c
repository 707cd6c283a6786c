/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL's reflector: types.  format_type's text becomes the nearest general type and the name that SQLAlchemy has for
 * it; enums and domains are looked up by their oid.
 */
#include "backend/postgresql/postgresql.h"

#include "backend/postgresql/reflect.h"

typedef enum arguments { NOTHING, LENGTH, NUMBERS, FRACTION, BITS, VARBITS } arguments;

typedef struct known {
    const char *format, *text, *name;
    ath_sql_type sql;
    uint8_t form;
    uint8_t takes; /* arguments */
} known;

static const known known_types[] = {
    {"integer", "INTEGER", "INTEGER", ATH_SQL_INTEGER, 0, NOTHING},
    {"bigint", "BIGINT", "BIGINT", ATH_SQL_BIGINT, 0, NOTHING},
    {"smallint", "SMALLINT", "SMALLINT", ATH_SQL_SMALLINT, 0, NOTHING},
    {"character varying", "VARCHAR", "VARCHAR", ATH_SQL_STRING, 0, LENGTH},
    {"character", "CHAR", "CHAR", ATH_SQL_STRING, ATH_FORM_CHAR, LENGTH},
    {"\"char\"", "VARCHAR", "STRING", ATH_SQL_STRING, ATH_FORM_CHAR, NOTHING},
    {"name", "VARCHAR", "STRING", ATH_SQL_STRING, 0, NOTHING},
    {"text", "TEXT", "TEXT", ATH_SQL_TEXT, 0, NOTHING},
    {"numeric", "NUMERIC", "NUMERIC", ATH_SQL_NUMERIC, 0, NUMBERS},
    {"real", "REAL", "REAL", ATH_SQL_FLOAT, ATH_FORM_REAL, NOTHING},
    {"double precision", "DOUBLE PRECISION", "DOUBLE_PRECISION", ATH_SQL_DOUBLE, ATH_FORM_DOUBLE_PRECISION, NOTHING},
    {"boolean", "BOOLEAN", "BOOLEAN", ATH_SQL_BOOLEAN, 0, NOTHING},
    {"bytea", "BYTEA", "BYTEA", ATH_SQL_BINARY, 0, NOTHING},
    {"uuid", "UUID", "UUID", ATH_SQL_UUID, 0, NOTHING},
    {"json", "JSON", "JSON", ATH_SQL_JSON, 0, NOTHING},
    {"jsonb", "JSONB", "JSONB", ATH_SQL_JSON, ATH_FORM_JSONB, NOTHING},
    {"date", "DATE", "DATE", ATH_SQL_DATE, 0, NOTHING},
    {"timestamp without time zone", "TIMESTAMP%s WITHOUT TIME ZONE", "TIMESTAMP", ATH_SQL_DATETIME, 0, FRACTION},
    {"timestamp with time zone", "TIMESTAMP%s WITH TIME ZONE", "TIMESTAMP", ATH_SQL_TIMESTAMP, 0, FRACTION},
    {"time without time zone", "TIME%s WITHOUT TIME ZONE", "TIME", ATH_SQL_TIME, 0, FRACTION},
    {"time with time zone", "TIME%s WITH TIME ZONE", "TIME", ATH_SQL_NAMED, 0, FRACTION},
    {"bit", "BIT", "BIT", ATH_SQL_NAMED, 0, BITS},
    {"bit varying", "BIT VARYING", "BIT", ATH_SQL_NAMED, 0, VARBITS},
    {"inet", "INET", "INET", ATH_SQL_NAMED, 0, NOTHING},
    {"cidr", "CIDR", "CIDR", ATH_SQL_NAMED, 0, NOTHING},
    {"citext", "CITEXT", "CITEXT", ATH_SQL_NAMED, 0, NOTHING},
    {"macaddr", "MACADDR", "MACADDR", ATH_SQL_NAMED, 0, NOTHING},
    {"macaddr8", "MACADDR8", "MACADDR8", ATH_SQL_NAMED, 0, NOTHING},
    {"money", "MONEY", "MONEY", ATH_SQL_NAMED, 0, NOTHING},
    {"oid", "OID", "OID", ATH_SQL_BIGINT, 0, NOTHING},
    {"regclass", "REGCLASS", "REGCLASS", ATH_SQL_NAMED, 0, NOTHING},
    {"tsvector", "TSVECTOR", "TSVECTOR", ATH_SQL_NAMED, 0, NOTHING},
    {"hstore", "HSTORE", "HSTORE", ATH_SQL_NAMED, 0, NOTHING},
    {"int4range", "INT4RANGE", "INT4RANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"int8range", "INT8RANGE", "INT8RANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"numrange", "NUMRANGE", "NUMRANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"daterange", "DATERANGE", "DATERANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"tsrange", "TSRANGE", "TSRANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"tstzrange", "TSTZRANGE", "TSTZRANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"int4multirange", "INT4MULTIRANGE", "INT4MULTIRANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"int8multirange", "INT8MULTIRANGE", "INT8MULTIRANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"nummultirange", "NUMMULTIRANGE", "NUMMULTIRANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"datemultirange", "DATEMULTIRANGE", "DATEMULTIRANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"tsmultirange", "TSMULTIRANGE", "TSMULTIRANGE", ATH_SQL_NAMED, 0, NOTHING},
    {"tstzmultirange", "TSTZMULTIRANGE", "TSTZMULTIRANGE", ATH_SQL_NAMED, 0, NOTHING},
};

/* ---- taking a text apart ---- */

typedef struct parts {
    char base[160]; /* "timestamp without time zone" */
    int numbers[2];
    int number_count;
    bool odd; /* arguments that are not numbers: geometry(Point,4326) */
    uint8_t dimensions;
} parts;

static void take_numbers(parts *p, const char *from, const char *end) {
    p->number_count = 0;
    for (const char *at = from; at < end; at++) {
        int n = 0, sign = *at == '-' ? -1 : 1;
        at += *at == '-';
        if (*at < '0' || *at > '9') {
            p->odd = true;
            return;
        }
        for (; at < end && *at >= '0' && *at <= '9'; at++)
            n = n > 99999999 ? n : n * 10 + (*at - '0');
        if (p->number_count < 2)
            p->numbers[p->number_count++] = sign * n;
        while (at < end && (*at == ',' || *at == ' '))
            at++;
        at--;
    }
}

static void take_apart(const char *format, parts *p) {
    size_t size = strlen(format);
    *p = (parts){.dimensions = 0};
    while (size > 2 && format[size - 1] == ']' && format[size - 2] == '[') {
        size -= 2;
        p->dimensions++;
    }
    const char *open = format[0] == '"' ? NULL : memchr(format, '(', size), *close = open;
    while (close && close < format + size && *close != ')')
        close++;
    if (!open || close == format + size) {
        ath__copy_text(p->base, sizeof p->base, format, size);
        return;
    }
    take_numbers(p, open + 1, close);
    size_t before = (size_t)(open - format), behind = size - (size_t)(close + 1 - format);
    char joined[sizeof p->base];
    snprintf(joined, sizeof joined, "%.*s%.*s", (int)before, format, (int)behind, close + 1);
    ath__copy_text(p->base, sizeof p->base, joined, strlen(joined));
}

/* ---- known types ---- */

static const known *find(const char *base) {
    for (size_t i = 0; i < ATH_COUNT_OF(known_types); i++)
        if (strcmp(known_types[i].format, base) == 0)
            return &known_types[i];
    return NULL;
}

static const char *fraction_text(ath__reflect *r, const known *k, const parts *p) {
    char digits[16] = "";
    if (p->number_count)
        snprintf(digits, sizeof digits, "(%d)", p->numbers[0]);
    const char *hole = strstr(k->text, "%s");
    return ath__reflect_printf(r, "%.*s%s%s", (int)(hole - k->text), k->text, digits, hole + 2);
}

static void set_numbers(ath_type *type, const parts *p) {
    type->precision = (uint8_t)(p->numbers[0] > 255 ? 255 : p->numbers[0]);
    type->scale = (uint8_t)(p->numbers[1] < 0 ? 0 : p->numbers[1] > 255 ? 255 : p->numbers[1]);
}

static void read_known(ath__reflect *r, const known *k, const parts *p, ath__pg_type_read *out) {
    out->type = (ath_type){.sql = k->sql, .form = k->form};
    out->name = k->name;
    out->text = k->text;
    int first = p->number_count ? p->numbers[0] : 0;
    switch (k->takes) {
    case LENGTH:
        out->type.length = (uint32_t)first;
        if (p->number_count)
            out->text = ath__reflect_printf(r, "%s(%d)", k->text, first);
        break;
    case NUMBERS:
        set_numbers(&out->type, p);
        if (p->number_count == 2)
            out->text = ath__reflect_printf(r, "%s(%d, %d)", k->text, first, p->numbers[1]);
        break;
    case FRACTION:
        out->type.precision = (uint8_t)first;
        if (p->number_count && !first)
            out->type.form = ATH_FORM_BARE;
        out->text = fraction_text(r, k, p);
        break;
    case BITS:
    case VARBITS:
        if (p->number_count)
            out->text = ath__reflect_printf(r, "%s(%d)", k->text, first);
        break;
    default:
        break;
    }
}

/* "interval", "interval day to second(3)". */
static bool read_interval(ath__reflect *r, const parts *p, ath__pg_type_read *out) {
    if (strncmp(p->base, "interval", 8) != 0 || (p->base[8] && p->base[8] != ' '))
        return false;
    const char *fields = p->base[8] ? ath__reflect_keep(r, p->base + 9, strlen(p->base + 9)) : NULL;
    char digits[16] = "";
    if (p->number_count)
        snprintf(digits, sizeof digits, " (%d)", p->numbers[0]);
    out->type = (ath_type){.sql = ATH_SQL_INTERVAL, .precision = (uint8_t)(p->number_count ? p->numbers[0] : 0)};
    if (fields)
        out->type.details = ath__reflect_details(r, (ath_type_details){.fields = fields});
    out->name = "INTERVAL";
    out->text = ath__reflect_printf(r, "INTERVAL%s%s%s", fields ? " " : "", fields ? fields : "", digits);
    return true;
}

/* ---- the database's own types ---- */

static const ath__pg_own_type *find_own(const ath__reflect *r, int64_t oid) {
    const ath__pg_reflect *own = r->own;
    const ath__pg_own_type *types = own->types.items;
    size_t low = 0, high = own->types.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (types[middle].oid < oid)
            low = middle + 1;
        else
            high = middle;
    }
    return oid && low < own->types.count && types[low].oid == oid ? &types[low] : NULL;
}

static const char *without_brackets(ath__reflect *r, const char *format) {
    size_t size = strlen(format);
    while (size > 2 && format[size - 1] == ']' && format[size - 2] == '[')
        size -= 2;
    return ath__reflect_keep(r, format, size);
}

static void read_own(ath__reflect *r, const ath__pg_own_type *own, const char *format, ath__pg_type_read *out) {
    out->text = without_brackets(r, format);
    out->name = own->is_domain ? "DOMAIN" : "ENUM";
    if (own->is_domain) {
        out->type = own->domain.type;
        out->domain = &own->domain;
        return;
    }
    const ath_reflected_enum *e = &own->labels;
    out->type = (ath_type){.sql = ATH_SQL_ENUM,
                           .names = e->labels.names,
                           .name_count = (uint32_t)e->labels.count,
                           .details = ath__reflect_details(
                               r, (ath_type_details){.name = e->name, .schema = e->visible ? NULL : e->schema})};
}

static void read_unknown(ath__reflect *r, const char *format, ath__pg_type_read *out) {
    out->name = "NULL";
    out->text = without_brackets(r, format);
    ath__reflect_named_type(r, &out->type, out->text);
}

static const char *collation_name(ath__reflect *r, const ath__pg_type_said *said) {
    ath__buf name;
    ath__buf_init(&name, r->arena->allocator);
    ath__dialect_qualified(r->connection->dialect, &name, said->collation_schema, said->collation);
    const char *kept = name.failed ? NULL : ath__reflect_keep(r, ath__buf_text(&name), name.size);
    ath__buf_done(&name);
    if (!kept && r->status == ATH_OK)
        r->status = ath__fail_memory(r->error);
    return kept;
}

static void make_array(ath__reflect *r, uint8_t dimensions, ath__pg_type_read *out) {
    ath_type *item = ath__arena_copy(r->arena, &out->type, sizeof out->type);
    out->type =
        (ath_type){.sql = ATH_SQL_ARRAY,
                   .details = ath__reflect_details(r, (ath_type_details){.item = item, .dimensions = dimensions})};
    if (!item && r->status == ATH_OK)
        r->status = ath__fail_memory(r->error);
    if (strcmp(out->name, "NULL") != 0)
        out->name = "ARRAY";
    out->domain = NULL;
}

void ath__pg_reflect_type(ath__reflect *r, const ath__pg_type_said *said, ath__pg_type_read *out) {
    parts p;
    *out = (ath__pg_type_read){.name = "NULL", .text = said->format};
    if (!said->format || r->status != ATH_OK)
        return;
    take_apart(said->format, &p);
    const known *k = find(p.base);
    const ath__pg_own_type *own = find_own(r, said->own);
    if (own)
        read_own(r, own, said->format, out);
    else if (!read_interval(r, &p, out) && k && !p.odd)
        read_known(r, k, &p, out);
    else if (out->type.sql == ATH_SQL_INFER)
        read_unknown(r, said->format, out);
    if (out->type.sql == ATH_SQL_NAMED && !out->type.details)
        ath__reflect_named_type(r, &out->type, out->text);
    const char *collation = said->collation && !own ? collation_name(r, said) : NULL;
    if (p.dimensions || collation)
        out->text = ath__reflect_printf(r, "%s%s%s%s", out->text ? out->text : "", p.dimensions ? "[]" : "",
                                        collation ? " COLLATE " : "", collation ? collation : "");
    if (p.dimensions)
        make_array(r, p.dimensions, out);
}

/* ---- enums and domains ---- */

static ath__pg_own_type *own_type(ath__reflect *r, const ath_row *row) {
    ath__pg_reflect *own = r->own;
    ath__pg_own_type *last = ath__reflect_last(&own->types, sizeof *last);
    int64_t oid = ath_row_int(row, 0);
    if (last && last->oid == oid)
        return last;
    last = ath__reflect_grow(r, &own->types, sizeof *last);
    if (last) {
        last->oid = oid;
        last->is_domain = strcmp(ath_row_text(row, 1), "d") == 0;
        last->listed = ath_row_int(row, 5) != 0;
    }
    return last;
}

static ath_status take_label(ath__reflect *r, ath__pg_own_type *t, const ath_row *row) {
    ath_reflected_enum *e = &t->labels;
    if (!e->name) {
        e->schema = ath__reflect_text(r, row, 2);
        e->name = ath__reflect_text(r, row, 3);
        e->visible = ath_row_int(row, 4) != 0;
        e->comment = ath__reflect_text(r, row, 6);
    }
    const char *label = ath__reflect_text(r, row, 7);
    return label ? ath__reflect_name(r, &t->items, &e->labels, label) : r->status;
}

static void take_domain_head(ath__reflect *r, ath_reflected_domain *d, const ath_row *row) {
    ath__pg_type_read type;
    d->schema = ath__reflect_text(r, row, 2);
    d->name = ath__reflect_text(r, row, 3);
    d->visible = ath_row_int(row, 4) != 0;
    d->comment = ath__reflect_text(r, row, 6);
    d->declared = ath__reflect_text(r, row, 9);
    d->nullable = !ath_row_int(row, 10);
    d->default_value = ath__reflect_text(r, row, 11);
    d->collation = ath__reflect_text(r, row, 12);
    const ath__pg_type_said said = {.format = d->declared, .own = ath_row_int(row, 13), .collation = d->collation};
    ath__pg_reflect_type(r, &said, &type);
    d->type = type.type;
    d->type_text = type.text;
}

static ath_status take_domain(ath__reflect *r, ath__pg_own_type *t, const ath_row *row) {
    ath_reflected_domain *d = &t->domain;
    if (!d->name)
        take_domain_head(r, d, row);
    const char *condition = ath__reflect_text(r, row, 8);
    if (!condition || r->status != ATH_OK)
        return r->status;
    ath_reflected_check *check = ath__reflect_grow(r, &t->items, sizeof *check);
    if (!check)
        return r->status;
    *check =
        (ath_reflected_check){.name = ath__reflect_text(r, row, 7), .sql = ath__pg_strip_parentheses(r, condition)};
    d->checks = t->items.items;
    d->check_count = t->items.count;
    return r->status;
}

static ath_status take_type(ath__reflect *r, const ath_row *row) {
    ath__pg_own_type *t = own_type(r, row);
    if (!t)
        return r->status;
    return t->is_domain ? take_domain(r, t, row) : take_label(r, t, row);
}

/* Domains may be made of domains and enums that come behind them by oid, so all that can be asked is that the one made later
 * has the greater oid; where it has not (after a wrap-around), the inner type stays a named one. */
static const char types_sql[] =
    "SELECT CAST(t.oid AS bigint), CAST(t.typtype AS text), n.nspname, t.typname, "
    "pg_catalog.pg_type_is_visible(t.oid), "
    ":scope, pg_catalog.obj_description(t.oid, 'pg_type'), COALESCE(e.enumlabel, k.conname), "
    "pg_catalog.pg_get_expr(k.conbin, 0, true), pg_catalog.format_type(t.typbasetype, t.typtypmod), t.typnotnull, "
    "t.typdefault, CASE WHEN t.typcollation <> b.typcollation THEN l.collname END, "
    "CAST(CASE WHEN b.typelem <> 0 AND b.typlen = -1 THEN b.typelem ELSE b.oid END AS bigint) "
    "FROM pg_catalog.pg_type t JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace "
    "LEFT JOIN pg_catalog.pg_enum e ON e.enumtypid = t.oid "
    "LEFT JOIN pg_catalog.pg_constraint k ON k.contypid = t.oid AND k.contype = 'c' "
    "LEFT JOIN pg_catalog.pg_type b ON b.oid = t.typbasetype "
    "LEFT JOIN pg_catalog.pg_collation l ON l.oid = t.typcollation "
    "WHERE t.typtype IN ('e', 'd') AND n.nspname NOT IN ('pg_catalog', 'information_schema') "
    "ORDER BY t.oid, e.enumsortorder, k.conname";

static void publish(ath__reflect *r) {
    const ath__pg_reflect *own = r->own;
    const ath__pg_own_type *types = own->types.items;
    for (size_t i = 0; i < own->types.count; i++) {
        if (!types[i].listed)
            continue;
        if (types[i].is_domain) {
            ath_reflected_domain *d = ath__reflect_grow(r, &r->domains, sizeof *d);
            if (d)
                *d = types[i].domain;
        } else {
            ath_reflected_enum *e = ath__reflect_grow(r, &r->enums, sizeof *e);
            if (e)
                *e = types[i].labels;
        }
    }
}

ath_status ath__pg_reflect_types(ath__reflect *r) {
    const ath_expr *listed = r->opts->schema ? ath_eq(ath_text("n.nspname"), r->opts->schema)
                                             : ath_text("pg_catalog.pg_type_is_visible(t.oid)");
    ATH_TRY(ath__reflect_query(r, types_sql, listed, take_type));
    publish(r);
    return r->status;
}
