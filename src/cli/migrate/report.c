/* SPDX-License-Identifier: Apache-2.0
 *
 * What a run does is followed: for the end of the program that it may bring about, and for --json.
 */
#include "cli/migrate/report.h"
#include "cli/watch.h"

#include <inttypes.h>

static mig_step *step_at(mig_report *r, size_t place) {
    if (place > r->room) {
        size_t room = place * 2 + 6;
        mig_step *more = ath__arena_zero(&r->m->arena, room * sizeof *more);
        if (!more)
            return NULL;
        if (r->count)
            memcpy(more, r->steps, r->count * sizeof *more);
        r->steps = more;
        r->room = room;
    }
    return &r->steps[place - 1];
}

/* A run that had to wait for a lock may begin again at an earlier step: what is behind it is not done. */
static void follow(void *context, const ath_migration_progress *p) {
    mig_report *r = context;
    if (p->moment == ATH_MOMENT_STEP) {
        cli_watch_revision(p->revision ? p->revision->id : NULL);
        mig_step *s = step_at(r, p->step);
        r->failed = r->failed || !s;
        if (s)
            *s = (mig_step){.way = p->way,
                            .revision = p->revision ? ath__arena_str(&r->m->arena, p->revision->id) : NULL,
                            .what = p->text ? ath__arena_str(&r->m->arena, p->text) : NULL};
        r->count = p->step - 1 < r->count ? p->step - 1 : r->count;
    } else if (p->moment == ATH_MOMENT_DONE) {
        cli_watch_revision(NULL);
        r->count = p->step;
        if (p->step <= r->room)
            r->steps[p->step - 1].milliseconds = p->milliseconds;
    }
    if (r->next)
        r->next(r->next_context, p);
}

void mig_report_begin(mig *m, mig_report *r) {
    *r = (mig_report){.m = m, .next = m->migration.progress, .next_context = m->migration.progress_context};
    m->migration.progress = follow;
    m->migration.progress_context = r;
}

void mig_report_end(mig_report *r) {
    cli_watch_revision(NULL);
    r->m->migration.progress = r->next;
    r->m->migration.progress_context = r->next_context;
}

static const char *way_name(ath_migration_way way) {
    return way == ATH_WAY_UP ? "upgrade" : way == ATH_WAY_DOWN ? "downgrade" : "stamp";
}

/* {"command": "upgrade", "dry_run": false, "steps": [...], "current": ["b"]} */
int mig_report_print(mig *m, const mig_report *r) {
    ath_name_list rows = {0, NULL};
    ath__buf out;
    if (!m->globals->json)
        return CLI_DONE;
    if (r->failed)
        ath__fail_memory(&m->error);
    if (r->failed || mig_current(m, &rows) != ATH_OK)
        return mig_fail(m);
    ath__buf_init(&out, &ath__malloc_allocator);
    ath__buf_printf(&out, "{\"command\": \"%s\", ", m->call->command->name);
    if (m->config.database) {
        ath__buf_str(&out, "\"database\": ");
        mig_json_string(&out, m->config.database);
        ath__buf_str(&out, ", ");
    }
    ath__buf_printf(&out, "\"dry_run\": %s, \"steps\": [", m->migration.dry_run ? "true" : "false");
    for (size_t i = 0; i < r->count && i < r->room; i++) {
        const mig_step *s = &r->steps[i];
        ath__buf_printf(&out, "%s{\"way\": \"%s\", \"revision\": ", i ? ", " : "", way_name(s->way));
        mig_json_string(&out, s->revision);
        ath__buf_str(&out, ", \"what\": ");
        mig_json_string(&out, s->what);
        ath__buf_printf(&out, ", \"milliseconds\": %" PRId64 "}", s->milliseconds);
    }
    ath__buf_str(&out, "], \"current\": ");
    mig_json_list(&out, rows);
    ath__buf_str(&out, "}\n");
    return mig_print(m, &out);
}
