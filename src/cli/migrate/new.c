/* SPDX-License-Identifier: Apache-2.0
 *
 * The commands that write revisions: revision, merge; and edit, which opens one.
 */
#include "cli/migrate/autogenerate.h"

#include <sys/stat.h>
#include <unistd.h>

/* ---- what both share ---- */

static ath_name_list labels_of(mig *m, const char *text) {
    return text ? cli_names(&m->arena, text) : (ath_name_list){0, NULL};
}

static ath_name_list ids_of(mig *m, ath__nodes nodes) {
    const char **at = ath__arena_alloc(&m->arena, (nodes.count + 1) * sizeof *at);
    for (size_t i = 0; at && i < nodes.count; i++)
        at[i] = nodes.at[i]->id;
    return (ath_name_list){at ? nodes.count : 0, at};
}

/* The folder that was asked for, that of the parent, or the only one. */
static ath_status choose_folder(mig *m, const char *asked, const ath__graph_place *place, const char **out) {
    char real[4096], other[4096];
    if (asked) {
        const char *path = asked[0] == '/' ? asked : ath__arena_printf(&m->arena, "%s/%s", m->called_in, asked);
        for (size_t i = 0; path && i < m->folders.count; i++) {
            *out = m->folders.names[i];
            if (strcmp(path, *out) == 0 || (realpath(path, real) && realpath(*out, other) && strcmp(real, other) == 0))
                return ATH_OK;
        }
        return ath__fail(&m->error, ATH_ARGUMENT,
                         "Path %s is not represented in current version locations" ATH__HINT
                         "version_locations in %s lists them",
                         asked, m->config.path);
    }
    *out = m->folders.names[0];
    if (m->folders.count == 1 || mig_config_bool(&m->config, "recursive_version_locations", false))
        return ATH_OK;
    const char *path = place->down.count ? place->down.at[0]->path : NULL, *slash = path ? strrchr(path, '/') : NULL;
    if (!slash)
        return ath__fail(
            &m->error, ATH_ARGUMENT,
            "Multiple version locations present, please specify --version-path" ATH__HINT "the first is %s", *out);
    *out = ath__arena_strn(&m->arena, path, (size_t)(slash - path));
    return *out ? ATH_OK : ath__fail_memory(&m->error);
}

/* ---- revision ---- */

enum { MESSAGE, AUTOGENERATE, SQL, HEAD, SPLICE, LABEL, REV_ID, DEPENDS_ON, VERSION_PATH, EMPTY, ALLOW_DROP, RENAME };

static const cli_option revision_options[] = {
    [MESSAGE] = {"message", 'm', "TEXT", "what it does; the file is named after it"},
    [AUTOGENERATE] = {"autogenerate", 0, NULL, "fill it with what differs between the models and the database"},
    [SQL] = {"sql", 0, NULL, "a file in SQL instead of C"},
    [HEAD] = {"head", 0, "REVISION", "what it stands on (head); base: a new beginning"},
    [SPLICE] = {"splice", 0, NULL, "on what is no head too: a new branch"},
    [LABEL] = {"branch-label", 0, "NAME", "the name of the branch that begins here"},
    [REV_ID] = {"rev-id", 0, "ID", "its id, instead of a random one"},
    [DEPENDS_ON] = {"depends-on", 0, "REVISION", "what must be there first, on other branches; may come several times"},
    [VERSION_PATH] = {"version-path", 0, "FOLDER", "which of several folders"},
    [EMPTY] = {"empty", 0, NULL, "with --autogenerate: write the file even when nothing differs"},
    [ALLOW_DROP] = {"allow-drop", 0, NULL, "with --autogenerate: what is not in the models is dropped"},
    [RENAME] = {"rename", 0, "OLD:NEW", "with --autogenerate: a table, or TABLE.OLD:NEW a column, has a new name"},
};

static ath_status check_options(mig *m) {
    if (!mig_option(m, AUTOGENERATE) && (mig_option(m, ALLOW_DROP) || mig_option(m, RENAME)))
        return ath__fail(&m->error, ATH_ARGUMENT, "--allow-drop and --rename go with --autogenerate");
    return ATH_OK;
}

static bool writes_sql(mig *m) {
    return mig_option(m, SQL) || strcmp(mig_config_get(&m->config, "revision_form", "c"), "sql") == 0;
}

static ath_status place_new(mig *m, ath__graph_request *request, mig_new *r, const char *folder) {
    ath__graph_place place;
    if (!(r->id = request->id ? request->id : mig_new_id(m)))
        return ath__failed(&m->error);
    request->id = r->id;
    ATH_TRY(ath__graph_place_new(m->script.graph, request, &place, &m->error));
    r->down = ids_of(m, place.down);
    r->depends_on = place.depends_on;
    r->labels = request->labels;
    return choose_folder(m, folder, &place, &r->folder);
}

