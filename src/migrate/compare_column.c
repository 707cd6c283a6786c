/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns: what of them differs, and the operations that follow.
 */
#include "migrate/comparing.h"

#include <strings.h>

const ath__column *ath__column_of(const ath__comparing *c, const ath_table *table, const char *name) {
    bool fold = ath__compares_ddl(c, ATH__DDL_SQLITE_OPTIONS);
    for (size_t i = 0; table && i < table->column_count; i++) {
        const char *other = table->columns[i].name;
        if (!table->columns[i].expression && (strcmp(other, name) == 0 || (fold && strcasecmp(other, name) == 0)))
            return &table->columns[i];
    }
    return NULL;
}

/* ---- texts ---- */

typedef ath_status (*write_fn)(ath__ddl *w, const ath_table *table, const ath__column *column);

static ath_status written(ath__comparing *c, write_fn fn, const ath_table *table, const ath__column *column,
                          const char **text) {
    ath__buf out;
    ath__buf_init(&out, c->arena->allocator);
    ath__ddl w = {.dialect = c->dialect, .metadata = c->metadata, .out = &out, .error = c->error};
    ath_status status = fn(&w, table, column);
    *text = status == ATH_OK && !out.failed ? ath__arena_str(c->arena, ath__buf_text(&out)) : NULL;
    if (status == ATH_OK && !*text)
        status = ath__fail_memory(c->error);
    ath__buf_done(&out);
    return status;
}

/* Where a numbered key has a type of its own that is declared as such. */
static ath_status write_type(ath__ddl *w, const ath_table *table, const ath__column *column) {
    const ath_dialect *d = w->dialect;
    ath_type type = column->type;
    bool numbered = column->autoincrement && !column->server_default;
    if (numbered && d->render_autoincrement && ath__dialect_ddl(d, ATH__DDL_SQLITE_OPTIONS))
        return d->render_autoincrement(d, table, column, w->out, w->error);
    if (numbered && type.is_unsigned && ath__dialect_ddl(d, ATH__DDL_SIGNED_NUMBERS))
        type.is_unsigned = false;
    return ath__dialect_type(d, &type, w->out, w->error);
}

ath_status ath__column_type_text(ath__comparing *c, const ath_table *table, const ath__column *column,
                                 const char **text) {
    return written(c, write_type, table, column, text);
}

static ath_status write_default(ath__ddl *w, const ath_table *table, const ath__column *column) {
    (void)table;
    return ath__ddl_default(w, column);
}

static ath_status default_text(ath__comparing *c, const ath_table *table, const ath__column *column,
                               const char **text) {
    *text = NULL;
    if (!column || !column->server_default)
        return ATH_OK;
    return written(c, write_default, table, column, text);
}

/* ---- what differs ---- */

static bool same_type_text(const ath__comparing *c, const char *a, const char *b) {
    const ath__describing d = {.dialect = c->dialect, .arena = c->arena, .error = c->error};
    return strcmp(a, b) == 0 || ath__describe_same_type(&d, a, b);
}

/* An enum that is a type of its own is compared as such, elsewhere. */
static ath_status type_differs(ath__comparing *c, const ath__pair *p, const ath__column *wanted,
                               const ath__column *kept, const ath__column *found, bool *differs) {
    const char *a, *b;
    ATH_TRY(ath__column_type_text(c, p->wanted, wanted, &a));
    ATH_TRY(ath__column_type_text(c, p->found, found, &b));
    *differs = !same_type_text(c, a, b);
    if (!*differs || !kept)
        return ATH_OK;
    ATH_TRY(ath__column_type_text(c, p->kept, kept, &a));
    *differs = strcmp(a, b) != 0;
    return ATH_OK;
}

static const ath_reflected_column *read_column(const ath__pair *p, const ath__column *found) {
    return found->position < p->live->read->column_count ? &p->live->read->columns[found->position] : NULL;
}

