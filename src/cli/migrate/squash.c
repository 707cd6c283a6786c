/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor squash`: revisions that follow each other become one.  It keeps the id of the last, so that databases that
 * stand there, and revisions that stand on it, need to know nothing of it.
 */
#include "cli/migrate/squash.h"

#include <errno.h>
#include <unistd.h>

enum { MESSAGE };

static const cli_option options[] = {[MESSAGE] = {"message", 'm', "TEXT", "what it is called; default: as the last"}};

/* ---- which ---- */

static ath_status resolve(mig *m, const char *symbol, const ath__node **out) {
    ath__nodes nodes;
    *out = NULL;
    ATH_TRY(ath__graph_resolve(m->script.graph, symbol, (ath_name_list){0, NULL}, &nodes, &m->error));
    if (nodes.count > 1)
        return ath__fail(&m->error, ATH_ARGUMENT, "'%s' is more than one revision", symbol);
    *out = nodes.count ? nodes.at[0] : NULL;
    return ATH_OK;
}

static ath_status find_ends(squashing *s) {
    mig *m = s->m;
    const char *range = m->call->operands[0], *colon = strchr(range, ':');
    if (!colon || colon == range || !colon[1])
        return ath__fail(&m->error, ATH_ARGUMENT,
                         "squash takes a range FROM:TO" ATH__HINT "FROM stays and TO goes in, as in base:abc123");
    const char *from = ath__arena_strn(&m->arena, range, (size_t)(colon - range));
    if (!from)
        return ath__fail_memory(&m->error);
    ATH_TRY(mig_open_script(m));
    ATH_TRY(resolve(m, from, &s->from));
    ATH_TRY(resolve(m, colon + 1, &s->to));
    return s->to ? ATH_OK : ath__fail(&m->error, ATH_ARGUMENT, "'%s' is no revision", colon + 1);
}

static ath_status check_one(squashing *s, const ath__node *n) {
    const ath__source *source = ath__script_source(n);
    ath_error *error = &s->m->error;
    if (source->form != ath__script_source(s->to)->form)
        return ath__fail(error, ATH_NOT_SUPPORTED,
                         "Revision %s is written in %s, and %s is not" ATH__HINT
                         "squash those in C and those in SQL by themselves",
                         n->id, source->form == ATH__FORM_SQL ? "SQL" : "C", s->to->id);
    if (source->revision.no_transaction)
        return ath__fail(error, ATH_NOT_SUPPORTED,
                         "Revision %s runs outside of a transaction" ATH__HINT "squash what is below it, and what is "
                         "above it",
                         n->id);
    if (n->down.count > 1)
        return ath__fail(error, ATH_NOT_SUPPORTED, "Revision %s is a merge", n->id);
    if (n != s->to && n->next.count != 1)
        return ath__fail(error, ATH_NOT_SUPPORTED, "On revision %s several others stand", n->id);
    return ATH_OK;
}

/* From the last down to what stays. */
static ath_status walk(squashing *s) {
    mig *m = s->m;
    size_t all = ath__graph_count(m->script.graph), at = all;
    const ath__node **chain = ath__arena_alloc(&m->arena, (all + 1) * sizeof *chain);
    if (!chain)
        return ath__fail_memory(&m->error);
    if (!s->to)
        return ath__failed(&m->error);
    for (const ath__node *n = s->to; n != s->from;) {
        if (!n)
            return ath__fail(&m->error, ATH_ARGUMENT, "Revision %s does not stand on %s", s->to->id, s->from->id);
        ATH_TRY(check_one(s, n));
        chain[--at] = n;
        n = n->down.count ? ath__graph_node(m->script.graph, n->down.names[0]) : NULL;
    }
    s->chain = chain + at;
    s->count = all - at;
    return s->count > 1 ? ATH_OK
                        : ath__fail(&m->error, ATH_ARGUMENT, "There is only one revision between these, or none");
}

static bool is_inside(const squashing *s, const char *id) {
    for (size_t i = 0; i + 1 < s->count; i++)
        if (strcmp(s->chain[i]->id, id) == 0)
            return true;
    return false;
}

/* Nothing else may depend on what goes, nor a database stand there. */
static ath_status check_others(squashing *s) {
    mig *m = s->m;
    ath_name_list rows = {0, NULL};
    for (size_t i = 0; i < ath__graph_count(m->script.graph); i++) {
        const ath__node *n = ath__graph_at(m->script.graph, i);
        for (size_t k = 0; k < n->needs.count; k++)
            if (is_inside(s, n->needs.names[k]) && !is_inside(s, n->id) && n != s->to)
                return ath__fail(&m->error, ATH_NOT_SUPPORTED, "Revision %s depends on %s", n->id, n->needs.names[k]);
    }
    if (m->url)
        ATH_TRY(mig_current(m, &rows));
    for (size_t i = 0; i < rows.count; i++)
        if (is_inside(s, rows.names[i]))
            return ath__fail(&m->error, ATH_STATE,
                             "The database is at %s, which would be gone" ATH__HINT "`athanor upgrade %s` first",
                             rows.names[i], s->to->id);
    return ATH_OK;
}

/* ---- what they do ---- */

/* One that has no part of that way; NULL: all have.  Parts for other databases count: there, nothing is to be done. */
static ath_status find_lacking(squashing *s, ath__way way, const ath__node **out) {
    *out = NULL;
    for (size_t i = 0; i < s->count && !*out; i++) {
        const ath__source *source = ath__script_source(s->chain[i]);
        ath__sql_piece *pieces;
        size_t count;
        bool there = false;
        ATH_TRY(ath__sql_pieces(&s->m->arena, source->path, source->text, source->text_size, way, NULL, &pieces, &count,
                                &there, &s->m->error));
        *out = there ? NULL : s->chain[i];
    }
    return ATH_OK;
}

/* Which part a line begins: 1 up, -1 down, 0 none. */
static int marker(const char *line, const char *end) {
    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    if (end - line < 2 || line[0] != '-' || line[1] != '-')
        return 0;
    for (line += 2; line < end && (*line == ' ' || *line == '\t');)
        line++;
    if (end - line >= 3 && memcmp(line, "+up", 3) == 0)
        return 1;
    return end - line >= 5 && memcmp(line, "+down", 5) == 0 ? -1 : 0;
}

/* The parts of one way, as they stand in the file. */
static void add_parts(ath__buf *out, const ath__node *n, int way) {
    const ath__source *source = ath__script_source(n);
    const char *at = source->text, *end = at + source->text_size;
    int part = 0;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        stop = stop ? stop : end;
        int begins = marker(at, stop);
        part = begins ? begins : part;
        if (part == way) {
            ath__buf_add(out, at, (size_t)(stop - at));
            ath__buf_char(out, '\n');
        }
        at = stop + (stop < end);
    }
}

/* ---- the file ---- */

static void add_line(ath__buf *out, const char *key, const char *value) {
    if (!value || !*value)
        return;
    ath__buf_printf(out, "-- %s: ", key);
    for (; *value; value++)
        ath__buf_char(out, *value == '\n' || *value == '\r' ? ' ' : *value);
    ath__buf_char(out, '\n');
}

typedef ath_name_list (*list_of)(const ath__node *n);

static ath_name_list labels_of(const ath__node *n) {
    return n->labels;
}

static ath_name_list dependencies_of(const ath__node *n) {
    return n->depends_on;
}

static void add_lists(squashing *s, ath__buf *out, const char *key, list_of list) {
    size_t count = 0;
    for (size_t i = 0; i < s->count; i++) {
        ath_name_list names = list(s->chain[i]);
        for (size_t k = 0; k < names.count; k++) {
            if (count++)
                ath__buf_printf(out, ", %s", names.names[k]);
            else
                ath__buf_printf(out, "-- %s: %s", key, names.names[k]);
        }
    }
    ath__buf_str(out, count ? "\n" : "");
}

static void write_head(squashing *s, ath__buf *out) {
    const char *message = s->message;
    add_line(out, "revision", s->to->id);
    add_line(out, "down", s->from ? s->from->id : NULL);
    add_lists(s, out, "depends_on", dependencies_of);
    add_lists(s, out, "branch_labels", labels_of);
    add_line(out, "message", message ? message : s->to->message);
    add_line(out, "create_date", s->to->create_date);
    ath__buf_str(out, "-- replaces:");
    for (size_t i = 0; i < s->count; i++)
        ath__buf_printf(out, "%s %s", i ? "," : "", s->chain[i]->id);
    ath__buf_char(out, '\n');
    add_line(out, "irreversible", s->irreversible);
}

static ath_status make_sql(squashing *s, ath__buf *out) {
    const ath__node *lacking;
    ATH_TRY(find_lacking(s, ATH__WAY_UP, &lacking));
    if (lacking)
        return ath__fail(&s->m->error, ATH_ARGUMENT, "Revision %s has no -- +up", lacking->id);
    ATH_TRY(find_lacking(s, ATH__WAY_DOWN, &lacking));
    s->has_down = !lacking;
    write_head(s, out);
    ath__buf_char(out, '\n');
    for (size_t i = 0; i < s->count; i++)
        add_parts(out, s->chain[i], 1);
    for (size_t i = s->count; s->has_down && i-- > 0;)
        add_parts(out, s->chain[i], -1);
    return out->failed ? ath__fail_memory(&s->m->error) : ATH_OK;
}

static ath_status make_text(squashing *s, ath__buf *out) {
    for (size_t i = 0; i < s->count && !s->irreversible; i++)
        s->irreversible = ath__script_source(s->chain[i])->revision.irreversible;
    return ath__script_source(s->to)->form == ATH__FORM_SQL ? make_sql(s, out) : mig_squash_c(s, out);
}

/* The files are kept beside, under names that are no revisions. */
static ath_status move_files(squashing *s, bool back) {
    for (size_t i = 0; i < s->count; i++) {
        const char *path = ath__script_source(s->chain[i])->path;
        const char *aside = ath__arena_printf(&s->m->arena, "%s.squashed", path);
        if (!aside)
            return ath__fail_memory(&s->m->error);
        if (rename(back ? aside : path, back ? path : aside) != 0 && !back) {
            int why = errno;
            s->count = i;
            move_files(s, true);
            return ath__fail(&s->m->error, ATH_ARGUMENT, "%s cannot be renamed: %s", path, strerror(why));
        }
    }
    return ATH_OK;
}

static ath_status write_file(squashing *s, const ath__buf *text, const char **path) {
    mig *m = s->m;
    const char *old = ath__script_source(s->to)->path, *slash = strrchr(old, '/'), *message = mig_option(m, MESSAGE);
    const char *slug = mig_slug(&m->arena, message ? message : s->to->message ? s->to->message : "", 40);
    *path = slug ? ath__arena_printf(&m->arena, "%.*s%s_%s.%s", slash ? (int)(slash + 1 - old) : 0, old, s->to->id,
                                     slug, ath__script_source(s->to)->form == ATH__FORM_SQL ? "sql" : "c")
                 : NULL;
    if (!*path)
        return ath__fail_memory(&m->error);
    ATH_TRY(move_files(s, false));
    ath_status status = mig_make_file(m->globals, *path, ath__buf_text(text), &m->error);
    bool made = status == ATH_OK;
    if (made)
        status = mig_squash_try(s);
    if (status != ATH_OK && made)
        unlink(*path);
    if (status != ATH_OK)
        move_files(s, true);
    return status;
}

static int tell(squashing *s, const char *path) {
    char replaced[40];
    snprintf(replaced, sizeof replaced, ", \"replaced\": %zu", s->count);
    if (!s->m->globals->json && !s->m->globals->quiet)
        printf("%zu revisions are one now; their files have .squashed behind their names\n", s->count);
    return mig_tell_new(s->m, s->to->id, NULL, path, replaced);
}

static int squash(mig *m) {
    squashing s = {.m = m, .message = mig_option(m, MESSAGE)};
    const char *path = NULL;
    ath__buf text;
    ath__buf_init(&text, &ath__malloc_allocator);
    ath_status status = find_ends(&s);
    if (status == ATH_OK)
        status = walk(&s);
    if (status == ATH_OK)
        status = check_others(&s);
    if (status == ATH_OK)
        status = make_text(&s, &text);
    if (status == ATH_OK)
        status = write_file(&s, &text, &path);
    ath__buf_done(&text);
    return status == ATH_OK ? tell(&s, path) : mig_fail(m);
}

static int run_squash(const cli_call *call) {
    return mig_each(call, squash);
}

const cli_command cli_squash = {.name = "squash",
                                .arguments = "FROM:TO",
                                .what = "make one revision of those behind FROM up to TO",
                                .more = "It keeps the id of TO.  Databases must stand on FROM, before it, or on TO.\n",
                                .least = 1,
                                .most = 1,
                                .run = run_squash,
                                .options = options,
                                .option_count = ATH_COUNT_OF(options),
                                .of_project = true};
