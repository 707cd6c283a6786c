/* SPDX-License-Identifier: Apache-2.0
 *
 * The live schema as operations.  It is compared with models of nothing, where everything may go: each drop carries what it
 * drops, so that the opposite of them all makes the schema, in an order that works.
 */
#include "cli/migrate/live.h"

#include "migrate/render.h"

static const char *enum_name(const ath__change *c) {
    const ath_operation *o = &c->operation;
    return o->kind == ATH_OPERATION_CREATE_ENUM && o->type && o->type->details ? o->type->details->name : NULL;
}

/* Enums come in the order in which they were once made; by name the text is the same for the same schema. */
static void sort_enums(ath__change *items, size_t count) {
    for (size_t i = 1; i < count; i++)
        for (size_t k = i; k > 0; k--) {
            const char *before = enum_name(&items[k - 1]), *now = enum_name(&items[k]);
            if (!before || !now || strcmp(before, now) <= 0)
                break;
            ath__change kept = items[k];
            items[k] = items[k - 1];
            items[k - 1] = kept;
        }
}

/* Indexes go with their tables; MySQL would not drop one before, where a foreign key needs it. */
static void forget_indexes(ath__changes *gone) {
    for (size_t i = 0; i < gone->count; i++)
        if (gone->items[i].operation.kind == ATH_OPERATION_DROP_INDEX)
            gone->items[i].operation.kind = ATH_OPERATION_NOTHING;
}

ath_status mig_live_open(mig *m, mig_live *live, ath_name_list schemas) {
    static const ath_metadata nothing = {.name = "nothing"};
    const ath__compare_opts opts = {
        .schemas = schemas, .allow_drop = true, .no_scratch = true, .version_table = m->migration.version_table};
    *live = (mig_live){0};
    ATH_TRY(mig_open_engine(m));
    if (!(live->connection = ath_connect(m->engine, &m->error)))
        return ath__failed(&m->error);
    ATH_TRY(ath__compare(live->connection, &nothing, &opts, &live->gone, &m->error));
    for (size_t i = 0; i < live->gone.remark_count; i++)
        mig_log((void *)(uintptr_t)m->globals, ATH_LOG_WARNING, live->gone.remarks[i]);
    live->count = live->gone.count;
    ATH_TRY(ath__changes_inverse(live->gone.items, live->count, &live->gone.arena, &live->created, &m->error));
    sort_enums(live->created, live->count);
    forget_indexes(&live->gone);
    return ATH_OK;
}

void mig_live_close(mig_live *live) {
    ath__changes_done(&live->gone);
    ath_connection_close(live->connection);
    *live = (mig_live){0};
}

ath_status mig_live_render(mig *m, const mig_live *live, bool sql, bool back, const char **out) {
    const ath__change *items = back ? live->gone.items : live->created;
    const ath__backend *backend = ath__backend_find(ath_engine_dialect(m->engine));
    ath_status status = ATH_OK;
    ath__buf text;
    ath__buf_init(&text, &ath__malloc_allocator);
    if (sql)
        status = ath__render_sql(&text, items, live->count, backend, NULL, NULL, &m->error);
    else
        ath__render_c(&text, items, live->count);
    if (status == ATH_OK && (text.failed || !(*out = ath__arena_str(&m->arena, ath__buf_text(&text)))))
        status = ath__fail_memory(&m->error);
    ath__buf_done(&text);
    return status;
}
