/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparisons in words, and done.
 */
#include "comparing.h"

#include "engine/driver.h"
#include "migrate/ops.h"

#include <stdarg.h>

enum { LONG = 8000, TURNS = 4 };

static const char *const kinds[] = {
    [ATH_OPERATION_NOTHING] = "nothing",
    [ATH_OPERATION_CREATE_TABLE] = "create_table",
    [ATH_OPERATION_DROP_TABLE] = "drop_table",
    [ATH_OPERATION_RENAME_TABLE] = "rename_table",
    [ATH_OPERATION_ADD_COLUMN] = "add_column",
    [ATH_OPERATION_DROP_COLUMN] = "drop_column",
    [ATH_OPERATION_ALTER_COLUMN] = "alter_column",
    [ATH_OPERATION_CREATE_INDEX] = "create_index",
    [ATH_OPERATION_DROP_INDEX] = "drop_index",
    [ATH_OPERATION_RENAME_INDEX] = "rename_index",
    [ATH_OPERATION_ADD_CONSTRAINT] = "add_constraint",
    [ATH_OPERATION_DROP_CONSTRAINT] = "drop_constraint",
    [ATH_OPERATION_RENAME_CONSTRAINT] = "rename_constraint",
    [ATH_OPERATION_TABLE_COMMENT] = "table_comment",
    [ATH_OPERATION_CREATE_ENUM] = "create_enum",
    [ATH_OPERATION_DROP_ENUM] = "drop_enum",
    [ATH_OPERATION_ADD_ENUM_VALUE] = "add_enum_value",
    [ATH_OPERATION_CREATE_SEQUENCE] = "create_sequence",
    [ATH_OPERATION_DROP_SEQUENCE] = "drop_sequence",
    [ATH_OPERATION_CREATE_SCHEMA] = "create_schema",
    [ATH_OPERATION_DROP_SCHEMA] = "drop_schema",
    [ATH_OPERATION_EXECUTE] = "execute",
    [ATH_OPERATION_BULK_INSERT] = "bulk_insert",
    [ATH_OPERATION_RENAME_ENUM] = "rename_enum",
    [ATH_OPERATION_TABLE_OPTIONS] = "alter_options",
    [ATH_OPERATION_ALTER_SEQUENCE] = "alter_sequence",
};

typedef struct text {
    char *to;
    size_t size, used;
} text;

