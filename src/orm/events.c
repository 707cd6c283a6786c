/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: events: functions that the program has called around flushes, commits and loads.
 *
 * An engine's hooks are a list that only grows, so that threads need no lock; a session copies what it finds when it is
 * opened, and asks a word of bits before it looks for anybody.  Hooks after inserts, updates and deletes are called when
 * all statements of the flush have been sent: until then it is noted what was written.
 */
#include "orm/session.h"

/* A session's, in the order of calling. */
typedef struct ath__hook {
    struct ath__hook *next;
    ath_event event;
    ath_event_fn fn;
    const ath_model *model;
    void *context;
} ath__hook;

/* An engine's. */
typedef struct engine_hook {
    ath__attached attached;
    ath__hook hook;
} engine_hook;

typedef struct ath__written {
    ath_event event;
    uint32_t index;
    uint16_t mapper;
} ath__written;

/* ---- naming hooks ---- */

static bool is_event(ath_event event, ath_event_fn fn) {
    return fn && event >= ATH_BEFORE_INSERT && event <= ATH_AFTER_ROLLBACK;
}

ath_status ath_engine_on(ath_engine *engine, ath_event event, ath_event_fn fn, const ath_hook_opts *opts) {
    if (!engine || !is_event(event, fn))
        return ATH_ARGUMENT;
    engine_hook *h = ath__alloc_zero(&engine->allocator, 1, sizeof *h);
    if (!h)
        return ATH_NO_MEMORY;
    h->attached.size = sizeof *h;
    h->hook = (ath__hook){.event = event, .fn = fn, .model = opts->model, .context = opts->context};
    h->attached.next = atomic_load(&engine->attached);
    while (!atomic_compare_exchange_weak(&engine->attached, &h->attached.next, &h->attached))
        continue;
    return ATH_OK;
}

static ath_status take(ath_session *s, const ath__hook *hook, bool first) {
    ath__hook *h = ath__arena_copy(&s->arena, hook, sizeof *h);
    if (!h)
        return ath__session_no_memory(s);
    s->events |= 1u << h->event;
    if (first) {
        h->next = s->hooks;
        s->hooks = h;
        if (!h->next)
            s->hooks_end = &h->next;
    } else {
        h->next = NULL;
        *s->hooks_end = h;
        s->hooks_end = &h->next;
    }
    return ATH_OK;
}

ath_status ath_session_on(ath_session *s, ath_event event, ath_event_fn fn, const ath_hook_opts *opts) {
    const ath__hook hook = {.event = event, .fn = fn, .model = opts->model, .context = opts->context};
    ATH_TRY(ath__session_enter(s));
    if (!is_event(event, fn))
        return ath__fail(&s->error, ATH_ARGUMENT, "ath_on: there is no such event, or no function");
    return take(s, &hook, false);
}

/* The newest stands first in the engine's list. */
ath_status ath__events_open(ath_session *s) {
    s->hooks_end = &s->hooks;
    for (ath__attached *at = atomic_load(&s->engine->attached); at; at = at->next)
        ATH_TRY(take(s, &((engine_hook *)at)->hook, true));
    return ATH_OK;
}

void ath__events_close(ath_session *s) {
    ath__free(s->allocator, s->written, s->written_capacity * sizeof *s->written);
}

/* ---- calling them ---- */

ath_status ath__hook_may_not(ath_session *s, const char *what) {
    return s->hooking ? ath__fail(&s->error, ATH_STATE, "a hook cannot %s", what) : ATH_OK;
}

ath_status ath_event_refuse(const ath_event_info *info, ath_status status, const char *why) {
    ath_error *e = &info->session->error;
    ath__fail(e, status, "%s", why ? why : "refused by a hook");
    if (info->model && info->model->table)
        ath__copy_text(e->table, sizeof e->table, info->model->table, strlen(info->model->table));
    return status;
}

static const char *event_name(ath_event event) {
    static const char *const names[] = {"",
                                        "before the insert",
                                        "before the update",
                                        "before the delete",
                                        "after the insert",
                                        "after the update",
                                        "after the delete",
                                        "after the load",
                                        "before the flush",
                                        "after the flush",
                                        "before the commit",
                                        "after the commit",
                                        "after the rollback"};
    return names[event];
}

/* A hook's own failures are its own, unless it gives one back. */
static ath_status finish(ath_session *s, const ath_event_info *info, ath_status status) {
    if (status == ATH_OK && !s->failed) {
        ath__session_interrupted(s);
        ath_error_clear(&s->error);
        return ATH_OK;
    }
    if (s->failed)
        return s->error.status;
    if (s->error.status == status)
        return status;
    return ath__fail(&s->error, status, "a hook %s%s%s gave %s", event_name(info->event), info->model ? " of a " : "",
                     info->model ? info->model->name : "", ath_status_name(status));
}

ath_status ath__event_call(ath_session *s, ath_event event, const ath__mapper *m, void *object) {
    const ath_event_info info = {.event = event, .session = s, .model = m ? m->model : NULL, .object = object};
    bool hooking = s->hooking;
    ath_status status = ATH_OK;
    s->hooking = true;
    s->loading = event == ATH_LOADED;
    for (const ath__hook *h = s->hooks; h && status == ATH_OK; h = h->next)
        if (h->event == event && (!h->model || h->model == info.model || ath_model_inherits(info.model, h->model)))
            status = finish(s, &info, h->fn(&info, h->context));
    s->hooking = hooking;
    s->loading = false;
    return status;
}

