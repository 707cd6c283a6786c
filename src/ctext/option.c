/* SPDX-License-Identifier: Apache-2.0
 *
 * C text: options as designated initialisers.  Each struct of options is a table of members; what is zero is not said.
 */
#include "ctext/ctext.h"

typedef enum kind { TEXT, BOOL, NUMBER, NAMES, PARTS, WORD, TYPE, EXPR, COUNTING } kind;

typedef struct member {
    const char *name;
    size_t at;
    kind kind;
    const char *const *words; /* of WORD, by value */
} member;

static const char *const autoincrements[] = {"", "ATH_AUTOINCREMENT_YES", "ATH_AUTOINCREMENT_NO"};
static const char *const deferrables[] = {"", "ATH_DEFERRABLE", "ATH_NOT_DEFERRABLE"};
static const char *const persisteds[] = {"", "ATH_STORED", "ATH_VIRTUAL"};
static const char *const identities[] = {"", "ATH_IDENTITY_BY_DEFAULT", "ATH_IDENTITY_ALWAYS"};

/* ---- values ---- */

bool ath__c_expr(ath__buf *out, const ath_expr *e) {
    const ath_value *v = &e->u.value;
    if (e->node == ATH_NODE_TEXT && !e->count) {
        ath__buf_str(out, "ath_text(");
        ath__c_string(out, e->u.text);
        ath__buf_char(out, ')');
        return true;
    }
    if (e->node == ATH_NODE_NOW) {
        ath__buf_str(out, "ath_now()");
        return true;
    }
    if (e->node != ATH_NODE_LITERAL)
        return false;
    if (v->kind == ATH_KIND_BOOL) {
        ath__buf_printf(out, "ath_bool(%s)", v->as.b ? "true" : "false");
    } else if (v->kind == ATH_KIND_INT) {
        ath__buf_printf(out, v->as.i == INT64_MIN ? "ath_int(INT64_MIN)" : "ath_int(%lld)", (long long)v->as.i);
    } else if (v->kind == ATH_KIND_TEXT && (v->as.text.size == SIZE_MAX || !v->as.text.data[v->as.text.size])) {
        ath__buf_str(out, "ath_str(");
        ath__c_string(out, v->as.text.data);
        ath__buf_char(out, ')');
    } else {
        return false;
    }
    return true;
}

static void counting(ath__buf *out, const ath_count_opts *c) {
    const struct {
        const char *name;
        ath_opt_i64 number;
    } numbers[] = {{"start", c->start},
                   {"increment", c->increment},
                   {"minvalue", c->minvalue},
                   {"maxvalue", c->maxvalue},
                   {"cache", c->cache}};
    ath__buf_char(out, '{');
    for (size_t i = 0; i < ATH_COUNT_OF(numbers); i++) {
        if (!numbers[i].number.has)
            continue;
        ath__c_next(out);
        if (numbers[i].number.value == INT64_MIN)
            ath__buf_printf(out, ".%s = ath_some(INT64_MIN)", numbers[i].name);
        else
            ath__buf_printf(out, ".%s = ath_some(%lld)", numbers[i].name, (long long)numbers[i].number.value);
    }
    if (c->cycle) {
        ath__c_next(out);
        ath__buf_str(out, ".cycle = true");
    }
    ath__buf_char(out, '}');
}

static bool counts(const ath_count_opts *c) {
    return c->start.has || c->increment.has || c->minvalue.has || c->maxvalue.has || c->cache.has || c->cycle;
}

/* ---- members ---- */

static bool is_said(const member *m, const char *at) {
    switch (m->kind) {
    case BOOL:
        return *(const bool *)at;
    case NUMBER:
        return *(const uint32_t *)(const void *)at != 0;
    case NAMES:
        return ((const ath_name_list *)(const void *)at)->count != 0;
    case PARTS:
        return ((const ath_part_list *)(const void *)at)->count != 0;
    case WORD:
        return *(const unsigned *)(const void *)at != 0;
    case TYPE:
        return ((const ath_type *)(const void *)at)->sql != ATH_SQL_INFER;
    case COUNTING:
        return counts((const void *)at);
    default:
        return *(const void *const *)(const void *)at != NULL;
    }
}

