/* SPDX-License-Identifier: Apache-2.0
 *
 * Operations as SQL: what the directives would send, written down instead.
 */
#include "migrate/ops.h"
#include "migrate/render.h"

static ath_status begin(void *context, const ath_operation *operation, const char *text, bool *skip, ath_error *error) {
    (void)context, (void)operation, (void)text, (void)error;
    *skip = false;
    return ATH_OK;
}

/* Where statements go. */
typedef struct writing {
    ath__buf *out;
    ath_connection *connection; /* not NULL: they are tried on it, as later ones read what they have made */
} writing;

static ath_status write(void *context, const ath__op_statement *statements, size_t count, ath_error *error) {
    const writing *to = context;
    for (size_t i = 0; i < count; i++) {
        ath__buf_printf(to->out, "%s;\n", statements[i].sql);
        if (to->connection)
            ATH_TRY(ath__op_statement_run(to->connection, &statements[i], error));
    }
    return to->out->failed ? ath__fail_memory(error) : ATH_OK;
}

/* What is held back is written elsewhere first, and commented line by line. */
static ath_status comment(ath_ops *op, writing *to, const ath__change *change, bool goes_on, ath_error *error) {
    ath__buf text, *out = to->out;
    ath__buf_init(&text, out->allocator);
    to->out = &text;
    ath_status status = ath_op_invoke(op, &change->operation);
    to->out = out;
    if (status != ATH_NO_MEMORY && change->note)
        ath__buf_printf(out, "-- %s\n", change->note);
    if (status != ATH_NO_MEMORY && !goes_on)
        ath__buf_str(out, "-- held back, as it loses data:\n");
    for (const char *at = ath__buf_text(&text); status == ATH_OK && *at;) {
        size_t size = strcspn(at, "\n");
        ath__buf_printf(out, "-- %.*s\n", (int)size, at);
        at += size + (at[size] == '\n');
    }
    if (text.failed)
        status = ath__fail_memory(error);
    ath__buf_done(&text);
    return status;
}

static ath_status render(ath__buf *out, const ath__change *items, size_t count, const ath__ops_opts *opts,
                         ath_error *error) {
    ath_ops *op = ath__ops_new(opts, error);
    ath_status status = op ? ATH_OK : ATH_NO_MEMORY;
    for (size_t i = 0; i < count && status == ATH_OK; i++) {
        if (items[i].operation.kind == ATH_OPERATION_NOTHING)
            continue;
        if (items[i].held) {
            status = comment(op, opts->sink.context, &items[i], ath__goes_on(items, i), error);
            continue;
        }
        if (items[i].note)
            ath__buf_printf(out, "-- %s\n", items[i].note);
        status = ath_op_invoke(op, &items[i].operation);
    }
    if (op && ath__ops_finish(op, error) != ATH_OK)
        status = ath__failed(error);
    ath__ops_free(op);
    return status;
}

/* A database that rebuilds tables reads them between two statements: they are tried there, and taken back. */
static bool must_try(const ath_connection *connection) {
    const ath__alterer *alterer = connection ? connection->engine->backend->alterer : NULL;
    return alterer && alterer->alter && ath__dialect_can(connection->dialect, ATH__CAN_TRANSACTIONAL_DDL);
}

ath_status ath__render_sql(ath__buf *out, const ath__change *items, size_t count, const ath__backend *backend,
                           ath_connection *connection, const ath_naming *naming, ath_error *error) {
    bool tries = must_try(connection), began = connection && !ath_connection_in_transaction(connection);
    writing to = {out, tries ? connection : NULL};
    const ath__ops_opts opts = {.allocator = out->allocator,
                                .backend = connection ? connection->engine->backend : backend,
                                .naming = naming,
                                .connection = connection,
                                .sink = {.context = &to, .begin = begin, .run = write}};
    const ath__alterer *alterer = tries && began ? connection->engine->backend->alterer : NULL;
    void *state = NULL;
    if (alterer && alterer->begin_changes)
        ATH_TRY(alterer->begin_changes(connection, &state, error));
    ath_status status = ATH_OK;
    if (tries && ath_connection_savepoint(connection) != ATH_OK) {
        *error = *ath_connection_error(connection);
        status = ath__failed(error);
    } else {
        status = render(out, items, count, &opts, error);
        if (tries)
            ath_connection_rollback_to(connection);
    }
    if (began && ath_connection_in_transaction(connection))
        ath_connection_rollback(connection);
    if (alterer && alterer->end_changes)
        alterer->end_changes(connection, state);
    return status;
}
