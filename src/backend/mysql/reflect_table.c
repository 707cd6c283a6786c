/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL's reflector: tables with their options and partitions, views, sequences.
 */
#include "backend/mysql/mysql.h"

#include "backend/mysql/reflect.h"

/* ---- tables ---- */

static void charset_options(ath__reflect *r, ath__reflected *t, const char *collation) {
    if (!collation)
        return;
    /* A collation's name begins with that of its character set; "binary" is both. */
    const char *charset = ath__reflect_keep(r, collation, strcspn(collation, "_"));
    ath__reflect_option(r, &t->options, "default charset", charset);
    if (strcmp(collation, "binary") != 0)
        ath__reflect_option(r, &t->options, "collate", collation);
}

/* "max_rows=5 row_format=DYNAMIC partitioned `page_compressed`=1": name and value, quotes taken off. */
static void create_options(ath__reflect *r, ath__reflected *t, const char *at) {
    while (at && *at && r->status == ATH_OK) {
        size_t name = 0, value;
        char quote = *at == '`' || *at == '\'' ? *at++ : '\0';
        while (at[name] && (quote ? at[name] != quote : at[name] != '=' && at[name] != ' '))
            name++;
        const char *kept = ath__reflect_keep(r, at, name);
        at += name + (quote && at[name]);
        if (*at == '=')
            at++;
        quote = *at == '\'' || *at == '"' ? *at++ : '\0';
        for (value = 0; at[value] && (quote ? at[value] != quote : at[value] != ' '); value++)
            ;
        if (kept && *kept && strcmp(kept, "partitioned") != 0)
            ath__reflect_option(r, &t->options, kept, ath__reflect_keep(r, at, value));
        at += value + (quote && at[value]);
        at += strspn(at, " ");
    }
}

static ath_relation_kind kind_of(const char *type) {
    return strcmp(type, "VIEW") == 0 || strcmp(type, "SYSTEM VIEW") == 0 ? ATH_RELATION_VIEW : ATH_RELATION_TABLE;
}

static void take_table(ath__reflect *r, ath__reflected *t, const ath_row *row) {
    ath__mysql_reflect *own = r->own;
    const char *engine = ath__reflect_text(r, row, 2), *options = ath__reflect_text(r, row, 4);
    const char *type = ath_row_text(row, 1);
    if (engine)
        ath__reflect_option(r, &t->options, "engine", engine);
    charset_options(r, t, ath__reflect_text(r, row, 3));
    own->partitioned = own->partitioned || (options && strstr(options, "partitioned"));
    create_options(r, t, options);
    if (type && strcmp(type, "SYSTEM VERSIONED") == 0)
        ath__reflect_option(r, &t->options, "system versioning", "");
}

static ath_status take_relation(ath__reflect *r, const ath_row *row) {
    ath__mysql_reflect *own = r->own;
    const char *name = ath__reflect_text(r, row, 0), *type = ath_row_text(row, 1);
    if (!name || !type)
        return r->status;
    if (strcmp(type, "SEQUENCE") == 0) {
        const char **sequence = ath__reflect_grow(r, &own->sequences, sizeof *sequence);
        if (sequence)
            *sequence = name;
        return r->status;
    }
    ath__reflected *t = ath__reflect_table(r, name, kind_of(type));
    if (!t)
        return r->status;
    const char *comment = ath__reflect_text(r, row, 5);
    if (t->table.kind == ATH_RELATION_TABLE) {
        t->table.comment = comment && *comment ? comment : NULL;
        take_table(r, t, row);
    } else if (comment && *comment && strcmp(comment, "VIEW") != 0) {
        t->table.mistake = comment; /* "View 'd.v' references invalid table(s) ..." */
    }
    return r->status;
}

