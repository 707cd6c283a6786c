/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, DDL: a table becomes CREATE TABLE, in the layout and order of SQLAlchemy's.
 *
 * Literals are written into the text here, because DDL takes no parameters; ath__dialect_literal escapes them.
 */
#include "sql/ddl.h"

#include <ctype.h>

static void str(ath__ddl *w, const char *text) {
    ath__buf_str(w->out, text);
}

static bool can(const ath__ddl *w, uint64_t ability) {
    return ath__dialect_can(w->dialect, ability);
}

static bool writes(const ath__ddl *w, uint64_t bit) {
    return ath__dialect_ddl(w->dialect, bit);
}

/* ---- defaults ---- */

/* An expression without values: text, now(), functions. */
static ath_status expression(ath__ddl *w, const ath_expr *e, ath__buf *out) {
    ath__compiler c;
    ath__compiled product;
    ath__compiler_init(&c, w->dialect, out->allocator, &product, w->error);
    c.unqualified = true;
    ath__render(&c, e, NULL);
    if (c.bind_count && c.error->status == ATH_OK)
        ath__fail(c.error, ATH_ARGUMENT, "a DEFAULT can be a literal or an expression without values");
    ATH_TRY(ath__compiler_finish(&c, ATH_STMT_TEXT, &product));
    bool plain = e->node == ATH_NODE_TEXT || e->node == ATH_NODE_NOW || e->node == ATH_NODE_FUNCTION;
    ath__buf_str(out, plain ? "" : "(");
    ath__buf_add(out, product.sql, product.sql_size);
    ath__buf_str(out, plain ? "" : ")");
    ath__compiled_done(&product);
    return ATH_OK;
}

/* Where the text that begins with a quote or a parenthesis ends it: just behind its counterpart. */
static size_t end_of_group(const char *text) {
    int depth = 0;
    char quote = 0;
    for (size_t i = 0; text[i]; i++) {
        char c = text[i];
        if (quote && c == quote && text[i + 1] == quote)
            i++;
        else if (quote)
            quote = c == quote ? 0 : quote;
        else if (c == '\'' || c == '"')
            quote = c;
        else
            depth += (c == '(') - (c == ')');
        if (!quote && depth == 0)
            return i + 1;
    }
    return strlen(text);
}

static bool begins(const char *text, const char *word) {
    size_t i = 0;
    while (word[i] && tolower((unsigned char)text[i]) == word[i])
        i++;
    return !word[i];
}

static bool says_on_update(const char *text) {
    for (; *text; text++)
        if (begins(text, "on update"))
            return true;
    return false;
}

/* Whether a DEFAULT must stand in parentheses where expressions must: all but words, quoted text, what has its own, and
 * the moments that MySQL takes bare. */
static bool needs_parentheses(const char *text) {
    size_t word = 0;
    while (isalnum((unsigned char)text[word]) || text[word] == '_')
        word++;
    if (!text[word] || says_on_update(text))
        return false;
    if (strchr("'\"(", text[0]))
        return text[end_of_group(text)] != 0;
    if (begins(text, "now(") || begins(text, "current_timestamp("))
        return !isdigit((unsigned char)text[word + 1]);
    return true;
}

/* TEXT, BLOB and JSON of MySQL take literals as expressions alone; NULL they take. */
static bool is_large(ath__ddl *w, const ath__column *c, const char *written) {
    static const char *const words[] = {"TEXT", "BLOB", "JSON"};
    ath__buf type;
    if (!writes(w, ATH__DDL_LARGE_DEFAULTS) || begins(written, "null") || written[0] == '(')
        return false;
    ath__buf_init(&type, w->out->allocator);
    ath_status status = ath__dialect_type(w->dialect, &c->type, &type, NULL);
    bool large = false;
    for (size_t i = 0; status == ATH_OK && i < ATH_COUNT_OF(words); i++)
        large = large || strstr(ath__buf_text(&type), words[i]);
    w->out->failed = w->out->failed || type.failed;
    ath__buf_done(&type);
    return large;
}

