/* SPDX-License-Identifier: Apache-2.0
 *
 * The plain model: what a flush has to come to.
 */
#include "plain.h"

/* ---- things ---- */

int plain_add(world *w, int kind) {
    if (w->count == THINGS)
        return NONE;
    thing *t = &w->things[w->count];
    *t = (thing){.kind = (uint8_t)kind, .standing = NEW, .label = NONE, .row_label = NONE};
    for (int e = 0; e < EDGES; e++)
        t->parent[e] = t->before[e] = NONE;
    for (int way = 0; way < WAYS; way++)
        for (int i = 0; i < THINGS; i++) {
            w->paired[way][w->count][i] = w->paired[way][i][w->count] = false;
            w->paired_before[way][w->count][i] = w->paired_before[way][i][w->count] = false;
        }
    return w->count++;
}

int plain_child(const world *w, int e, int parent, int but) {
    for (int i = 0; i < w->count; i++)
        if (i != but && w->things[i].kind == edges[e].child && is_alive(&w->things[i]) &&
            w->things[i].parent[e] == parent)
            return i;
    return NONE;
}

bool plain_has_children(const world *w, int e, int parent) {
    for (int i = 0; i < w->count; i++)
        if (w->things[i].kind == edges[e].child && is_marked_or_alive(&w->things[i]) &&
            w->things[i].parent[e] == parent)
            return true;
    return false;
}

bool plain_same_key(const thing *t, key a, key b) {
    switch (kinds_of[t->kind].key) {
    case KEY_NUMBER:
        return a.number == b.number;
    case KEY_PAIR:
        return a.a == b.a && a.b == b.b;
    default:
        return a.code == b.code;
    }
}

/* ---- the flush ---- */

static void leave(thing *t) {
    t->standing = t->standing == NEW ? NEVER : GOING;
}

/* What was taken from its parent; one whose column the program has made NULL stays. */
static bool find_orphans(world *w) {
    bool any = false;
    for (int i = 0; i < w->count; i++) {
        thing *t = &w->things[i];
        bool orphan = t->standing == NEW && t->parted;
        for (int e = 0; e < EDGES; e++)
            orphan = orphan || (edges[e].orphans && edges[e].child == t->kind && t->standing == ROW &&
                                t->parent[e] == NONE && t->before[e] != NONE && !t->by_column[e]);
        if (orphan)
            leave(t);
        any = any || orphan;
    }
    return any;
}

static void pass_on_to(world *w, int e, int parent) {
    for (int i = 0; i < w->count; i++) {
        thing *t = &w->things[i];
        if (t->kind != edges[e].child || !is_alive(t) || t->parent[e] != parent)
            continue;
        if (edges[e].cascades)
            leave(t);
        else
            t->parent[e] = NONE;
    }
}

/* Deletions go on to children. */
static bool pass_on(world *w) {
    bool any = false;
    for (int i = 0; i < w->count; i++) {
        thing *t = &w->things[i];
        if ((t->standing != GOING && t->standing != NEVER) || t->passed)
            continue;
        t->passed = any = true;
        for (int e = 0; e < EDGES; e++)
            if (edges[e].parent == t->kind)
                pass_on_to(w, e, i);
    }
    return any;
}

static void settle(thing *t) {
    t->standing = t->standing == GOING ? GONE : t->standing == NEW ? ROW : t->standing;
    memcpy(t->before, t->parent, sizeof t->before);
    memset(t->called, 0, sizeof t->called);
    memset(t->pointed, 0, sizeof t->pointed);
    memset(t->pointed_at, 0, sizeof t->pointed_at);
    memset(t->by_column, 0, sizeof t->by_column);
    t->parted = false;
    t->row_key = t->key;
    t->row_label = t->label;
}

void plain_flush(world *w) {
    for (bool found = true; found;) { /* both, each time */
        found = find_orphans(w);
        found = pass_on(w) || found;
    }
    for (int i = 0; i < w->count; i++)
        settle(&w->things[i]);
    for (int way = 0; way < WAYS; way++)
        for (int i = 0; i < w->count; i++)
            for (int k = 0; k < w->count; k++)
                if (!is_alive(&w->things[i]) || !is_alive(&w->things[k]))
                    w->paired[way][i][k] = false;
    memcpy(w->paired_before, w->paired, sizeof w->paired);
}

/* ---- texts ---- */

static const char *numbered(char (*texts)[8], int count, char letter, int number) {
    for (int i = 0; i < count && !texts[count - 1][0]; i++)
        snprintf(texts[i], sizeof texts[i], "%c%d", letter, i);
    return texts[number];
}

const char *plain_name(int number) {
    static char texts[100][8];
    return numbered(texts, 100, 'n', number);
}

const char *plain_code(int number) {
    static char texts[CODES][8];
    return numbered(texts, CODES, 'c', number);
}

const char *plain_label(int number) {
    static char texts[CODES][8];
    return numbered(texts, CODES, 'l', number);
}

static void key_text(const thing *t, char out[40]) {
    switch (kinds_of[t->kind].key) {
    case KEY_NUMBER:
        snprintf(out, 40, "%lld", (long long)t->key.number);
        break;
    case KEY_PAIR:
        snprintf(out, 40, "%d/%d", (int)t->key.a, (int)t->key.b);
        break;
    default:
        snprintf(out, 40, "%s", plain_code(t->key.code));
    }
}

static void thing_row(const world *w, const thing *t, row_text out) {
    char text[40];
    key_text(t, text);
    int n = snprintf(out, ROW_TEXT, "%s %s %s", kinds_of[t->kind].table, text, plain_name(t->name));
    if (kinds_of[t->kind].label_at)
        n += snprintf(out + n, ROW_TEXT - (size_t)n, " %s", plain_label(t->label));
    for (int e = 0; e < EDGES; e++) {
        if (edges[e].child != t->kind)
            continue;
        snprintf(text, sizeof text, "%s", edges[e].columns[1] ? "-/-" : "-");
        if (t->parent[e] != NONE)
            key_text(&w->things[t->parent[e]], text);
        n += snprintf(out + n, ROW_TEXT - (size_t)n, " %s", text);
    }
}

static int by_text(const void *a, const void *b) {
    return strcmp(a, b);
}

size_t plain_rows(const world *w, row_text *out) {
    size_t count = 0;
    for (int i = 0; i < w->count; i++)
        if (w->things[i].standing == ROW)
            thing_row(w, &w->things[i], out[count++]);
    for (int way = 0; way < WAYS; way++)
        for (int i = 0; i < w->count; i++)
            for (int k = 0; k < w->count && count < MOST_ROWS; k++)
                if (w->paired[way][i][k]) {
                    char near[40], far[40];
                    key_text(&w->things[i], near);
                    key_text(&w->things[k], far);
                    snprintf(out[count++], ROW_TEXT, "%s %s %s", ways[way].table, near, far);
                }
    qsort(out, count, sizeof *out, by_text);
    return count;
}