ath_status ath__mysql_reflect_relations(ath__reflect *r) {
    static const char sql[] =
        "SELECT t.TABLE_NAME, t.TABLE_TYPE, t.ENGINE, t.TABLE_COLLATION, t.CREATE_OPTIONS, t.TABLE_COMMENT "
        "FROM information_schema.TABLES t WHERE :scope ORDER BY t.TABLE_NAME";
    return ath__reflect_query(r, sql, ath__mysql_scope(r, "t"), take_relation);
}

/* ---- views ---- */

static ath_status take_view(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    if (t)
        t->table.definition = ath__reflect_text(r, row, 1);
    return r->status;
}

ath_status ath__mysql_reflect_views(ath__reflect *r) {
    return ath__reflect_query(r, "SELECT v.TABLE_NAME, v.VIEW_DEFINITION FROM information_schema.VIEWS v WHERE :scope",
                              ath__mysql_scope(r, "v"), take_view);
}

/* ---- partitions ---- */

static ath_reflected_option *option_named(ath__reflect *r, ath__reflected *t, const char *name) {
    ath_reflected_option *options = t->options.items;
    for (size_t i = 0; i < t->options.count; i++)
        if (strcmp(options[i].name, name) == 0)
            return &options[i];
    ath_reflected_option *made = ath__reflect_grow(r, &t->options, sizeof *made);
    if (made)
        *made = (ath_reflected_option){name, ""};
    return made;
}

static const char *values_of(ath__reflect *r, const char *method, const char *description) {
    if (!description)
        return "";
    if (strcmp(method, "RANGE") == 0 && strcmp(description, "MAXVALUE") == 0)
        return " VALUES LESS THAN MAXVALUE";
    bool range = strncmp(method, "RANGE", 5) == 0;
    return ath__reflect_printf(r, " VALUES %s (%s)", range ? "LESS THAN" : "IN", description);
}

/* "RANGE (`a`)", "RANGE COLUMNS(`a`,`b`)", as SHOW CREATE TABLE writes it. */
static void set_method(ath__reflect *r, ath_reflected_option *by, const char *method, const char *expression) {
    if (!by || *by->value || r->status != ATH_OK)
        return;
    bool columns = strstr(method, "COLUMNS") != NULL;
    by->value = ath__reflect_printf(r, "%s%s(%s)", method, columns ? "" : " ", expression ? expression : "");
}

static void add_definition(ath__reflect *r, ath__reflected *t, const ath_row *row, const char *name) {
    const char *method = ath__reflect_text(r, row, 2), *comment = ath__reflect_text(r, row, 7);
    const char *values = values_of(r, method ? method : "", ath__reflect_text(r, row, 4));
    ath_reflected_option *list = option_named(r, t, "partition_definitions");
    if (!list || r->status != ATH_OK)
        return;
    comment = comment && *comment ? ath__reflect_printf(r, " COMMENT = '%s'", comment) : "";
    const char *text =
        ath__reflect_printf(r, "%s%sPARTITION `%s`%s%s ENGINE = %s", list->value, *list->value ? ", " : "", name,
                            values, comment ? comment : "", option_named(r, t, "engine")->value);
    if (text)
        list->value = text;
}

/* HASH and KEY, whose partitions have names of the database's own, are told by their number. */
static void set_count(ath__reflect *r, ath__reflected *t, const char *option, int64_t count) {
    ath_reflected_option *number = option_named(r, t, option);
    const char *text = ath__reflect_printf(r, "%lld", (long long)count);
    if (number && text)
        number->value = text;
}

