/* SPDX-License-Identifier: Apache-2.0
 *
 * What the inspector read, as options: tables and their columns.
 */
#include "ctext/ctext.h"

#include "type/type.h"

#include <stdarg.h>

/* ---- gathering ---- */

static void *no_memory(ath__description *w) {
    if (w->status == ATH_OK)
        w->status = ath__fail_memory(w->d->error);
    return NULL;
}

ath_table_item *ath__describe_item(ath__description *w) {
    if (w->count == w->capacity) {
        size_t capacity = w->capacity ? w->capacity * 2 : 32;
        ath_table_item *larger = ath__arena_zero(w->d->arena, capacity * sizeof *larger);
        if (!larger)
            return no_memory(w);
        if (w->count)
            memcpy(larger, w->items, w->count * sizeof *larger);
        w->items = larger;
        w->capacity = capacity;
    }
    return &w->items[w->count++];
}

void *ath__describe_keep(ath__description *w, const void *opts, size_t size) {
    void *kept = ath__arena_copy(w->d->arena, opts, size);
    return kept ? kept : no_memory(w);
}

const char *ath__describe_text(ath__description *w, const char *format, ...) {
    ath__buf text;
    va_list args;
    ath__buf_init(&text, w->d->arena->allocator);
    va_start(args, format);
    ath__buf_vprintf(&text, format, args);
    va_end(args);
    const char *kept = text.failed ? NULL : ath__arena_str(w->d->arena, ath__buf_text(&text));
    ath__buf_done(&text);
    return kept ? kept : no_memory(w);
}

void ath__describe_remark(ath__description *w, const char *format, ...) {
    ath__buf text;
    va_list args;
    ath__buf_init(&text, w->d->arena->allocator);
    va_start(args, format);
    ath__buf_vprintf(&text, format, args);
    va_end(args);
    if (w->remark_count == w->remark_capacity) {
        size_t capacity = w->remark_capacity ? w->remark_capacity * 2 : 8;
        const char **larger = ath__arena_zero(w->d->arena, capacity * sizeof *larger);
        if (larger && w->remark_count)
            memcpy(larger, w->remarks, w->remark_count * sizeof *larger);
        w->remarks = larger ? larger : w->remarks;
        w->remark_capacity = larger ? capacity : w->remark_capacity;
    }
    const char *kept = text.failed ? NULL : ath__arena_str(w->d->arena, ath__buf_text(&text));
    if (kept && w->remark_count < w->remark_capacity)
        w->remarks[w->remark_count++] = kept;
    else
        no_memory(w);
    ath__buf_done(&text);
}

ath_column_opts *ath__describe_column_named(const ath__description *w, const char *name) {
    for (size_t i = 0; i < w->count; i++)
        if (w->items[i].column && strcmp(w->items[i].name, name) == 0)
            return (ath_column_opts *)(uintptr_t)w->items[i].column; /* made here, by ath__describe_keep */
    return NULL;
}

bool ath__describe_same(const char *a, const char *b) {
    return !a || !b ? a == b : strcmp(a, b) == 0;
}

static bool writes(const ath__description *w, uint64_t bit) {
    return ath__dialect_ddl(w->d->dialect, bit);
}

static const char *option(const ath_reflected_table *t, const char *name) {
    for (size_t i = 0; i < t->option_count; i++)
        if (strcmp(t->options[i].name, name) == 0)
            return t->options[i].value;
    return NULL;
}

/* ---- numbers that the database gives ---- */

static const ath_reflected_sequence *sequence_of(const ath__describing *d, const ath_reflected_table *t,
                                                 const ath_reflected_column *c) {
    for (size_t i = 0; i < d->sequence_count; i++) {
        const ath_reflected_sequence *s = d->sequences[i];
        if (s->owner_table && s->owner_column && strcmp(s->owner_table, t->name) == 0 &&
            strcmp(s->owner_column, c->name) == 0 && (!t->schema || ath__describe_same(t->schema, s->schema)))
            return s;
    }
    return NULL;
}

static bool is_word(const char *text, const char *word) {
    size_t i = 0;
    while (word[i] && (text[i] & ~0x20) == word[i])
        i++;
    return !word[i] && !text[i];
}

bool ath__describe_numbered(const ath__describing *d, const ath_reflected_table *t, const ath_reflected_column *c) {
    if (ath__dialect_ddl(d->dialect, ATH__DDL_SQLITE_OPTIONS)) /* the row's number under another name */
        return t->primary_key.columns.count == 1 && c->primary_key && c->declared && is_word(c->declared, "INTEGER") &&
               !option(t, "without rowid");
    if (ath__dialect_ddl(d->dialect, ATH__DDL_POSTGRESQL_OPTIONS))
        return c->autoincrement && (c->identity || sequence_of(d, t, c));
    return c->autoincrement;
}

