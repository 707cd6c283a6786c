/* SPDX-License-Identifier: Apache-2.0
 *
 * Goldens of autogenerate: {"before_sql": {"sqlite": [...]}, "after_model": [...], "sqlite": {"ops": [...]}}.
 *
 * On each database that is there (ATHANOR_TEST_POSTGRESQL, ATHANOR_TEST_MYSQL: URLs of a superuser; SQLite always) the
 * state before is made, the model compared with it, and what comes of it held against Alembic's operations; then it is
 * done, and a second comparison must find nothing.  Where we see more than Alembic does (docs/goldens.md) there may be
 * operations of the kinds named in `is_more`, but never where model and database are the same, and none that is not
 * needed: without it the rest fails, or leaves another schema.
 */
#include "autogen.h"

#include "engine/driver.h"
#include "migrate/compare.h"
#include "migrate/ops.h"
#include "migrate/render.h"

#include <unistd.h>

enum { MOST_OPS = 64, LINE = 600 };

typedef struct lines {
    char text[MOST_OPS][LINE];
    bool more[MOST_OPS];     /* may be missing in Alembic's answer */
    size_t change[MOST_OPS]; /* ours: its place in the list of changes */
    size_t count;
} lines;

/* ---- our answer in words ---- */

static void type_text(const ath_dialect *d, const ath_type *type, char *out, size_t size) {
    ath_error ignored;
    ath__buf text;
    ath__buf_init(&text, &ath__malloc_allocator);
    ath__dialect_type(d, type, &text, &ignored);
    snprintf(out, size, "%s", ath__buf_text(&text));
    ath__buf_done(&text);
}

static void alter_words(const ath_dialect *d, const ath_operation *o, char *out, size_t size) {
    const ath_alter_opts *a = o->alter;
    char type[200] = "";
    bool typed = a->type.sql != ATH_SQL_INFER;
    if (typed)
        type_text(d, &a->type, type, sizeof type);
    snprintf(out, size, "alter_column %s %s%s%s%s%s%s%s", o->table, o->name,
             a->nullable == ATH_NO    ? " not null"
             : a->nullable == ATH_YES ? " null"
                                      : "",
             typed ? " type " : "", type,
             a->server_default        ? " default"
             : a->drop_server_default ? " no default"
                                      : "",
             a->comment        ? " comment "
             : a->drop_comment ? " no comment"
                               : "",
             a->comment ? a->comment : "");
}

static const char *constraint_type(ath_constraint_kind kind) {
    return kind == ATH_CONSTRAINT_UNIQUE        ? "unique"
           : kind == ATH_CONSTRAINT_FOREIGN_KEY ? "foreignkey"
           : kind == ATH_CONSTRAINT_CHECK       ? "check"
           : kind == ATH_CONSTRAINT_PRIMARY_KEY ? "primary"
                                                : "exclude";
}

static void columns_of(const ath_operation *o, char *out, size_t size) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < o->item_count && used < size; i++)
        if (o->items[i].column)
            used += (size_t)snprintf(out + used, size - used, "%s%s", used ? ", " : "", o->items[i].name);
}

static void parts_of(const ath_operation *o, char *out, size_t size) {
    size_t used = 0;
    ath_part_list list = o->items[0].parts;
    out[0] = '\0';
    for (size_t i = 0; i < list.count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s%s", i ? ", " : "",
                                 list.parts[i].column ? list.parts[i].column : "?", list.parts[i].desc ? " DESC" : "");
}

static void names_of(ath_name_list list, char *out, size_t size) {
    size_t used = 0;
    out[0] = '\0';
    for (size_t i = 0; i < list.count && used < size; i++)
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", list.names[i]);
}

static void constraint_words(const ath_operation *o, char *out, size_t size) {
    const char *name = o->name ? o->name : "-";
    char columns[LINE / 2] = "";
    if (o->kind == ATH_OPERATION_DROP_CONSTRAINT) {
        snprintf(out, size, "drop_constraint %s %s %s", o->table, name, constraint_type(o->constraint));
    } else if (o->constraint == ATH_CONSTRAINT_UNIQUE) {
        names_of(o->items[0].constraint->columns, columns, sizeof columns);
        snprintf(out, size, "create_unique_constraint %s %s (%s)", o->table, name, columns);
    } else {
        snprintf(out, size, "create_%s %s %s",
                 o->constraint == ATH_CONSTRAINT_FOREIGN_KEY   ? "foreign_key"
                 : o->constraint == ATH_CONSTRAINT_PRIMARY_KEY ? "primary_key"
                                                               : "check_constraint",
                 o->table, name);
    }
}