static ath_status decide_type(ath__comparing *c, const ath__pair *p, const ath__column *wanted, const ath__column *kept,
                              const ath__column *found, bool *differs) {
    const ath__compare_opts *o = c->opts;
    int said = -1;
    *differs = false;
    if (o->no_types)
        return ATH_OK;
    if (o->compare_type)
        said = o->compare_type(o->context, read_column(p, found), &wanted->type);
    *differs = said > 0;
    return said >= 0 ? ATH_OK : type_differs(c, p, wanted, kept, found, differs);
}

static ath_status decide_default(ath__comparing *c, const ath__pair *p, const ath__column *wanted,
                                 const ath__column *kept, const ath__column *found, bool *differs) {
    const ath__compare_opts *o = c->opts;
    const char *a, *b, *k;
    int said = -1;
    bool same = true;
    *differs = false;
    if (o->no_defaults || wanted->computed || found->computed || wanted->identity || found->identity)
        return ATH_OK;
    if (o->compare_default)
        said = o->compare_default(o->context, read_column(p, found), wanted->server_default);
    if (said < 0) {
        ATH_TRY(default_text(c, p->wanted, wanted, &a));
        ATH_TRY(default_text(c, p->found, found, &b));
        ATH_TRY(default_text(c, p->kept, kept, &k));
        same = kept && ath__same_text(k, b);
        if (!same && !(kept && !k != !a))
            ATH_TRY(ath__alike_kept(c, a, k, b, &same));
    }
    *differs = said > 0 || (said < 0 && !same);
    return ATH_OK;
}

static bool same_number(ath_opt_i64 a, ath_opt_i64 b) {
    return a.has == b.has && (!a.has || a.value == b.value);
}

static bool same_counting(const ath_count_opts *a, const ath_count_opts *b) {
    return same_number(a->start, b->start) && same_number(a->increment, b->increment) &&
           same_number(a->minvalue, b->minvalue) && same_number(a->maxvalue, b->maxvalue) &&
           same_number(a->cache, b->cache) && a->cycle == b->cycle;
}

static bool identity_differs(const ath__comparing *c, const ath__column *wanted, const ath__column *found) {
    if (!ath__dialect_can(c->dialect, ATH__CAN_IDENTITY))
        return false;
    return wanted->identity != found->identity ||
           (wanted->identity && !same_counting(&wanted->counting, &found->counting));
}

static ath_persisted persisted(const ath__comparing *c, const ath__column *column) {
    if (!column->computed || column->persisted)
        return column->persisted;
    return ath__dialect_can(c->dialect, ATH__CAN_COMPUTED_VIRTUAL) ? ATH_VIRTUAL : ATH_STORED;
}

static ath_status computed_differs(ath__comparing *c, const ath__column *wanted, const ath__column *kept,
                                   const ath__column *found, bool *differs) {
    bool same;
    ATH_TRY(ath__alike_kept(c, wanted->computed, kept ? kept->computed : NULL, found->computed, &same));
    *differs = !same || persisted(c, wanted) != persisted(c, found);
    return ATH_OK;
}

static const char *collation(const ath__column *column) {
    return column && column->type.details ? column->type.details->collation : NULL;
}

/* Only where one is asked for: a database's own choice is no difference. */
static bool collation_differs(const ath__column *wanted, const ath__column *kept, const ath__column *found) {
    const char *a = collation(wanted), *b = collation(found);
    if (!a || (kept && ath__same_text(collation(kept), b)))
        return false;
    return !b || strcasecmp(a, b) != 0;
}

static bool comment_differs(const ath__comparing *c, const ath__column *wanted, const ath__column *kept,
                            const ath__column *found) {
    if (!ath__dialect_can(c->dialect, ATH__CAN_INLINE_COMMENTS) && !ath__dialect_can(c->dialect, ATH__CAN_COMMENT_ON))
        return false;
    const char *a = wanted->comment && *wanted->comment ? wanted->comment : NULL;
    return !ath__same_text(a, found->comment) &&
           !(kept && a && kept->comment && ath__same_text(kept->comment, found->comment));
}

