/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands that look before anything is done: plan and lint.
 */
#include "cli/migrate/migrate.h"

#include <athanor/plan.h>

#include <inttypes.h>

/* ---- plan ---- */

enum { PLAN_DOWN };

static const cli_option plan_options[] = {
    [PLAN_DOWN] = {"down", 0, NULL, "what downgrade would run, instead of upgrade"},
};

typedef struct planner {
    mig *m;
    ath__buf out;
    const ath_revision *revision; /* the last that was told */
    size_t statement;
    bool any;
} planner;

static void size_text(ath__buf *out, int64_t bytes) {
    static const char *const units[] = {"bytes", "KiB", "MiB", "GiB", "TiB"};
    size_t unit = 0;
    double size = (double)bytes;
    for (; size >= 1024 && unit < ATH_COUNT_OF(units) - 1; unit++)
        size /= 1024;
    ath__buf_printf(out, unit ? "%.1f %s" : "%.0f %s", size, units[unit]);
}

static void plan_title(planner *p, const ath_planned *now) {
    if (p->revision == now->revision)
        return;
    const char *message = now->revision->message;
    ath__buf_printf(&p->out, "%s%s %s%s%s\n", p->any ? "\n" : "", now->way == ATH_WAY_UP ? "upgrade" : "downgrade",
                    now->revision->id, message ? ", " : "", message ? message : "");
    p->revision = now->revision;
    p->statement = 0;
}

static void plan_change(planner *p, const ath_planned *now) {
    ath__buf *out = &p->out;
    if (!now->cost)
        return;
    ath__buf_printf(out, "     %s%s%s; keeps %s waiting", now->table ? now->table : "", now->table ? ": " : "",
                    now->cost, now->blocks);
    if (now->lock)
        ath__buf_printf(out, " (%s)", now->lock);
    if (now->rows >= 0)
        ath__buf_printf(out, "; about %" PRId64 " rows", now->rows);
    if (now->bytes >= 0) {
        ath__buf_str(out, ", ");
        size_text(out, now->bytes);
    }
    ath__buf_char(out, '\n');
    if (now->note)
        ath__buf_printf(out, "     %s\n", now->note);
}

static void plan_text(planner *p, const ath_planned *now) {
    plan_title(p, now);
    if (!now->sql) {
        ath__buf_printf(&p->out, "  ?  the rest cannot be told before it runs: %s\n", now->note ? now->note : "");
        return;
    }
    if (p->statement != now->statement)
        ath__buf_printf(&p->out, "  %zu  %s\n", now->statement, now->sql);
    p->statement = now->statement;
    plan_change(p, now);
}

static void json_member(ath__buf *out, const char *name, const char *text) {
    ath__buf_printf(out, ", \"%s\": ", name);
    mig_json_string(out, text);
}

static void json_size(ath__buf *out, const char *name, int64_t size) {
    if (size >= 0)
        ath__buf_printf(out, ", \"%s\": %" PRId64, name, size);
    else
        ath__buf_printf(out, ", \"%s\": null", name);
}

static void plan_json(planner *p, const ath_planned *now) {
    ath__buf *out = &p->out;
    ath__buf_str(out, p->any ? ",\n " : "[");
    ath__buf_str(out, "{\"revision\": ");
    mig_json_string(out, now->revision->id);
    ath__buf_printf(out, ", \"way\": \"%s\", \"statement\": %zu", now->way == ATH_WAY_UP ? "upgrade" : "downgrade",
                    now->statement);
    json_member(out, "sql", now->sql);
    json_member(out, "table", now->table);
    json_member(out, "lock", now->lock);
    json_member(out, "blocks", now->blocks);
    json_member(out, "cost", now->cost);
    json_member(out, "note", now->note);
    json_size(out, "rows", now->rows);
    json_size(out, "bytes", now->bytes);
    ath__buf_char(out, '}');
}

static ath_status take_planned(void *context, const ath_planned *now) {
    planner *p = context;
    if (p->m->globals->json)
        plan_json(p, now);
    else
        plan_text(p, now);
    p->any = true;
    return p->out.failed ? ATH_NO_MEMORY : ATH_OK;
}

static int plan(mig *m) {
    planner p = {.m = m};
    bool down = mig_option(m, PLAN_DOWN) != NULL;
    const char *target = m->call->operand_count ? m->call->operands[0] : down ? "-1" : "head";
    if (mig_open_engine(m) != ATH_OK)
        return mig_fail(m);
    ath__buf_init(&p.out, &ath__malloc_allocator);
    if (ath_migrate_plan(m->engine, &m->migration, down ? ATH_WAY_DOWN : ATH_WAY_UP, target, take_planned, &p) !=
        ATH_OK) {
        ath__buf_done(&p.out);
        return mig_fail(m);
    }
    if (m->globals->json)
        ath__buf_str(&p.out, p.any ? "]\n" : "[]\n");
    return mig_print(m, &p.out);
}

