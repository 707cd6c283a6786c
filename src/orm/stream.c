/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 7 in constant memory: a stream decodes each row into the same struct, its text into an arena that is emptied
 * between rows.
 */
#include "orm/loading.h"

/* Room for an object of any class that a row may be of. */
static size_t largest(const ath__mapper *m) {
    size_t size = 0;
    const ath__mapper *heir;
    for (size_t i = 0; (heir = ath__mapper_heir(m, i)) != NULL; i++)
        size = heir->size > size ? heir->size : size;
    return size;
}

static ath_stream *stream_new(ath_session *s, ath__mapper *m, ath__prepared *p) {
    ath_stream *stream = ath__alloc_zero(s->allocator, 1, sizeof *stream);
    size_t size = largest(m);
    void *object = stream ? ath__alloc_zero(s->allocator, 1, size) : NULL;
    if (!object) {
        ath__free(s->allocator, stream, sizeof *stream);
        ath__session_no_memory(s);
        return NULL;
    }
    *stream =
        (ath_stream){.session = s, .mapper = m, .prepared = p, .object = object, .size = size, .next = s->streams};
    ath__arena_init(&stream->text, s->allocator);
    s->streams = stream;
    return stream;
}

/* The query, with all columns of a table that classes share. */
static ath__prepared *prepare(ath__loading *l, ath__mapper *m, ath_connection *connection,
                              const ath_select_stmt *query) {
    ath__node *root = ath__load_plan_empty(l, m);
    size_t cells;
    if (root && m->row_table != m->table)
        query = ath__load_join(l, root, query, NULL, &cells);
    if (!root || !query || !ath__filtered_select(l->s, &query, false))
        return NULL;
    ath__prepared *p = ath__prepare_stmt(connection, (ath_stmt){ATH_STMT_SELECT, query});
    if (!p)
        ath__session_failed(l->s);
    return p;
}

ath_stream *ath_session_stream(ath_session *s, const ath_select_stmt *query) {
    if (ath__session_autoflush(s) != ATH_OK)
        return NULL;
    ath__mapper *m = ath__session_mapper(s, query->model);
    ath_connection *connection = m ? ath__session_connection(s) : NULL;
    if (!connection)
        return NULL;
    if (query->columns.count) {
        ath__fail(&s->error, ATH_ARGUMENT, "a stream of objects takes no .columns");
        return NULL;
    }
    if (ath__is_concrete(s, query)) {
        ath__fail(&s->error, ATH_NOT_SUPPORTED,
                  "a stream is of one table: say .only_class = true, or stream each class");
        return NULL;
    }
    if (ath__family_untracked(s, m) != ATH_OK)
        return NULL;
    ath__loading l;
    ath__loading_init(&l, s, query);
    ath__prepared *p = prepare(&l, m, connection, query);
    ath__loading_done(&l, NULL);
    if (!p)
        return NULL;
    p->values_bound = 0; /* it first steps when the values may be gone: it is not run again */
    ath__prepared_stream(connection, p);
    ath_stream *stream = stream_new(s, m, p);
    if (!stream)
        ath__prepared_release(connection, p);
    return stream;
}

static void end(ath_stream *stream, ath_status status) {
    ath_session *s = stream->session;
    if (stream->prepared)
        ath__prepared_release(s->connection, stream->prepared);
    stream->prepared = NULL;
    stream->status = status;
}

void *ath_stream_next(ath_stream *stream) {
    if (!stream || !stream->prepared)
        return NULL;
    ath_session *s = stream->session;
    ath__mapper *m = stream->mapper;
    ath__step step = ath__run_step(s->connection, stream->prepared);
    if (step != ATH__STEP_ROW) {
        end(stream, step == ATH__STEP_DONE ? ATH_OK : ath__session_failed(s));
        return NULL;
    }
    ath__arena_reset(&stream->text);
    memset(stream->object, 0, stream->size);
    const ath_value *cells = m->cells;
    const uint64_t *missing = NULL;
    ath_status status =
        s->connection->driver->row(stream->prepared->statement, m->cells, m->row_table->column_count, &s->error);
    if (status == ATH_OK && !(cells = ath__real_row(s, &m, cells, &missing)))
        status = s->error.status;
    if (status == ATH_OK)
        status = ath__load_row_part(s, m, stream->object, cells, &stream->text, missing);
    if (status == ATH_OK)
        status = ath__event(s, ATH_LOADED, m, stream->object);
    if (status == ATH_OK)
        return stream->object;
    end(stream, status);
    return NULL;
}

ath_status ath_stream_close(ath_stream *stream) {
    if (!stream)
        return ATH_OK;
    ath_session *s = stream->session;
    ath_status status = stream->status;
    end(stream, status);
    for (ath_stream **at = &s->streams; *at; at = &(*at)->next)
        if (*at == stream) {
            *at = stream->next;
            break;
        }
    ath__arena_done(&stream->text);
    ath__free(s->allocator, stream->object, stream->size);
    ath__free(s->allocator, stream, sizeof *stream);
    return status;
}