static void words(const ath_dialect *d, const ath_operation *o, char *out, size_t size) {
    char list[LINE / 2] = "";
    switch (o->kind) {
    case ATH_OPERATION_CREATE_TABLE:
        columns_of(o, list, sizeof list);
        snprintf(out, size, "create_table %s (%s)", o->table, list);
        break;
    case ATH_OPERATION_DROP_TABLE:
        snprintf(out, size, "drop_table %s", o->table);
        break;
    case ATH_OPERATION_ADD_COLUMN:
        snprintf(out, size, "add_column %s %s", o->table, o->name);
        break;
    case ATH_OPERATION_DROP_COLUMN:
        snprintf(out, size, "drop_column %s %s", o->table, o->name);
        break;
    case ATH_OPERATION_ALTER_COLUMN:
        alter_words(d, o, out, size);
        break;
    case ATH_OPERATION_CREATE_INDEX:
        parts_of(o, list, sizeof list);
        snprintf(out, size, "create_index %s %s (%s)%s", o->table, o->name, list,
                 o->items[0].index->unique ? " unique" : "");
        break;
    case ATH_OPERATION_DROP_INDEX:
        snprintf(out, size, "drop_index %s %s", o->table, o->name);
        break;
    case ATH_OPERATION_ADD_CONSTRAINT:
    case ATH_OPERATION_DROP_CONSTRAINT:
        constraint_words(o, out, size);
        break;
    case ATH_OPERATION_TABLE_COMMENT:
        snprintf(out, size, "%s %s", o->text ? "create_table_comment" : "drop_table_comment", o->table);
        break;
    default:
        snprintf(out, size, "operation %d %s", (int)o->kind, o->name ? o->name : "");
    }
}

/* What Alembic does not see, or does in the same breath as something else. */
static bool is_more(const ath_operation *o) {
    bool key = o->kind == ATH_OPERATION_ADD_CONSTRAINT || o->kind == ATH_OPERATION_DROP_CONSTRAINT;
    return o->kind == ATH_OPERATION_CREATE_ENUM || o->kind == ATH_OPERATION_DROP_ENUM ||
           o->kind == ATH_OPERATION_ADD_ENUM_VALUE || o->kind == ATH_OPERATION_CREATE_SCHEMA ||
           o->kind == ATH_OPERATION_ALTER_COLUMN || o->kind == ATH_OPERATION_DROP_INDEX ||
           o->kind == ATH_OPERATION_CREATE_INDEX || o->kind == ATH_OPERATION_CREATE_SEQUENCE ||
           (key && o->constraint != ATH_CONSTRAINT_UNIQUE);
}

/* ---- Alembic's answer in words ---- */

static void expected_alter(const ath_dialect *d, ath__arena *arena, const json_t *op, char *out, size_t size) {
    const json_t *type = json_object_get(op, "type"), *value = json_object_get(op, "server_default");
    const json_t *nullable = json_object_get(op, "nullable"), *comment = json_object_get(op, "comment");
    char text[200] = "";
    if (type) {
        const ath_type wanted = autogen_type(arena, type, ath__dialect_ddl(d, ATH__DDL_MYSQL_OPTIONS));
        type_text(d, &wanted, text, sizeof text);
    }
    snprintf(out, size, "alter_column %s %s%s%s%s%s%s%s", golden_text(op, "table_name"), golden_text(op, "column_name"),
             json_is_false(nullable)  ? " not null"
             : json_is_true(nullable) ? " null"
                                      : "",
             type ? " type " : "", text,
             !value                ? ""
             : json_is_null(value) ? " no default"
                                   : " default",
             !comment                ? ""
             : json_is_null(comment) ? " no comment"
                                     : " comment ",
             json_is_string(comment) ? json_string_value(comment) : "");
}

/* "t.a" is a. */
static void expected_columns(const json_t *op, const char *table, char *out, size_t size) {
    const json_t *list = json_object_get(op, "columns");
    size_t used = 0, prefix = table ? strlen(table) : 0;
    out[0] = '\0';
    for (size_t i = 0; i < json_array_size(list) && used < size; i++) {
        const char *name = json_string_value(json_array_get(list, i));
        if (name && table && strncmp(name, table, prefix) == 0 && name[prefix] == '.')
            name += prefix + 1;
        used += (size_t)snprintf(out + used, size - used, "%s%s", i ? ", " : "", name ? name : "?");
    }
}

