/* SPDX-License-Identifier: Apache-2.0
 *
 * Reads folders of revisions and what is linked into the program, and ties it all into a graph.
 */
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migrate/script.h"

ath__source *ath__script_source(const ath__node *node) {
    return node->owner;
}

ath_status ath__source_checksum(const ath__script *script, ath__source *source, const char **out, ath_error *error) {
    *out = source->checksum;
    if (source->checksum[0] || !source->text)
        return ATH_OK;
    return ath__checksum(script->allocator, source->text, source->text_size, source->checksum, error);
}

/* ---- files ---- */

static ath_status cannot_read(const char *path, ath_error *error) {
    return ath__fail(error, ATH_ARGUMENT, "cannot read %s: %s", path, strerror(errno));
}

static ath_status read_all(ath__arena *arena, int file, const char *path, char **text, size_t *size, ath_error *error) {
    struct stat about;
    if (fstat(file, &about) != 0)
        return cannot_read(path, error);
    if (!S_ISREG(about.st_mode))
        return ath__fail(error, ATH_ARGUMENT, "%s is no file", path);
    size_t room = (size_t)about.st_size, used = 0;
    if (!(*text = ath__arena_bytes(arena, room + 1)))
        return ath__fail_memory(error);
    for (ssize_t n = 1; used < room && n != 0;) {
        n = read(file, *text + used, room - used);
        if (n < 0 && errno != EINTR)
            return cannot_read(path, error);
        used += n > 0 ? (size_t)n : 0;
    }
    (*text)[used] = '\0';
    *size = used;
    return ATH_OK;
}

ath_status ath__read_file(ath__arena *arena, const char *path, char **text, size_t *size, ath_error *error) {
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK); /* a pipe of that name keeps nobody waiting */
    if (file < 0)
        return cannot_read(path, error);
    ath_status status = read_all(arena, file, path, text, size, error);
    close(file);
    return status;
}

static ath_status append(ath__script *s, ath__source *source, ath_error *error) {
    if (s->count == s->capacity) {
        size_t capacity = s->capacity ? 2 * s->capacity : 64;
        ath__source **more = ath__arena_alloc(&s->arena, capacity * sizeof(ath__source *));
        if (!more)
            return ath__fail_memory(error);
        if (s->count)
            memcpy(more, s->sources, s->count * sizeof(ath__source *));
        s->sources = more;
        s->capacity = capacity;
    }
    s->sources[s->count++] = source;
    return ATH_OK;
}

static ath_status new_source(ath__script *s, ath__revision_form form, ath__source **out, ath_error *error) {
    *out = ath__arena_zero(&s->arena, sizeof **out);
    if (!*out)
        return ath__fail_memory(error);
    (*out)->form = form;
    return append(s, *out, error);
}

static ath_status scan(ath__script *s, ath__source *source, ath_error *error) {
    bool found = false;
    ATH_TRY(
        source->form == ATH__FORM_SQL
            ? ath__scan_sql(&s->arena, source->path, source->text, source->text_size, &source->revision, &found, error)
            : ath__scan_c(&s->arena, source->path, source->text, source->text_size, &source->revision, &found, error));
    if (found)
        return ATH_OK;
    const char *slash = strrchr(source->path, '/');
    return ath__fail(error, ATH_ARGUMENT,
                     "Could not determine revision id from filename %s. Be sure that %s stands in it (%s).",
                     slash ? slash + 1 : source->path,
                     source->form == ATH__FORM_SQL ? "\"-- revision: ID\"" : "ATH_REVISION(\"ID\", ...)", source->path);
}

static ath_status add_file(ath__script *s, const char *path, ath__revision_form form, ath_error *error) {
    ath__source *source = NULL;
    char *text = NULL;
    ATH_TRY(new_source(s, form, &source, error));
    if (!(source->path = ath__arena_str(&s->arena, path)))
        return ath__fail_memory(error);
    ATH_TRY(ath__read_file(&s->arena, path, &text, &source->text_size, error));
    source->text = text;
    return scan(s, source, error);
}

/* 0: none of ours. */
static int form_of(const char *name) {
    const char *point = strrchr(name, '.');
    if (!point || name[0] == '.')
        return 0;
    return strcmp(point, ".c") == 0 ? ATH__FORM_C : strcmp(point, ".sql") == 0 ? ATH__FORM_SQL : 0;
}

static int wanted(const struct dirent *entry) {
    return form_of(entry->d_name) != 0;
}

static int by_name(const struct dirent **a, const struct dirent **b) {
    return strcmp((*a)->d_name, (*b)->d_name);
}

