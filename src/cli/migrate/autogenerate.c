/* SPDX-License-Identifier: Apache-2.0
 *
 * The models compared with the database: the bodies of a new revision, and `athanor check`.
 */
#include "cli/migrate/autogenerate.h"

/* The database must stand on all heads: what is pending would look like a difference. */
static ath_status check_up_to_date(mig *m) {
    ath_name_list rows;
    ath__graph_plan plan;
    ATH_TRY(mig_current(m, &rows));
    ATH_TRY(ath__graph_upgrade(m->script.graph, rows, "heads", &plan, &m->error));
    if (!plan.count)
        return ATH_OK;
    return ath__fail(&m->error, ATH_STATE,
                     "Target database is not up to date." ATH__HINT
                     "it is at %s%s; %zu revisions are pending: `athanor upgrade heads`",
                     rows.count ? rows.names[0] : "base", rows.count > 1 ? " ..." : "", plan.count);
}

static ath_status check_metadata(mig *m) {
    if (m->migration.metadata)
        return ATH_OK;
    return ath__fail(&m->error, ATH_ARGUMENT,
                     "Can't proceed with --autogenerate option; environment script %s/env.c does "
                     "not provide a MetaData object or sequence of objects to the context." ATH__HINT
                     "write env->metadata = &YourMetadata; into it",
                     m->location);
}

ath_status mig_autogenerate(mig *m, const mig_autogenerate_opts *opts, mig_new *revision, bool *nothing) {
    (void)opts;
    (void)revision;
    *nothing = true;
    ATH_TRY(mig_open_environment(m));
    ATH_TRY(check_up_to_date(m));
    ATH_TRY(check_metadata(m));
    return ath__fail(&m->error, ATH_NOT_SUPPORTED, "autogenerate is not there yet");
}

static int check(mig *m) {
    mig_autogenerate_opts opts = {0};
    mig_new r = {0};
    bool nothing;
    if (mig_autogenerate(m, &opts, &r, &nothing) != ATH_OK)
        return mig_fail(m);
    return CLI_DONE;
}

static int run_check(const cli_call *call) {
    return mig_each(call, check);
}

const cli_command cli_check = {.name = "check",
                               .arguments = "",
                               .what = "whether the models and the database differ (1: they do)",
                               .run = run_check,
                               .of_project = true};
