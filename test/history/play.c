/* SPDX-License-Identifier: Apache-2.0
 *
 * Random histories: new, changed and deleted things; keys and labels given up and taken over; flush, load, commit,
 * rollback, another session.
 */
#include "play.h"

unsigned play_random(play *p, unsigned count) {
    p->random ^= p->random << 13;
    p->random ^= p->random >> 7;
    p->random ^= p->random << 17;
    return (unsigned)((p->random >> 11) % count);
}

void play_fail(play *p, const char *format, ...) {
    va_list args;
    const ath_error *error = p->s ? ath_error(p->s) : NULL;
    if (p->pause && !*p->pause && (!error || error->status == ATH_NO_MEMORY))
        p->ran_out = true;
    if (p->failed || p->ran_out)
        return;
    p->failed = true;
    va_start(args, format);
    vsnprintf(p->failure, sizeof p->failure, format, args);
    va_end(args);
    play_tell(p, "FAILED: %s", p->failure);
}

void play_tell(const play *p, const char *format, ...) {
    va_list args;
    if (!p->told)
        return;
    printf("#   ");
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

/* ---- objects ---- */

static void *get(play *p, const thing *t) {
    const ath_model *model = kinds_of[t->kind].model;
    switch (kinds_of[t->kind].key) {
    case KEY_NUMBER:
        return ath_session_get(p->s, model, (const ath_expr_list[]){ath_cols(t->row_key.number)});
    case KEY_PAIR:
        return ath_session_get(p->s, model, (const ath_expr_list[]){ath_cols(t->row_key.a, t->row_key.b)});
    default:
        return ath_session_get(p->s, model, (const ath_expr_list[]){ath_cols(plain_code(t->row_key.code))});
    }
}

void *play_handle(play *p, int i) {
    const thing *t = &p->now.things[i];
    if (p->handles[i])
        return p->handles[i];
    if (p->autoflush) /* what is new would be written by ath_get */
        play_flush(p);
    if (!p->failed && !p->ran_out && t->standing == ROW) {
        p->handles[i] = get(p, t);
        if (!p->handles[i])
            play_fail(p, "%s %d is not there: %s", kinds_of[t->kind].table, i, ath_error(p->s)->message);
    }
    return p->handles[i];
}

static void write_key(void *object, const thing *t) {
    const char *code;
    switch (kinds_of[t->kind].key) {
    case KEY_NUMBER:
        memcpy(object, &t->key.number, sizeof t->key.number);
        break;
    case KEY_PAIR:
        memcpy(object, &t->key.a, sizeof t->key.a);
        memcpy((char *)object + sizeof t->key.a, &t->key.b, sizeof t->key.b);
        break;
    default:
        code = plain_code(t->key.code);
        memcpy(object, &code, sizeof(char *));
    }
}

static void write_text(void *object, size_t offset, const char *text) {
    memcpy((char *)object + offset, &text, sizeof text);
}

/* ---- choosing ---- */

/* One of a kind (KINDS: any) that is alive, with its object; NONE when there is none. */
static int choose(play *p, int kind) {
    int found = NONE;
    unsigned count = 0;
    for (int i = 0; i < p->now.count; i++)
        if (is_alive(&p->now.things[i]) && (kind == KINDS || p->now.things[i].kind == kind) &&
            play_random(p, ++count) == 0)
            found = i;
    if (found != NONE && (!play_handle(p, found) || !is_alive(&p->now.things[found])))
        return NONE;
    return found;
}

static int theme_kind(play *p, const uint8_t *kinds, int count) {
    return kinds[play_random(p, (unsigned)count)];
}

/* ---- keys ---- */

/* Who has the key, or had it when the last flush was; NONE: nobody.  *going: only one that is to be deleted. */
static bool key_is_free(const world *w, int kind, key k, int *going) {
    *going = NONE;
    for (int i = 0; i < w->count; i++) {
        const thing *t = &w->things[i];
        if (t->kind != kind || !is_marked_or_alive(t))
            continue;
        bool now = plain_same_key(t, t->key, k), before = t->standing != NEW && plain_same_key(t, t->row_key, k);
        if (!now && !before)
            continue;
        if (t->standing != GOING || t->replaced || *going != NONE || !now || !before)
            return false;
        *going = i;
    }
    return true;
}

static bool choose_key(play *p, int kind, key *out) {
    int going;
    *out = (key){0};
    if (kinds_of[kind].key == KEY_PAIR) {
        out->a = (int32_t)play_random(p, 3) + 1;
        out->b = (int32_t)play_random(p, 3) + 1;
    } else if (kinds_of[kind].key == KEY_TEXT) {
        out->code = (int8_t)play_random(p, CODES);
    } else { /* that of one that is to be deleted; one of an earlier flush may be given again by the database */
        int i = (int)play_random(p, (unsigned)p->now.count + 1);
        const thing *t = &p->now.things[i];
        if (i == p->now.count || t->kind != kind || t->standing != GOING || !t->row_key.number)
            return false;
        *out = t->row_key;
    }
    if (!key_is_free(&p->now, kind, *out, &going))
        return false;
    if (going != NONE)
        p->now.things[going].replaced = true;
    return true;
}

/* ---- labels ---- */

/* Free, or given up since the last flush: by one that is deleted, or (for a new one) by one that changed. */
static bool choose_label(play *p, int kind, bool is_new, int8_t *out) {
    int going = NONE;
    *out = (int8_t)play_random(p, 5);
    for (int i = 0; i < p->now.count; i++) {
        thing *t = &p->now.things[i];
        if (t->kind != kind || !is_marked_or_alive(t) || (t->label != *out && t->row_label != *out))
            continue;
        if (t->standing == GOING && !t->replaced && t->row_label == *out && going == NONE)
            going = i;
        else if (t->standing == GOING || t->label == *out || !is_new)
            return false;
    }
    if (going != NONE)
        p->now.things[going].replaced = true;
    return true;
}

/* ---- steps ---- */

static void make(play *p, int kind) {
    const kind_of *k = &kinds_of[kind];
    union {
        void *aligned;
        char bytes[256];
    } init = {0};
    key wanted = {0};
    int8_t label = NONE;
    bool keyed = k->key != KEY_NUMBER || play_random(p, 4) == 0;
    if (p->now.count == THINGS || (k->label_at && !choose_label(p, kind, true, &label)))
        return;
    if (keyed && !choose_key(p, kind, &wanted)) {
        if (k->key != KEY_NUMBER)
            return;
        keyed = false;
        wanted.number = 0;
    }
    int i = plain_add(&p->now, kind);
    thing *t = &p->now.things[i];
    t->key = wanted;
    t->label = label;
    t->name = (int8_t)(p->names++ % 100);
    write_text(init.bytes, k->name_at, plain_name(t->name));
    if (keyed)
        write_key(init.bytes, t);
    if (k->label_at)
        write_text(init.bytes, k->label_at, plain_label(label));
    play_tell(p, "%d = new %s%s key %lld %d/%d %s label %d", i, k->table, keyed ? " keyed" : "",
              (long long)wanted.number, (int)wanted.a, (int)wanted.b, plain_code(wanted.code), label);
    p->handles[i] = ath_session_new(p->s, k->model, init.bytes, keyed ? k->keyed : k->named);
    if (!p->handles[i])
        play_fail(p, "new %s: %s", k->table, ath_error(p->s)->message);
}

static void change(play *p, int kind) {
    int i = choose(p, kind);
    if (i == NONE)
        return;
    thing *t = &p->now.things[i];
    const kind_of *k = &kinds_of[t->kind];
    int8_t label;
    if (k->label_at && play_random(p, 3) && t->label == t->row_label &&
        choose_label(p, t->kind, t->standing == NEW, &label)) {
        play_tell(p, "%d gets label %d", i, label);
        t->label = label;
        write_text(p->handles[i], k->label_at, plain_label(label));
        return;
    }
    t->name = (int8_t)(p->names++ % 100);
    play_tell(p, "%d gets name %s", i, plain_name(t->name));
    write_text(p->handles[i], k->name_at, plain_name(t->name));
}

/* A new natural key, for one that nobody has named by its key since the flush. */
static void rekey(play *p, int kind) {
    int i = choose(p, kind);
    if (i == NONE || kinds_of[p->now.things[i].kind].key == KEY_NUMBER)
        return;
    thing *t = &p->now.things[i];
    key wanted;
    if (t->standing == ROW && !plain_same_key(t, t->key, t->row_key))
        return;
    for (int e = 0; e < EDGES; e++)
        for (int c = 0; c < p->now.count; c++)
            if (edges[e].parent == t->kind && edges[e].child == p->now.things[c].kind &&
                is_marked_or_alive(&p->now.things[c]) && p->now.things[c].by_column[e] &&
                (p->now.things[c].parent[e] == i || p->now.things[c].before[e] == i))
                return;
    for (int way = 0; way < WAYS; way++) /* the table between does not follow */
        for (int k = 0; k < p->now.count; k++)
            if (p->now.paired[way][k][i] || p->now.paired_before[way][k][i])
                return;
    if (!choose_key(p, t->kind, &wanted))
        return;
    t->key = wanted;
    p->rekeyed |= 1U << p->level;
    play_tell(p, "%d gets key %d/%d %s", i, (int)wanted.a, (int)wanted.b, plain_code(wanted.code));
    write_key(p->handles[i], t);
}

/* Whether the database lets it go. */
static bool may_go(const world *w, int i) {
    const thing *t = &w->things[i];
    for (int e = 0; e < EDGES; e++) {
        if (edges[e].parent != t->kind)
            continue;
        if (edges[e].down_at == NOWHERE && plain_has_children(w, e, i))
            return false;
        for (int c = 0; c < w->count; c++)
            if (w->things[c].kind == edges[e].child && w->things[c].by_column[e] && w->things[c].parent[e] == i)
                return false;
        if (t->standing == NEW && plain_has_children(w, e, i))
            return false;
    }
    for (int way = 0; way < WAYS; way++)
        for (int k = 0; k < w->count; k++)
            if ((w->paired[way][k][i] && ways[way].far_at == NOWHERE) ||
                (t->standing == NEW && (w->paired[way][k][i] || w->paired[way][i][k])))
                return false;
    return true;
}

static void delete (play *p, int kind) {
    int i = choose(p, kind);
    if (i == NONE || !may_go(&p->now, i))
        return;
    thing *t = &p->now.things[i];
    play_tell(p, "delete %d", i);
    t->standing = t->standing == NEW ? NEVER : GOING;
    if (ath_delete(p->s, p->handles[i]) != ATH_OK)
        play_fail(p, "delete: %s", ath_error(p->s)->message);
}

static void load(play *p, int kind) {
    if (p->autoflush)
        play_flush(p);
    int i = p->failed || p->ran_out ? NONE : choose(p, kind);
    if (i == NONE || p->now.things[i].standing != ROW)
        return;
    int fields[EDGES + WAYS], count = 0;
    for (int e = 0; e < EDGES; e++) {
        if (edges[e].parent == p->now.things[i].kind && edges[e].down_at != NOWHERE)
            fields[count++] = edges[e].down_at;
        if (edges[e].child == p->now.things[i].kind && edges[e].up_at != NOWHERE)
            fields[count++] = edges[e].up_at;
    }
    for (int way = 0; way < WAYS; way++) {
        if (ways[way].near == p->now.things[i].kind)
            fields[count++] = ways[way].near_at;
        if (ways[way].far == p->now.things[i].kind && ways[way].far_at != NOWHERE)
            fields[count++] = ways[way].far_at;
    }
    if (!count)
        return;
    int field = fields[play_random(p, (unsigned)count)];
    play_tell(p, "load %d's field at %d", i, field);
    if (ath_session_load_rel(p->s, p->handles[i], (size_t)field) != ATH_OK)
        play_fail(p, "load: %s", ath_error(p->s)->message);
}

/* ---- flush, commit, rollback ---- */

/* Keys that the database gave. */
static void learn_keys(play *p) {
    for (int i = 0; i < p->now.count; i++) {
        thing *t = &p->now.things[i];
        if (t->standing == ROW && kinds_of[t->kind].key == KEY_NUMBER && !t->key.number && p->handles[i]) {
            memcpy(&t->key.number, p->handles[i], sizeof t->key.number);
            t->row_key = t->key;
            if (!t->key.number)
                play_fail(p, "%d has no key after the flush", i);
        }
    }
}

void play_flushed(play *p) {
    plain_flush(&p->now);
    learn_keys(p);
}

void play_flush(play *p) {
    play_tell(p, "flush");
    if (ath_flush(p->s) != ATH_OK) {
        play_fail(p, "flush: %s [%s]", ath_error(p->s)->message, ath_error(p->s)->statement);
        return;
    }
    play_flushed(p);
    compare_memory(p);
}

static void commit(play *p) {
    play_tell(p, "commit");
    if (ath_commit(p->s) != ATH_OK) {
        play_fail(p, "commit: %s [%s]", ath_error(p->s)->message, ath_error(p->s)->statement);
        return;
    }
    play_flushed(p);
    p->level = 0;
    p->rekeyed = 0;
    p->kept[0] = p->now;
    if (p->pause)
        *p->pause = true;
    compare_rows(p);
    compare_memory(p);
    compare_keep(p);
    if (p->pause)
        *p->pause = false;
}

static void open_session(play *p) {
    ath_session_close(p->s);
    memset(p->handles, 0, sizeof p->handles);
    p->level = 0;
    p->autoflush = play_random(p, 2);
    play_tell(p, "session%s", p->autoflush ? " with autoflush" : "");
    p->s = ath_session_open(p->db, .no_autoflush = !p->autoflush);
    if (!p->s)
        play_fail(p, "no session");
    if (p->s)
        compare_keep(p);
}

void play_go_back(play *p) {
    const world *kept = &p->kept[p->level];
    for (int i = kept->count; i < p->now.count; i++) {
        if (p->handles[i] && ath_session_state(p->s, p->handles[i]) != ATH_STATE_NONE)
            play_fail(p, "%d was new, and stays after a rollback", i);
        p->handles[i] = NULL;
    }
    p->now = *kept;
    compare_restored(p);
}

void play_roll_back(play *p) {
    play_tell(p, "rollback");
    if (ath_rollback(p->s) != ATH_OK) {
        play_fail(p, "rollback: %s", ath_error(p->s)->message);
        return;
    }
    p->level = 0;
    play_go_back(p);
    if (p->rekeyed) /* what was first read since then, and had been changed by ON UPDATE CASCADE, is as it was read */
        open_session(p);
    p->rekeyed = 0;
    compare_memory(p);
}

/* ---- all ---- */

static void step(play *p, const uint8_t *kinds, int count) {
    if (p->nests && play_random(p, 6) == 0) {
        play_savepoint(p);
        return;
    }
    unsigned what = play_random(p, 100);
    if (what < 20)
        make(p, theme_kind(p, kinds, count));
    else if (what < 26)
        change(p, theme_kind(p, kinds, count));
    else if (what < 31)
        rekey(p, theme_kind(p, kinds, count));
    else if (what < 40)
        delete (p, theme_kind(p, kinds, count));
    else if (what < 67)
        play_move(p);
    else if (what < 75)
        play_pair(p);
    else if (what < 80)
        load(p, theme_kind(p, kinds, count));
    else if (what < 87)
        play_flush(p);
    else if (what < 92)
        play_roll_back(p);
    else
        commit(p);
    if (what >= 98 && !p->failed && !p->ran_out)
        open_session(p);
}

static int choose_kinds(play *p, uint8_t *kinds) {
    int count = 0;
    int rounds = play_random(p, 4) == 0 ? 2 : 1;
    unsigned first = play_random(p, THEMES), second = play_random(p, THEMES);
    for (int round = 0; round < rounds; round++) {
        const uint8_t *theme = themes[round ? second : first];
        for (int i = 0; i < THEME_KINDS && theme[i] != KINDS && (!round || second != first); i++)
            kinds[count++] = theme[i];
    }
    return count;
}

/* What the session says after a failure is as it was at the last commit; and it works on. */
static void go_back(play *p) {
    play_tell(p, "out of memory");
    p->ran_out = false;
    *p->pause = true;
    if (p->s)
        play_roll_back(p);
    else
        open_session(p);
    p->now = p->kept[0];
    *p->pause = false;
}

void play_run(play *p, uint64_t seed, int most_steps) {
    uint8_t kinds[2 * THEME_KINDS];
    p->random = (seed + 1) * 0x9e3779b97f4a7c15u;
    for (int i = 0; i < 8; i++)
        play_random(p, 2);
    int count = choose_kinds(p, kinds), steps = 4 + (int)play_random(p, 12u << play_random(p, 3));
    open_session(p);
    for (p->steps = 0; p->steps <= steps && !p->failed; p->steps++) {
        if (p->ran_out)
            go_back(p);
        if (p->steps == steps || p->steps == most_steps)
            break;
        step(p, kinds, count);
    }
    if (!p->failed)
        commit(p);
    if (p->ran_out) {
        go_back(p);
        commit(p);
    }
    ath_session_close(p->s);
    for (int i = 0; i <= SAVEPOINTS; i++)
        free(p->pictures[i]);
}
