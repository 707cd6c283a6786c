/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 9, what inserts, updates and deletes share: values of fields, statements found by a few words, what comes back.
 */
#include "orm/session.h"

/* ---- values ---- */

/* Takes the program's text or bytes into the session: the field then points to the session's copy. */
static ath_status adopt(ath_session *s, void *field, ath_value *v) {
    const void *copy = NULL;
    if (v->kind == ATH_KIND_BYTES)
        copy = v->as.bytes.size ? ath__arena_copy(&s->arena, v->as.bytes.data, v->as.bytes.size) : "";
    else
        copy = ath__arena_strn(&s->arena, v->as.text.data, v->as.text.size);
    if (!copy)
        return ath__session_no_memory(s);
    if (v->kind == ATH_KIND_BYTES)
        v->as.bytes.data = copy;
    else
        v->as.text.data = copy;
    memcpy(field, &copy, sizeof copy);
    return ATH_OK;
}

ath_status ath__flush_value(ath_session *s, const ath__mapper *m, void *object, const ath__column *c, ath_value *out) {
    if (ath__field_take(&m->steps[c->mapped], object, &s->arena, out))
        return ATH_OK;
    void *field = (char *)object + c->offset;
    ath_status status = ath__field_get(c->ctype, c->size, &c->type, field, out, &s->error);
    bool borrowed = c->ctype == ATH_C_TEXT || c->ctype == ATH_C_JSON || c->ctype == ATH_C_BYTES;
    if (status == ATH_OK && borrowed && out->kind != ATH_KIND_NULL)
        status = adopt(s, field, out);
    if (status == ATH_OK)
        status = ath__value_coerce(out, &c->type, &s->arena, &s->error);
    return status == ATH_OK ? ATH_OK : ath__name_column(s, m, c);
}

/* ---- statements ---- */

ath__prepared *ath__flush_prepare(ath_session *s, const uint64_t *words, size_t count, ath__compile_fn compile,
                                  void *context) {
    ath_connection *connection = ath__session_connection(s);
    if (!connection)
        return NULL;
    ath__prepared *p = ath__prepare(connection, words, count, compile, context);
    if (!p)
        ath__session_failed(s);
    return p;
}

ath_status ath__flush_bind(ath_session *s, ath__prepared *p, size_t first, const ath_value *values, size_t count) {
    ATH_TRY(s->connection->driver->bind(p->statement, first, values, count, false, &s->error));
    ath__remember_values(s->connection, p, first, values, count);
    return ATH_OK;
}

ath_status ath__flush_read_back(ath_session *s, const ath__mapper *m, const ath_table *t, void *object,
                                const uint16_t *columns, size_t count, const ath_value *cells) {
    for (size_t i = 0; i < count; i++) {
        const ath__column *c = &t->columns[columns[i]];
        if (ath__field_set(c->ctype, c->size, &c->type, (char *)object + c->offset, &cells[i], &s->arena, &s->error) !=
            ATH_OK)
            return ath__name_column(s, m, c);
    }
    return ATH_OK;
}