static void value(ath__buf *out, const member *m, const char *at) {
    switch (m->kind) {
    case BOOL:
        ath__buf_str(out, "true");
        break;
    case NUMBER:
        ath__buf_printf(out, "%u", *(const uint32_t *)(const void *)at);
        break;
    case NAMES:
        ath__c_names(out, *(const ath_name_list *)(const void *)at);
        break;
    case PARTS:
        ath__c_parts(out, *(const ath_part_list *)(const void *)at);
        break;
    case WORD:
        ath__buf_str(out, m->words[*(const unsigned *)(const void *)at]);
        break;
    case TYPE:
        ath__c_type(out, (const void *)at);
        break;
    case COUNTING:
        counting(out, (const void *)at);
        break;
    case EXPR:
        if (!ath__c_expr(out, *(const ath_expr *const *)(const void *)at))
            ath__buf_str(out, "NULL");
        break;
    default:
        ath__c_string(out, *(const char *const *)(const void *)at);
        break;
    }
}

static void members(ath__buf *out, const member *list, size_t count, const void *opts) {
    for (size_t i = 0; i < count; i++) {
        const char *at = (const char *)opts + list[i].at;
        if (!is_said(&list[i], at))
            continue;
        ath__c_next(out);
        ath__buf_printf(out, ".%s = ", list[i].name);
        value(out, &list[i], at);
    }
}

