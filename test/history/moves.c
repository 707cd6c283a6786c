/* SPDX-License-Identifier: Apache-2.0
 *
 * Random histories: things are given to parents and taken from them, by calls, by pointers, by foreign key columns; and
 * paired.
 */
#include "play.h"

typedef enum how { APPEND, REMOVE, SET_CHILD, SET_PARENT, POINTER, ONLY, BY_COLUMN, HOWS } how;

/* What is about to be done. */
typedef struct move {
    int e, child, parent; /* parent: NONE, or the new one */
    how how;
} move;

static thing *at(play *p, int i) {
    return &p->now.things[i];
}

/* One of a kind that may still be related, with its object; `going` too: it is kept after all. */
static int choose_any(play *p, int kind, bool going) {
    int found = NONE;
    unsigned count = 0;
    for (int i = 0; i < p->now.count; i++)
        if (at(p, i)->kind == kind &&
            (is_alive(at(p, i)) || (going && at(p, i)->standing == GOING && !at(p, i)->replaced && p->handles[i])) &&
            play_random(p, ++count) == 0)
            found = i;
    if (found == NONE || !play_handle(p, found))
        return NONE;
    return found;
}

static bool usable(play *p, int i, bool going) {
    return is_alive(at(p, i)) || (going && at(p, i)->standing == GOING && !at(p, i)->replaced);
}

/* ---- what may be done ---- */

/* Its column was set, or its parent's pointer to it: what a call would mean then, is not said. */
static bool is_locked(const thing *c, int e) {
    return c->by_column[e] || c->pointed_at[e];
}

static bool may_append(play *p, const move *v) {
    const edge *e = &edges[v->e];
    const thing *c = at(p, v->child);
    if (e->down_at == NOWHERE || e->single || v->parent == NONE || is_locked(c, v->e))
        return false;
    /* without a way back nobody can tell which of two parents is the later */
    return e->up_at != NOWHERE || !c->called[v->e] || c->parent[v->e] == NONE;
}

static bool may_remove(play *p, const move *v) {
    const edge *e = &edges[v->e];
    const thing *c = at(p, v->child);
    if (e->up_at == NOWHERE && c->called[v->e] && c->before[v->e] != NONE && c->before[v->e] != c->parent[v->e])
        return false; /* it would be with its former parent, who has not been told to let go */
    return e->down_at != NOWHERE && !e->single && v->parent == NONE && c->parent[v->e] != NONE && !is_locked(c, v->e);
}

/* What a parent has is read where it was not loaded; but what came meanwhile only its own pointer knows. */
static bool is_known(play *p, int e, int parent, int child) {
    const thing *c = at(p, child);
    return (!c->called[e] && !c->pointed[e]) || pointer_at(p->handles[parent], edges[e].down_at) == p->handles[child];
}

/* The one that a parent has must be known, or it could not make room. */
static bool makes_room(play *p, const move *v) {
    const edge *e = &edges[v->e];
    if (!e->single || v->parent == NONE)
        return true;
    int former = plain_child(&p->now, v->e, v->parent);
    if (former == NONE || former == v->child)
        return true;
    if (v->how != SET_PARENT && v->how != ONLY &&
        (v->how != SET_CHILD || !ath_session_is_loaded(p->s, p->handles[v->parent], (size_t)e->down_at)))
        return false;
    const thing *d = at(p, former);
    if (v->how != ONLY && !is_known(p, v->e, v->parent, former))
        return false;
    return !is_locked(d, v->e) &&
           (v->how != ONLY || (!d->called[v->e] && !d->pointed[v->e] && d->before[v->e] == v->parent));
}

static bool may_set_child(play *p, const move *v) {
    return edges[v->e].up_at != NOWHERE && !is_locked(at(p, v->child), v->e);
}

static bool may_set_parent(play *p, const move *v) {
    const edge *e = &edges[v->e];
    const thing *c = at(p, v->child);
    if (!e->single || is_locked(c, v->e))
        return false;
    if (e->up_at == NOWHERE && c->called[v->e] && c->before[v->e] != NONE && c->before[v->e] != c->parent[v->e])
        return false;
    if (v->parent == NONE)
        return c->parent[v->e] != NONE && p->handles[c->parent[v->e]] && is_known(p, v->e, c->parent[v->e], v->child);
    return e->up_at != NOWHERE || !c->called[v->e] || c->parent[v->e] == NONE;
}