ath_status ath__ddl_default(ath__ddl *w, const ath__column *c) {
    const ath_expr *value = c->server_default;
    ath__buf text;
    ath__buf_init(&text, w->out->allocator);
    ath_status status = value->node == ATH_NODE_LITERAL
                            ? ath__dialect_typed_literal(w->dialect, &text, &c->type, &value->u.value, w->error)
                            : expression(w, value, &text);
    const char *written = ath__buf_text(&text);
    bool parentheses =
        writes(w, ATH__DDL_DEFAULT_PARENTHESES) && (needs_parentheses(written) || is_large(w, c, written));
    str(w, parentheses ? "(" : "");
    str(w, written);
    str(w, parentheses ? ")" : "");
    if (text.failed)
        w->out->failed = true;
    ath__buf_done(&text);
    return status;
}

/* ---- columns ---- */

/* Whether the database numbers the column in a way of its own, instead of by identity or default. */
static bool is_numbered(const ath__ddl *w, const ath__column *c) {
    return c->autoincrement && !c->server_default && !(c->identity && can(w, ATH__CAN_IDENTITY));
}

static ath_status computed(ath__ddl *w, const ath__column *c) {
    bool stored = c->persisted == ATH_STORED, asked_virtual = c->persisted == ATH_VIRTUAL;
    if (!can(w, ATH__CAN_COMPUTED_STORED) && !can(w, ATH__CAN_COMPUTED_VIRTUAL))
        return ath__dialect_cannot(w->dialect, "computed columns", w->error);
    if (stored && !can(w, ATH__CAN_COMPUTED_STORED))
        return ath__dialect_cannot(w->dialect, "stored computed columns", w->error);
    if (asked_virtual && !can(w, ATH__CAN_COMPUTED_VIRTUAL))
        return ath__dialect_cannot(w->dialect, "virtual computed columns", w->error);
    ath__buf_printf(w->out, " GENERATED ALWAYS AS (%s)", c->computed);
    if (asked_virtual)
        str(w, " VIRTUAL");
    else if (stored || !can(w, ATH__CAN_COMPUTED_VIRTUAL))
        str(w, " STORED");
    return ATH_OK;
}

/* A database without identity columns numbers the key in its own way, but always 1, 2, 3 ... */
static ath_status identity(ath__ddl *w, const ath__column *c) {
    if (!can(w, ATH__CAN_IDENTITY)) {
        if (!c->autoincrement)
            return ath__dialect_cannot(w->dialect, "identity columns outside of the primary key", w->error);
        if (!ath__ddl_counting_is_empty(&c->counting))
            return ath__dialect_cannot(w->dialect, "identity columns that count in their own way", w->error);
        return ATH_OK;
    }
    str(w, c->identity == ATH_IDENTITY_ALWAYS ? " GENERATED ALWAYS AS IDENTITY" : " GENERATED BY DEFAULT AS IDENTITY");
    size_t before = w->out->size;
    str(w, " (");
    ath__ddl_counting(w, &c->counting);
    if (w->out->size == before + 2)
        w->out->size = before;
    else
        str(w, ")");
    return ATH_OK;
}

ath_status ath__ddl_conflict(ath__ddl *w, const char *what) {
    static const char *const known[] = {"ROLLBACK", "ABORT", "FAIL", "IGNORE", "REPLACE"};
    if (!what || !writes(w, ATH__DDL_SQLITE_OPTIONS))
        return ATH_OK;
    for (size_t i = 0; i < ATH_COUNT_OF(known); i++)
        if (strcmp(what, known[i]) == 0) {
            ath__buf_printf(w->out, " ON CONFLICT %s", what);
            return ATH_OK;
        }
    return ath__fail(w->error, ATH_ARGUMENT, "'%s' is no action for ON CONFLICT", what);
}

static ath_status not_null(ath__ddl *w, const ath__column *c) {
    if (c->identity && can(w, ATH__CAN_IDENTITY))
        return ATH_OK; /* it is by itself */
    if (!c->nullable && c->computed && writes(w, ATH__DDL_COMPUTED_NULLABLE))
        return c->said_not_null ? ath__dialect_cannot(w->dialect, "NOT NULL for computed columns", w->error) : ATH_OK;
    if (c->nullable) {
        const char *spelling = c->type.details ? c->type.details->spelling : NULL;
        str(w, spelling && begins(spelling, "timestamp") && writes(w, ATH__DDL_NULL_TIMESTAMP) ? " NULL" : "");
        return ATH_OK;
    }
    str(w, " NOT NULL");
    return ath__ddl_conflict(w, c->conflict_null);
}

