/* SPDX-License-Identifier: Apache-2.0
 *
 * The history of runs: table athanor_history, a line for each revision that was run, and for each that failed.
 */
#include <errno.h>
#include <pwd.h>
#include <unistd.h>

#include "migrate/run.h"

/* ---- writing ---- */

/* Asked once: the machine's list of users is a file, or a server. */
static void find_user(ath__run *run) {
    struct passwd entry, *found = NULL;
    char space[1024], *room = run->user;
    if (getpwuid_r(geteuid(), &entry, space, sizeof space, &found) == 0 && found)
        snprintf(room, sizeof run->user, "%s", found->pw_name);
    else
        snprintf(room, sizeof run->user, "%ld", (long)geteuid());
}

static const char *user_name(ath__run *run) {
    if (run->migration.user)
        return run->migration.user;
    if (!run->user[0])
        find_user(run);
    return run->user;
}

static const char *host_name(ath__run *run) {
    if (!run->host[0] && gethostname(run->host, sizeof run->host - 1) != 0)
        run->host[0] = '\0';
    return run->host;
}

static const char *or_none(const char *text) {
    return text && text[0] ? text : NULL;
}

static ath_status line_of(const ath__run *run, ath__line *out) {
    const ath__step_run *s = &run->step;
    const char *checksum = NULL;
    if (s->source)
        ATH_TRY(ath__source_checksum(run->script, s->source, &checksum, run->error));
    *out = (ath__line){.revision = s->source           ? s->source->revision.id
                                   : s->step->to.count ? s->step->to.names[0]
                                                       : "base",
                       .message = s->source ? s->source->revision.message : NULL,
                       .checksum = or_none(checksum),
                       .way = s->step->way,
                       .at = ath_datetime_now(),
                       .milliseconds = (ath__clock_us() - s->began_us) / 1000};
    return ATH_OK;
}

static const char *insert_sql(ath__run *run) {
    return ath__arena_printf(
        &run->arena,
        "INSERT INTO %s (revision, message, direction, checksum, applied_at, milliseconds, applied_by, host, "
        "tool_version, success, failure) VALUES (:revision, :message, :direction, :checksum, :applied_at, :ms, "
        ":applied_by, :host, :version, :success, :failure)",
        run->history);
}

static ath_status write_line(ath__run *run, const char *sql, const ath__line *l, const char *failure) {
    if (!sql)
        return ath__fail_memory(run->error);
    return ath__run_change(run,
                           ath_text(sql, ath_bind("revision", l->revision), ath_bind("message", l->message),
                                    ath_bind("direction", ath__way_name(l->way)), ath_bind("checksum", l->checksum),
                                    ath_bind("applied_at", l->at), ath_bind("ms", l->milliseconds),
                                    ath_bind("applied_by", user_name(run)), ath_bind("host", host_name(run)),
                                    ath_bind("version", ath_version()), ath_bind("success", !failure),
                                    ath_bind("failure", failure)),
                           NULL);
}

ath_status ath__history_add(ath__run *run) {
    ath__lines *lines = &run->lines;
    if (lines->count == lines->capacity) {
        size_t capacity = lines->capacity ? 2 * lines->capacity : 16;
        ath__line *more = ath__arena_alloc(&run->arena, capacity * sizeof *more);
        if (!more)
            return ath__fail_memory(run->error);
        if (lines->count)
            memcpy(more, lines->at, lines->count * sizeof *more);
        lines->at = more;
        lines->capacity = capacity;
    }
    return line_of(run, &lines->at[lines->count++]);
}

ath_status ath__history_write(ath__run *run) {
    const char *sql = run->lines.count ? insert_sql(run) : NULL;
    for (size_t i = 0; i < run->lines.count; i++)
        ATH_TRY(write_line(run, sql, &run->lines.at[i], NULL));
    run->lines.count = 0;
    return ATH_OK;
}

ath_status ath__history_failed(ath__run *run, const ath_error *failure) {
    ath__line line;
    run->lines.count = 0;
    ATH_TRY(line_of(run, &line));
    return write_line(run, insert_sql(run), &line, failure->message);
}

/* ---- reading ---- */

static int way_called(const char *name) {
    return !name                            ? ATH_WAY_STAMP
           : strcmp(name, "upgrade") == 0   ? ATH_WAY_UP
           : strcmp(name, "downgrade") == 0 ? ATH_WAY_DOWN
                                            : ATH_WAY_STAMP;
}

/* "2026-11-21 17:00:00": no fractions. */
static const char *moment_text(const ath_value *value, char out[ATH_DATETIME_TEXT]) {
    if (!value || (value->kind != ATH_KIND_TEXT && value->kind != ATH_KIND_DATETIME))
        return NULL;
    if (value->kind == ATH_KIND_DATETIME)
        ath_datetime_format(value->as.datetime, out);
    else
        ath__copy_text(out, ATH_DATETIME_TEXT, value->as.text.data, value->as.text.size);
    out[10] = out[10] == 'T' ? ' ' : out[10];
    out[19] = '\0';
    return out;
}

