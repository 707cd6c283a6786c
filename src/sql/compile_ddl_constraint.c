/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, DDL: constraints, in CREATE TABLE and by themselves.
 */
#include "sql/ddl.h"

#include <strings.h>

static void str(ath__ddl *w, const char *text) {
    ath__buf_str(w->out, text);
}

static bool writes(const ath__ddl *w, uint64_t bit) {
    return ath__dialect_ddl(w->dialect, bit);
}

static void names(ath__ddl *w, ath_name_list list) {
    for (size_t i = 0; i < list.count; i++) {
        str(w, i ? ", " : "(");
        ath__dialect_name(w->dialect, w->out, list.names[i]);
    }
    str(w, ")");
}

/* The constraint's name, quoted; *named is false when it has none. */
static ath_status quoted_name(ath__ddl *w, const ath_table *table, const ath__constraint *c, const char *before,
                              const char *behind, bool *named) {
    ath__buf name;
    ath__buf_init(&name, w->out->allocator);
    ath_status status = ath__ddl_constraint_name(w, table, c, &name);
    if (status == ATH_OK && name.failed)
        status = ath__fail_memory(w->error);
    *named = name.size > 0;
    if (status == ATH_OK && *named) {
        str(w, before);
        ath__dialect_name(w->dialect, w->out, ath__buf_text(&name));
        str(w, behind);
    }
    ath__buf_done(&name);
    return status;
}

/* ---- deferrable ---- */

static const char *kind_name(const ath__constraint *c) {
    return c->kind == ATH__CHECK         ? "deferrable CHECK constraints"
           : c->kind == ATH__FOREIGN_KEY ? "deferrable constraints"
                                         : "deferrable keys";
}

static ath_status deferrability(ath__ddl *w, const ath__constraint *c) {
    if (!c->deferrable && !c->initially)
        return ATH_OK;
    bool can = c->kind != ATH__CHECK && ath__dialect_can(w->dialect, ATH__CAN_DEFERRABLE) &&
               (c->kind == ATH__FOREIGN_KEY || writes(w, ATH__DDL_DEFERRABLE_KEYS));
    if (!can)
        return ath__dialect_cannot(w->dialect, kind_name(c), w->error);
    bool deferred = c->initially && strcasecmp(c->initially, "DEFERRED") == 0;
    if (c->initially && !deferred && strcasecmp(c->initially, "IMMEDIATE") != 0)
        return ath__fail(w->error, ATH_ARGUMENT, "'%s' is neither DEFERRED nor IMMEDIATE", c->initially);
    if (deferred && c->deferrable == ATH_NOT_DEFERRABLE)
        return ath__fail(w->error, ATH_ARGUMENT, "a constraint cannot be NOT DEFERRABLE and INITIALLY DEFERRED");
    if (c->deferrable == ATH_NOT_DEFERRABLE)
        str(w, " NOT DEFERRABLE");
    else if (c->deferrable || writes(w, ATH__DDL_ATTACHED)) /* SQLite wants it said */
        str(w, " DEFERRABLE");
    if (c->initially)
        ath__buf_printf(w->out, " INITIALLY %s", c->initially);
    return ATH_OK;
}

/* ---- the kinds ---- */

static ath_status unique(ath__ddl *w, const ath__constraint *c) {
    str(w, "UNIQUE ");
    if (c->nulls_not_distinct) {
        if (!writes(w, ATH__DDL_NULLS_DISTINCT))
            return ath__dialect_cannot(w->dialect, "NULLS NOT DISTINCT", w->error);
        str(w, "NULLS NOT DISTINCT ");
    }
    names(w, c->columns);
    if (c->include.count && writes(w, ATH__DDL_POSTGRESQL_OPTIONS)) {
        str(w, " INCLUDE ");
        names(w, c->include);
    }
    ATH_TRY(deferrability(w, c));
    return ath__ddl_conflict(w, c->conflict);
}

