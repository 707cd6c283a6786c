/* SPDX-License-Identifier: Apache-2.0
 *
 * Random histories: the database's rows and the session's memory are compared with the plain model; after a rollback,
 * memory with itself as it was.
 */
#include "play.h"

/* ---- rows ---- */

static size_t add_column(test_database on, char *sql, size_t size, size_t n, const char *column) {
    const char *text = on == TEST_MYSQL ? "CHAR" : "TEXT";
    return n + (size_t)snprintf(sql + n, size - n, ", CAST(%s AS %s)", column ? column : "NULL", text);
}

/* Table, two columns of the key, name, label, and four of foreign keys. */
static size_t add_table(test_database on, char *sql, size_t size, size_t n, int kind) {
    static const char *const keys[][2] = {
        [KEY_NUMBER] = {"id"}, [KEY_PAIR] = {"country", "number"}, [KEY_TEXT] = {"code"}};
    const kind_of *k = &kinds_of[kind];
    int columns = 0;
    n += (size_t)snprintf(sql + n, size - n, "%sSELECT '%s'", n ? " UNION ALL " : "", k->table);
    n = add_column(on, sql, size, n, keys[k->key][0]);
    n = add_column(on, sql, size, n, keys[k->key][1]);
    n = add_column(on, sql, size, n, "name");
    n = add_column(on, sql, size, n, k->label_at ? "label" : NULL);
    for (int e = 0; e < EDGES; e++)
        for (int i = 0; i < 2 && edges[e].child == kind; i++, columns++)
            n = add_column(on, sql, size, n, edges[e].columns[i]);
    for (; columns < 4; columns++)
        n = add_column(on, sql, size, n, NULL);
    return n + (size_t)snprintf(sql + n, size - n, " FROM %s", k->table);
}

static const char *all_rows(test_database on) {
    static char sql[TEST_DATABASES][16384];
    char *out = sql[on];
    size_t n = 0, size = sizeof sql[0];
    if (out[0])
        return out;
    for (int kind = 0; kind < KINDS; kind++)
        n = add_table(on, out, size, n, kind);
    for (int way = 0; way < WAYS; way++) {
        n += (size_t)snprintf(out + n, size - n, " UNION ALL SELECT '%s'", ways[way].table);
        n = add_column(on, out, size, n, ways[way].near_column);
        n = add_column(on, out, size, n, NULL);
        n = add_column(on, out, size, n, ways[way].far_column);
        for (int i = 0; i < 5; i++)
            n = add_column(on, out, size, n, NULL);
        n += (size_t)snprintf(out + n, size - n, " FROM %s", ways[way].table);
    }
    return out;
}

static int kind_of_table(const char *table) {
    int kind = 0;
    while (kind < KINDS && strcmp(kinds_of[kind].table, table) != 0)
        kind++;
    return kind;
}

static const char *text_of(const ath_row *row, size_t column) {
    const char *text = ath_row_text(row, column);
    return text ? text : "-";
}

/* As thing_row of plain.c. */
static void row_of(const ath_row *row, row_text out) {
    int kind = kind_of_table(ath_row_text(row, 0));
    int n = snprintf(out, ROW_TEXT, "%s %s", ath_row_text(row, 0), text_of(row, 1));
    if (kind < KINDS && kinds_of[kind].key == KEY_PAIR)
        n += snprintf(out + n, ROW_TEXT - (size_t)n, "/%s", text_of(row, 2));
    n += snprintf(out + n, ROW_TEXT - (size_t)n, " %s", text_of(row, 3));
    if (kind < KINDS && kinds_of[kind].label_at)
        n += snprintf(out + n, ROW_TEXT - (size_t)n, " %s", text_of(row, 4));
    for (int e = 0, column = 5; e < EDGES; e++)
        if (edges[e].child == kind) {
            n += snprintf(out + n, ROW_TEXT - (size_t)n, " %s", text_of(row, (size_t)column));
            if (edges[e].columns[1])
                n += snprintf(out + n, ROW_TEXT - (size_t)n, "/%s", text_of(row, (size_t)column + 1));
            column += 2;
        }
}

static int by_text(const void *a, const void *b) {
    return strcmp(a, b);
}

