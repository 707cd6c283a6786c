/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor baseline`: the first revision of a database that was there before its history.
 */
#include "cli/migrate/live.h"

enum { MESSAGE, REV_ID, SQL, SCHEMA, MODELS, NO_STAMP };

static const cli_option baseline_options[] = {
    [MESSAGE] = {"message", 'm', "TEXT", "what it is called (baseline)"},
    [REV_ID] = {"rev-id", 0, "ID", "its id, instead of a random one"},
    [SQL] = {"sql", 0, NULL, "a file in SQL instead of C"},
    [SCHEMA] = {"schema", 's', "NAMES", "these schemas too, separated by commas"},
    [MODELS] = {"models", 0, "PATH", "also write the models: PATH.h and PATH.c, as `athanor models -o PATH`"},
    [NO_STAMP] = {"no-stamp", 0, NULL, "leave the version table as it is"},
};

/* Neither revisions nor a version may be there: a baseline stands at the beginning. */
static ath_status check_beginning(mig *m) {
    ath_name_list rows;
    ATH_TRY(mig_open_script(m));
    if (ath__graph_count(m->script.graph))
        return ath__fail(&m->error, ATH_STATE,
                         "There are revisions already: %s" ATH__HINT
                         "a baseline is the first; `athanor stamp` puts the database where they stand",
                         ath__graph_at(m->script.graph, 0)->id);
    ATH_TRY(mig_current(m, &rows));
    if (rows.count)
        return ath__fail(&m->error, ATH_STATE,
                         "The database is at revision %s, which no file has" ATH__HINT
                         "`athanor stamp --purge base` forgets that",
                         rows.names[0]);
    return ATH_OK;
}

/* The same as a user would type. */
static int write_models(mig *m, const char *path) {
    const char *schemas = mig_option(m, SCHEMA);
    cli_globals plain = {.program = m->globals->program};
    if (path[0] != '/')
        path = ath__arena_printf(&m->arena, "%s/%s", m->called_in, path);
    char *words[] = {ath__arena_str(&m->arena, "-o"), path ? ath__arena_str(&m->arena, path) : NULL,
                     ath__arena_str(&m->arena, m->url),
                     schemas ? ath__arena_printf(&m->arena, "--schema=%s", schemas) : NULL};
    if (!words[0] || !words[1] || !words[2] || (schemas && !words[3])) {
        ath__fail_memory(&m->error);
        return mig_fail(m);
    }
    return cli_run(&cli_models, &plain, schemas ? 4 : 3, words);
}

static ath_status write_revision(mig *m, mig_new *r) {
    mig_live live;
    ath_status status = mig_live_open(m, &live, cli_names(&m->arena, mig_option(m, SCHEMA)));
    if (status == ATH_OK && !live.up_count)
        status = ath__fail(&m->error, ATH_STATE,
                           "The database has no tables" ATH__HINT "`athanor revision` begins a history from nothing");
    if (status == ATH_OK)
        status = mig_live_render(m, &live, r->sql, false, &r->up);
    if (status == ATH_OK)
        status = mig_live_render(m, &live, r->sql, true, &r->down_text);
    mig_live_close(&live);
    return status == ATH_OK ? mig_write(m, r) : status;
}

static ath_status fill_in(mig *m, mig_new *r) {
    const char *message = mig_option(m, MESSAGE), *id = mig_option(m, REV_ID);
    bool sql = mig_option(m, SQL) || strcmp(mig_config_get(&m->config, "revision_form", "c"), "sql") == 0;
    *r = (mig_new){.message = message ? message : "baseline",
                   .id = id ? id : mig_new_id(m),
                   .sql = sql,
                   .folder = m->folders.names[0]};
    ath__graph_place place;
    ath__graph_request request = {.id = r->id};
    return r->id ? ath__graph_place_new(m->script.graph, &request, &place, &m->error) : ath__failed(&m->error);
}

/* The file is there now, and the database is as if it had run. */
static ath_status stamp(mig *m, const char *id) {
    m->migration.directories = m->folders;
    return mig_option(m, NO_STAMP) ? ATH_OK : ath_migrate_stamp(m->engine, &m->migration, id);
}

static int baseline(mig *m) {
    mig_new r;
    if (check_beginning(m) != ATH_OK || fill_in(m, &r) != ATH_OK)
        return mig_fail(m);
    int code = mig_option(m, MODELS) ? write_models(m, mig_option(m, MODELS)) : CLI_DONE;
    if (code != CLI_DONE)
        return code;
    return write_revision(m, &r) == ATH_OK && stamp(m, r.id) == ATH_OK ? mig_tell_new(m, r.id, NULL, r.path, "")
                                                                       : mig_fail(m);
}

static int run_baseline(const cli_call *call) {
    return mig_each(call, baseline);
}

const cli_command cli_baseline = {.name = "baseline",
                                  .arguments = "",
                                  .what = "write a database that is there as the first revision, and stamp it",
                                  .more = "Views and triggers are in it as SQL, where the database gives their text; "
                                          "what is left out is named.  Nothing is\n"
                                          "changed but the version table.\n",
                                  .run = run_baseline,
                                  .options = baseline_options,
                                  .option_count = ATH_COUNT_OF(baseline_options),
                                  .of_project = true};