static void say(text *t, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void say(text *t, const char *format, ...) {
    va_list args;
    if (t->used >= t->size)
        return;
    va_start(args, format);
    t->used += (size_t)vsnprintf(t->to + t->used, t->size - t->used, format, args);
    va_end(args);
}

static void say_alter(text *t, const ath_alter_opts *a) {
    say(t, "%s%s%s", a->new_name ? " to " : "", a->new_name ? a->new_name : "",
        a->type.sql != ATH_SQL_INFER && !a->collation ? " type" : "");
    say(t, "%s", a->nullable == ATH_YES ? " null" : a->nullable == ATH_NO ? " not_null" : "");
    say(t, "%s", a->server_default ? " default" : a->drop_server_default ? " drop_default" : "");
    say(t, "%s", a->comment ? " comment" : a->drop_comment ? " drop_comment" : "");
    say(t, "%s", a->autoincrement == ATH_YES ? " number" : a->autoincrement == ATH_NO ? " no_number" : "");
    say(t, "%s", a->identity ? " identity" : a->drop_identity ? " drop_identity" : "");
    say(t, "%s", a->computed ? " computed" : a->drop_computed ? " drop_computed" : "");
    say(t, "%s%s", a->collation ? " collation " : "", a->collation ? a->collation : "");
}

static const char *constraint_word(ath_constraint_kind kind) {
    static const char *const words[] = {"", "unique", "check", "foreign_key", "primary_key", "exclude"};
    return (size_t)kind < TEST_COUNT(words) ? words[kind] : "?";
}

static void say_object(text *t, const ath_operation *o) {
    const char *name = o->name ? o->name : o->type_name ? o->type_name : "-";
    if (o->kind == ATH_OPERATION_ADD_CONSTRAINT || o->kind == ATH_OPERATION_DROP_CONSTRAINT)
        say(t, " %s", constraint_word(o->constraint));
    say(t, " %s%s%s", o->table ? o->table : "", o->table ? "." : "", name);
}

void change_words(const ath__change *change, char *out, size_t size) {
    text t = {out, size, 0};
    const ath_operation *o = &change->operation;
    say(&t, "%s%s", change->held ? "# " : "", kinds[o->kind]);
    switch (o->kind) {
    case ATH_OPERATION_CREATE_TABLE:
        say(&t, " %s (", o->table);
        for (size_t i = 0; i < o->item_count; i++)
            if (o->items[i].column)
                say(&t, "%s%s", i ? ", " : "", o->items[i].name);
        say(&t, ")");
        break;
    case ATH_OPERATION_DROP_TABLE:
    case ATH_OPERATION_TABLE_COMMENT:
    case ATH_OPERATION_TABLE_OPTIONS:
        say(&t, " %s", o->table);
        break;
    case ATH_OPERATION_RENAME_TABLE:
        say(&t, " %s to %s", o->table, o->new_name);
        break;
    default:
        say_object(&t, o);
        if (o->alter)
            say_alter(&t, o->alter);
    }
}

const char *changes_words(const ath__changes *changes) {
    static char out[TURNS][LONG];
    static unsigned turn;
    text t = {out[turn++ % TURNS], LONG, 0};
    t.to[0] = '\0';
    for (size_t i = 0; i < changes->count && t.used < t.size; i++) {
        say(&t, "%s", i ? "; " : "");
        char one[LONG / 4];
        change_words(&changes->items[i], one, sizeof one);
        say(&t, "%s", one);
    }
    return t.to;
}

const char *compared(ath_connection *c, const ath_metadata *md, ath__compare_opts opts) {
    static char failed[TURNS][700];
    static unsigned turn;
    ath__changes changes;
    ath_error error = {0};
    const char *words;
    if (ath__compare(c, md, &opts, &changes, &error) == ATH_OK) {
        words = changes_words(&changes);
    } else {
        char *to = failed[turn++ % TURNS];
        snprintf(to, sizeof failed[0], "! %s", error.message);
        words = to;
    }
    ath__changes_done(&changes);
    return words;
}

/* ---- doing it ---- */

static ath_status begin(void *context, const ath_operation *operation, const char *sql, bool *skip, ath_error *error) {
    (void)context, (void)operation, (void)sql, (void)error;
    *skip = false;
    return ATH_OK;
}

static ath_status run(void *context, const ath__op_statement *statements, size_t count, ath_error *error) {
    for (size_t i = 0; i < count; i++) {
        ath_status status = ath__op_statement_run(context, &statements[i], error);
        if (status != ATH_OK) {
            printf("# %s\n", statements[i].sql);
            return status;
        }
    }
    return ATH_OK;
}

static bool do_all(ath_connection *c, const ath_naming *naming, const ath__change *items, size_t count) {
    ath_error error = {0};
    ath_ops *op = ath__ops_new(&(ath__ops_opts){.allocator = &ath__malloc_allocator,
                                                .backend = c->engine->backend,
                                                .dialect = c->dialect,
                                                .naming = naming,
                                                .connection = c,
                                                .sink = {.context = c, .begin = begin, .run = run}},
                               &error);
    ath_status status = op ? ATH_OK : ATH_NO_MEMORY;
    for (size_t i = 0; i < count && status == ATH_OK; i++) {
        if (items[i].held || items[i].operation.kind == ATH_OPERATION_NOTHING)
            continue;
        status = ath_op_invoke(op, &items[i].operation);
        if (status != ATH_OK) {
            char words[LONG / 4];
            change_words(&items[i], words, sizeof words);
            printf("# %s\n", words);
        }
    }
    if (op && ath__ops_finish(op, &error) != ATH_OK)
        printf("# %s\n", error.message);
    ath__ops_free(op);
    return status == ATH_OK;
}

bool changes_done(ath_connection *c, const ath_naming *naming, const ath__change *items, size_t count) {
    const ath__alterer *alterer = c->engine->backend->alterer;
    void *state = NULL;
    ath_error error = {0};
    if (ath_connection_in_transaction(c))
        ath_commit(c);
    if (alterer && alterer->begin_changes && alterer->begin_changes(c, &state, &error) != ATH_OK)
        printf("# %s\n", error.message);
    bool done = ath_connection_begin(c) == ATH_OK && do_all(c, naming, items, count);
    if (ath_connection_in_transaction(c))
        done = (done ? ath_commit(c) : ath_rollback(c)) == ATH_OK && done;
    if (alterer && alterer->end_changes)
        alterer->end_changes(c, state);
    return done;
}

bool apply_changes(ath_connection *c, const ath_metadata *md, ath__compare_opts opts) {
    ath__changes changes;
    ath_error error = {0};
    bool done = ath__compare(c, md, &opts, &changes, &error) == ATH_OK;
    if (!done)
        printf("# %s\n", error.message);
    done = done && changes_done(c, md->naming, changes.items, changes.count);
    ath__changes_done(&changes);
    return done;
}