static int revision(mig *m) {
    const char *head = mig_option(m, HEAD);
    ath__graph_request request = {.id = mig_option(m, REV_ID),
                                  .heads = {head != NULL, &head},
                                  .splice = mig_option(m, SPLICE) != NULL,
                                  .depends_on = mig_options(m, DEPENDS_ON),
                                  .labels = labels_of(m, mig_option(m, LABEL))};
    mig_new r = {.message = mig_option(m, MESSAGE), .sql = writes_sql(m)};
    if (check_options(m) != ATH_OK || mig_open_script(m) != ATH_OK ||
        place_new(m, &request, &r, mig_option(m, VERSION_PATH)) != ATH_OK)
        return mig_fail(m);
    if (mig_option(m, AUTOGENERATE)) {
        mig_autogenerate_opts opts = {
            .allow_drop = mig_option(m, ALLOW_DROP) != NULL, .renames = mig_options(m, RENAME), .asks = true};
        bool nothing = false;
        if (mig_autogenerate(m, &opts, &r, &nothing) != ATH_OK)
            return mig_fail(m);
        if (nothing && !mig_option(m, EMPTY)) {
            if (!m->globals->quiet)
                fputs("INFO  [athanor.migration] Nothing is to be done: no file is written\n", stderr);
            return CLI_DONE;
        }
    }
    return mig_write(m, &r) == ATH_OK ? mig_tell_new(m, r.id, &r.down, r.path, "") : mig_fail(m);
}

static int run_revision(const cli_call *call) {
    return mig_each(call, revision);
}

const cli_command cli_revision = {.name = "revision",
                                  .arguments = "",
                                  .what = "write a new revision",
                                  .run = run_revision,
                                  .options = revision_options,
                                  .option_count = ATH_COUNT_OF(revision_options),
                                  .of_project = true};

/* ---- merge ---- */

enum { MERGE_MESSAGE, MERGE_LABEL, MERGE_REV_ID, MERGE_SPLICE, MERGE_SQL, MERGE_PATH };

static const cli_option merge_options[] = {
    [MERGE_MESSAGE] = {"message", 'm', "TEXT", "what it is for"},
    [MERGE_LABEL] = {"branch-label", 0, "NAME", "the name of the branch that begins here"},
    [MERGE_REV_ID] = {"rev-id", 0, "ID", "its id, instead of a random one"},
    [MERGE_SPLICE] = {"splice", 0, NULL, "of what are no heads too"},
    [MERGE_SQL] = {"sql", 0, NULL, "a file in SQL instead of C"},
    [MERGE_PATH] = {"version-path", 0, "FOLDER", "which of several folders"},
};

static int merge(mig *m) {
    ath__graph_request request = {.id = mig_option(m, MERGE_REV_ID),
                                  .heads = mig_operands(m),
                                  .splice = mig_option(m, MERGE_SPLICE) != NULL,
                                  .labels = labels_of(m, mig_option(m, MERGE_LABEL))};
    mig_new r = {.message = mig_option(m, MERGE_MESSAGE),
                 .sql =
                     mig_option(m, MERGE_SQL) || strcmp(mig_config_get(&m->config, "revision_form", "c"), "sql") == 0};
    if (mig_open_script(m) != ATH_OK || place_new(m, &request, &r, mig_option(m, MERGE_PATH)) != ATH_OK ||
        mig_write(m, &r) != ATH_OK)
        return mig_fail(m);
    return mig_tell_new(m, r.id, &r.down, r.path, "");
}

static int run_merge(const cli_call *call) {
    return mig_each(call, merge);
}

const cli_command cli_merge = {.name = "merge",
                               .arguments = "REVISION...",
                               .what = "write a revision that joins branches: merge heads",
                               .least = 1,
                               .most = SIZE_MAX,
                               .run = run_merge,
                               .options = merge_options,
                               .option_count = ATH_COUNT_OF(merge_options),
                               .of_project = true};

/* ---- edit ---- */

static const char *editor(void) {
    const char *first = getenv("EDITOR"), *second = getenv("VISUAL");
    return first && *first ? first : second && *second ? second : "vi";
}

static int edit_file(mig *m, const char *path) {
    char **words, **all;
    size_t count;
    if (mig_split_words(&m->arena, editor(), &words, &count, &m->error) != ATH_OK ||
        !(all = ath__arena_alloc(&m->arena, (count + 2) * sizeof *all)))
        return mig_fail(m);
    memcpy(all, words, count * sizeof *all);
    all[count] = ath__arena_str(&m->arena, path);
    all[count + 1] = NULL;
    int code = count && all[count] ? mig_run_program(all, NULL) : -1;
    return code == 0 ? CLI_DONE
                     : mig_refuse(m, "Error executing editor (%s)" ATH__HINT "EDITOR or VISUAL names it", editor());
}

static int edit(mig *m) {
    const char *symbol = m->call->operands[0];
    ath_name_list rows = {0, NULL};
    ath__nodes nodes;
    int code = CLI_DONE;
    if ((strcmp(symbol, "current") == 0 && mig_current(m, &rows) != ATH_OK) || mig_open_script(m) != ATH_OK ||
        ath__graph_resolve(m->script.graph, symbol, rows, &nodes, &m->error) != ATH_OK)
        return mig_fail(m);
    if (!nodes.count)
        return mig_refuse(m, "No revision files indicated by symbol '%s'", symbol);
    for (size_t i = 0; i < nodes.count && code == CLI_DONE; i++)
        code = edit_file(m, nodes.at[i]->path);
    return code;
}

static int run_edit(const cli_call *call) {
    return mig_each(call, edit);
}

const cli_command cli_edit = {.name = "edit",
                              .arguments = "REVISION",
                              .what = "open a revision's file in $EDITOR",
                              .least = 1,
                              .most = 1,
                              .run = run_edit,
                              .of_project = true};
