/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: around a run that changes tables: foreign keys are off while tables are made anew, and afterwards nothing may
 * be broken that was whole.  And the database in memory in which a script keeps what it has made.
 */
#include "backend/sqlite/alter.h"

/* One row of PRAGMA foreign_key_check, as text. */
typedef struct violations {
    ath__arena arena;
    ath_name_list list;
    size_t capacity;
} violations;

typedef struct around {
    bool foreign_keys; /* were on */
    bool was_broken;
    violations before;
} around;

static ath_status failed(ath_connection *c, ath_error *error) {
    *error = c->error;
    return ath__failed(error);
}

static ath_status keep(violations *v, const ath_row *row, ath_error *error) {
    if (v->list.count == v->capacity) {
        size_t capacity = v->capacity ? v->capacity * 2 : 16;
        const char **larger = ath__arena_alloc(&v->arena, capacity * sizeof *larger);
        if (!larger)
            return ath__fail_memory(error);
        if (v->list.count)
            memcpy(larger, v->list.names, v->list.count * sizeof *larger);
        v->list.names = larger;
        v->capacity = capacity;
    }
    const char *table = ath_row_text(row, 0), *target = ath_row_text(row, 2);
    const char *line = ath__arena_printf(&v->arena, "row %lld of table %s refers to a row of %s that is not there",
                                         (long long)ath_row_int(row, 1), table ? table : "?", target ? target : "?");
    if (!line)
        return ath__fail_memory(error);
    ((const char **)(uintptr_t)v->list.names)[v->list.count++] = line;
    return ATH_OK;
}

static ath_status check(ath_connection *c, violations *v, ath_error *error) {
    ath__arena_init(&v->arena, &c->engine->allocator);
    ath_result *r = ath_connection_execute(c, ath_stmt_of(ath_text("PRAGMA foreign_key_check")));
    if (!r)
        return failed(c, error);
    ath_status status = ATH_OK;
    for (const ath_row *row = ath_fetch(r); row && status == ATH_OK; row = ath_fetch(r))
        status = keep(v, row, error);
    if (status == ATH_OK && ath_result_error(r)->status != ATH_OK) {
        *error = *ath_result_error(r);
        status = error->status;
    }
    ath_result_close(r);
    return status;
}

static ath_status foreign_keys(ath_connection *c, bool *on, ath_error *error) {
    ath_result *r = ath_connection_execute(c, ath_stmt_of(ath_text("PRAGMA foreign_keys")));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    *on = row && ath_row_int(row, 0) == 1;
    ath_status status = row ? ATH_OK : failed(c, error);
    ath_result_close(r);
    return status;
}

/* Reading begins a transaction, and PRAGMA foreign_keys does nothing inside of one. */
static ath_status begin(ath_connection *c, around *a, ath_error *error) {
    ATH_TRY(foreign_keys(c, &a->foreign_keys, error));
    if (!a->foreign_keys)
        return ATH_OK;
    ath_status status = check(c, &a->before, error);
    if (status == ATH_NO_MEMORY)
        return status;
    a->was_broken = status != ATH_OK; /* a key that leads nowhere: then it cannot be asked */
    ath_error_clear(error);
    return ATH_OK;
}

static ath_status switch_off(ath_connection *c, const around *a, ath_error *error) {
    if (ath_connection_in_transaction(c) && ath_connection_commit(c) != ATH_OK)
        return failed(c, error);
    if (!a->foreign_keys)
        return ATH_OK;
    return ath__run_text(c, "PRAGMA foreign_keys = OFF", NULL) == ATH_OK ? ATH_OK : failed(c, error);
}

ath_status ath__sqlite_begin_changes(ath_connection *c, void **state, ath_error *error) {
    around *a = ath__alloc_zero(&c->engine->allocator, 1, sizeof *a);
    *state = NULL;
    if (!a)
        return ath__fail_memory(error);
    ath_status status = begin(c, a, error);
    if (status == ATH_OK)
        status = switch_off(c, a, error);
    if (status == ATH_OK) {
        *state = a;
        return ATH_OK;
    }
    ath__arena_done(&a->before.arena);
    ath__free(&c->engine->allocator, a, sizeof *a);
    return status;
}

/* Both lists are in the order of the check; a violation that is new is in the second alone.  A table that was made anew has
 * its rows under the same rowids, so that its old violations are the same lines. */
static const char *new_one(const violations *before, const violations *after) {
    for (size_t i = 0; i < after->list.count; i++) {
        bool known = false;
        for (size_t k = 0; k < before->list.count && !known; k++)
            known = strcmp(before->list.names[k], after->list.names[i]) == 0;
        if (!known)
            return after->list.names[i];
    }
    return NULL;
}

ath_status ath__sqlite_check_changes(ath_connection *c, void *state, ath_error *error) {
    const around *a = state;
    violations after = {0};
    if (!a || !a->foreign_keys || a->was_broken)
        return ATH_OK;
    ath_status status = check(c, &after, error);
    const char *broken = status == ATH_OK ? new_one(&a->before, &after) : NULL;
    if (broken)
        status = ath__fail(error, ATH_INTEGRITY, "the changes break a foreign key: %s", broken);
    ath__arena_done(&after.arena);
    return status;
}

void ath__sqlite_end_changes(ath_connection *c, void *state) {
    around *a = state;
    if (!a)
        return;
    if (a->foreign_keys)
        (void)c->driver->exec(c->handle, "PRAGMA foreign_keys = ON", NULL);
    ath__arena_done(&a->before.arena);
    ath__free(&c->engine->allocator, a, sizeof *a);
}

ath_connection *ath__sqlite_shadow(ath_engine **engine, ath_error *error) {
    *engine = ath_engine_open("sqlite:///:memory:", .error = error);
    ath_connection *c = *engine ? ath_connection_open(*engine, error) : NULL;
    if (c)
        (void)c->driver->exec(c->handle, "PRAGMA foreign_keys = OFF", NULL);
    return c;
}