static void expected_words(const ath_dialect *d, ath__arena *arena, const json_t *op, char *out, size_t size) {
    const char *what = golden_text(op, "op"), *table = golden_text(op, "table_name");
    const char *name = golden_text(op, "constraint_name");
    char list[LINE / 2];
    table = table ? table : golden_text(op, "source_table");
    expected_columns(op, table, list, sizeof list);
    if (strcmp(what, "create_table") == 0)
        snprintf(out, size, "%s %s (%s)", what, table, list);
    else if (strcmp(what, "create_index") == 0)
        snprintf(out, size, "%s %s %s (%s)%s", what, table, golden_text(op, "index_name"), list,
                 json_is_true(json_object_get(op, "unique")) ? " unique" : "");
    else if (strcmp(what, "drop_index") == 0)
        snprintf(out, size, "%s %s %s", what, table, golden_text(op, "index_name"));
    else if (strcmp(what, "add_column") == 0 || strcmp(what, "drop_column") == 0)
        snprintf(out, size, "%s %s %s", what, table, golden_text(op, "column_name"));
    else if (strcmp(what, "alter_column") == 0)
        expected_alter(d, arena, op, out, size);
    else if (strcmp(what, "create_unique_constraint") == 0)
        snprintf(out, size, "%s %s %s (%s)", what, table, name ? name : "-", list);
    else if (strcmp(what, "drop_constraint") == 0)
        snprintf(out, size, "%s %s %s %s", what, table, name ? name : "-", golden_text(op, "type"));
    else if (strcmp(what, "drop_table") == 0 || strstr(what, "table_comment"))
        snprintf(out, size, "%s %s", what, table);
    else
        snprintf(out, size, "%s %s %s", what, table, name ? name : "-");
}

/* ---- one database ---- */

/* A case on one of them: as engines call it, and as the case does. */
typedef struct trial {
    const json_t *the_case;
    const char *engine, *member;
} trial;

typedef struct place {
    ath_engine *server, *db;
    ath_connection *admin, *c;
    char name[64];
} place;

static ath_status run_text(ath_connection *c, const char *sql, ath__buf *why) {
    ath_status status = ath__run_text(c, sql, NULL);
    if (status != ATH_OK)
        ath__buf_printf(why, "%s: %s", sql, ath_connection_error(c)->message);
    return status;
}

static bool open_place(place *p, const char *engine, ath__buf *why) {
    static int number;
    ath_error error = {0};
    char sql[200], url[512];
    const char *server = getenv(strcmp(engine, "postgresql") == 0 ? "ATHANOR_TEST_POSTGRESQL" : "ATHANOR_TEST_MYSQL");
    if (strcmp(engine, "sqlite") == 0) {
        p->db = ath_engine_open("sqlite://");
        p->c = p->db ? ath_connect(p->db, &error) : NULL;
        return p->c != NULL;
    }
    snprintf(p->name, sizeof p->name, "golden_%d_%d", (int)getpid(), ++number);
    p->server = ath_engine_open(server);
    p->admin = p->server ? ath_connect(p->server, &error) : NULL;
    snprintf(sql, sizeof sql, "CREATE DATABASE %s", p->name);
    if (!p->admin) {
        ath__buf_printf(why, "%s: %s", server, error.message);
        return false;
    }
    if (run_text(p->admin, sql, why) != ATH_OK)
        return false;
    size_t base = (size_t)(strrchr(server, '/') - server);
    snprintf(url, sizeof url, "%.*s/%s", (int)base, server, p->name);
    p->db = ath_engine_open(url);
    p->c = p->db ? ath_connect(p->db, &error) : NULL;
    if (!p->c)
        ath__buf_printf(why, "%s: %s", url, error.message);
    return p->c != NULL;
}

static void close_place(place *p) {
    char sql[200];
    ath__buf ignored;
    ath__buf_init(&ignored, &ath__malloc_allocator);
    ath_connection_close(p->c);
    if (p->db)
        ath_engine_close(p->db);
    if (p->admin && *p->name) {
        snprintf(sql, sizeof sql, "DROP DATABASE IF EXISTS %s", p->name);
        run_text(p->admin, sql, &ignored);
    }
    ath_connection_close(p->admin);
    if (p->server)
        ath_engine_close(p->server);
    ath__buf_done(&ignored);
}

