/* SPDX-License-Identifier: Apache-2.0
 *
 * The live schema as operations.  It is compared with models of nothing, where everything may go: each drop carries what it
 * drops, so that the opposite of them all makes the schema, in an order that works.
 */
#include "cli/migrate/live.h"

#include "migrate/beside.h"
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

/* ---- beside the tables ---- */

static ath_status read_beside(mig *m, mig_live *live, ath_name_list schemas, ath__besides *out) {
    ATH_TRY(ath__beside_read(out, live->connection, NULL, &live->gone.arena, &m->error));
    for (size_t i = 0; i < schemas.count; i++)
        ATH_TRY(ath__beside_read(out, live->connection, schemas.names[i], &live->gone.arena, &m->error));
    return ATH_OK;
}

static ath__change statement(const char *sql) {
    return (ath__change){
        .operation = {.struct_size = sizeof(ath_operation), .kind = ATH_OPERATION_EXECUTE, .text = sql}};
}

static void warn_of_unknown(mig *m, const ath__beside *b) {
    char line[300];
    snprintf(line, sizeof line, "%s '%s' is in the database and its text is not told: it is not written down", b->kind,
             b->name);
    mig_log((void *)(uintptr_t)m->globals, ATH_LOG_WARNING, line);
}

/* Functions go behind the tables that may use them, views before theirs. */
static ath_status join(mig *m, mig_live *live, ath_name_list schemas) {
    ath__besides all = {0};
    ath__change *back;
    size_t count = live->gone.count;
    ATH_TRY(read_beside(m, live, schemas, &all));
    ATH_TRY(ath__changes_inverse(live->gone.items, count, &live->gone.arena, &back, &m->error));
    sort_enums(back, count);
    forget_indexes(&live->gone);
    live->up = ath__arena_zero(&live->gone.arena, (count + all.count + 1) * sizeof *live->up);
    live->down = ath__arena_zero(&live->gone.arena, (count + all.count + 1) * sizeof *live->down);
    if (!live->up || !live->down)
        return ath__fail_memory(&m->error);
    memcpy(live->up, back, count * sizeof *back);
    live->up_count = count;
    for (size_t i = 0; i < all.count; i++) {
        if (all.items[i].create)
            live->up[live->up_count++] = statement(all.items[i].create);
        else
            warn_of_unknown(m, &all.items[i]);
    }
    for (int tables = 0; tables < 2; tables++) {
        for (size_t i = all.count; i-- > 0;)
            if (all.items[i].drop && (strcmp(all.items[i].kind, "view") == 0) == !tables)
                live->down[live->down_count++] = statement(all.items[i].drop);
        for (size_t i = 0; !tables && i < count; i++)
            live->down[live->down_count++] = live->gone.items[i];
    }
    return ATH_OK;
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
    return join(m, live, schemas);
}

void mig_live_close(mig_live *live) {
    ath__changes_done(&live->gone);
    ath_connection_close(live->connection);
    *live = (mig_live){0};
}

ath_status mig_live_render(mig *m, const mig_live *live, bool sql, bool back, const char **out) {
    const ath__change *items = back ? live->down : live->up;
    size_t count = back ? live->down_count : live->up_count;
    const ath__backend *backend = ath__backend_find(ath_engine_dialect(m->engine));
    ath_status status = ATH_OK;
    ath__buf text;
    ath__buf_init(&text, &ath__malloc_allocator);
    if (sql)
        status = ath__render_sql(&text, items, count, backend, NULL, NULL, &m->error);
    else
        ath__render_c(&text, items, count);
    if (status == ATH_OK && (text.failed || !(*out = ath__arena_str(&m->arena, ath__buf_text(&text)))))
        status = ath__fail_memory(&m->error);
    ath__buf_done(&text);
    return status;
}