static ath_status pass(const ath_row *row, ath_migration_run_visit visit, void *context) {
    char moment[ATH_DATETIME_TEXT];
    ath_migration_run line = {.struct_size = sizeof line,
                              .id = ath_row_int(row, 0),
                              .revision = ath_row_text(row, 1),
                              .message = ath_row_text(row, 2),
                              .way = (ath_migration_way)way_called(ath_row_text(row, 3)),
                              .checksum = ath_row_text(row, 4),
                              .applied_at = moment_text(ath_row_at(row, 5), moment),
                              .milliseconds = ath_row_int(row, 6),
                              .user = ath_row_text(row, 7),
                              .host = ath_row_text(row, 8),
                              .version = ath_row_text(row, 9),
                              .success = ath_row_int(row, 10) != 0,
                              .failure = ath_row_text(row, 11)};
    return visit(context, &line);
}

ath_status ath__history_walk(ath__run *run, ath_migration_run_visit visit, void *context) {
    ath_result *r = NULL;
    if (!run->has_history)
        return ATH_OK;
    const char *sql = ath__arena_printf(&run->arena,
                                        "SELECT id, revision, message, direction, checksum, applied_at, milliseconds, "
                                        "applied_by, host, tool_version, success, failure FROM %s ORDER BY id",
                                        run->history);
    if (!sql)
        return ath__fail_memory(run->error);
    ATH_TRY(ath__run_query(run, ath_text(sql), &r));
    ath_status status = ATH_OK;
    for (const ath_row *row; status == ATH_OK && (row = ath_fetch(r));)
        if ((status = pass(row, visit, context)) != ATH_OK)
            ath__fail(run->error, status, "the walk was ended");
    if (status == ATH_OK && ath_result_error(r)->status != ATH_OK)
        status = ath__run_failed(run);
    ath_result_close(r);
    return status;
}

/* ---- edited files ---- */

typedef struct sums {
    ath__run *run;
    ath__map by_revision; /* the checksum that was last applied; "" when it was taken down since */
} sums;

static ath_status collect(void *context, const ath_migration_run *line) {
    sums *s = context;
    if (!line->success || line->way == ATH_WAY_STAMP || !line->revision)
        return ATH_OK;
    char *sum = ath__arena_str(&s->run->arena, line->way == ATH_WAY_UP && line->checksum ? line->checksum : "");
    if (!sum)
        return ATH_NO_MEMORY;
    return ath__map_put(&s->by_revision, line->revision, strlen(line->revision), sum);
}

/* Whether the revisions that it replaces are what ran: then the checksum is that of its file before it was squashed. */
static bool ran_in_parts(const sums *s, const ath__node *node) {
    for (size_t i = 0; i < node->replaces.count; i++) {
        const char *id = node->replaces.names[i];
        const char *sum = strcmp(id, node->id) != 0 ? ath__map_get(&s->by_revision, id, strlen(id)) : NULL;
        if (sum && sum[0])
            return true;
    }
    return false;
}

static ath_status compare(const sums *s, const ath__map_entry *entry, ath_edited_visit visit, void *context,
                          size_t *count) {
    ath__run *run = s->run;
    const char *applied = entry->value;
    char *id = ath__arena_strn(&run->arena, entry->key, entry->key_size);
    if (!id)
        return ath__fail_memory(run->error);
    const ath__node *node = ath__graph_node(run->script->graph, id);
    ath__source *source = node ? ath__script_source(node) : NULL;
    const char *now = NULL;
    if (source)
        ATH_TRY(ath__source_checksum(run->script, source, &now, run->error));
    if (node ? ran_in_parts(s, node) : ath__graph_replacing(run->script->graph, id) != NULL)
        return ATH_OK;
    if (!applied[0] || (now && (!now[0] || strcmp(now, applied) == 0)))
        return ATH_OK;
    (*count)++;
    ath_revision gone = {.struct_size = sizeof gone, .id = id};
    return visit ? visit(context, source ? &source->revision : &gone, applied, now) : ATH_OK;
}

ath_status ath__history_edited(ath__run *run, ath_edited_visit visit, void *context, size_t *count) {
    sums s = {.run = run};
    size_t at = 0;
    *count = 0;
    ath__map_init(&s.by_revision, run->arena.allocator);
    ath_status status = ath__history_walk(run, collect, &s);
    for (const ath__map_entry *e; status == ATH_OK && (e = ath__map_next(&s.by_revision, &at));)
        status = compare(&s, e, visit, context, count);
    ath__map_done(&s.by_revision);
    return status;
}

ath_status ath__history_accept(ath__run *run, ath__source *source) {
    const char *sum = NULL;
    const char *sql = ath__arena_printf(
        &run->arena, "UPDATE %s SET checksum = :checksum WHERE revision = :revision AND direction = 'upgrade'",
        run->history);
    if (!sql)
        return ath__fail_memory(run->error);
    if (!run->has_history)
        return ath__fail(run->error, ATH_STATE, "nothing was ever run here");
    ATH_TRY(ath__source_checksum(run->script, source, &sum, run->error));
    return ath__run_change(run, ath_text(sql, ath_bind("checksum", sum), ath_bind("revision", source->revision.id)),
                           NULL);
}