static bool is_in_foreign_key(const ath__description *w, const ath_reflected_column *c) {
    const ath_reflected_table *t = w->table;
    const char *why;
    for (size_t i = 0; i < t->foreign_key_count; i++)
        for (size_t k = 0; k < t->foreign_keys[i].columns.count; k++)
            if (strcmp(t->foreign_keys[i].columns.names[k], c->name) == 0 &&
                ath__describe_target(w->d, t, &t->foreign_keys[i], &why))
                return true;
    return false;
}

/* What has to be said so that the rule (one integer key column, no foreign key, no default) comes to what is. */
static void decide_numbering(ath__description *w, const ath_reflected_column *c, ath_column_opts *o) {
    bool numbered = ath__describe_numbered(w->d, w->table, c), key = c->primary_key && !c->computed;
    bool integer = ath__sql_is_integer(o->type.sql);
    if (numbered && key && integer && !c->identity)
        o->server_default = NULL; /* SERIAL: its sequence is made with it */
    bool rule =
        w->table->primary_key.columns.count == 1 && key && integer && !o->server_default && !is_in_foreign_key(w, c);
    if (rule && !numbered)
        o->autoincrement = ATH_AUTOINCREMENT_NO;
    if (!rule && numbered && key && integer)
        o->autoincrement = ATH_AUTOINCREMENT_YES;
    if (numbered && !key && !c->identity && writes(w, ATH__DDL_MYSQL_OPTIONS))
        ath__describe_remark(w, "column %s is AUTO_INCREMENT without being in the primary key: not said", c->name);
}

/* ---- columns ---- */

/* A colon in the text of a default is no parameter. */
static const char *escaped(ath__description *w, const char *text) {
    ath__buf out;
    char quote = 0;
    ath__buf_init(&out, w->d->arena->allocator);
    for (const char *at = text; *at; at++) {
        if (quote)
            quote = *at == quote ? '\0' : quote;
        else if (*at == '\'' || *at == '"' || *at == '`')
            quote = *at;
        else if (*at == ':' && at[1] == ':')
            ath__buf_char(&out, *at++);
        else if (*at == ':')
            ath__buf_char(&out, '\\');
        ath__buf_char(&out, *at);
    }
    const char *kept = out.failed ? NULL : ath__arena_str(w->d->arena, ath__buf_text(&out));
    ath__buf_done(&out);
    return kept ? kept : no_memory(w);
}

/* "nextval(`shop`.`numbers`)": without the name of this very database. */
static const char *without_schema(ath__description *w, const char *text) {
    char named[160];
    size_t size = (size_t)snprintf(named, sizeof named, "`%s`.", w->d->default_schema ? w->d->default_schema : "");
    const char *at = strstr(text, named);
    if (!writes(w, ATH__DDL_MYSQL_OPTIONS) || !w->d->default_schema || size >= sizeof named || !at ||
        strchr(text, '\''))
        return text;
    const char *kept = ath__describe_text(w, "%.*s%s", (int)(at - text), text, at + size);
    return kept ? kept : text;
}

static const ath_expr *sql_text(ath__description *w, const char *text) {
    const char *kept = text ? escaped(w, without_schema(w, text)) : NULL;
    return kept ? ath__describe_keep(w, &(ath_expr){.node = ATH_NODE_TEXT, .u.text = kept}, sizeof(ath_expr)) : NULL;
}

static bool says_null(const char *text) {
    return text && is_word(text, "NULL");
}

static void drop_usual_numbers(ath_count_opts *c, const ath_type *type) {
    int64_t most = type->sql == ATH_SQL_SMALLINT ? INT16_MAX : type->sql == ATH_SQL_INTEGER ? INT32_MAX : INT64_MAX;
    int64_t step = c->increment.has ? c->increment.value : 1;
    c->start.has = c->start.has && c->start.value != (step < 0 ? -1 : 1);
    c->increment.has = c->increment.has && c->increment.value != 1;
    c->minvalue.has = c->minvalue.has && step > 0 && c->minvalue.value != 1;
    c->maxvalue.has = c->maxvalue.has && step > 0 && c->maxvalue.value != most;
    c->cache.has = c->cache.has && c->cache.value != 1;
}

static void fill(ath__description *w, const ath_reflected_column *c, ath_column_opts *o) {
    bool mysql = writes(w, ATH__DDL_MYSQL_OPTIONS);
    o->primary_key = c->primary_key != 0;
    o->nullable = c->nullable && !c->primary_key && !c->identity;
    if (c->default_value && !(mysql && says_null(c->default_value))) /* MariaDB says NULL where nothing was said */
        o->server_default = sql_text(w, c->default_value);
    o->computed = c->computed;
    o->persisted = c->computed ? c->persisted : ATH_PERSISTED_UNSAID;
    o->identity = c->identity;
    o->counting = c->identity ? c->counting : (ath_count_opts){.cycle = false};
    drop_usual_numbers(&o->counting, &o->type);
    const ath_type_details *details = c->type.details;
    o->collation = c->collation ? c->collation : details && mysql ? details->collation : NULL;
    o->charset = details && mysql ? details->charset : NULL;
    o->check = c->check;
    if (mysql && o->type.sql == ATH_SQL_JSON) /* which says all of this itself */
        o->check = o->collation = o->charset = NULL;
    o->comment = c->comment;
}