static ath_status comment(ath__ddl *w, const ath__column *c) {
    if (!c->comment || !can(w, ATH__CAN_INLINE_COMMENTS))
        return ATH_OK;
    str(w, " COMMENT ");
    return ath__ddl_comment_text(w, c->comment, "");
}

static ath_status column_key(ath__ddl *w, const ath_table *table, const ath__column *c) {
    if (!c->primary_key || !ath__ddl_key_in_column(w->dialect, table))
        return ATH_OK;
    str(w, " PRIMARY KEY");
    ATH_TRY(
        ath__ddl_conflict(w, table->primary && table->primary->conflict ? table->primary->conflict : c->conflict_key));
    str(w, " AUTOINCREMENT");
    return ATH_OK;
}

static ath_status clause(ath__ddl *w, const ath_table *table, const ath__column *c, char which) {
    const char *word = w->dialect->autoincrement_word;
    switch (which) {
    case 'd':
        if (!c->server_default || (is_numbered(w, c) && (word || w->dialect->render_autoincrement)))
            return ATH_OK;
        str(w, " DEFAULT ");
        return ath__ddl_default(w, c);
    case 'g':
        return c->computed ? computed(w, c) : ATH_OK;
    case 'i':
        return c->identity ? identity(w, c) : ATH_OK;
    case 'n':
        return not_null(w, c);
    case 'k':
        return column_key(w, table, c);
    case 'c':
        return comment(w, c);
    default:
        if (word && is_numbered(w, c))
            ath__buf_printf(w->out, " %s", word);
        return ATH_OK;
    }
}

/* A STRICT table of SQLite knows six types and refuses all others. */
static ath_status check_strict(ath__ddl *w, const ath_table *table, const char *type) {
    static const char *const known[] = {"INT", "INTEGER", "REAL", "TEXT", "BLOB", "ANY"};
    if (!table->opts.sqlite_strict || !writes(w, ATH__DDL_SQLITE_OPTIONS) || w->out->failed)
        return ATH_OK;
    for (size_t i = 0; i < ATH_COUNT_OF(known); i++)
        if (strcmp(type, known[i]) == 0)
            return ATH_OK;
    char construct[160];
    snprintf(construct, sizeof construct, "type %.80s in STRICT tables", type);
    return ath__dialect_cannot(w->dialect, construct, w->error);
}

/* The column that a column refers to by a foreign key; NULL: none, or in a table that is not known here. */
static const ath__column *referred(const ath__ddl *w, const ath_table **table, const ath__column *c) {
    for (size_t i = 0; i < (*table)->constraint_count; i++) {
        const ath__constraint *key = &(*table)->constraints[i];
        for (size_t k = 0; key->kind == ATH__FOREIGN_KEY && k < key->columns.count; k++) {
            if (strcmp(key->columns.names[k], c->name) != 0 || k >= key->target_columns.count)
                continue;
            const ath_table *target = ath__same_table(key->target_schema, key->target, *table) ? *table
                                      : w->metadata ? ath__metadata_find(w->metadata, key->target_schema, key->target)
                                                    : NULL;
            const ath__column *column = target ? ath__table_column_named(target, key->target_columns.names[k]) : NULL;
            if (!column)
                continue;
            *table = target;
            return column;
        }
    }
    return NULL;
}

enum { LONGEST_CHAIN = 16 };

/* Where keys that the database numbers are BIGINT at most, so is what refers to them, or the foreign key would not fit. */
static ath_type type_of(const ath__ddl *w, const ath_table *table, const ath__column *c) {
    ath_type type = c->type;
    bool wide = type.sql == ATH_SQL_BIGINT && type.is_unsigned && writes(w, ATH__DDL_SIGNED_NUMBERS);
    for (int i = 0; wide && c && i < LONGEST_CHAIN; i++, c = referred(w, &table, c))
        if (c->identity || is_numbered(w, c)) {
            type.is_unsigned = false;
            break;
        }
    return type;
}

