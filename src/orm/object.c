/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: objects enter and leave a session: ath_new, ath_add, ath_delete, ath_refresh.
 *
 * A pending object has no image yet; the image's place holds a mask of the columns that count as set.  ath_new works the
 * mask out from the text of its own arguments, once per call site: a field named is set, whatever its value.  Literal
 * defaults go into the struct at once, so that they can be read, and assigned over, before the flush.
 */
#include "orm/session.h"

/* ---- which fields a call names ---- */

static bool name_char(char c) {
    return c == '_' || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Behind a string or character literal. */
static const char *skip_quoted(const char *at) {
    char quote = *at++;
    while (*at && *at != quote)
        at += *at == '\\' && at[1] ? 2 : 1;
    return *at ? at + 1 : at;
}

/* The next comma outside of brackets and quotes, or the end. */
static const char *next_comma(const char *at) {
    for (int depth = 0; *at; at++) {
        while (*at == '"' || *at == '\'')
            at = skip_quoted(at);
        if (!*at || (*at == ',' && depth == 0))
            break;
        depth += (*at == '(' || *at == '{' || *at == '[') - (*at == ')' || *at == '}' || *at == ']');
    }
    return at;
}

/* Whether a designator (".ts.created_at", ".ts") covers a field ("ts.created_at"). */
static bool covers(const char *path, size_t size, const char *field) {
    return strncmp(field, path, size) == 0 && (field[size] == '\0' || field[size] == '.');
}

static void mark_named(const ath__mapper *m, const char *path, size_t size, uint64_t *mask) {
    for (size_t i = 0; i < m->table->column_count; i++)
        if (covers(path, size, m->table->columns[i].field))
            ath__mask_set(mask, i);
}

/* `named` is the macro's arguments as text: the model, then designated initialisers.  False for anything else: what it
 * sets could not be told. */
static bool read_designators(const ath__mapper *m, const char *named, uint64_t *mask) {
    for (const char *at = next_comma(named); *at; at = next_comma(at)) {
        at++;
        while (*at == ' ' || *at == '\t' || *at == '\n')
            at++;
        if (!*at)
            break;
        if (*at != '.')
            return false;
        const char *path = ++at;
        while (name_char(*at) || (*at == '.' && name_char(at[1])))
            at++;
        mark_named(m, path, (size_t)(at - path), mask);
    }
    return true;
}

/* The call site's mask, from the session's small cache.  An address is trusted only with equal text. */
const uint64_t *ath__site_mask(ath_session *s, const ath__mapper *m, const char *named) {
    ath__site *site = &s->sites[((uintptr_t)named >> 4 ^ (uintptr_t)named >> 10) % ATH__SITES];
    if (site->named == named && site->mapper == m && strcmp(site->copy, named) == 0)
        return site->mask;
    uint64_t *mask = ath__arena_zero(&s->arena, m->mask_words * sizeof *mask);
    char *copy = ath__arena_str(&s->arena, named);
    if (!mask || !copy) {
        ath__session_no_memory(s);
        return NULL;
    }
    if (!read_designators(m, named, mask)) {
        ath__fail(&s->error, ATH_ARGUMENT, "(%.200s): fields are named, .field = value; not given by position or macro",
                  named);
        return NULL;
    }
    *site = (ath__site){named, copy, m, mask};
    return mask;
}

/* ---- new objects ---- */

static ath_status apply_default(ath_session *s, const ath__mapper *m, void *object, const ath__column *c) {
    ath_value value = c->default_value->u.value;
    ath_status status = ath__value_coerce(&value, &c->type, &s->arena, &s->error);
    if (status == ATH_OK)
        status = ath__field_set(c->ctype, c->size, &c->type, (char *)object + c->offset, &value, &s->arena, &s->error);
    return status == ATH_OK ? ATH_OK : ath__name_column(s, m, c);
}

/* Literal defaults for columns that are not set. */
static ath_status apply_defaults(ath_session *s, const ath__mapper *m, void *object, uint64_t *mask) {
    for (size_t i = 0; i < m->table->column_count; i++) {
        const ath__column *c = &m->table->columns[i];
        if (!c->default_value || c->default_value->node != ATH_NODE_LITERAL || ath__mask_has(mask, i))
            continue;
        ATH_TRY(apply_default(s, m, object, c));
        ath__mask_set(mask, i);
    }
    return ATH_OK;
}

static ath_status make_pending(ath_session *s, ath__mapper *m, void *object, const uint64_t *named) {
    uint64_t *mask = ath__image_of(m, object);
    memcpy(mask, named, m->mask_words * sizeof *mask);
    if (m->family) /* the class's name is given, whatever the program says */
        ath__mask_clear(mask, (size_t)ath__discriminator_of(m->table));
    ATH_TRY(apply_defaults(s, m, object, mask));
    ATH_TRY(ath__indexes_add(s, &m->pending, ath__head_of(object)->index));
    ath__head_of(object)->state = ATH_STATE_PENDING;
    return ATH_OK;
}

/* An object that could not join must not be missed by a commit: the session stands still until it is rolled back. */
static void *or_stand_still(ath_session *s, void *object) {
    if (!object && s)
        s->failed = true;
    return object;
}

ath__mapper *ath__session_mapper_of_table(ath_session *s, const ath_model *model) {
    if (ath__session_enter(s) != ATH_OK)
        return NULL;
    ath__mapper *m = model->table ? ath__session_mapper(s, model) : NULL;
    if (!model->table)
        ath__fail(&s->error, ATH_ARGUMENT, "%s is a projection: its rows have no table", model->name);
    if (m && m->family && m->table->lineage->identity.kind == ATH_KIND_NULL) {
        ath__fail(&s->error, ATH_ARGUMENT, "%s is abstract: it has no .identity; make an object of a subclass",
                  model->name);
        return NULL;
    }
    if (!m || m->table->key_count)
        return m;
    ath__fail(&s->error, ATH_ARGUMENT, "the table of %s has no primary key: insert its rows by ath_insert",
              model->name);
    return NULL;
}

static void *enter_session(ath_session *s, ath__mapper *m, const void *init, const uint64_t *named) {
    void *object = named ? ath__mapper_make(s, m) : NULL;
    if (!object)
        return NULL;
    memcpy(object, init, m->size);
    if (make_pending(s, m, object, named) == ATH_OK)
        return object;
    ath__mapper_unmake(m);
    return NULL;
}

void *ath_session_new(ath_session *s, const ath_model *model, const void *init, const char *named) {
    ath__mapper *m = ath__session_mapper_of_table(s, model);
    return or_stand_still(s, m ? enter_session(s, m, init, ath__site_mask(s, m, named)) : NULL);
}

void *ath__session_new_of(ath_session *s, ath__mapper *m, const void *init, const uint64_t *mask) {
    return or_stand_still(s, m && init ? enter_session(s, m, init, mask) : NULL);
}

/* NULL, or a key the database numbers that is still 0. */
bool ath__field_is_open(const ath__column *c, const void *object) {
    static const ath_type plain = {.sql = ATH_SQL_INFER};
    ath_value v;
    if (ath__field_get(c->ctype, c->size, &plain, (const char *)object + c->offset, &v, NULL) != ATH_OK)
        return false;
    return v.kind == ATH_KIND_NULL ? c->default_value || c->server_default || c->autoincrement
                                   : c->autoincrement && v.kind == ATH_KIND_INT && v.as.i == 0;
}

void *ath_session_add(ath_session *s, const ath_model *model, const void *object) {
    ath__mapper *m = ath__session_mapper_of_table(s, model);
    if (!m)
        return or_stand_still(s, NULL);
    uint64_t *mask = ath__arena_zero(&s->arena, m->mask_words * sizeof *mask);
    if (!mask || !object) {
        ath__fail(&s->error, object ? ATH_NO_MEMORY : ATH_ARGUMENT, "%s",
                  object ? "out of memory" : "there is no object: NULL");
        return or_stand_still(s, NULL);
    }
    for (size_t i = 0; i < m->table->column_count; i++)
        if (!ath__field_is_open(&m->table->columns[i], object))
            ath__mask_set(mask, i);
    return or_stand_still(s, enter_session(s, m, object, mask));
}

/* ---- leaving ---- */

ath_status ath_session_delete(ath_session *s, void *object) {
    ATH_TRY(ath__session_enter(s));
    if (s->making)
        return ath__fail(&s->error, ATH_STATE, "a hook of one object deletes none; ATH_BEFORE_FLUSH may");
    ath__mapper *m = ath__session_owner(s, object);
    if (!m)
        return s->error.status;
    ath__head *head = ath__head_of(object);
    switch (head->state) {
    case ATH_STATE_PENDING: /* its children are looked at by the flush */
        ATH_TRY(ath__indexes_add(s, &m->dropped, head->index));
        ath__indexes_remove(&m->pending, head->index);
        head->state = ATH_STATE_NONE;
        head->marks |= ATH__MARK_PARTED;
        return ATH_OK;
    case ATH_STATE_PERSISTENT:
        ATH_TRY(ath__indexes_add(s, &m->deleted, head->index));
        head->state = ATH_STATE_DELETED;
        return ATH_OK;
    case ATH_STATE_DELETED:
        return ATH_OK;
    default:
        return ath__fail(&s->error, ATH_STATE, "the %s has no row: it was deleted or rolled back", m->model->name);
    }
}

ath_object_state ath_session_state(const ath_session *s, const void *object) {
    return ath__session_find_owner(s, object) ? (ath_object_state)ath__head_of(object)->state : ATH_STATE_NONE;
}