static ath_status add_directory(ath__script *s, const char *directory, ath_error *error) {
    struct dirent **entries = NULL;
    ath_status status = ATH_OK;
    int n = scandir(directory, &entries, wanted, by_name);
    if (n < 0)
        return errno == ENOENT ? ath__fail(error, ATH_ARGUMENT,
                                           "Path doesn't exist: %s.  Please use the 'init' command to create a new "
                                           "scripts folder.",
                                           directory)
                               : cannot_read(directory, error);
    for (int i = 0; i < n; i++) {
        char path[4096];
        int length = snprintf(path, sizeof path, "%s/%s", directory, entries[i]->d_name);
        if (status == ATH_OK && (length < 0 || (size_t)length >= sizeof path))
            status = ath__fail(error, ATH_ARGUMENT, "the path %s/%s is too long", directory, entries[i]->d_name);
        if (status == ATH_OK)
            status = add_file(s, path, (ath__revision_form)form_of(entries[i]->d_name), error);
        free(entries[i]); /* the C library's, as the list */
    }
    free(entries);
    return status;
}

/* ---- what is linked ---- */

static ath__source *linked_source(ath__script *s, const ath_revision *revision, size_t from) {
    for (size_t i = s->count; i-- > from;)
        if (s->sources[i]->form == ATH__FORM_LINKED && s->sources[i]->revision.file == revision->file &&
            strcmp(s->sources[i]->revision.id, revision->id) == 0)
            return s->sources[i];
    return NULL;
}

static ath_status add_part(ath__script *s, const ath_revision_part *part, size_t from, ath_error *error) {
    if (part->way == 2)
        return ATH_OK;
    if (!part->revision || !part->revision->id)
        return ath__fail(error, ATH_ARGUMENT, "a revision that is linked into the program has no id");
    ath__source *source = linked_source(s, part->revision, from);
    if (!source) {
        ATH_TRY(new_source(s, ATH__FORM_LINKED, &source, error));
        source->revision = *part->revision;
        source->path = part->revision->file;
        const char *sum = part->revision->checksum;
        ath__copy_text(source->checksum, sizeof source->checksum, sum ? sum : "", sum ? strlen(sum) : 0);
    }
    if (part->way > 0)
        source->up = part->fn;
    else if (part->way < 0)
        source->down = part->fn;
    return ATH_OK;
}

static ath_status add_text(ath__script *s, const ath_revision_text *text, ath_error *error) {
    ath__source *source = NULL;
    ATH_TRY(new_source(s, ATH__FORM_SQL, &source, error));
    source->path = text->file ? text->file : "(text)";
    source->text = text->text;
    source->text_size = strlen(text->text);
    if (text->checksum)
        ath__copy_text(source->checksum, sizeof source->checksum, text->checksum, strlen(text->checksum));
    return scan(s, source, error);
}

static ath_status add_linked(ath__script *s, const ath_revision_set *set, ath_error *error) {
    size_t from = s->count;
    for (const ath_revision_part *const *p = set->first; p && p < set->end; p++)
        if (*p)
            ATH_TRY(add_part(s, *p, from, error));
    for (size_t i = 0; i < set->text_count; i++)
        ATH_TRY(add_text(s, &set->texts[i], error));
    return ATH_OK;
}

/* ---- the whole ---- */

static ath_status tie(ath__script *s, ath_error *error) {
    if (!(s->graph = ath__graph_new(&s->arena, error)))
        return error->status;
    for (size_t i = 0; i < s->count; i++)
        ATH_TRY(ath__graph_add(s->graph, &s->sources[i]->revision, s->sources[i]->path, s->sources[i], error));
    ATH_TRY(ath__graph_finish(s->graph, error));
    for (size_t i = 0; i < s->count; i++)
        s->sources[i]->node = ath__graph_node(s->graph, s->sources[i]->revision.id);
    return ATH_OK;
}

static ath_status open_script(ath__script *s, const ath_migration *m, ath_error *error) {
    for (size_t i = 0; i < m->directories.count; i++)
        ATH_TRY(add_directory(s, m->directories.names[i], error));
    if (m->revisions)
        ATH_TRY(add_linked(s, m->revisions, error));
    return tie(s, error);
}

static void find_environment(ath__script *s, const ath_revision_set *set) {
    for (const ath_revision_part *const *p = set->first; p && p < set->end; p++)
        if (*p && (*p)->way == 2)
            s->linked = (*p)->environment;
}

ath_status ath__script_open_environment(ath__script *script, const ath_migration *migration, ath_error *error) {
    *script = (ath__script){.allocator = migration->allocator ? migration->allocator : &ath__malloc_allocator};
    ath__arena_init(&script->arena, script->allocator);
    if (migration->revisions)
        find_environment(script, migration->revisions);
    if (!migration->environment || (script->environment = ath__arena_str(&script->arena, migration->environment)))
        return ATH_OK;
    ath__script_close(script);
    return ath__fail_memory(error);
}

ath_status ath__script_open(ath__script *script, const ath_migration *migration, ath_error *error) {
    ATH_TRY(ath__script_open_environment(script, migration, error));
    ath_status status = open_script(script, migration, error);
    if (status != ATH_OK)
        ath__script_close(script);
    return status;
}

void ath__script_close(ath__script *script) {
    for (size_t i = 0; i < script->library_count; i++)
        dlclose(script->libraries[i]);
    ath__arena_done(&script->arena);
    *script = (ath__script){0};
}
