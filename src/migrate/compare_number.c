/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns that begin to be numbered, or cease to be, where the numbers come from a sequence that the default reads: what
 * SERIAL stands for when a table is created has to be done piece by piece behind that.
 */
#include "migrate/comparing.h"

bool ath__numbers_by_sequence(const ath__comparing *c) {
    return ath__compares_ddl(c, ATH__DDL_POSTGRESQL_OPTIONS);
}

typedef struct numbering {
    const char *table, *column;   /* quoted, the table behind its schema */
    const char *sequence, *value; /* the same; as a literal */
} numbering;

static void add_name(const ath__comparing *c, ath__buf *to, const char *schema, const char *name) {
    if (schema) {
        ath__dialect_name(c->dialect, to, schema);
        ath__buf_char(to, '.');
    }
    ath__dialect_name(c->dialect, to, name);
}

static const char *kept(ath__comparing *c, ath__buf *text) {
    const char *out = text->failed ? NULL : ath__arena_strn(c->arena, ath__buf_text(text), text->size);
    ath__buf_clear(text);
    return out;
}

/* The first bytes of a name, not cut within a character. */
static int fitting(const char *name, size_t most) {
    size_t size = strlen(name);
    if (size <= most)
        return (int)size;
    while (most && ((unsigned char)name[most] & 0xC0) == 0x80)
        most--;
    return (int)most;
}

/* "t_id_seq", as the database would call it. */
static const char *sequence_name(ath__comparing *c, const char *table, const char *column) {
    size_t room = c->dialect->max_name ? c->dialect->max_name - strlen("__seq") : 1000;
    size_t a = strlen(table), b = strlen(column);
    size_t of_table = a + b <= room || a <= room / 2 ? a : b < room / 2 ? room - b : room / 2;
    return ath__text_of(c, "%.*s_%.*s_seq", fitting(table, of_table), table, fitting(column, room - of_table), column);
}

static ath_status name_all(ath__comparing *c, const ath__pair *p, const ath__column *column, numbering *n) {
    const char *schema = p->wanted->opts.schema, *name = sequence_name(c, p->wanted->name, column->name);
    ath__buf text;
    if (!name)
        return ATH_NO_MEMORY;
    ath__buf_init(&text, c->arena->allocator);
    add_name(c, &text, schema, p->wanted->name);
    n->table = kept(c, &text);
    add_name(c, &text, NULL, column->name);
    n->column = kept(c, &text);
    add_name(c, &text, schema, name);
    n->sequence = kept(c, &text);
    ath__buf_char(&text, '\'');
    for (const char *s = n->sequence; s && *s; s++)
        ath__buf_str(&text, *s == '\'' ? "''" : (char[]){*s, '\0'});
    ath__buf_char(&text, '\'');
    n->value = kept(c, &text);
    ath__buf_done(&text);
    return n->table && n->column && n->sequence && n->value ? ATH_OK : ath__fail_memory(c->error);
}

/* A sequence that ceased to be used may be there still.  It goes on behind the greatest number there is. */
static ath_status begin(ath__comparing *c, const numbering *n, const ath_type *type) {
    const char *as = type->sql == ATH_SQL_SMALLINT ? " AS SMALLINT" : type->sql == ATH_SQL_INTEGER ? " AS INTEGER" : "";
    ATH_TRY(ath__add_text(
        c, ath__text_of(c, "CREATE SEQUENCE IF NOT EXISTS %s%s OWNED BY %s.%s", n->sequence, as, n->table, n->column),
        ath__text_of(c, "DROP SEQUENCE IF EXISTS %s", n->sequence)));
    ATH_TRY(ath__add_text(c,
                          ath__text_of(c, "SELECT setval(%s, (SELECT coalesce(max(%s), 0) + 1 FROM %s), false)",
                                       n->value, n->column, n->table),
                          ""));
    return ath__add_text(
        c, ath__text_of(c, "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT nextval(%s)", n->table, n->column, n->value),
        ath__text_of(c, "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", n->table, n->column));
}

ath_status ath__compare_numbering(ath__comparing *c, const ath__pair *p, const ath__column *wanted, const char *was) {
    numbering n = {0};
    ATH_TRY(name_all(c, p, wanted, &n));
    if (wanted->autoincrement)
        return begin(c, &n, &wanted->type);
    return ath__add_text(c, ath__text_of(c, "ALTER TABLE %s ALTER COLUMN %s DROP DEFAULT", n.table, n.column),
                         was ? ath__text_of(c, "ALTER TABLE %s ALTER COLUMN %s SET DEFAULT %s", n.table, n.column, was)
                             : "");
}