/* a IN ('x', 'y') or a IN (0, 1). */
static ath_status type_check(ath__ddl *w, const ath__column *column) {
    ath__dialect_name(w->dialect, w->out, column->name);
    str(w, " IN ");
    if (column->type.sql == ATH_SQL_ENUM)
        return ath__dialect_labels(w->dialect, &column->type, ", ", w->out, w->error);
    str(w, "(0, 1)");
    return ATH_OK;
}

static ath_status check(ath__ddl *w, const ath_table *table, const ath__constraint *c) {
    str(w, "CHECK (");
    if (c->of_type >= 0)
        ATH_TRY(type_check(w, &table->columns[c->of_type]));
    else
        str(w, c->check);
    str(w, ")");
    ATH_TRY(deferrability(w, c));
    if (c->not_valid && writes(w, ATH__DDL_POSTGRESQL_OPTIONS))
        str(w, " NOT VALID");
    return ath__ddl_conflict(w, c->conflict);
}

/* "SET NULL (a, b)" is PostgreSQL's. */
static bool is_action(const ath__ddl *w, const char *what) {
    static const char *const known[] = {"CASCADE", "SET NULL", "RESTRICT", "SET DEFAULT", "NO ACTION"};
    for (size_t i = 0; i < ATH_COUNT_OF(known); i++) {
        size_t size = strlen(known[i]);
        if (strncasecmp(what, known[i], size) != 0)
            continue;
        const char *rest = what + size + strspn(what + size, " ");
        if (!what[size])
            return true;
        if (known[i][0] == 'S' && rest[0] == '(' && rest[strlen(rest) - 1] == ')' && !strpbrk(rest, ";'-/"))
            return writes(w, ATH__DDL_POSTGRESQL_OPTIONS);
    }
    return false;
}

static ath_status action(ath__ddl *w, const char *event, const char *what) {
    if (!what)
        return ATH_OK;
    if (!is_action(w, what))
        return ath__fail(w->error, ATH_ARGUMENT, "'%s' is no action for ON %s", what, event);
    if (strcasecmp(what, "SET DEFAULT") == 0 && writes(w, ATH__DDL_MYSQL_OPTIONS))
        return ath__dialect_cannot(w->dialect, "foreign keys with SET DEFAULT", w->error);
    ath__buf_printf(w->out, " ON %s %s", event, what);
    return ATH_OK;
}

static ath_status match(ath__ddl *w, const char *how) {
    static const char *const known[] = {"FULL", "PARTIAL", "SIMPLE"};
    if (!how)
        return ATH_OK;
    if (!writes(w, ATH__DDL_MATCH)) /* MySQL would read it, and forget ON DELETE and ON UPDATE for it */
        return ath__dialect_cannot(w->dialect, "MATCH", w->error);
    for (size_t i = 0; i < ATH_COUNT_OF(known); i++)
        if (strcasecmp(how, known[i]) == 0) {
            ath__buf_printf(w->out, " MATCH %s", how);
            return ATH_OK;
        }
    return ath__fail(w->error, ATH_ARGUMENT, "'%s' is none of FULL, PARTIAL and SIMPLE", how);
}

static ath_status foreign_key(ath__ddl *w, const ath__constraint *c) {
    str(w, "FOREIGN KEY");
    names(w, c->columns);
    str(w, " REFERENCES ");
    ath__dialect_qualified(w->dialect, w->out, writes(w, ATH__DDL_ATTACHED) ? NULL : c->target_schema, c->target);
    str(w, " ");
    names(w, c->target_columns);
    ATH_TRY(match(w, c->match));
    ATH_TRY(action(w, "DELETE", c->ondelete));
    ATH_TRY(action(w, "UPDATE", c->onupdate));
    ATH_TRY(deferrability(w, c));
    if (c->not_valid && writes(w, ATH__DDL_POSTGRESQL_OPTIONS))
        str(w, " NOT VALID");
    return ATH_OK;
}