static ath_status begin(void *context, const ath_operation *operation, const char *sql, bool *skip, ath_error *error) {
    (void)context, (void)operation, (void)sql, (void)error;
    *skip = false;
    return ATH_OK;
}

static ath_status run(void *context, const ath__op_statement *statements, size_t count, ath_error *error) {
    ath_status status = ATH_OK;
    for (size_t i = 0; status == ATH_OK && i < count; i++)
        status = ath__op_statement_run(context, &statements[i], error);
    return status;
}

/* Does the list, but for those that `without` says (NULL: none). */
static bool apply(place *p, const ath_metadata *md, const ath__changes *changes, const bool *without, ath__buf *why) {
    ath_error error = {0};
    ath_ops *op = ath__ops_new(&(ath__ops_opts){.allocator = &ath__malloc_allocator,
                                                .backend = p->c->engine->backend,
                                                .dialect = p->c->dialect,
                                                .naming = md->naming,
                                                .connection = p->c,
                                                .sink = {.context = p->c, .begin = begin, .run = run}},
                               &error);
    for (size_t i = 0; op && i < changes->count; i++)
        if (!(without && without[i]) && ath_op_invoke(op, &changes->items[i].operation) != ATH_OK)
            break;
    if (op && ath__ops_finish(op, &error) != ATH_OK)
        ath__buf_printf(why, "cannot be done: %s", error.message);
    ath__ops_free(op);
    if (ath_connection_in_transaction(p->c))
        ath_connection_commit(p->c);
    return error.status == ATH_OK;
}

/* ---- holding one against the other ---- */

static bool is_drop_of(const lines *l, const char *line, const char *before) {
    char table[100], name[200];
    if (sscanf(line, "drop_index %99s %199s", table, name) != 2)
        return false;
    snprintf(name, sizeof name, "drop_table %s", table);
    for (size_t i = 0; i < l->count; i++)
        if (strcmp(l->text[i], name) == 0)
            return true;
    (void)before;
    return false;
}

/* The indexes of a table that goes need not be dropped by themselves. */
static void without_needless(lines *l) {
    size_t left = 0;
    for (size_t i = 0; i < l->count; i++) {
        if (is_drop_of(l, l->text[i], NULL))
            continue;
        if (left != i)
            memcpy(l->text[left], l->text[i], LINE);
        l->change[left] = l->change[i];
        l->more[left++] = l->more[i];
    }
    l->count = left;
}

/* Where a UNIQUE is an index either word will do. */
static bool same_line(const char *ours, const char *theirs) {
    char table[100], name[200], other[LINE];
    if (strcmp(ours, theirs) == 0)
        return true;
    size_t same = 0; /* what has no name there has one here */
    while (ours[same] && ours[same] == theirs[same])
        same++;
    if (theirs[same] == '-' && same && theirs[same - 1] == ' ')
        return strcmp(ours + same + strcspn(ours + same, " "), theirs + same + 1) == 0;
    if (sscanf(theirs, "drop_index %99s %199s", table, name) != 2)
        return false;
    snprintf(other, sizeof other, "drop_constraint %s %s unique", table, name);
    return strcmp(ours, other) == 0;
}

static void print(ath__buf *why, const char *what, const lines *l) {
    ath__buf_printf(why, " %s:", what);
    for (size_t i = 0; i < l->count; i++)
        ath__buf_printf(why, " [%s]", l->text[i]);
}

/* `extra`, by the changes' places: what Alembic has not. */
static bool hold(const lines *ours, const lines *theirs, bool more, bool *extra, ath__buf *why) {
    size_t at = 0;
    bool good = true;
    for (size_t i = 0; i < ours->count && good; i++) {
        if (at < theirs->count && same_line(ours->text[i], theirs->text[at]))
            at++;
        else
            good = extra[ours->change[i]] = more && ours->more[i];
    }
    good = good && at == theirs->count;
    if (!good) {
        print(why, "ours", ours);
        print(why, "theirs", theirs);
    }
    return good;
}

/* ---- a case on a database ---- */