static size_t read_rows(play *p, row_text *out) {
    size_t count = 0;
    ath_error error = {0};
    ath_connection *c = ath_connection_open(p->db, &error);
    ath_result *r = c ? ath_execute(c, ath_text(all_rows(p->database))) : NULL;
    if (!r)
        play_fail(p, "rows: %s", c ? ath_error(c)->message : error.message);
    for (const ath_row *row; r && count < MOST_ROWS && (row = ath_fetch(r)) != NULL;)
        row_of(row, out[count++]);
    ath_result_close(r);
    ath_connection_close(c);
    qsort(out, count, sizeof *out, by_text);
    return count;
}

void compare_rows(play *p) {
    static row_text expected[MOST_ROWS], found[MOST_ROWS];
    size_t expected_count = plain_rows(&p->now, expected), count = read_rows(p, found);
    for (size_t i = 0; i < count || i < expected_count; i++) {
        int order = i >= count ? 1 : i >= expected_count ? -1 : strcmp(found[i], expected[i]);
        if (order == 0)
            continue;
        play_fail(p, order > 0 ? "row \"%s\" is missing (\"%s\" is there)" : "row \"%s\" is too much (not \"%s\")",
                  order > 0 ? expected[i] : found[i],
                  order > 0            ? (i < count ? found[i] : "nothing")
                  : i < expected_count ? expected[i]
                                       : "nothing");
        return;
    }
}

/* ---- objects ---- */

static key key_of(int kind, const void *object) {
    key k = {0};
    const char *code;
    switch (kinds_of[kind].key) {
    case KEY_NUMBER:
        memcpy(&k.number, object, sizeof k.number);
        break;
    case KEY_PAIR:
        memcpy(&k.a, object, sizeof k.a);
        memcpy(&k.b, (const char *)object + sizeof k.a, sizeof k.b);
        break;
    default:
        memcpy(&code, object, sizeof(char *));
        k.code = (int8_t)(code ? strtol(code + 1, NULL, 10) : NONE);
    }
    return k;
}

int compare_find(play *p, int kind, void *object) {
    for (int i = 0; i < p->now.count; i++)
        if (p->handles[i] == object)
            return i;
    for (int i = 0; i < p->now.count; i++)
        if (p->now.things[i].standing == ROW && p->now.things[i].kind == kind &&
            plain_same_key(&p->now.things[i], p->now.things[i].row_key, key_of(kind, object))) {
            if (p->handles[i])
                play_fail(p, "%s %d has two objects", kinds_of[kind].table, i);
            p->handles[i] = object;
            return i;
        }
    play_fail(p, "an object of %s (%lld) stands for nothing", kinds_of[kind].table,
              (long long)key_of(kind, object).number);
    return NONE;
}

static void compare_text(play *p, int i, size_t offset, const char *expected) {
    const char *text = pointer_at(p->handles[i], (int)offset);
    if (!text || strcmp(text, expected) != 0)
        play_fail(p, "%s %d says \"%s\", not \"%s\"", kinds_of[p->now.things[i].kind].table, i, text ? text : "(null)",
                  expected);
}

static void compare_columns(play *p, int i) {
    const thing *t = &p->now.things[i];
    const kind_of *k = &kinds_of[t->kind];
    if (!plain_same_key(t, t->key, key_of(t->kind, p->handles[i])))
        play_fail(p, "%s %d has another key", k->table, i);
    compare_text(p, i, k->name_at, plain_name(t->name));
    if (k->label_at)
        compare_text(p, i, k->label_at, plain_label(t->label));
}

static bool key_in_field(const void *field, const thing *parent) {
    ath_opt_i64 number;
    ath_opt_i32 pair[2];
    const char *code;
    switch (kinds_of[parent->kind].key) {
    case KEY_NUMBER:
        memcpy(&number, field, sizeof number);
        return number.has && number.value == parent->key.number;
    case KEY_PAIR:
        memcpy(pair, field, sizeof pair);
        return pair[0].has && pair[0].value == parent->key.a && pair[1].has && pair[1].value == parent->key.b;
    default:
        memcpy(&code, field, sizeof code);
        return code && strcmp(code, plain_code(parent->key.code)) == 0;
    }
}

static bool null_in_field(const void *field, int kind) {
    ath_opt_i64 number;
    ath_opt_i32 pair[2];
    const char *code;
    switch (kinds_of[kind].key) {
    case KEY_NUMBER:
        memcpy(&number, field, sizeof number);
        return !number.has;
    case KEY_PAIR:
        memcpy(pair, field, sizeof pair);
        return !pair[0].has && !pair[1].has;
    default:
        memcpy(&code, field, sizeof code);
        return !code;
    }
}