static ath_status exclude(ath__ddl *w, const ath__constraint *c) {
    if (!writes(w, ATH__DDL_POSTGRESQL_OPTIONS))
        return ath__dialect_cannot(w->dialect, "EXCLUDE constraints", w->error);
    ath__buf_printf(w->out, "EXCLUDE USING %s ", c->using ? c->using : "gist");
    ATH_TRY(ath__ddl_parts(w, c->parts, c->operators));
    if (c->where)
        ath__buf_printf(w->out, " WHERE (%s)", c->where);
    return deferrability(w, c);
}

ath_status ath__ddl_constraint(ath__ddl *w, const ath_table *table, const ath__constraint *c) {
    bool named;
    ATH_TRY(quoted_name(w, table, c, "CONSTRAINT ", " ", &named));
    switch (c->kind) {
    case ATH__UNIQUE:
        return unique(w, c);
    case ATH__CHECK:
        return check(w, table, c);
    case ATH__EXCLUDE:
        return exclude(w, c);
    case ATH__PRIMARY_KEY:
        return ath__ddl_primary_key(w, table);
    default:
        return foreign_key(w, c);
    }
}

/* A foreign key into another attached file cannot be declared in SQLite, and is left out, as SQLAlchemy does. */
bool ath__ddl_wants(const ath_dialect *d, const ath_table *table, const ath__constraint *c) {
    if (c->kind == ATH__FOREIGN_KEY && ath__dialect_ddl(d, ATH__DDL_ATTACHED)) {
        const char *here = table->opts.schema, *there = c->target_schema;
        return !here || !there ? here == there : strcmp(here, there) == 0;
    }
    if (c->of_type < 0)
        return true;
    const ath_type *type = &table->columns[c->of_type].type;
    if (type->sql == ATH_SQL_BOOLEAN)
        return !ath__dialect_ddl(d, ATH__DDL_BOOLEAN_TYPE);
    bool inline_enum = ath__dialect_ddl(d, ATH__DDL_ENUM_INLINE) && !type->details->plain;
    return type->sql == ATH_SQL_ENUM && !inline_enum && !ath__dialect_enum_type(d, type);
}

/* ---- the primary key ---- */

bool ath__ddl_key_in_column(const ath_dialect *d, const ath_table *t) {
    return t->sqlite_autoincrement && ath__dialect_ddl(d, ATH__DDL_SQLITE_OPTIONS) && t->key_count == 1 &&
           t->autoincrement == t->key[0];
}

/* The column that the database numbers comes first, unless the order was said. */
static void key_columns(ath__ddl *w, const ath_table *t) {
    bool said = t->primary && t->primary->columns.count;
    size_t written = 0;
    for (int first = 1; first >= 0; first--)
        for (size_t i = 0; i < t->key_count; i++) {
            bool numbered = !said && t->autoincrement == t->key[i];
            if (numbered != (first == 1))
                continue;
            str(w, written++ ? ", " : "PRIMARY KEY (");
            ath__dialect_name(w->dialect, w->out, t->columns[t->key[i]].name);
        }
    str(w, ")");
}

static ath_status key_with_names(ath__ddl *w, const ath_table *t, const char **room) {
    ath__constraint key = {.kind = ATH__PRIMARY_KEY, .of_type = -1};
    bool named;
    if (t->primary)
        key = *t->primary;
    for (size_t i = 0; i < t->key_count; i++)
        room[i] = t->columns[t->key[i]].name;
    key.columns = (ath_name_list){t->key_count, room};
    ATH_TRY(quoted_name(w, t, &key, "CONSTRAINT ", " ", &named));
    key_columns(w, t);
    if (key.include.count && writes(w, ATH__DDL_POSTGRESQL_OPTIONS)) {
        str(w, " INCLUDE ");
        names(w, key.include);
    }
    ATH_TRY(deferrability(w, &key));
    if (key.using && writes(w, ATH__DDL_MYSQL_OPTIONS))
        ath__buf_printf(w->out, " USING %s", key.using);
    const char *of_column = t->key_count == 1 ? t->columns[t->key[0]].conflict_key : NULL;
    return ath__ddl_conflict(w, key.conflict ? key.conflict : of_column);
}