static int run_plan(const cli_call *call) {
    return mig_each(call, plan);
}

const cli_command cli_plan = {.name = "plan",
                              .arguments = "[REVISION]",
                              .what = "what upgrade (head) would run, with locks, costs and sizes of tables",
                              .more = "The database is read and not changed.\n",
                              .most = 1,
                              .run = run_plan,
                              .options = plan_options,
                              .option_count = ATH_COUNT_OF(plan_options),
                              .of_project = true,
                              .of_bundle = true};

/* ---- lint ---- */

enum { LINT_DIALECT, LINT_IGNORE };

static const cli_option lint_options[] = {
    [LINT_DIALECT] = {"dialect", 0, "NAME", "as it would run on that database; default: that of the URL"},
    [LINT_IGNORE] = {"ignore", 0, "RULE", "leave a rule out (may come several times)"},
};

typedef struct lint_report {
    mig *m;
    ath__buf out;
    size_t count, bad;
} lint_report;

static const char *severity_name(ath_severity severity) {
    return severity == ATH_SEVERITY_DANGER ? "danger" : severity == ATH_SEVERITY_WARNING ? "warning" : "note";
}

static void finding_json(lint_report *r, const ath_finding *f) {
    ath__buf *out = &r->out;
    ath__buf_str(out, r->count ? ",\n " : "[");
    ath__buf_str(out, "{\"revision\": ");
    mig_json_string(out, f->revision->id);
    ath__buf_printf(out, ", \"statement\": %zu, \"severity\": \"%s\"", f->statement, severity_name(f->severity));
    json_member(out, "rule", f->rule);
    json_member(out, "table", f->table);
    json_member(out, "what", f->what);
    json_member(out, "lock", f->lock);
    json_member(out, "note", f->note);
    json_member(out, "cure", f->cure);
    json_member(out, "sql", f->sql);
    ath__buf_char(out, '}');
}

static void finding_text(lint_report *r, const ath_finding *f) {
    ath__buf *out = &r->out;
    ath__buf_printf(out, "%s: %s [%s]%s%s: %s\n", f->revision->id, severity_name(f->severity), f->rule,
                    f->table ? " " : "", f->table ? f->table : "", f->what);
    ath__buf_printf(out, "    %s\n", f->sql);
    if (f->note)
        ath__buf_printf(out, "    note: %s\n", f->note);
    if (f->cure)
        ath__buf_printf(out, "    instead: %s\n", f->cure);
}

static ath_status take_finding(void *context, const ath_finding *f) {
    lint_report *r = context;
    if (r->m->globals->json)
        finding_json(r, f);
    else
        finding_text(r, f);
    r->count++;
    r->bad += f->severity > ATH_SEVERITY_NOTE;
    return r->out.failed ? ATH_NO_MEMORY : ATH_OK;
}

static ath_status find_dialect(mig *m, const char **dialect) {
    *dialect = mig_option(m, LINT_DIALECT);
    if (!*dialect)
        return mig_dialect(m, dialect);
    return mig_open_environment(m);
}

static int lint(mig *m) {
    lint_report r = {.m = m};
    const char *dialect, *range = m->call->operand_count ? m->call->operands[0] : "heads";
    if (find_dialect(m, &dialect) != ATH_OK)
        return mig_fail(m);
    ath__buf_init(&r.out, &ath__malloc_allocator);
    if (ath_migrate_lint(dialect, &m->migration, range, mig_options(m, LINT_IGNORE), take_finding, &r) != ATH_OK) {
        ath__buf_done(&r.out);
        return mig_fail(m);
    }
    if (m->globals->json)
        ath__buf_str(&r.out, r.count ? "]\n" : "[]\n");
    int code = mig_print(m, &r.out);
    return code == CLI_DONE && r.bad ? CLI_REFUSED : code;
}

static int run_lint(const cli_call *call) {
    return mig_each(call, lint);
}

const cli_command cli_lint = {.name = "lint",
                              .arguments = "[FROM:TO]",
                              .what = "what is dangerous in revisions, and what to do instead (exit 1: something is)",
                              .more =
                                  "A comment before a statement silences it: -- nolint, or -- nolint: drop-column\n",
                              .most = 1,
                              .run = run_lint,
                              .options = lint_options,
                              .option_count = ATH_COUNT_OF(lint_options),
                              .of_project = true,
                              .of_bundle = true};
