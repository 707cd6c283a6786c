/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor drift`: whether a database is still what its history and its models make of it.
 */
#include "cli/migrate/autogenerate.h"

typedef struct report {
    mig *m;
    ath__buf out;
    size_t count;
} report;

static void add(report *r, const char *kind, const char *title, const char *what) {
    if (r->m->globals->json) {
        ath__buf_printf(&r->out, "%s{\"kind\": \"%s\", \"what\": ", r->count ? ",\n " : "[", kind);
        mig_json_string(&r->out, what);
        ath__buf_char(&r->out, '}');
    } else {
        ath__buf_printf(&r->out, "%s: %s\n", title, what);
    }
    r->count++;
}

/* The comparison tells what would be done; here it is told what is there. */
static void add_difference(report *r, const char *line) {
    static const struct {
        const char *begins, *kind, *title;
    } words[] = {{"Detected added ", "missing", "not in the database"},
                 {"Detected removed ", "unknown", "only in the database"},
                 {"Detected ", "different", "different"},
                 {"", "different", "different"}};
    size_t i = 0;
    while (strncmp(line, words[i].begins, strlen(words[i].begins)) != 0)
        i++;
    add(r, words[i].kind, words[i].title, line + strlen(words[i].begins));
}

static ath_status add_differences(report *r) {
    ath__buf lines;
    ath__buf_init(&lines, &ath__malloc_allocator);
    ath_status status = mig_differences(r->m, &lines);
    char *rest = lines.data, *line;
    while (status == ATH_OK && rest && (line = strtok_r(rest, "\n", &rest)) != NULL)
        add_difference(r, line);
    ath__buf_done(&lines);
    return status;
}

static ath_status add_edited(void *context, const ath_revision *revision, const char *applied, const char *now) {
    report *r = context;
    char what[400];
    snprintf(what, sizeof what, now ? "%.255s was applied with checksum %.64s" : "%.255s was applied and has no file",
             revision->id, applied ? applied : "unknown");
    add(r, "edited", "edited revision", what);
    return r->out.failed ? ATH_NO_MEMORY : ATH_OK;
}

static ath_status gather(report *r) {
    ATH_TRY(add_differences(r));
    size_t before = r->count;
    ath_status status = ath_migrate_verify(r->m->engine, &r->m->migration, add_edited, r);
    if (status == ATH_STATE && r->count > before) { /* which is what was asked */
        ath_error_clear(&r->m->error);
        return ATH_OK;
    }
    return status;
}

static int drift(mig *m) {
    report r = {.m = m};
    ath__buf_init(&r.out, &ath__malloc_allocator);
    if (gather(&r) != ATH_OK) {
        ath__buf_done(&r.out);
        return mig_fail(m);
    }
    if (m->globals->json)
        ath__buf_str(&r.out, r.count ? "]\n" : "[]\n");
    else if (!r.count)
        ath__buf_str(&r.out, "The database is what the models and the revisions say.\n");
    int code = mig_print(m, &r.out);
    return code == CLI_DONE && r.count ? CLI_REFUSED : code;
}

static int run_drift(const cli_call *call) {
    return mig_each(call, drift);
}

const cli_command cli_drift = {
    .name = "drift",
    .arguments = "",
    .what = "what the live database has otherwise than models and revisions (exit 1: something)",
    .more = "Tables that the models do not know, what differs from them, and revisions edited since they ran.\n",
    .run = run_drift,
    .of_project = true};