#define MEMBER(type, name, kind)                                                                                       \
    { #name, offsetof(type, name), kind, NULL }
#define MEMBER_OF(type, name, words)                                                                                   \
    { #name, offsetof(type, name), WORD, words }

/* ---- columns ---- */

#define COLUMN(name, kind) MEMBER(ath_column_opts, name, kind)
static const member of_column[] = {
    COLUMN(type, TYPE), /* first: left out by its place */
    COLUMN(primary_key, BOOL),
    COLUMN(nullable, BOOL),
    COLUMN(not_null, BOOL),
    COLUMN(unique, BOOL),
    COLUMN(index, BOOL),
    MEMBER_OF(ath_column_opts, autoincrement, autoincrements),
    COLUMN(default_value, EXPR),
    COLUMN(server_default, EXPR),
    COLUMN(onupdate, EXPR),
    COLUMN(computed, TEXT),
    MEMBER_OF(ath_column_opts, persisted, persisteds),
    MEMBER_OF(ath_column_opts, identity, identities),
    COLUMN(counting, COUNTING),
    COLUMN(foreign_key, TEXT),
    COLUMN(foreign_key_name, TEXT),
    COLUMN(ondelete, TEXT),
    COLUMN(onupdate_action, TEXT),
    MEMBER_OF(ath_column_opts, deferrable, deferrables),
    COLUMN(initially, TEXT),
    COLUMN(match, TEXT),
    COLUMN(use_alter, BOOL),
    COLUMN(check, TEXT),
    COLUMN(check_name, TEXT),
    COLUMN(collation, TEXT),
    COLUMN(charset, TEXT),
    COLUMN(sqlite_on_conflict_primary_key, TEXT),
    COLUMN(sqlite_on_conflict_not_null, TEXT),
    COLUMN(sqlite_on_conflict_unique, TEXT),
    COLUMN(comment, TEXT),
};

void ath__c_column_options(ath__buf *out, const ath_column_opts *opts, bool type) {
    members(out, of_column + !type, ATH_COUNT_OF(of_column) - !type, opts);
}

/* ---- constraints ---- */

#define CONSTRAINT(name, kind) MEMBER(ath_constraint_opts, name, kind)
static const member of_constraint[] = {
    CONSTRAINT(name, TEXT),
    CONSTRAINT(columns, NAMES),
    CONSTRAINT(check, TEXT),
    CONSTRAINT(using, TEXT),
    CONSTRAINT(parts, PARTS),
    CONSTRAINT(operators, NAMES),
    CONSTRAINT(where, TEXT),
    MEMBER_OF(ath_constraint_opts, deferrable, deferrables),
    CONSTRAINT(initially, TEXT),
    CONSTRAINT(nulls_not_distinct, BOOL),
    CONSTRAINT(sqlite_on_conflict, TEXT),
    CONSTRAINT(mysql_using, TEXT),
    CONSTRAINT(postgresql_not_valid, BOOL),
    CONSTRAINT(postgresql_include, NAMES),
    CONSTRAINT(comment, TEXT),
};

void ath__c_constraint_options(ath__buf *out, const ath_constraint_opts *opts) {
    members(out, of_constraint, ATH_COUNT_OF(of_constraint), opts);
}

#define FOREIGN_KEY(name, kind) MEMBER(ath_foreign_key_opts, name, kind)
static const member of_foreign_key[] = {
    FOREIGN_KEY(name, TEXT),
    FOREIGN_KEY(columns, NAMES),
    FOREIGN_KEY(target_schema, TEXT),
    FOREIGN_KEY(target, TEXT),
    FOREIGN_KEY(target_columns, NAMES),
    FOREIGN_KEY(ondelete, TEXT),
    FOREIGN_KEY(onupdate, TEXT),
    MEMBER_OF(ath_foreign_key_opts, deferrable, deferrables),
    FOREIGN_KEY(initially, TEXT),
    FOREIGN_KEY(match, TEXT),
    FOREIGN_KEY(use_alter, BOOL),
    FOREIGN_KEY(postgresql_not_valid, BOOL),
    FOREIGN_KEY(comment, TEXT),
};

void ath__c_foreign_key_options(ath__buf *out, const ath_foreign_key_opts *opts) {
    members(out, of_foreign_key, ATH_COUNT_OF(of_foreign_key), opts);
}

/* ---- indexes ---- */

#define PART(name, kind) MEMBER(ath_index_part, name, kind)
static const member of_part[] = {
    PART(desc, BOOL),      PART(nulls_first, BOOL),    PART(nulls_last, BOOL),
    PART(collation, TEXT), PART(postgresql_ops, TEXT), PART(mysql_length, NUMBER),
};

void ath__c_parts(ath__buf *out, ath_part_list list) {
    ath__buf_str(out, "ath_parts(");
    for (size_t i = 0; i < list.count; i++) {
        const ath_index_part *p = &list.parts[i];
        ath__c_next(out);
        ath__buf_str(out, p->column ? "ath_part(" : p->expression ? "ath_part_of(" : "ath_part_text(");
        ath__c_string(out, p->column ? p->column : p->expression ? p->expression : p->text);
        members(out, of_part, ATH_COUNT_OF(of_part), p);
        ath__buf_char(out, ')');
    }
    ath__buf_char(out, ')');
}

#define INDEX(name, kind) MEMBER(ath_index_opts, name, kind)
static const member of_index[] = {
    INDEX(unique, BOOL),
    INDEX(where, TEXT),
    INDEX(include, NAMES),
    INDEX(nulls_not_distinct, BOOL),
    INDEX(postgresql_using, TEXT),
    INDEX(postgresql_with, TEXT),
    INDEX(postgresql_tablespace, TEXT),
    INDEX(postgresql_concurrently, BOOL),
    INDEX(mysql_using, TEXT),
    INDEX(mysql_prefix, TEXT),
    INDEX(mysql_with_parser, TEXT),
};

void ath__c_index_options(ath__buf *out, const ath_index_opts *opts) {
    members(out, of_index, ATH_COUNT_OF(of_index), opts);
}

/* ---- tables, sequences ---- */

#define TABLE(name, kind) MEMBER(ath_table_opts, name, kind)
static const member of_table[] = {
    TABLE(schema, TEXT),
    TABLE(no_primary_key, BOOL),
    TABLE(prefixes, NAMES),
    TABLE(sqlite_autoincrement, BOOL),
    TABLE(sqlite_without_rowid, BOOL),
    TABLE(sqlite_strict, BOOL),
    TABLE(postgresql_inherits, NAMES),
    TABLE(postgresql_partition_by, TEXT),
    TABLE(postgresql_using, TEXT),
    TABLE(postgresql_with, TEXT),
    TABLE(postgresql_on_commit, TEXT),
    TABLE(postgresql_tablespace, TEXT),
    TABLE(mysql_engine, TEXT),
    TABLE(mysql_charset, TEXT),
    TABLE(mysql_collate, TEXT),
    TABLE(mysql_row_format, TEXT),
    TABLE(mysql_auto_increment, TEXT),
    TABLE(mysql_partition_by, TEXT),
    TABLE(mysql_partitions, TEXT),
    TABLE(mysql_more, TEXT),
    TABLE(comment, TEXT),
};

void ath__c_table_options(ath__buf *out, const ath_table_opts *opts) {
    members(out, of_table, ATH_COUNT_OF(of_table), opts);
}

#define SEQUENCE(name, kind) MEMBER(ath_sequence, name, kind)
static const member of_sequence[] = {SEQUENCE(name, TEXT), SEQUENCE(schema, TEXT), SEQUENCE(counting, COUNTING)};

/* At file scope, where the macros of types are no constants. */
static const char *const counted[] = {[ATH_SQL_SMALLINT] = "ATH_SQL_SMALLINT",
                                      [ATH_SQL_INTEGER] = "ATH_SQL_INTEGER",
                                      [ATH_SQL_BIGINT] = "ATH_SQL_BIGINT"};

void ath__c_sequence(ath__buf *out, const ath_sequence *sequence) {
    ath_sql_type sql = sequence->type.sql;
    ath__buf_char(out, '{');
    members(out, of_sequence, ATH_COUNT_OF(of_sequence), sequence);
    if (sql < ATH_COUNT_OF(counted) && counted[sql])
        ath__buf_printf(out, ", .type = {.sql = %s}", counted[sql]);
    ath__buf_char(out, '}');
}