/* ---- before the statements of a flush ---- */

static bool is_persistent(const void *object) {
    return ath__head_of(object)->state == ATH_STATE_PERSISTENT;
}

static bool has_changes(const ath__mapper *m) {
    if (m->pending.count || m->deleted.count)
        return true;
    for (uint32_t i = 0; i < m->count; i++) {
        void *object = ath__mapper_object(m, i);
        if (!is_persistent(object))
            continue;
        if (ath__object_changed(m, object))
            return true;
        for (size_t k = 0; k < m->table->relation_count; k++)
            if (ath__relation_changed(m, object, &m->table->relations[k]))
                return true;
    }
    return false;
}

bool ath__session_is_dirty(const ath_session *s) {
    for (size_t i = 0; i < s->mapper_count; i++)
        if (has_changes(s->mappers[i]))
            return true;
    return false;
}

/* Hooks may make more objects, of models that had their turn, too: until a round finds none. */
static ath_status before_inserts(ath_session *s, bool *ran) {
    for (bool found = true; found;) {
        found = false;
        for (size_t i = 0; i < s->mapper_count; i++) {
            ath__mapper *m = s->mappers[i];
            while (m->pending_seen < m->pending.count) {
                found = *ran = true;
                void *object = ath__mapper_object(m, m->pending.items[m->pending_seen++]);
                ATH_TRY(ath__event_call(s, ATH_BEFORE_INSERT, m, object));
            }
        }
    }
    return ATH_OK;
}

static ath_status before_updates(ath_session *s, bool *ran) {
    for (size_t i = 0; i < s->mapper_count; i++) {
        const ath__mapper *m = s->mappers[i];
        for (size_t k = 0; k < m->changed.count; k++) {
            void *object = ath__mapper_object(m, m->changed.items[k]);
            if (!is_persistent(object) || !ath__object_changed(m, object))
                continue;
            *ran = true;
            ATH_TRY(ath__event_call(s, ATH_BEFORE_UPDATE, m, object));
        }
    }
    return ATH_OK;
}

static ath_status before_deletes(ath_session *s, bool *ran) {
    for (size_t i = 0; i < s->mapper_count; i++) {
        ath__mapper *m = s->mappers[i];
        while (m->deleted_seen < m->deleted.count) {
            *ran = true;
            void *object = ath__mapper_object(m, m->deleted.items[m->deleted_seen++]);
            ATH_TRY(ath__event_call(s, ATH_BEFORE_DELETE, m, object));
        }
    }
    return ATH_OK;
}

static ath_status before_objects(ath_session *s, bool first, bool *ran) {
    if (ath__event_wanted(s, ATH_BEFORE_INSERT))
        ATH_TRY(before_inserts(s, ran));
    if (first && ath__event_wanted(s, ATH_BEFORE_UPDATE))
        ATH_TRY(before_updates(s, ran));
    if (ath__event_wanted(s, ATH_BEFORE_DELETE))
        ATH_TRY(before_deletes(s, ran));
    return ATH_OK;
}

enum { BEFORE_OBJECTS = 1u << ATH_BEFORE_INSERT | 1u << ATH_BEFORE_UPDATE | 1u << ATH_BEFORE_DELETE };

ath_status ath__flush_hooks(ath_session *s, bool first, bool *ran) {
    *ran = false;
    if (!(s->events & BEFORE_OBJECTS))
        return ATH_OK;
    for (size_t i = 0; first && i < s->mapper_count; i++)
        s->mappers[i]->pending_seen = s->mappers[i]->deleted_seen = 0;
    s->making = true;
    ath_status status = before_objects(s, first, ran);
    s->making = false;
    return status;
}

ath_status ath__flush_begin(ath_session *s) {
    s->written_count = 0;
    s->dirty = ath__event_wanted(s, ATH_BEFORE_FLUSH) || ath__event_wanted(s, ATH_AFTER_FLUSH)
                   ? ath__session_is_dirty(s)
                   : true;
    return s->dirty ? ath__event(s, ATH_BEFORE_FLUSH, NULL, NULL) : ATH_OK;
}

/* ---- after them ---- */

ath_status ath__event_note(ath_session *s, ath_event event, const ath__mapper *m, const void *object) {
    m = ath__mapper_of(m, object);
    if (!ath__event_wanted(s, event))
        return ATH_OK;
    if (s->written_count == s->written_capacity) {
        size_t capacity = s->written_capacity ? s->written_capacity * 2 : 32;
        ath__written *larger =
            ath__realloc(s->allocator, s->written, s->written_capacity * sizeof *larger, capacity * sizeof *larger);
        if (!larger)
            return ath__session_no_memory(s);
        s->written = larger;
        s->written_capacity = capacity;
    }
    s->written[s->written_count++] = (ath__written){event, ath__head_of(object)->index, m->number};
    return ATH_OK;
}

ath_status ath__flush_end(ath_session *s) {
    for (size_t i = 0; i < s->written_count; i++) {
        const ath__written w = s->written[i];
        const ath__mapper *m = s->mappers[w.mapper];
        ATH_TRY(ath__event_call(s, w.event, m, ath__mapper_object(m, w.index)));
    }
    return s->dirty ? ath__event(s, ATH_AFTER_FLUSH, NULL, NULL) : ATH_OK;
}