ath_status ath__column_differs(ath__comparing *c, const ath__pair *p, const ath__column *wanted,
                               const ath__column *found, unsigned *differs) {
    const ath__column *kept = p->kept ? ath__column_of(c, p->kept, wanted->name) : NULL;
    const ath__column *real = kept ? kept : wanted; /* what the database decides by itself */
    bool type, by_default, computed;
    ATH_TRY(decide_type(c, p, wanted, kept, found, &type));
    ATH_TRY(decide_default(c, p, wanted, kept, found, &by_default));
    ATH_TRY(computed_differs(c, wanted, kept, found, &computed));
    *differs = (type ? ATH__DIFFERS_TYPE : 0U) | (by_default ? ATH__DIFFERS_DEFAULT : 0U) |
               (computed ? ATH__DIFFERS_COMPUTED : 0U);
    if (identity_differs(c, wanted, found) && (!kept || identity_differs(c, kept, found)))
        *differs |= ATH__DIFFERS_IDENTITY;
    if (real->nullable != found->nullable && !(*differs & ATH__DIFFERS_IDENTITY && !found->nullable))
        *differs |= ATH__DIFFERS_NULL;
    if (real->autoincrement != found->autoincrement && !wanted->identity && !found->identity &&
        !ath__compares_ddl(c, ATH__DDL_SQLITE_OPTIONS)) /* where it follows from key and type */
        *differs |= ATH__DIFFERS_NUMBERING;
    if (collation_differs(wanted, kept, found))
        *differs |= ATH__DIFFERS_COLLATION;
    if (comment_differs(c, wanted, kept, found))
        *differs |= ATH__DIFFERS_COMMENT;
    return ATH_OK;
}

/* ---- operations ---- */

/* The column as an operation says it; the type without what only its check needs. */
static const ath_column_opts *said(const ath__itemizer *w, const ath_table *table, const ath__column *column) {
    const ath_table_item *item = ath__item_of_column(w, table, column, false);
    return item ? item->column : NULL;
}

static void say_computed(ath_alter_opts *o, const ath__column *wanted) {
    o->computed = wanted->computed;
    o->persisted = wanted->persisted;
    o->drop_computed = !wanted->computed;
}

/* Of one that is there all is said: what is not said would stay. */
static void say_identity(const ath__comparing *c, ath_alter_opts *o, const ath__column *wanted,
                         const ath__column *found) {
    o->identity = wanted->identity;
    o->counting = wanted->counting;
    o->drop_identity = !wanted->identity;
    if (wanted->identity && found->identity)
        o->counting = ath__all_counting(c, &wanted->counting, &wanted->type);
}

static ath_alter_opts altered(const ath__comparing *c, unsigned differs, const ath__column *wanted,
                              const ath_column_opts *to, const ath__column *found, const ath_column_opts *from) {
    ath_alter_opts o = {.struct_size = sizeof o, .existing_type = from->type};
    o.existing_nullable = found->nullable ? ATH_YES : ATH_NO;
    o.existing_server_default = from->server_default;
    o.existing_comment = found->comment;
    o.existing_autoincrement = found->autoincrement ? ATH_YES : ATH_UNSAID;
    if (differs & ATH__DIFFERS_TYPE)
        o.type = to->type;
    if (differs & ATH__DIFFERS_NULL)
        o.nullable = wanted->nullable ? ATH_YES : ATH_NO;
    if (differs & ATH__DIFFERS_DEFAULT) {
        o.server_default = to->server_default;
        o.drop_server_default = !wanted->server_default;
    }
    if (differs & ATH__DIFFERS_COMMENT) {
        o.comment = wanted->comment;
        o.drop_comment = !wanted->comment || !*wanted->comment;
    }
    if (differs & ATH__DIFFERS_NUMBERING)
        o.autoincrement = wanted->autoincrement ? ATH_YES : ATH_NO;
    if (differs & ATH__DIFFERS_IDENTITY)
        say_identity(c, &o, wanted, found);
    if (differs & ATH__DIFFERS_COMPUTED)
        say_computed(&o, wanted);
    if (differs & ATH__DIFFERS_COLLATION) {
        o.collation = to->collation;
        o.type = to->type;
    }
    return o;
}