static ath_status column_type(ath__ddl *w, const ath_table *table, const ath__column *c) {
    const ath_dialect *d = w->dialect;
    size_t begin = w->out->size;
    ath_type type = type_of(w, table, c);
    ath_status status = is_numbered(w, c) && d->render_autoincrement
                            ? d->render_autoincrement(d, table, c, w->out, w->error)
                            : ath__dialect_column_type(d, &type, w->out, w->error);
    return status == ATH_OK ? check_strict(w, table, ath__buf_text(w->out) + begin) : status;
}

static ath_status column_line(ath__ddl *w, const ath_table *table, const ath__column *c) {
    const ath_dialect *d = w->dialect;
    const char *order = d->column_order ? d->column_order : "dgin";
    ATH_TRY(ath__ddl_check_name(w, c->name));
    ath__dialect_name(d, w->out, c->name);
    str(w, " ");
    ATH_TRY(column_type(w, table, c));
    if (c->identity && !strchr(order, 'i'))
        ATH_TRY(identity(w, c)); /* to refuse what would be lost */
    for (const char *which = order; *which; which++)
        ATH_TRY(clause(w, table, c, *which));
    return c->check ? ath__ddl_column_check(w, table, c) : ATH_OK;
}

ath_status ath__ddl_column(ath__ddl *w, const ath_table *table, const ath__column *c) {
    ath_status status = column_line(w, table, c);
    if (status == ATH_OK || status == ATH_NO_MEMORY)
        return status;
    char message[sizeof w->error->message];
    memcpy(message, w->error->message, sizeof message);
    return ath__fail(w->error, status, "(in table '%s', column '%s'): %s", table->name, c->name, message);
}

/* ---- table options ---- */

static void option(ath__ddl *w, const char *before, const char *value) {
    if (value)
        ath__buf_printf(w->out, "%s%s", before, value);
}

static void sqlite_options(ath__ddl *w, const ath_table_opts *o) {
    if (o->sqlite_without_rowid)
        str(w, "\n WITHOUT ROWID");
    if (o->sqlite_strict)
        str(w, o->sqlite_without_rowid ? ",\n STRICT" : "\n STRICT");
}

static void postgresql_options(ath__ddl *w, const ath_table_opts *o) {
    for (size_t i = 0; i < o->postgresql_inherits.count; i++) {
        str(w, i ? ", " : "\n INHERITS (");
        ath__dialect_name(w->dialect, w->out, o->postgresql_inherits.names[i]);
    }
    str(w, o->postgresql_inherits.count ? ")" : "");
    option(w, "\n PARTITION BY ", o->postgresql_partition_by);
    option(w, "\n USING ", o->postgresql_using);
    if (o->postgresql_with)
        ath__buf_printf(w->out, "\n WITH (%s)", o->postgresql_with);
    str(w, o->postgresql_on_commit ? "\n ON COMMIT " : "");
    for (const char *c = o->postgresql_on_commit; c && *c; c++)
        ath__buf_char(w->out, *c == '_' ? ' ' : (char)toupper((unsigned char)*c));
    if (o->postgresql_tablespace) {
        str(w, "\n TABLESPACE ");
        ath__dialect_name(w->dialect, w->out, o->postgresql_tablespace);
    }
}

/* Without a separator in front of the first, as SQLAlchemy writes them; a collation comes behind its character set. */
static ath_status mysql_options(ath__ddl *w, const ath_table *table) {
    const ath_table_opts *o = &table->opts;
    const char *collate = o->mysql_collate;
    const char *const pairs[][2] = {
        {"ENGINE=", o->mysql_engine},
        {"CHARSET=", o->mysql_charset},
        {"COLLATE ", o->mysql_charset ? NULL : collate},
        {"ROW_FORMAT=", o->mysql_row_format},
        {"AUTO_INCREMENT=", o->mysql_auto_increment},
        {"", o->mysql_more},
    };
    size_t begin = w->out->size;
    for (size_t i = 0; i < ATH_COUNT_OF(pairs); i++) {
        option(w, pairs[i][1] && w->out->size > begin ? " " : "", pairs[i][1] ? pairs[i][0] : NULL);
        option(w, "", pairs[i][1]);
    }
    if (table->comment && can(w, ATH__CAN_INLINE_COMMENTS)) {
        str(w, w->out->size > begin ? " COMMENT=" : "COMMENT=");
        ATH_TRY(ath__ddl_comment_text(w, table->comment, ""));
    }
    option(w, w->out->size > begin ? " COLLATE " : "COLLATE ", o->mysql_charset ? collate : NULL);
    option(w, w->out->size > begin ? " PARTITION BY " : "PARTITION BY ", o->mysql_partition_by);
    option(w, w->out->size > begin ? " PARTITIONS " : "PARTITIONS ", o->mysql_partitions);
    return ATH_OK;
}