static void compare_parent(play *p, int i, int e) {
    const thing *t = &p->now.things[i];
    const void *field = field_at(p->handles[i], edges[e].fk_at);
    if (t->parent[e] == NONE ? !null_in_field(field, edges[e].parent)
                             : !key_in_field(field, &p->now.things[t->parent[e]]))
        play_fail(p, "%s %d: the foreign key of %s is not that of %d", kinds_of[t->kind].table, i, edges[e].name,
                  t->parent[e]);
    if (edges[e].up_at == NOWHERE)
        return;
    void *pointer = pointer_at(p->handles[i], edges[e].up_at);
    bool loaded = ath_session_is_loaded(p->s, p->handles[i], (size_t)edges[e].up_at);
    if ((loaded && !pointer && t->parent[e] != NONE) ||
        (pointer && compare_find(p, edges[e].parent, pointer) != t->parent[e]))
        play_fail(p, "%s %d: the pointer %s is %s, not %d", kinds_of[t->kind].table, i, edges[e].name,
                  pointer ? "another" : "NULL", t->parent[e]);
}

/* Items of a vector, each expected once; and all of them when it is loaded. */
static void compare_items(play *p, int i, int field, int kind, const bool *expected) {
    void **items = pointer_at(p->handles[i], field);
    bool found[THINGS] = {false}, loaded = ath_session_is_loaded(p->s, p->handles[i], (size_t)field);
    const char *table = kinds_of[p->now.things[i].kind].table;
    if (loaded && !items)
        play_fail(p, "%s %d: the vector at %d is loaded and NULL", table, i, field);
    size_t count = 0;
    for (; items && items[count] && !p->failed; count++) {
        int k = compare_find(p, kind, items[count]);
        if (k == NONE || !expected[k] || found[k])
            play_fail(p, "%s %d: the vector at %d has %d %s", table, i, field, k,
                      k != NONE && found[k] ? "twice" : "too much");
        else
            found[k] = true;
    }
    if (items && !p->failed && ath_len(items) != count)
        play_fail(p, "%s %d: the vector at %d has another length", table, i, field);
    for (int k = 0; k < p->now.count && loaded; k++)
        if (expected[k] && !found[k])
            play_fail(p, "%s %d: the vector at %d lacks %d", table, i, field, k);
}

static void compare_children(play *p, int i, int e) {
    bool expected[THINGS] = {false};
    int only = NONE;
    for (int k = 0; k < p->now.count; k++) {
        const thing *c = &p->now.things[k];
        expected[k] = c->kind == edges[e].child && c->standing == ROW && c->parent[e] == i;
        if (expected[k])
            only = k;
    }
    if (!edges[e].single) {
        compare_items(p, i, edges[e].down_at, edges[e].child, expected);
        return;
    }
    void *one = pointer_at(p->handles[i], edges[e].down_at);
    bool loaded = ath_session_is_loaded(p->s, p->handles[i], (size_t)edges[e].down_at);
    int found = one ? compare_find(p, edges[e].child, one) : NONE;
    if ((one || loaded) && found != only)
        play_fail(p, "%s %d has one: %d, not %d", kinds_of[p->now.things[i].kind].table, i, found, only);
}

static void compare_pairs(play *p, int i, int way) {
    bool expected[THINGS];
    for (int k = 0; k < THINGS; k++)
        expected[k] = p->now.paired[way][i][k];
    if (ways[way].near == p->now.things[i].kind)
        compare_items(p, i, ways[way].near_at, ways[way].far, expected);
    for (int k = 0; k < THINGS; k++)
        expected[k] = p->now.paired[way][k][i];
    if (ways[way].far == p->now.things[i].kind && ways[way].far_at != NOWHERE)
        compare_items(p, i, ways[way].far_at, ways[way].near, expected);
}

