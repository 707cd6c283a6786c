/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor dump`: the live schema as SQL, to be read and kept beside the code.
 */
#include "cli/migrate/live.h"
#include "engine/driver.h"

#include <errno.h>
#include <strings.h>

enum { DUMP_OUTPUT, DUMP_SCHEMA };

static const cli_option dump_options[] = {
    [DUMP_OUTPUT] = {"output", 'o', "FILE", "write it there instead of printing it"},
    [DUMP_SCHEMA] = {"schema", 's', "NAMES", "these schemas too, separated by commas"},
};

static bool is_view(const ath_reflected_table *t) {
    return t->definition && (t->kind == ATH_RELATION_VIEW || t->kind == ATH_RELATION_MATERIALIZED_VIEW);
}

static void add_view(ath__buf *out, const ath_dialect *dialect, const ath_reflected_table *v) {
    size_t size = strlen(v->definition);
    while (size && strchr("; \n", v->definition[size - 1]))
        size--;
    ath__buf_char(out, '\n');
    if (strncasecmp(v->definition, "create", 6) != 0) {
        ath__buf_str(out, v->kind == ATH_RELATION_VIEW ? "CREATE VIEW " : "CREATE MATERIALIZED VIEW ");
        ath__dialect_qualified(dialect, out, v->schema, v->name);
        ath__buf_str(out, " AS\n");
    }
    ath__buf_add(out, v->definition, size);
    ath__buf_str(out, ";\n");
}

/* A view stands behind those that its text names. */
static bool waits(const ath_reflected_table *v, const ath_reflected_table *const *left, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (left[i] && left[i] != v && strstr(v->definition, left[i]->name))
            return true;
    return false;
}

static ath_status add_views_of(mig *m, ath_connection *c, const char *schema, ath__buf *out) {
    ath_inspector *there = ath_inspect(c, .schema = schema);
    if (!there) {
        m->error = *ath_connection_error(c);
        return ath__failed(&m->error);
    }
    const ath_dialect *dialect = ath__backend_find(ath_engine_dialect(m->engine))->dialect;
    size_t all, count = 0;
    const ath_reflected_table *read = ath_inspector_tables(there, &all);
    const ath_reflected_table **left = ath__arena_zero(&m->arena, (all + 1) * sizeof *left);
    for (size_t i = 0; left && i < all; i++)
        if (is_view(&read[i]))
            left[count++] = &read[i];
    for (size_t round = 0; left && round <= count; round++)
        for (size_t i = 0; i < count; i++)
            if (left[i] && (round == count || !waits(left[i], left, count))) {
                add_view(out, dialect, left[i]);
                left[i] = NULL;
            }
    ath_inspector_free(there);
    return left ? ATH_OK : ath__fail_memory(&m->error);
}

static ath_status add_views(mig *m, ath_connection *c, ath_name_list schemas, ath__buf *out) {
    ATH_TRY(add_views_of(m, c, NULL, out));
    for (size_t i = 0; i < schemas.count; i++)
        ATH_TRY(add_views_of(m, c, schemas.names[i], out));
    return ATH_OK;
}

/* Statements with an empty line between them; a semicolon inside of a text ends none. */
static void add_statements(ath__buf *out, const char *text) {
    bool quoted = false;
    for (const char *at = text; *at; at++) {
        ath__buf_char(out, *at);
        quoted = quoted != (*at == '\'');
        if (!quoted && at[0] == ';' && at[1] == '\n' && at[2])
            ath__buf_char(out, '\n');
    }
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
    if (status == ATH_OK) {
        add_statements(out, text);
        status = add_views(m, live.connection, schemas, out);
    }
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
