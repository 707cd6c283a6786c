/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 7 in constant memory: a stream decodes each row into the same struct, its text into an arena that is emptied
 * between rows.
 */
#include "orm/session.h"

static ath_stream *stream_new(ath_session *s, ath__mapper *m, ath__prepared *p) {
    ath_stream *stream = ath__alloc_zero(s->allocator, 1, sizeof *stream);
    void *object = stream ? ath__alloc_zero(s->allocator, 1, m->size) : NULL;
    if (!object) {
        ath__free(s->allocator, stream, sizeof *stream);
        ath__session_no_memory(s);
        return NULL;
    }
    *stream = (ath_stream){.session = s, .mapper = m, .prepared = p, .object = object, .next = s->streams};
    ath__arena_init(&stream->text, s->allocator);
    s->streams = stream;
    return stream;
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
    if (!ath__filtered_select(s, &query))
        return NULL;
    ath__prepared *p = ath__prepare_stmt(connection, (ath_stmt){ATH_STMT_SELECT, query});
    if (!p) {
        ath__session_failed(s);
        return NULL;
    }
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
    memset(stream->object, 0, m->size);
    ath_status status =
        s->connection->driver->row(stream->prepared->statement, m->cells, m->table->column_count, &s->error);
    if (status == ATH_OK)
        status = ath__load_row(s, m, stream->object, m->cells, &stream->text);
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
    ath__free(s->allocator, stream->object, stream->mapper->size);
    ath__free(s->allocator, stream, sizeof *stream);
    return status;
}