static void remark_column(ath__description *w, const ath_reflected_column *c) {
    if (c->type_name && strcmp(c->type_name, "DOMAIN") == 0)
        ath__describe_remark(w, "column %s is of domain %s: said by what the domain is made of", c->name, c->type_text);
    if (c->invisible)
        ath__describe_remark(w, "column %s is invisible: not said", c->name);
}

static void describe_column(ath__description *w, const ath_reflected_column *c) {
    ath_column_opts o = {.struct_size = sizeof o};
    if (w->status == ATH_OK)
        w->status = ath__describe_type(w->d, c, &o.type);
    fill(w, c, &o);
    decide_numbering(w, c, &o);
    if (writes(w, ATH__DDL_SQLITE_OPTIONS) && ath__describe_numbered(w->d, w->table, c))
        o.type = ATH_BIGINT; /* declared INTEGER, as every key that SQLite numbers */
    remark_column(w, c);
    ath_table_item *item = ath__describe_item(w);
    if (!item)
        return;
    item->name = c->name;
    item->column = ath__describe_keep(w, &o, sizeof o);
}

/* ---- tables ---- */

static void mysql_options(ath__description *w, ath_table_opts *o) {
    const ath_reflected_table *t = w->table;
    const char *engine = option(t, "engine");
    o->mysql_engine = engine && strcmp(engine, "InnoDB") != 0 ? engine : NULL;
    o->mysql_charset = option(t, "default charset");
    o->mysql_collate = option(t, "collate");
    o->mysql_row_format = option(t, "row_format");
    const char *by = option(t, "partition_by"), *list = option(t, "partition_definitions");
    if (option(t, "subpartition_by"))
        return;
    o->mysql_partition_by = by && list ? ath__describe_text(w, "%s (%s)", by, list) : by;
    o->mysql_partitions = by ? option(t, "partitions") : NULL;
}

/* "parent" or "a, b" */
static ath_name_list parents(ath__description *w, const char *list) {
    const char **names = list ? ath__arena_zero(w->d->arena, (strlen(list) / 2 + 1) * sizeof *names) : NULL;
    size_t count = 0;
    while (names && *list) {
        size_t size = strcspn(list, ",");
        names[count++] = ath__arena_strn(w->d->arena, list, size);
        list += size + strspn(list + size, ", ");
    }
    return (ath_name_list){count, names};
}

static void remark_options(ath__description *w) {
    static const char *const lost[] = {"partition of", "subpartition_by", "system versioning"};
    for (size_t i = 0; i < ATH_COUNT_OF(lost); i++)
        if (option(w->table, lost[i]))
            ath__describe_remark(w, "%s %s: not said", lost[i], option(w->table, lost[i]));
}

static void describe_options(ath__description *w) {
    const ath_reflected_table *t = w->table;
    ath_table_opts o = {.schema = t->schema, .comment = t->comment, .no_primary_key = !t->primary_key.columns.count};
    o.sqlite_autoincrement = option(t, "autoincrement") != NULL;
    o.sqlite_without_rowid = option(t, "without rowid") != NULL;
    o.sqlite_strict = option(t, "strict") != NULL;
    if (writes(w, ATH__DDL_POSTGRESQL_OPTIONS)) {
        o.postgresql_with = option(t, "with");
        o.postgresql_tablespace = option(t, "tablespace");
        o.postgresql_partition_by = option(t, "partition by");
        o.postgresql_inherits = parents(w, option(t, "inherits"));
        const char *using = option(t, "using");
        o.postgresql_using = using && strcmp(using, "heap") != 0 ? using : NULL;
    }
    if (writes(w, ATH__DDL_MYSQL_OPTIONS))
        mysql_options(w, &o);
    remark_options(w);
    ath__buf text;
    ath__buf_init(&text, w->d->arena->allocator);
    ath__c_table_options(&text, &o);
    bool says_nothing = !text.size && !text.failed;
    ath__buf_done(&text);
    if (says_nothing)
        return;
    o.struct_size = sizeof o;
    ath_table_item *item = ath__describe_item(w);
    if (!item)
        return;
    item->kind = ATH_ITEM_OPTIONS;
    item->options = ath__describe_keep(w, &o, sizeof o);
}

ath_status ath__describe(const ath__describing *d, const ath_reflected_table *table, ath__described *out) {
    ath__description w = {.d = d, .table = table};
    for (size_t i = 0; i < table->column_count && w.status == ATH_OK; i++)
        describe_column(&w, &table->columns[i]);
    if (w.status == ATH_OK)
        ath__describe_keys(&w);
    if (w.status == ATH_OK)
        ath__describe_foreign_keys(&w);
    if (w.status == ATH_OK)
        ath__describe_checks(&w);
    if (w.status == ATH_OK)
        ath__describe_indexes(&w);
    if (w.status == ATH_OK)
        describe_options(&w);
    *out = (ath__described){table, w.items, w.count, {w.remark_count, w.remarks}};
    return w.status;
}