static void compare_thing(play *p, int i) {
    const thing *t = &p->now.things[i];
    ath_object_state state = ath_session_state(p->s, p->handles[i]);
    if ((t->standing == ROW) != (state == ATH_STATE_PERSISTENT) || state == ATH_STATE_PENDING) {
        play_fail(p, "%s %d is in state %d", kinds_of[t->kind].table, i, (int)state);
        return;
    }
    if (t->standing != ROW)
        return;
    compare_columns(p, i);
    for (int e = 0; e < EDGES; e++) {
        if (edges[e].child == t->kind)
            compare_parent(p, i, e);
        if (edges[e].parent == t->kind && edges[e].down_at != NOWHERE)
            compare_children(p, i, e);
    }
    for (int way = 0; way < WAYS; way++)
        compare_pairs(p, i, way);
}

void compare_memory(play *p) {
    for (int i = 0; i < p->now.count && !p->failed; i++)
        if (p->handles[i])
            compare_thing(p, i);
}

/* ---- as it was ---- */

enum { FIELDS = 8 };

/* The fields of relations of one thing at the last commit, or at a savepoint. */
struct picture {
    void *object;
    struct {
        bool loaded;
        void *value; /* of one */
        size_t count;
        void *items[THINGS]; /* of many */
    } fields[FIELDS];
};

/* Where the fields of relations of a kind are; *many: vectors. */
static int fields_of(int kind, int *fields, bool *many) {
    int count = 0;
    for (int e = 0; e < EDGES; e++) {
        if (edges[e].child == kind && edges[e].up_at != NOWHERE) {
            many[count] = false;
            fields[count++] = edges[e].up_at;
        }
        if (edges[e].parent == kind && edges[e].down_at != NOWHERE) {
            many[count] = !edges[e].single;
            fields[count++] = edges[e].down_at;
        }
    }
    for (int way = 0; way < WAYS; way++) {
        if (ways[way].near == kind) {
            many[count] = true;
            fields[count++] = ways[way].near_at;
        }
        if (ways[way].far == kind && ways[way].far_at != NOWHERE) {
            many[count] = true;
            fields[count++] = ways[way].far_at;
        }
    }
    return count;
}

static void keep_thing(play *p, int i, picture *out) {
    int fields[FIELDS];
    bool many[FIELDS];
    int count = fields_of(p->now.things[i].kind, fields, many);
    out->object = p->now.things[i].standing == ROW ? p->handles[i] : NULL;
    for (int f = 0; f < count && out->object; f++) {
        void **items = pointer_at(out->object, fields[f]);
        out->fields[f].loaded = ath_session_is_loaded(p->s, out->object, (size_t)fields[f]);
        out->fields[f].value = many[f] ? NULL : items;
        out->fields[f].count = many[f] && items ? ath_len(items) : 0;
        for (size_t k = 0; k < out->fields[f].count && k < THINGS; k++)
            out->fields[f].items[k] = items[k];
    }
}

void compare_keep(play *p) {
    picture **pictures = &p->pictures[p->level];
    if (!*pictures)
        *pictures = malloc(THINGS * sizeof **pictures);
    for (int i = 0; i < p->now.count && !p->failed; i++)
        keep_thing(p, i, *pictures + i);
}

static void compare_field(play *p, int i, int f, int field, bool many) {
    const picture *was = &p->pictures[p->level][i];
    void **now = pointer_at(was->object, field);
    const char *table = kinds_of[p->now.things[i].kind].table;
    if (!was->fields[f].loaded)
        return; /* it may have been loaded since */
    if (!ath_session_is_loaded(p->s, was->object, (size_t)field))
        play_fail(p, "%s %d: the field at %d is no longer loaded", table, i, field);
    else if (!many && now != was->fields[f].value)
        play_fail(p, "%s %d: the pointer at %d is not what it was", table, i, field);
    else if (many && ath_len(now) != was->fields[f].count)
        play_fail(p, "%s %d: the vector at %d is not as long as it was", table, i, field);
    for (size_t k = 0; many && !p->failed && k < was->fields[f].count; k++)
        if (now[k] != was->fields[f].items[k])
            play_fail(p, "%s %d: the vector at %d is not in the order that it had", table, i, field);
}

void compare_restored(play *p) {
    int fields[FIELDS];
    bool many[FIELDS];
    for (int i = 0; i < p->now.count && !p->failed; i++) {
        if (!p->pictures[p->level][i].object || p->now.things[i].standing != ROW)
            continue;
        p->handles[i] = p->pictures[p->level][i].object;
        int count = fields_of(p->now.things[i].kind, fields, many);
        for (int f = 0; f < count; f++)
            compare_field(p, i, f, fields[f], many[f]);
    }
}