static bool include(void *context, const ath__object *o) {
    const char *left_out = context;
    return !left_out || o->what != ATH__COMPARED_TABLE || strcmp(o->name, left_out) != 0;
}

/* The table that "not (type_ == 'table' and name == 'skipme')" leaves out. */
static const char *left_out(const json_t *options, char *out, size_t size) {
    const char *text = golden_text(options, "include_object");
    const char *at = text ? strstr(text, "name == '") : NULL;
    snprintf(out, size, "%s", at ? at + 9 : "");
    out[strcspn(out, "'")] = '\0';
    return *out ? out : NULL;
}

/* The schema as SQL. */
static bool snapshot(place *p, ath__buf *out) {
    static const ath_metadata nothing = {.name = "nothing"};
    static const ath__compare_opts all = {.allow_drop = true, .no_scratch = true};
    ath__changes gone;
    ath__change *made;
    ath_error error = {0};
    bool good = ath__compare(p->c, &nothing, &all, &gone, &error) == ATH_OK &&
                ath__changes_inverse(gone.items, gone.count, &gone.arena, &made, &error) == ATH_OK &&
                ath__render_sql(out, made, gone.count, p->c->engine->backend, NULL, NULL, &error) == ATH_OK;
    if (!good)
        ath__buf_printf(out, "! %s", error.message);
    ath__changes_done(&gone);
    return good;
}

static bool make_before(place *p, const trial *t, ath__buf *why) {
    const json_t *before = json_object_get(json_object_get(t->the_case, "before_sql"), t->member);
    bool good = open_place(p, t->engine, why);
    for (size_t i = 0; good && i < json_array_size(before); i++)
        good = run_text(p->c, json_string_value(json_array_get(before, i)), why) == ATH_OK;
    if (good && ath_connection_in_transaction(p->c))
        ath_connection_commit(p->c);
    return good;
}

/* Whether the list without some of its operations fails, or leaves another schema: in a database of its own. */
static bool are_needed(const trial *t, const ath_metadata *md, const ath__changes *changes, const bool *without,
                       const char *whole, ath__buf *why) {
    place other = {0};
    ath__buf failure, after;
    ath__buf_init(&failure, &ath__malloc_allocator);
    ath__buf_init(&after, &ath__malloc_allocator);
    bool made = make_before(&other, t, why);
    bool needed = made && (!apply(&other, md, changes, without, &failure) || !snapshot(&other, &after) ||
                           strcmp(ath__buf_text(&after), whole) != 0);
    close_place(&other);
    ath__buf_done(&failure);
    ath__buf_done(&after);
    return needed;
}

/* What Alembic has not must be needed: all of it together, and each by itself. */
static bool extras_needed(place *p, const trial *t, const ath_metadata *md, const ath__changes *changes,
                          const bool *extra, ath__buf *why) {
    bool one[MOST_OPS] = {false}, any = false, good = true;
    ath__buf whole;
    for (size_t i = 0; i < changes->count && i < MOST_OPS; i++)
        any = any || extra[i];
    if (!any)
        return true;
    ath__buf_init(&whole, &ath__malloc_allocator);
    good = snapshot(p, &whole) && are_needed(t, md, changes, extra, ath__buf_text(&whole), why);
    if (!good)
        ath__buf_str(why, " operations that Alembic has not are not needed");
    for (size_t i = 0; good && i < changes->count && i < MOST_OPS; i++) {
        if (!extra[i])
            continue;
        char line[LINE];
        one[i] = true;
        good = are_needed(t, md, changes, one, ath__buf_text(&whole), why);
        one[i] = false;
        words(p->c->dialect, &changes->items[i].operation, line, sizeof line);
        if (!good)
            ath__buf_printf(why, " not needed: [%s]", line);
    }
    ath__buf_done(&whole);
    return good;
}

static void gather(place *p, const json_t *expected, autogen_model *m, const ath__changes *changes, lines *ours,
                   lines *theirs) {
    const json_t *ops = json_object_get(expected, "ops");
    ours->count = theirs->count = 0;
    for (size_t i = 0; i < json_array_size(ops) && i < MOST_OPS; i++)
        expected_words(p->c->dialect, &m->arena, json_array_get(ops, i), theirs->text[theirs->count++], LINE);
    for (size_t i = 0; i < changes->count && i < MOST_OPS; i++) {
        if (changes->items[i].operation.kind == ATH_OPERATION_NOTHING)
            continue;
        ours->more[ours->count] = is_more(&changes->items[i].operation);
        ours->change[ours->count] = i;
        words(p->c->dialect, &changes->items[i].operation, ours->text[ours->count++], LINE);
    }
    without_needless(ours);
    without_needless(theirs);
}

