/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor dump`: the live schema as SQL, to be read and kept beside the code.
 */
#include "cli/migrate/live.h"
#include "engine/driver.h"

#include <errno.h>

enum { DUMP_OUTPUT, DUMP_SCHEMA };

static const cli_option dump_options[] = {
    [DUMP_OUTPUT] = {"output", 'o', "FILE", "write it there instead of printing it"},
    [DUMP_SCHEMA] = {"schema", 's', "NAMES", "these schemas too, separated by commas"},
};

/* Statements with an empty line between them. */
static ath_status add_statements(mig *m, ath__buf *out, const char *text) {
    const char *whole = ath__arena_printf(&m->arena, "-- +up\n%s", text);
    ath__sql_piece *pieces;
    size_t count;
    bool there;
    if (!whole)
        return ath__fail_memory(&m->error);
    ATH_TRY(ath__sql_pieces(&m->arena, "dump", whole, strlen(whole), ATH__WAY_UP, ath_engine_dialect(m->engine),
                            &pieces, &count, &there, &m->error));
    for (size_t i = 0; i < count; i++)
        ath__buf_printf(out, "%s%s;\n", i ? "\n" : "", pieces[i].sql);
    return ATH_OK;
}

static ath_status add_head(mig *m, ath__buf *out) {
    ath_name_list rows = {0, NULL};
    ATH_TRY(mig_current(m, &rows));
    ath__buf_printf(out, "-- The schema of a database (%s)", ath_engine_dialect(m->engine));
    for (size_t i = 0; i < rows.count; i++)
        ath__buf_printf(out, "%s%s", i ? ", " : ", at revision ", rows.names[i]);
    ath__buf_str(out, ".\n\n");
    return ATH_OK;
}

static ath_status make_dump(mig *m, ath__buf *out) {
    ath_name_list schemas = cli_names(&m->arena, mig_option(m, DUMP_SCHEMA));
    const char *text = "";
    mig_live live;
    ath_status status = mig_live_open(m, &live, schemas);
    if (status == ATH_OK)
        status = add_head(m, out);
    if (status == ATH_OK)
        status = mig_live_render(m, &live, true, false, &text);
    if (status == ATH_OK)
        status = add_statements(m, out, text);
    mig_live_close(&live);
    return status == ATH_OK && out->failed ? ath__fail_memory(&m->error) : status;
}

static int write_dump(mig *m, const char *path, const ath__buf *text) {
    const char *full = path[0] == '/' ? path : ath__arena_printf(&m->arena, "%s/%s", m->called_in, path);
    FILE *file = full ? fopen(full, "wb") : NULL;
    bool good = file && fwrite(ath__buf_text(text), 1, text->size, file) == text->size;
    int why = errno;
    if (file && fclose(file) != 0) {
        good = false;
        why = errno;
    }
    return good ? CLI_DONE : mig_refuse(m, "%s cannot be written: %s", path, strerror(why));
}

static int dump(mig *m) {
    const char *path = mig_option(m, DUMP_OUTPUT);
    ath__buf text;
    ath__buf_init(&text, &ath__malloc_allocator);
    if (make_dump(m, &text) != ATH_OK) {
        ath__buf_done(&text);
        return mig_fail(m);
    }
    if (!path)
        return mig_print(m, &text);
    int code = write_dump(m, path, &text);
    ath__buf_done(&text);
    return code;
}

static int run_dump(const cli_call *call) {
    return mig_each(call, dump);
}

const cli_command cli_dump = {.name = "dump",
                              .arguments = "",
                              .what = "the schema of the live database, as SQL to be read",
                              .more = "The tables that athanor keeps for itself are left out.\n",
                              .run = run_dump,
                              .options = dump_options,
                              .option_count = ATH_COUNT_OF(dump_options),
                              .of_project = true,
                              .of_bundle = true,
                              .of_database = true};