ath_status ath__ddl_primary_key(ath__ddl *w, const ath_table *t) {
    if (!t->key_count)
        return ATH_OK;
    const ath_allocator *a = w->out->allocator;
    const char **room = ath__alloc(a, t->key_count * sizeof *room);
    if (!room)
        return ath__fail_memory(w->error);
    ath_status status = key_with_names(w, t, room);
    ath__free(a, room, t->key_count * sizeof *room);
    return status;
}

/* ---- behind a column ---- */

ath_status ath__ddl_column_check(ath__ddl *w, const ath_table *table, const ath__column *column) {
    const ath__constraint c = {
        .kind = ATH__CHECK, .of_type = -1, .name = column->check_name, .check = column->check, .columns = {0}};
    bool named;
    str(w, " ");
    if (!writes(w, ATH__DDL_COLUMN_CHECK_UNNAMED))
        ATH_TRY(quoted_name(w, table, &c, "CONSTRAINT ", " ", &named));
    return check(w, table, &c);
}

/* ---- by themselves ---- */

ath_status ath__ddl_add_constraint(ath__ddl *w, const ath_table *table, const ath__constraint *c) {
    if (!ath__dialect_can(w->dialect, ATH__CAN_ADD_CONSTRAINT))
        return ath__dialect_cannot(w->dialect, "ALTER TABLE ... ADD CONSTRAINT", w->error);
    str(w, "ALTER TABLE ");
    ath__dialect_qualified(w->dialect, w->out, table->opts.schema, table->name);
    str(w, " ADD ");
    ATH_TRY(c->kind == ATH__PRIMARY_KEY ? ath__ddl_primary_key(w, table) : ath__ddl_constraint(w, table, c));
    return w->out->failed ? ath__fail_memory(w->error) : ATH_OK;
}

/* What stands between DROP and the name. */
static const char *drop_word(const ath__ddl *w, const ath__constraint *c) {
    if (!writes(w, ATH__DDL_DROP_BY_KIND))
        return "CONSTRAINT ";
    switch (c->kind) {
    case ATH__FOREIGN_KEY:
        return "FOREIGN KEY ";
    case ATH__UNIQUE:
        return "INDEX ";
    case ATH__PRIMARY_KEY:
        return "PRIMARY KEY";
    default:
        return writes(w, ATH__DDL_DROP_CHECK) ? "CHECK " : "CONSTRAINT ";
    }
}

ath_status ath__ddl_drop_constraint(ath__ddl *w, const ath_table *table, const ath__constraint *c, bool if_exists,
                                    bool cascade) {
    bool by_kind = writes(w, ATH__DDL_DROP_BY_KIND), named = false;
    if (!ath__dialect_can(w->dialect, ATH__CAN_ADD_CONSTRAINT))
        return ath__dialect_cannot(w->dialect, "ALTER TABLE ... DROP CONSTRAINT", w->error);
    if (by_kind && (if_exists || cascade))
        return ath__dialect_cannot(w->dialect, "DROP CONSTRAINT with IF EXISTS or CASCADE", w->error);
    str(w, "ALTER TABLE ");
    ath__dialect_qualified(w->dialect, w->out, table->opts.schema, table->name);
    ath__buf_printf(w->out, " DROP %s%s", drop_word(w, c), if_exists ? "IF EXISTS " : "");
    if (by_kind && c->kind == ATH__PRIMARY_KEY)
        return w->out->failed ? ath__fail_memory(w->error) : ATH_OK;
    ATH_TRY(quoted_name(w, table, c, "", "", &named));
    if (!named)
        return ath__fail(w->error, ATH_ARGUMENT, "a constraint of table %s cannot be dropped: it has no name",
                         table->name);
    str(w, cascade ? " CASCADE" : "");
    return w->out->failed ? ath__fail_memory(w->error) : ATH_OK;
}