/* A row per partition, or per subpartition of one. */
static ath_status take_partition(ath__reflect *r, const ath_row *row) {
    ath__reflected *t = ath__reflect_find(r, ath_row_text(row, 0));
    const char *name = ath__reflect_text(r, row, 1), *method = ath__reflect_text(r, row, 2);
    if (!t || !name || !method)
        return r->status;
    set_method(r, option_named(r, t, "partition_by"), method, ath__reflect_text(r, row, 3));
    const char *sub = ath__reflect_text(r, row, 5);
    if (sub) {
        set_method(r, option_named(r, t, "subpartition_by"), sub, ath__reflect_text(r, row, 6));
        set_count(r, t, "subpartitions", ath_row_int(row, 9));
    }
    if (t->last && strcmp(t->last, name) == 0)
        return r->status;
    t->last = name;
    if (strstr(method, "HASH") || strstr(method, "KEY"))
        set_count(r, t, "partitions", ath_row_int(row, 8));
    else
        add_definition(r, t, row, name);
    return r->status;
}

ath_status ath__mysql_reflect_partitions(ath__reflect *r) {
    static const char sql[] =
        "SELECT p.TABLE_NAME, p.PARTITION_NAME, p.PARTITION_METHOD, p.PARTITION_EXPRESSION, p.PARTITION_DESCRIPTION, "
        "p.SUBPARTITION_METHOD, p.SUBPARTITION_EXPRESSION, p.PARTITION_COMMENT, p.PARTITION_ORDINAL_POSITION, "
        "p.SUBPARTITION_ORDINAL_POSITION FROM information_schema.PARTITIONS p "
        "WHERE p.PARTITION_NAME IS NOT NULL AND :scope "
        "ORDER BY p.TABLE_NAME, p.PARTITION_ORDINAL_POSITION, p.SUBPARTITION_ORDINAL_POSITION";
    return ath__mysql_reflect_of(r)->partitioned ? ath__reflect_query(r, sql, ath__mysql_scope(r, "p"), take_partition)
                                                 : r->status;
}

/* ---- sequences (MariaDB) ---- */

static ath_status take_sequence(ath__reflect *r, const ath_row *row) {
    ath_reflected_sequence *s = ath__reflect_grow(r, &r->sequences, sizeof *s);
    if (!s)
        return r->status;
    s->schema = ath__mysql_reflect_of(r)->schema;
    s->name = ath__reflect_text(r, row, 0);
    s->type = ATH_BIGINT;
    s->type_text = "BIGINT";
    s->counting = (ath_count_opts){
        .start = ath_some(ath_row_int(row, 1)),
        .increment = ath_some(ath_row_int(row, 2)),
        .minvalue = ath_some(ath_row_int(row, 3)),
        .maxvalue = ath_some(ath_row_int(row, 4)),
        .cache = ath_some(ath_row_int(row, 5)),
        .cycle = ath_row_int(row, 6) != 0,
    };
    return r->status;
}

static void write_sequence(ath__reflect *r, ath__buf *sql, const char *name) {
    const ath_value value = {.kind = ATH_KIND_TEXT, .as.text = {name, strlen(name)}};
    ath__buf_str(sql, sql->size ? " UNION ALL SELECT " : "SELECT ");
    ath_status status = ath__dialect_literal(r->connection->dialect, sql, &value, r->error);
    if (r->status == ATH_OK)
        r->status = status;
    ath__buf_str(sql, ", start_value, increment, minimum_value, maximum_value, cache_size, cycle_option FROM ");
    ath__dialect_qualified(r->connection->dialect, sql, ath__mysql_reflect_of(r)->schema, name);
}

/* A sequence is a table of one row: they are read together. */
ath_status ath__mysql_reflect_sequences(ath__reflect *r) {
    const ath__mysql_reflect *own = r->own;
    const char *const *names = own->sequences.items;
    if (!own->sequences.count)
        return r->status;
    ath__buf sql;
    ath__buf_init(&sql, r->arena->allocator);
    for (size_t i = 0; i < own->sequences.count; i++)
        write_sequence(r, &sql, names[i]);
    if (sql.failed && r->status == ATH_OK)
        r->status = ath__fail_memory(r->error);
    ath__reflect_query(r, ath__buf_text(&sql), NULL, take_sequence);
    ath__buf_done(&sql);
    return r->status;
}