static ath_status tell(ath__comparing *c, const ath__pair *p, unsigned differs, const ath__column *wanted,
                       const ath__column *found) {
    const char *table = p->wanted->name, *name = wanted->name, *from, *to;
    if (differs & ATH__DIFFERS_TYPE) {
        ATH_TRY(ath__column_type_text(c, p->found, found, &from));
        ATH_TRY(ath__column_type_text(c, p->wanted, wanted, &to));
        ath__detected(c, "type change from %s to %s on '%s.%s'", from, to, table, name);
    }
    if (differs & ATH__DIFFERS_NULL)
        ath__detected(c, "%s on column '%s.%s'", wanted->nullable ? "NULL" : "NOT NULL", table, name);
    static const char *const words[][2] = {
        {"\x04", "server default"},   {"\x08", "column comment"},      {"\x10", "autoincrement"},
        {"\x20", "identity options"}, {"\x40", "computed expression"}, {"\x80", "collation"},
    };
    for (size_t i = 0; i < ATH_COUNT_OF(words); i++)
        if (differs & (unsigned char)words[i][0][0])
            ath__detected(c, "%s on column '%s.%s'", words[i][1], table, name);
    return ATH_OK;
}

/* An ordinary column does not become a computed one but by being made anew. */
static ath_status replace(ath__comparing *c, ath__pair *p, const ath__column *wanted, const ath__column *found) {
    const char *schema = p->wanted->opts.schema, *table = p->wanted->name;
    const ath_table_item *from = ath__item_of_column(&c->found, p->found, found, false);
    const ath_table_item *to = ath__item_of_column(&c->model, p->wanted, wanted, false);
    if (!from || !to)
        return ath__failed(c->error);
    const ath_operation drop = {.kind = ATH_OPERATION_DROP_COLUMN,
                                .schema = schema,
                                .table = table,
                                .name = found->name,
                                .items = from,
                                .item_count = 1};
    ATH_TRY(found->computed ? ath__add_change(c, drop)
                            : ath__add_held(c, drop, "an ordinary column becomes a computed one: its values go"));
    if (!found->computed && !c->opts->allow_drop)
        return ATH_OK;
    return ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_ADD_COLUMN,
                                              .schema = schema,
                                              .table = table,
                                              .name = wanted->name,
                                              .items = to,
                                              .item_count = 1});
}

static bool can_change_computed(const ath__comparing *c) {
    return !ath__compares_ddl(c, ATH__DDL_POSTGRESQL_OPTIONS) || ath__compares_ddl(c, ATH__DDL_SET_EXPRESSION);
}

static bool is_text(const ath_type *type) {
    return type->sql == ATH_SQL_STRING || type->sql == ATH_SQL_TEXT;
}

/* Families between whose members values go over by themselves. */
static int family(const ath_type *type) {
    switch (type->sql) {
    case ATH_SQL_SMALLINT:
    case ATH_SQL_INTEGER:
    case ATH_SQL_BIGINT:
    case ATH_SQL_FLOAT:
    case ATH_SQL_DOUBLE:
    case ATH_SQL_NUMERIC:
        return 1;
    case ATH_SQL_DATE:
    case ATH_SQL_DATETIME:
    case ATH_SQL_TIMESTAMP:
        return 2;
    default:
        return 100 + (int)type->sql;
    }
}

bool ath__same_family(const ath_type *a, const ath_type *b) {
    return family(a) == family(b);
}