/* A pointer that is put back to what it was says nothing; neither does NULL where nothing was known. */
static bool may_point(play *p, const move *v) {
    const edge *e = &edges[v->e];
    const thing *c = at(p, v->child);
    if (e->up_at == NOWHERE || is_locked(c, v->e) || (c->called[v->e] && v->parent == c->before[v->e]))
        return false;
    return v->parent != NONE || (pointer_at(p->handles[v->child], e->up_at) &&
                                 ath_session_is_loaded(p->s, p->handles[v->child], (size_t)e->up_at));
}

static bool may_point_down(play *p, const move *v) {
    const thing *c = at(p, v->child);
    return edges[v->e].single && !is_locked(c, v->e) && !c->called[v->e] && !c->pointed[v->e] && v->parent != NONE &&
           c->parent[v->e] != v->parent;
}

static bool may_set_column(play *p, const move *v) {
    const thing *c = at(p, v->child), *t = v->parent == NONE ? NULL : at(p, v->parent);
    if (c->called[v->e] || c->pointed[v->e] || is_locked(c, v->e))
        return false;
    const thing *former = c->before[v->e] == NONE ? NULL : at(p, c->before[v->e]);
    if (former && !plain_same_key(former, former->key, former->row_key))
        return false;
    return !t || (t->standing == ROW && plain_same_key(t, t->key, t->row_key));
}

/* After a call and an assignment, a pointer that is as it was says nothing: the call's vector would count. */
static bool is_said(play *p, const move *v) {
    const thing *c = at(p, v->child);
    return !c->called[v->e] || !c->pointed[v->e] || v->parent != c->before[v->e];
}

static bool may(play *p, const move *v) {
    static bool (*const checks[HOWS])(play *, const move *) = {
        [APPEND] = may_append, [REMOVE] = may_remove,   [SET_CHILD] = may_set_child, [SET_PARENT] = may_set_parent,
        [POINTER] = may_point, [ONLY] = may_point_down, [BY_COLUMN] = may_set_column};
    return checks[v->how](p, v) && is_said(p, v) && makes_room(p, v);
}

/* ---- doing it ---- */

static void write_column(void *child, const edge *e, const thing *parent) {
    void *at = (char *)child + e->fk_at;
    const char *code = parent ? plain_code(parent->key.code) : NULL;
    switch (kinds_of[e->parent].key) {
    case KEY_NUMBER:
        memcpy(at, &(ath_opt_i64){.value = parent ? parent->key.number : 0, .has = parent}, sizeof(ath_opt_i64));
        break;
    case KEY_PAIR:
        memcpy(at,
               (ath_opt_i32[]){{.value = parent ? parent->key.a : 0, .has = parent},
                               {.value = parent ? parent->key.b : 0, .has = parent}},
               2 * sizeof(ath_opt_i32));
        break;
    default:
        memcpy(at, &code, sizeof code);
    }
}

static ath_status apply(play *p, const move *v) {
    const edge *e = &edges[v->e];
    void *child = p->handles[v->child], *parent = v->parent == NONE ? NULL : p->handles[v->parent];
    void *former = at(p, v->child)->parent[v->e] == NONE ? NULL : p->handles[at(p, v->child)->parent[v->e]];
    switch (v->how) {
    case APPEND:
        return ath_session_append(p->s, parent, (size_t)e->down_at, child);
    case REMOVE:
        return ath_session_remove(p->s, former, (size_t)e->down_at, child);
    case SET_CHILD:
        return ath_session_set_rel(p->s, child, (size_t)e->up_at, parent);
    case SET_PARENT:
        return ath_session_set_rel(p->s, parent ? parent : former, (size_t)e->down_at, parent ? child : NULL);
    case POINTER:
        memcpy((char *)child + e->up_at, &parent, sizeof parent);
        return ATH_OK;
    case ONLY:
        memcpy((char *)parent + e->down_at, &child, sizeof child);
        return ATH_OK;
    default:
        write_column(child, e, v->parent == NONE ? NULL : at(p, v->parent));
        return ATH_OK;
    }
}

static void leave_parent(play *p, int e, int child, bool by_call) {
    thing *c = at(p, child);
    c->parent[e] = NONE;
    c->called[e] = true;
    c->parted = edges[e].orphans && c->standing == NEW && by_call;
}

