/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: what constraints and indexes are called: SQLAlchemy's naming conventions, and its way to cut names that
 * are too long for a database (given names are refused instead).
 */
#include "sql/ddl.h"

#include <ctype.h>
#include <stdlib.h>

/* What a template's tokens speak of. */
typedef struct subject {
    const ath_table *table;
    const ath__constraint *constraint; /* NULL: an index */
    ath_name_list columns;
    const char *given;
} subject;

/* ---- tokens ---- */

static void add_label(const ath_table *t, const char *column, ath__buf *out) {
    if (t->opts.schema)
        ath__buf_printf(out, "%s_", t->opts.schema);
    ath__buf_printf(out, "%s_%s", t->name, column);
}

/* One column's part of a name; `what` is "name", "key" or "label". */
static bool add_column(const subject *s, ath_name_list columns, size_t i, const char *what, ath__buf *out) {
    if (i >= columns.count)
        return true; /* as there: nothing */
    if (strcmp(what, "name") == 0 || strcmp(what, "key") == 0)
        ath__buf_str(out, columns.names[i]);
    else if (strcmp(what, "label") == 0)
        add_label(s->table, columns.names[i], out);
    else
        return false;
    return true;
}

/* "column_0_name", "column_0N_name" (all, joined), "column_0_N_name" (joined by _); referred_column_... alike. */
static bool add_columns(const subject *s, const char *token, ath__buf *out) {
    bool referred = strncmp(token, "referred_", 9) == 0;
    const char *at = token + (referred ? 9 : 0);
    if (strncmp(at, "column_", 7) != 0 || !isdigit((unsigned char)at[7]) || (referred && !s->constraint))
        return false;
    ath_name_list columns = referred ? s->constraint->target_columns : s->columns;
    char *end;
    size_t i = strtoul(at + 7, &end, 10);
    bool joined = strncmp(end, "_N_", 3) == 0, all = joined || strncmp(end, "N_", 2) == 0;
    const char *what = end + (joined ? 3 : all ? 2 : 1);
    if (!all)
        return *end == '_' && add_column(s, columns, i, what, out);
    for (size_t k = 0; k < columns.count; k++) {
        ath__buf_str(out, k && joined ? "_" : "");
        if (!add_column(s, columns, k, what, out))
            return false;
    }
    return true;
}

static bool add_token(const subject *s, const char *token, ath__buf *out) {
    if (strcmp(token, "table_name") == 0)
        ath__buf_str(out, s->table->name);
    else if (strcmp(token, "constraint_name") == 0)
        ath__buf_str(out, s->given);
    else if (strcmp(token, "referred_table_name") == 0 && s->constraint && s->constraint->target)
        ath__buf_str(out, s->constraint->target);
    else
        return add_columns(s, token, out);
    return true;
}

static ath_status expand(const char *template, const subject *s, ath__buf *out, ath_error *error) {
    for (const char *c = template; *c; c++) {
        char token[64];
        size_t size = strcspn(c, ")");
        if (c[0] != '%') {
            ath__buf_char(out, *c);
        } else if (c[1] == '%') {
            ath__buf_char(out, *c++);
        } else if (c[1] == '(' && c[size] && c[size + 1] == 's' && size - 2 < sizeof token) {
            memcpy(token, c + 2, size - 2);
            token[size - 2] = 0;
            if (strcmp(token, "constraint_name") == 0 && !s->given)
                return ath__fail(error, ATH_ARGUMENT,
                                 "a naming convention with %%(constraint_name)s requires that the constraint of table "
                                 "%s is explicitly named",
                                 s->table->name);
            if (!add_token(s, token, out))
                return ath__fail(error, ATH_ARGUMENT, "a naming convention has no token %%(%s)s here", token);
            c += size + 1;
        } else {
            return ath__fail(error, ATH_ARGUMENT,
                             "'%s' is no naming convention: %% begins a token like %%(table_name)s", template);
        }
    }
    return ATH_OK;
}

/* ---- length ---- */

