/* SPDX-License-Identifier: Apache-2.0
 *
 * The service about itself: the page, its health, its statistics, the schemas of what it takes.  They run without a session.
 */
#include "handlers.h"
#include "page.h" /* made of page.html at build */
#include "schemas.h"

#include <string.h>

/* GET / */
void page_read(Request *r) {
    r->status = 200;
    r->text = (char *)(uintptr_t)page_html; /* static, and never written */
    r->type = "text/html; charset=utf-8";
}

/* GET /health: whether the database answers, within a second. */
void health_read(Request *r) {
    ath_error error = {0};
    ath_deadline before = ath_loop_deadline(1000);
    ath_connection *c = ath_connect(r->service->engine, &error);
    ath_result *result = c ? ath_execute(c, ath_text("SELECT 1")) : NULL;
    bool fine = result && ath_result_scalar(result);
    ath_result_close(result);
    ath_connection_close(c);
    ath_loop_deadline_restore(before);
    r->statements = fine;
    if (!fine) {
        refuse(r, 503, "database_away", NULL, "the database does not answer");
        return;
    }
    static char ok[] = "{\"status\":\"ok\"}";
    r->status = 200;
    r->text = ok;
}

/* GET /stats */
void stats_read(Request *r) {
    ath_engine_stats e = ath_engine_statistics(r->service->engine);
    ath_loop_stats l;
    ath_loop_stats_of(r->service->loop, &l);
    const Stats stats = {.database = ath_engine_dialect(r->service->engine),
                         .statements = (int64_t)e.statements,
                         .prepared = (int64_t)e.prepared,
                         .connections = (int64_t)e.connections,
                         .checked_out = (int64_t)e.checked_out,
                         .idle = (int64_t)e.idle,
                         .waiting = (int64_t)e.waiting,
                         .timeouts = (int64_t)e.timeouts,
                         .lost = (int64_t)e.invalidated,
                         .longest_wait_us = (int64_t)e.max_waited_us,
                         .fibers = (int64_t)l.fibers,
                         .most_fibers = (int64_t)l.most_fibers,
                         .requests = r->service->requests};
    r->text = ath_to_json(NULL, Stats, &stats);
    r->release = ath_json_free;
    r->status = r->text ? 200 : 500;
}

/* GET /schemas?of=post: the JSON Schema of what may come in. */
void schemas_read(Request *r) {
    const char *of = r->parameter(r, "of");
    if (of && strcmp(of, "user") == 0)
        r->text = ath_json_schema(UserIn, .input = true);
    else if (of && strcmp(of, "post") == 0)
        r->text = ath_json_schema(PostIn, .input = true);
    else if (of && strcmp(of, "comment") == 0)
        r->text = ath_json_schema(CommentIn, .input = true);
    else if (of && strcmp(of, "transfer") == 0)
        r->text = ath_json_schema(TransferIn, .input = true);
    r->release = ath_json_free;
    r->status = 200;
    if (!r->text)
        refuse(r, 404, "not_found", "of", "?of= one of user, post, comment, transfer");
}
