/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 7 in constant memory: a stream decodes each row into the same struct, its text into an arena that is emptied
 * between rows.  With relations it reads chunks of rows, loads the relations of each, and gives its objects one by one;
 * the arena is emptied between chunks.
 */
#include "orm/loading.h"

#include "sql/copy.h"

enum { CHUNK = ATH__LOAD_KEYS };

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
    ath__arena_init(&stream->kept, s->allocator);
    s->streams = stream;
    return stream;
}

static ath_stream *open_stream(ath_session *s, ath__mapper *m, const ath_select_stmt *query) {
    ath_connection *connection = ath__session_connection(s);
    if (!connection || !ath__filtered_select(s, &query, false))
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

/* ---- with relations ---- */

/* Rows that belong to one object may end in different chunks. */
static ath_status check_joined(ath_session *s, const ath__node *n) {
    for (const ath__node *child = n->first; child; child = child->next) {
        if (!ath__node_is_joined(child))
            continue;
        if (ath__relation_is_many(child->link->relation))
            return ath__fail(&s->error, ATH_ARGUMENT,
                             "a stream does not join relation %s.%s, of many objects; use ath_selectin",
                             n->m->model->name, child->link->relation->field);
        ATH_TRY(check_joined(s, child));
    }
    return ATH_OK;
}

/* The tree of relations, and the statement of its root; NULL, with the session's error. */
static const ath_select_stmt *plan(ath__loading *l, ath__mapper *m, const ath_select_stmt *query, ath__node **root,
                                   size_t *cells) {
    *root = ath__load_plan(l, m, query);
    if (!*root || check_joined(l->s, *root) != ATH_OK)
        return NULL;
    return ath__load_join(l, *root, query, NULL, cells);
}

static void loading_init(ath__loading *l, ath_session *s, const ath_select_stmt *query) {
    ath__loading_init(l, s, query);
    l->read_only = true;
}

static ath_stream *open_with_relations(ath_session *s, ath__mapper *m, const ath_select_stmt *query) {
    ath__loading l;
    ath__node *root;
    size_t cells;
    loading_init(&l, s, query);
    const ath_select_stmt *stmt = plan(&l, m, query, &root, &cells);
    ath_stream *stream = stmt ? open_stream(s, m, stmt) : NULL;
    if (stream)
        stream->query = ath__select_copy(query, &stream->kept);
    if (stream && !stream->query) {
        ath_stream_close(stream);
        ath__session_no_memory(s);
        stream = NULL;
    }
    ath__loading_done(&l, root);
    return stream;
}

ath_stream *ath_session_stream(ath_session *s, const ath_select_stmt *query) {
    if (ath__session_autoflush(s) != ATH_OK)
        return NULL;
    ath__mapper *m = ath__session_mapper(s, query->model);
    if (!m)
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
    if (ath__family_untracked(s, m, query) != ATH_OK)
        return NULL;
    return ath__load_is_asked(s, query) ? open_with_relations(s, m, query) : open_stream(s, m, query);
}

static void end(ath_stream *stream, ath_status status) {
    ath_session *s = stream->session;
    if (stream->prepared)
        ath__prepared_release(s->connection, stream->prepared);
    stream->prepared = NULL;
    stream->status = status;
}

/* Reads a chunk's rows, then what hangs below them. */
static ath_status read_chunk(ath_stream *stream, ath__loading *l, ath__node *root, size_t count) {
    ath_value *cells = ath__load_cells(l, root, count);
    ath__step step = ATH__STEP_ROW;
    if (!cells)
        return l->s->error.status;
    for (size_t rows = 0; rows < CHUNK && step == ATH__STEP_ROW; rows++)
        step = ath__load_step(l, root, stream->prepared, cells, count, NULL);
    if (step == ATH__STEP_ERROR)
        return l->s->error.status;
    if (step == ATH__STEP_DONE)
        end(stream, ATH_OK);
    return ath__load_below(l, root);
}

static ath_status next_chunk(ath_stream *stream) {
    ath_session *s = stream->session;
    ath__loading l;
    ath__node *root;
    size_t cells;
    ath__gathered_drop(s, &stream->chunk);
    stream->given = 0;
    ath__arena_reset(&stream->text);
    ath_error_clear(&s->error);
    loading_init(&l, s, stream->query);
    l.memory = &stream->text;
    ath_status status =
        plan(&l, stream->mapper, stream->query, &root, &cells) ? read_chunk(stream, &l, root, cells) : s->error.status;
    if (status == ATH_OK) {
        stream->chunk = root->objects;
        root->objects = (ath__gathered){0};
    }
    ath__loading_done(&l, root);
    return status;
}

static void *next_with_relations(ath_stream *stream) {
    if (stream->status != ATH_OK)
        return NULL;
    if (stream->given == stream->chunk.count) {
        ath_status status = stream->prepared ? next_chunk(stream) : ATH_OK;
        if (status != ATH_OK)
            end(stream, status);
        if (status != ATH_OK || stream->given == stream->chunk.count)
            return NULL;
    }
    return stream->chunk.vector->items[stream->given++];
}

void *ath_stream_next(ath_stream *stream) {
    if (stream && stream->query)
        return next_with_relations(stream);
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
    ath__arena_done(&stream->kept);
    ath__gathered_drop(s, &stream->chunk);
    ath__free(s->allocator, stream->object, stream->mapper->size);
    ath__free(s->allocator, stream, sizeof *stream);
    if (status == ATH_STATE && s->error.status == ATH_OK)
        ath__fail(&s->error, ATH_STATE, "the transaction ended before the stream had given all its rows");
    return status;
}