static size_t length_of(const ath_dialect *d, const char *name) {
    size_t size = strlen(name);
    return ath__dialect_ddl(d, ATH__DDL_NAME_CHARACTERS) ? ath__utf8_length(name, size) : size;
}

ath_status ath__ddl_check_name(ath__ddl *w, const char *name) {
    if (!*name)
        return ath__fail(w->error, ATH_ARGUMENT, "a name is empty");
    if (!ath__utf8_valid(name, strlen(name)))
        return ath__fail(w->error, ATH_ARGUMENT, "the name '%s' is not UTF-8", name);
    if (!w->dialect->max_name || length_of(w->dialect, name) <= w->dialect->max_name)
        return ATH_OK;
    return ath__fail(w->error, ATH_ARGUMENT, "identifier '%s' exceeds the maximum length of %u characters of %s", name,
                     w->dialect->max_name, w->dialect->title ? w->dialect->title : w->dialect->name);
}

/* The first max - 8 characters, and four digits that tell it from others. */
static void cut(const ath_dialect *d, ath__buf *name, size_t from) {
    char *text = name->data + from;
    size_t keep = d->max_name > 8 ? d->max_name - 8 : 0, at = 0;
    uint8_t digest[16];
    ath__md5(text, strlen(text), digest);
    for (size_t used = 0; text[at]; used++) {
        size_t next = at + 1;
        while (((unsigned char)text[next] & 0xC0) == 0x80)
            next++;
        used += ath__dialect_ddl(d, ATH__DDL_NAME_CHARACTERS) ? 0 : next - at - 1;
        if (used >= keep)
            break;
        at = next;
    }
    text[at] = 0;
    name->size = from + at;
    ath__buf_printf(name, "_%02x%02x", digest[14], digest[15]);
}

/* ---- names ---- */

static const char *template_of(const ath_naming *n, int kind) {
    if (!n)
        return NULL;
    switch (kind) {
    case ATH__UNIQUE:
        return n->uq;
    case ATH__CHECK:
        return n->ck;
    case ATH__FOREIGN_KEY:
        return n->fk;
    case ATH__PRIMARY_KEY:
        return n->pk;
    default:
        return NULL;
    }
}

static ath_status make_name(ath__ddl *w, const char *template, const subject *s, ath__buf *out) {
    size_t from = out->size;
    ATH_TRY(expand(template, s, out, w->error));
    if (out->failed || out->size == from)
        return ATH_OK;
    if (w->dialect->max_name && length_of(w->dialect, out->data + from) > w->dialect->max_name)
        cut(w->dialect, out, from);
    return ATH_OK;
}

static bool applies(const char *template, const char *given) {
    return template && (!given || strstr(template, "%(constraint_name)s"));
}

bool ath__ddl_is_named(const ath_naming *naming, const ath__constraint *c) {
    return c->name || template_of(naming, (int)c->kind);
}

ath_status ath__ddl_constraint_name(ath__ddl *w, const ath_table *table, const ath__constraint *c, ath__buf *name) {
    const char *template = template_of(w->naming, (int)c->kind);
    subject s = {.table = table, .constraint = c, .columns = c->columns, .given = c->name};
    if (c->of_type >= 0 && !c->name && template && strstr(template, "%(constraint_name)s"))
        return ATH_OK; /* the CHECK of a type that has no name has none */
    if (applies(template, c->name) && !c->exact_name)
        return make_name(w, template, &s, name);
    if (!c->name)
        return ATH_OK;
    ath__buf_str(name, c->name);
    return ath__ddl_check_name(w, c->name);
}

ath_status ath__ddl_index_name(ath__ddl *w, const ath_table *table, const ath__index *index, ath__buf *name) {
    const char *template = w->naming && w->naming->ix ? w->naming->ix : "ix_%(column_0_label)s";
    const char *given = index->generated ? NULL : index->name;
    subject s = {.table = table, .columns = index->columns, .given = given};
    if (index->generated || applies(template, given))
        return make_name(w, template, &s, name);
    if (!given)
        return ath__fail(w->error, ATH_ARGUMENT, "an index of table %s has no name", table->name);
    ath__buf_str(name, given);
    return ath__ddl_check_name(w, given);
}