/* The same in the plain model. */
static void note(play *p, const move *v) {
    thing *c = at(p, v->child);
    const edge *e = &edges[v->e];
    bool by_call = v->how < POINTER;
    int former = e->single && v->parent != NONE ? plain_child(&p->now, v->e, v->parent) : NONE;
    if (former != NONE && former != v->child)
        leave_parent(p, v->e, former, by_call);
    bool had = c->parent[v->e] != NONE;
    c->parent[v->e] = (int8_t)v->parent;
    c->called[v->e] = c->called[v->e] || by_call || v->how == ONLY;
    c->pointed[v->e] = c->pointed[v->e] || v->how == POINTER;
    c->pointed_at[v->e] = c->pointed_at[v->e] || v->how == ONLY;
    c->by_column[v->e] = c->by_column[v->e] || v->how == BY_COLUMN;
    if (v->parent != NONE)
        c->parted = false;
    else if (by_call && had)
        c->parted = e->orphans && c->standing == NEW;
}

/* The parent that it has, for what is done to that one. */
static bool has_former(play *p, const move *v) {
    int former = at(p, v->child)->parent[v->e];
    bool needed = v->how == REMOVE || (v->how == SET_PARENT && v->parent == NONE);
    return !needed || (former != NONE && is_alive(at(p, former)) && play_handle(p, former) && is_alive(at(p, former)) &&
                       at(p, v->child)->parent[v->e] == former);
}

/* Those that are given to a parent, or to a child by a call, are kept though they were marked for deletion. */
static void keep(thing *t) {
    if (t->standing == GOING)
        t->standing = ROW;
}

static bool kept_child(const move *v) {
    return v->how == APPEND || v->how == REMOVE || (v->how == SET_PARENT && v->parent != NONE);
}

void play_move(play *p) {
    static const char *const names[HOWS] = {"append", "remove",     "set child's", "set parent's",
                                            "point",  "point down", "set column"};
    move v = {.e = (int)play_random(p, EDGES), .how = (how)play_random(p, HOWS)};
    bool out = v.how == REMOVE || play_random(p, 4) == 0;
    /* histories know few kinds: look for a relation of them */
    for (int tries = 0, i; tries < EDGES; tries++, v.e = (v.e + 1) % EDGES) {
        for (i = 0; i < p->now.count && at(p, i)->kind != edges[v.e].child; i++)
            continue;
        if (i < p->now.count)
            break;
    }
    v.child = choose_any(p, edges[v.e].child, kept_child(&v) && !out);
    v.parent = out || v.child == NONE ? NONE : choose_any(p, edges[v.e].parent, v.how == SET_CHILD);
    if (v.child == NONE || (!out && v.parent == NONE) || p->failed || p->ran_out ||
        !usable(p, v.child, kept_child(&v)) || (v.parent != NONE && !usable(p, v.parent, v.how == SET_CHILD)) ||
        !may(p, &v) || !has_former(p, &v))
        return;
    play_tell(p, "%s %s of %d (%s): %d", names[v.how], edges[v.e].name, v.child, kinds_of[edges[v.e].child].table,
              v.parent);
    if (apply(p, &v) != ATH_OK) {
        play_fail(p, "%s: %s", names[v.how], ath_error(p->s)->message);
        return;
    }
    if (kept_child(&v))
        keep(at(p, v.child));
    if (v.parent != NONE && v.how == SET_CHILD)
        keep(at(p, v.parent));
    note(p, &v);
}

/* ---- pairs ---- */

void play_pair(play *p) {
    int way = (int)play_random(p, WAYS);
    const between *b = &ways[way];
    bool back = b->far_at != NOWHERE && play_random(p, 2), add = play_random(p, 3);
    int i = choose_any(p, b->near, back), k = i == NONE ? NONE : choose_any(p, b->far, !back);
    if (i == NONE || k == NONE || p->failed || p->ran_out || !usable(p, i, back) || !usable(p, k, !back) ||
        (!add && !p->now.paired[way][i][k]))
        return;
    void *object = p->handles[back ? k : i], *other = p->handles[back ? i : k];
    size_t field = (size_t)(back ? b->far_at : b->near_at);
    /* one that is there already, for all that the session knows */
    if (add && p->now.paired_before[way][i][k] && p->now.paired[way][i][k])
        return;
    play_tell(p, "%s %d %s %d", add ? "pair" : "unpair", back ? k : i, back ? "from the far side with" : "with",
              back ? i : k);
    ath_status status =
        add ? ath_session_append(p->s, object, field, other) : ath_session_remove(p->s, object, field, other);
    if (status != ATH_OK) {
        play_fail(p, "pair: %s", ath_error(p->s)->message);
        return;
    }
    keep(at(p, back ? i : k));
    p->now.paired[way][i][k] = add;
}