/* How the values of one type become another's, where the database wants it said: a::INTEGER. */
static ath_status cast(ath__comparing *c, const ath_table *t, const ath__column *from, const ath__column *to,
                       const char **out) {
    const char *type;
    ath__buf name;
    *out = NULL;
    if (!ath__compares_ddl(c, ATH__DDL_POSTGRESQL_OPTIONS) || is_text(&to->type) ||
        ath__same_family(&from->type, &to->type))
        return ATH_OK;
    ATH_TRY(ath__column_type_text(c, t, to, &type));
    ath__buf_init(&name, c->arena->allocator);
    ath__dialect_name(c->dialect, &name, from->name);
    /* numbers become truth, and truth numbers, by way of an integer; all else by way of text */
    bool truth = (from->type.sql == ATH_SQL_BOOLEAN && family(&to->type) == 1) ||
                 (to->type.sql == ATH_SQL_BOOLEAN && family(&from->type) == 1);
    *out = name.failed ? NULL : ath__text_of(c, "%s::%s::%s", ath__buf_text(&name), truth ? "INTEGER" : "TEXT", type);
    ath__buf_done(&name);
    return *out ? ATH_OK : ath__fail_memory(c->error);
}

/* Where the labels are part of the column's type: what row has one that goes cannot be changed. */
static bool loses_labels(const ath__comparing *c, const ath_alter_opts *o) {
    const ath_name_list left = {o->type.name_count, o->type.names};
    bool enums = o->type.sql == ATH_SQL_ENUM && o->existing_type.sql == ATH_SQL_ENUM;
    for (uint32_t i = 0; enums && ath__compares_ddl(c, ATH__DDL_MYSQL_OPTIONS) && i < o->existing_type.name_count; i++)
        if (!ath__has_label(left, o->existing_type.names[i]))
            return true;
    return false;
}

static ath_status alter_as(ath__comparing *c, const ath__pair *p, const ath__column *found, ath_alter_opts o,
                           const char *back) {
    const ath_alter_opts *kept = ath__arena_copy(c->arena, &o, sizeof o);
    ath__column before = *found;
    if (o.identity && found->identity)
        before.counting = ath__all_counting(c, &found->counting, &found->type);
    const ath_table_item *was = ath__item_of_column(&c->found, p->found, &before, false);
    if (!kept || !was)
        return kept ? ath__failed(c->error) : ath__fail_memory(c->error);
    const ath_operation change = {.kind = ATH_OPERATION_ALTER_COLUMN,
                                  .schema = p->wanted->opts.schema,
                                  .table = p->wanted->name,
                                  .name = found->name,
                                  .items = was,
                                  .item_count = 1,
                                  .alter = kept};
    ATH_TRY(loses_labels(c, &o) ? ath__add_held(c, change, "labels go: rows that have one must have another first")
                                : ath__add_change(c, change));
    c->out->items[c->out->count - 1].using_back = back;
    return ATH_OK;
}

/* Values are cast, a default is not: it goes before and comes behind. */
static ath_status alter_around_default(ath__comparing *c, const ath__pair *p, const ath__column *found,
                                       ath_alter_opts o, const ath_expr *wanted, const char *back) {
    const ath_expr *was = o.existing_server_default;
    ath_alter_opts one = {.struct_size = sizeof one,
                          .drop_server_default = true,
                          .existing_type = o.existing_type,
                          .existing_nullable = o.existing_nullable,
                          .existing_server_default = was};
    if (was)
        ATH_TRY(alter_as(c, p, found, one, NULL));
    o.server_default = o.existing_server_default = NULL;
    o.drop_server_default = false;
    ATH_TRY(alter_as(c, p, found, o, back));
    one.drop_server_default = false;
    one.server_default = wanted;
    one.existing_server_default = NULL;
    one.existing_type = o.type;
    return wanted ? alter_as(c, p, found, one, NULL) : ATH_OK;
}

static ath_status alter_what_differs(ath__comparing *c, ath__pair *p, unsigned differs, const ath__column *wanted,
                                     const ath__column *found) {
    const ath_column_opts *to = said(&c->model, p->wanted, wanted), *from = said(&c->found, p->found, found);
    const char *back = NULL;
    if (!to || !from)
        return ath__failed(c->error);
    ath_alter_opts o = altered(c, differs, wanted, to, found, from);
    if (differs & ATH__DIFFERS_TYPE) {
        ATH_TRY(cast(c, p->wanted, found, wanted, &o.postgresql_using));
        ATH_TRY(cast(c, p->found, wanted, found, &back));
    }
    if ((o.postgresql_using || back) && (to->server_default || from->server_default))
        return alter_around_default(c, p, found, o, to->server_default, back);
    return alter_as(c, p, found, o, back);
}

