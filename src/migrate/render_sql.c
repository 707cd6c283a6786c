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

static ath_status write(void *context, const ath__op_statement *statements, size_t count, ath_error *error) {
    ath__buf *out = context;
    for (size_t i = 0; i < count; i++)
        ath__buf_printf(out, "%s;\n", statements[i].sql);
    return out->failed ? ath__fail_memory(error) : ATH_OK;
}

/* What is held back is written by a context of its own, and commented line by line. */
static ath_status comment(ath__buf *out, const ath__change *change, ath__ops_opts opts, ath_error *error) {
    ath__buf text;
    ath__buf_init(&text, out->allocator);
    opts.sink.context = &text;
    ath_ops *op = ath__ops_new(&opts, error);
    ath_status status = op ? ath_op_invoke(op, &change->operation) : ATH_NO_MEMORY;
    if (op && ath__ops_finish(op, error) != ATH_OK)
        status = ath__failed(error);
    ath__ops_free(op);
    if (status != ATH_NO_MEMORY && change->note)
        ath__buf_printf(out, "-- %s\n", change->note);
    if (status != ATH_NO_MEMORY)
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

ath_status ath__render_sql(ath__buf *out, const ath__change *items, size_t count, const ath__backend *backend,
                           ath_connection *connection, const ath_naming *naming, ath_error *error) {
    const ath__ops_opts opts = {.allocator = out->allocator,
                                .backend = connection ? connection->engine->backend : backend,
                                .naming = naming,
                                .connection = connection,
                                .sink = {.context = out, .begin = begin, .run = write}};
    ath_ops *op = ath__ops_new(&opts, error);
    ath_status status = op ? ATH_OK : ATH_NO_MEMORY;
    for (size_t i = 0; i < count && status == ATH_OK; i++) {
        if (items[i].operation.kind == ATH_OPERATION_NOTHING)
            continue;
        if (items[i].held) {
            status = comment(out, &items[i], opts, error);
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
