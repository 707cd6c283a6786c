/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: ath_create_all and ath_drop_all: a metadata's tables in foreign-key order, in one transaction.
 */
#include "engine/engine.h"

typedef struct job {
    ath_connection *c;
    const ath_table **order;
    size_t count;
    ath__buf sql;
} job;

static ath_status run(job *j) {
    if (j->sql.failed)
        return ath__fail_memory(&j->c->error);
    ath_status status = ath__run_text(j->c, ath__buf_text(&j->sql), NULL);
    ath__buf_clear(&j->sql);
    return status;
}

static ath_status create_table(job *j, const ath_table *table) {
    bool exists;
    ATH_TRY(j->c->driver->has_table(j->c->handle, table->name, &exists, &j->c->error));
    if (exists)
        return ATH_OK;
    ATH_TRY(ath__ddl_create_table(j->c->dialect, table, &j->sql, &j->c->error));
    ATH_TRY(run(j));
    for (size_t i = 0; i < table->index_count; i++) {
        ATH_TRY(ath__ddl_create_index(j->c->dialect, table, &table->indexes[i], &j->sql, &j->c->error));
        ATH_TRY(run(j));
    }
    return ATH_OK;
}

static ath_status create_tables(job *j) {
    for (size_t i = 0; i < j->count; i++)
        ATH_TRY(create_table(j, j->order[i]));
    return ATH_OK;
}

/* Tables may refer to each other in a circle; all that matters is that no row is left without its target in the end. */
static ath_status drop_tables(job *j) {
    if (j->c->driver->defer_foreign_keys)
        ATH_TRY(j->c->driver->defer_foreign_keys(j->c->handle, &j->c->error));
    for (size_t i = j->count; i-- > 0;) {
        bool exists;
        ATH_TRY(j->c->driver->has_table(j->c->handle, j->order[i]->name, &exists, &j->c->error));
        if (!exists)
            continue;
        ATH_TRY(ath__ddl_drop_table(j->c->dialect, j->order[i], &j->sql, &j->c->error));
        ATH_TRY(run(j));
    }
    return ATH_OK;
}

typedef ath_status (*work_fn)(job *j);

static ath_status in_transaction(job *j, work_fn work) {
    ATH_TRY(ath__ensure_transaction(j->c));
    ATH_TRY(work(j));
    return ath_connection_commit(j->c);
}

static ath_status over_tables(ath_engine *e, const ath_metadata *md, work_fn work, ath_error *error) {
    ath_error local;
    if (!error)
        error = &local;
    ATH_TRY(ath_metadata_check(md, error));
    job j = {.count = md->model_count};
    j.order = ath__alloc(&e->allocator, (md->model_count + 1) * sizeof *j.order);
    if (!j.order)
        return ath__fail_memory(error);
    ath__buf_init(&j.sql, &e->allocator);
    ath_status status = ath__metadata_order(md, &e->allocator, j.order, error);
    if (status == ATH_OK) {
        j.c = ath_connection_open(e, error);
        status = j.c ? in_transaction(&j, work) : error->status;
        if (j.c && status != ATH_OK)
            *error = j.c->error;
        ath_connection_close(j.c); /* rolls back what was not committed */
    }
    ath__buf_done(&j.sql);
    ath__free(&e->allocator, j.order, (md->model_count + 1) * sizeof *j.order);
    return status;
}

ath_status ath_create_all_in(ath_engine *e, const ath_metadata *md, ath_error *error) {
    return over_tables(e, md, create_tables, error);
}

ath_status ath_drop_all_in(ath_engine *e, const ath_metadata *md, ath_error *error) {
    return over_tables(e, md, drop_tables, error);
}