static bool find_nothing(place *p, autogen_model *m, const ath__compare_opts *o, ath__buf *why) {
    ath__changes changes;
    ath_error error = {0};
    bool good = ath__compare(p->c, &m->metadata, o, &changes, &error) == ATH_OK && changes.count == 0;
    if (!good) {
        char line[LINE] = "";
        if (changes.count)
            words(p->c->dialect, &changes.items[0].operation, line, sizeof line);
        ath__buf_printf(why, " the second comparison finds: %s%s", line, error.message);
    }
    ath__changes_done(&changes);
    return good;
}

static bool compare(place *p, const trial *t, autogen_model *m, ath__buf *why) {
    const json_t *options = json_object_get(t->the_case, "options");
    char skipped[100];
    const ath__compare_opts o = {.allow_drop = true,
                                 .no_types = json_is_false(json_object_get(options, "compare_type")),
                                 .no_defaults = !json_is_true(json_object_get(options, "compare_server_default")),
                                 .include = include,
                                 .context = (void *)(uintptr_t)left_out(options, skipped, sizeof skipped)};
    bool more = strcmp(golden_text(t->the_case, "before_python"), golden_text(t->the_case, "after_python")) != 0;
    static lines ours, theirs;
    bool extra[MOST_OPS] = {false};
    ath__changes changes;
    ath_error error = {0};
    if (ath__compare(p->c, &m->metadata, &o, &changes, &error) != ATH_OK) {
        ath__buf_printf(why, " the comparison fails: %s", error.message);
        ath__changes_done(&changes);
        return false;
    }
    gather(p, json_object_get(t->the_case, t->member), m, &changes, &ours, &theirs);
    bool good = changes.count <= MOST_OPS && hold(&ours, &theirs, more, extra, why) &&
                apply(p, &m->metadata, &changes, NULL, why) && find_nothing(p, m, &o, why) &&
                extras_needed(p, t, &m->metadata, &changes, extra, why);
    ath__changes_done(&changes);
    return good;
}

static bool run_on(const trial *t, ath__buf *why) {
    place p = {0};
    autogen_model m = {0};
    const char *mistake = autogen_model_make(&m, t->the_case, strcmp(t->engine, "mysql") == 0);
    if (*mistake)
        ath__buf_printf(why, " %s", mistake);
    bool good = make_before(&p, t, why) && !*mistake && compare(&p, t, &m, why);
    autogen_model_done(&m);
    close_place(&p);
    return good;
}

/* Without a server a case is told to be skipped there, and fails where servers must be. */
static bool is_skipped(const trial *t, const char *variable, ath__buf *why) {
    const char *must = getenv("ATHANOR_TEST_REQUIRE_SERVERS");
    if (!variable || getenv(variable))
        return false;
    if (must && strcmp(must, "1") == 0)
        ath__buf_printf(why, "%s%s: %s names no server", why->size ? "; " : "", t->member, variable);
    else
        printf("ok %s on %s # SKIP %s names no server\n", golden_text(t->the_case, "id"), t->member, variable);
    return true;
}

static bool run_case(const json_t *the_case, ath__buf *why) {
    static const char *const engines[][3] = {{"sqlite", "sqlite", NULL},
                                             {"postgresql", "postgresql", "ATHANOR_TEST_POSTGRESQL"},
                                             {"mysql", "mariadb", "ATHANOR_TEST_MYSQL"}};
    for (size_t i = 0; i < ATH_COUNT_OF(engines); i++) {
        const trial t = {the_case, engines[i][0], engines[i][1]};
        if (!json_is_object(json_object_get(the_case, t.member)) || is_skipped(&t, engines[i][2], why))
            continue;
        ath__buf one;
        ath__buf_init(&one, &ath__malloc_allocator);
        if (!run_on(&t, &one))
            ath__buf_printf(why, "%s%s:%s", why->size ? "; " : "", t.member, ath__buf_text(&one));
        ath__buf_done(&one);
    }
    return !why->size;
}

const golden_kind golden_autogen = {.name = "autogen", .marks = {"after_model", "before_sql"}, .run = run_case};