ath_status ath__ddl_table_options(ath__ddl *w, const ath_table *table) {
    if (writes(w, ATH__DDL_SQLITE_OPTIONS))
        sqlite_options(w, &table->opts);
    if (writes(w, ATH__DDL_POSTGRESQL_OPTIONS))
        postgresql_options(w, &table->opts);
    return writes(w, ATH__DDL_MYSQL_OPTIONS) ? mysql_options(w, table) : ATH_OK;
}

/* ---- tables ---- */

static ath_status begin(ath__ddl *w, const ath_table *table) {
    if (table->mistake) {
        *w->error = *table->mistake;
        return w->error->status;
    }
    if (!table->name)
        return ath__fail(w->error, ATH_ARGUMENT, "%s is a projection, not a table", table->model->name);
    ATH_TRY(ath__ddl_check_name(w, table->name));
    if (!table->opts.schema)
        return ATH_OK;
    if (!can(w, ATH__CAN_SCHEMAS))
        return ath__dialect_cannot(w->dialect, "schemas", w->error);
    return ath__ddl_check_name(w, table->opts.schema);
}

static ath_status table_body(ath__ddl *w, const ath_table *table, const bool *left_out) {
    bool alters = can(w, ATH__CAN_ADD_CONSTRAINT);
    for (size_t i = 0, n = 0; i < table->column_count; i++) {
        if (table->columns[i].expression)
            continue;
        str(w, n++ ? ", \n\t" : "\n\t");
        ATH_TRY(ath__ddl_column(w, table, &table->columns[i]));
    }
    if (table->key_count && !ath__ddl_key_in_column(w->dialect, table)) {
        str(w, ", \n\t");
        ATH_TRY(ath__ddl_primary_key(w, table));
    }
    for (size_t i = 0; i < table->constraint_count; i++) {
        const ath__constraint *c = &table->constraints[i];
        if ((left_out && left_out[i]) || (c->use_alter && alters) || !ath__ddl_wants(w->dialect, table, c))
            continue;
        str(w, ", \n\t");
        ATH_TRY(ath__ddl_constraint(w, table, c));
    }
    return ATH_OK;
}

ath_status ath__ddl_create_table(ath__ddl *w, const ath_table *table, const bool *left_out, bool if_not_exists) {
    ATH_TRY(begin(w, table));
    str(w, "CREATE ");
    for (size_t i = 0; i < table->opts.prefixes.count; i++)
        ath__buf_printf(w->out, "%s ", table->opts.prefixes.names[i]);
    str(w, if_not_exists ? "TABLE IF NOT EXISTS " : "TABLE ");
    ath__dialect_qualified(w->dialect, w->out, table->opts.schema, table->name);
    str(w, " (");
    ATH_TRY(table_body(w, table, left_out));
    str(w, "\n)");
    ATH_TRY(ath__ddl_table_options(w, table));
    return w->out->failed ? ath__fail_memory(w->error) : ATH_OK;
}

ath_status ath__ddl_drop_table(ath__ddl *w, const ath_table *table, bool if_exists, bool cascade) {
    ATH_TRY(begin(w, table));
    if (cascade && !writes(w, ATH__DDL_CASCADE))
        return ath__dialect_cannot(w->dialect, "DROP TABLE ... CASCADE", w->error);
    str(w, if_exists ? "DROP TABLE IF EXISTS " : "DROP TABLE ");
    ath__dialect_qualified(w->dialect, w->out, table->opts.schema, table->name);
    str(w, cascade ? " CASCADE" : "");
    return w->out->failed ? ath__fail_memory(w->error) : ATH_OK;
}
