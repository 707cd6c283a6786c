/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: prepared statements that the schema has left behind.
 *
 * A server may refuse to run a statement that it prepared before a table changed, and only at the run does one learn.  By
 * then the transaction may be spoiled.  Where the statement was its first, nothing is lost by beginning again; where it
 * was not, the program is told, once: every connection drops its statements before the next use.
 */
#include "engine/stmt_cache.h"

void ath__remember_values(ath_connection *c, ath__prepared *p, size_t first, const ath_value *values, size_t count) {
    size_t all = p->compiled.bind_count;
    if (!c->driver->is_stale_plan || first != p->values_bound || first + count > all)
        return;
    if (!p->values && all)
        p->values = ath__alloc(&c->engine->allocator, all * sizeof *p->values);
    if (!p->values)
        return; /* then it is not run again, that is all */
    if (values != p->values + first)
        memcpy(p->values + first, values, count * sizeof *values);
    p->values_bound = first + count;
}

/* Nothing else has been done in the transaction, and the values are at hand. */
static bool may_run_again(const ath_connection *c, const ath__prepared *p) {
    return c->in_transaction && c->ran == 1 && !c->savepoints && !c->broken &&
           p->values_bound == p->compiled.bind_count;
}

/* On failure the old one stays, for its owner to give back. */
static ath_status prepare_anew(ath_connection *c, ath__prepared *p) {
    const ath__driver *d = c->driver;
    const ath__compiled *compiled = &p->compiled;
    void *fresh = NULL;
    ATH_TRY(d->prepare(c->handle, compiled->sql, compiled->sql_size, compiled->binds, compiled->bind_count, &fresh,
                       &c->error));
    c->engine->prepared++;
    d->finalize(p->statement);
    p->statement = fresh;
    if (p->streams)
        ath__prepared_stream(c, p);
    return compiled->bind_count ? d->bind(fresh, 0, p->values, compiled->bind_count, true, &c->error) : ATH_OK;
}

ath__step ath__run_stale(ath_connection *c, ath__prepared *p) {
    if (!c->driver->is_stale_plan || !c->driver->is_stale_plan(&c->error))
        return ATH__STEP_ERROR;
    atomic_fetch_add(&c->engine->plans, 1);
    ath_error first = c->error;
    c->driver->reset(p->statement);
    if (!may_run_again(c, p) || ath__restart_transaction(c) != ATH_OK || prepare_anew(c, p) != ATH_OK) {
        c->error = first;
        return ATH__STEP_ERROR;
    }
    ath_error_clear(&c->error);
    c->ran = 1;
    c->engine->statements++;
    ath__step step = c->driver->step(p->statement, &c->error);
    if (step == ATH__STEP_ERROR)
        ath__after_error(c);
    return step;
}