static ath_status alter(ath__comparing *c, ath__pair *p, const ath__column *wanted, const ath__column *found) {
    unsigned differs;
    ATH_TRY(ath__column_differs(c, p, wanted, found, &differs));
    if (!differs)
        return ATH_OK;
    if (c->dry) {
        c->differences++;
        return ATH_OK;
    }
    ATH_TRY(tell(c, p, differs, wanted, found));
    if (differs & ATH__DIFFERS_NUMBERING && !(differs & ATH__DIFFERS_COMPUTED) && ath__numbers_by_sequence(c)) {
        const ath_reflected_column *read = read_column(p, found);
        unsigned others = differs & ~(unsigned)ATH__DIFFERS_NUMBERING;
        if (others)
            ATH_TRY(alter_what_differs(c, p, others, wanted, found));
        return ath__compare_numbering(c, p, wanted, read ? read->default_value : NULL);
    }
    bool anew = !found->computed || (wanted->computed && !can_change_computed(c));
    if (differs & ATH__DIFFERS_COMPUTED && anew)
        return replace(c, p, wanted, found);
    return alter_what_differs(c, p, differs, wanted, found);
}

static ath_status add(ath__comparing *c, ath__pair *p, const ath__column *column) {
    ath__detected(c, "added column '%s.%s'", p->wanted->name, column->name);
    const ath_table_item *item = ath__item_of_column(&c->model, p->wanted, column, false);
    return item ? ath__add_change(c, (ath_operation){.kind = ATH_OPERATION_ADD_COLUMN,
                                                     .schema = p->wanted->opts.schema,
                                                     .table = p->wanted->name,
                                                     .name = column->name,
                                                     .items = item,
                                                     .item_count = 1})
                : ath__failed(c->error);
}

ath_status ath__compare_columns_new(ath__comparing *c, ath__pair *p, bool computed) {
    const ath_table *t = p->wanted;
    for (size_t i = 0; i < t->column_count; i++) {
        const ath__column *column = &t->columns[i];
        if (!column->expression && (column->computed != NULL) == computed &&
            !ath__column_of(c, p->found, column->name) &&
            ath__included(c, ATH__COMPARED_COLUMN, t->opts.schema, t->name, column->name, false))
            ATH_TRY(add(c, p, column));
    }
    return ATH_OK;
}

ath_status ath__compare_columns(ath__comparing *c, ath__pair *p) {
    const ath_table *t = p->wanted;
    for (size_t i = 0; i < t->column_count; i++) {
        const ath__column *column = &t->columns[i];
        const ath__column *found = column->expression ? NULL : ath__column_of(c, p->found, column->name);
        if (found && ath__included(c, ATH__COMPARED_COLUMN, t->opts.schema, t->name, column->name, false))
            ATH_TRY(alter(c, p, column, found));
    }
    return ATH_OK;
}

ath_status ath__compare_columns_gone(ath__comparing *c, ath__pair *p) {
    const ath_table *t = p->found;
    for (size_t i = 0; i < t->column_count; i++) {
        const ath__column *column = &t->columns[i];
        if (column->expression || ath__column_of(c, p->wanted, column->name) ||
            !ath__included(c, ATH__COMPARED_COLUMN, t->opts.schema, p->wanted->name, column->name, true))
            continue;
        ath__detected(c, "removed column '%s.%s'", p->wanted->name, column->name);
        const ath_table_item *item = ath__item_of_column(&c->found, t, column, false);
        if (!item)
            return ath__failed(c->error);
        ATH_TRY(ath__add_held(c,
                              (ath_operation){.kind = ATH_OPERATION_DROP_COLUMN,
                                              .schema = p->wanted->opts.schema,
                                              .table = p->wanted->name,
                                              .name = column->name,
                                              .items = item,
                                              .item_count = 1},
                              "if it was renamed, say so and its values stay"));
    }
    return ATH_OK;
}
