/* SPDX-License-Identifier: Apache-2.0
 *
 * C revisions and env.c become functions: compiled, loaded, and found in what was loaded.
 */
#include <dlfcn.h>

#include "migrate/build.h"

static ath__log log_of(const ath_migration *m) {
    return (ath__log){m->log, m->log_context, ATH_LOG_DEBUG};
}

/* ---- loading ---- */

static ath_status cannot_load(const char *path, ath_error *error) {
    const char *why = dlerror();
    bool symbol = why && strstr(why, "undefined symbol");
    return ath__fail(
        error, ATH_STATE, "cannot load the compiled revisions (%s): %s%s", path, why ? why : "no reason given",
        symbol ? "; a program that runs C revisions must link libathanor.so, or the whole of libathanor.a with "
                 "-rdynamic"
               : "");
}

static ath_status keep(ath__script *s, void *library, ath_error *error) {
    void **more = ath__arena_alloc(&s->arena, (s->library_count + 1) * sizeof(void *));
    if (!more) {
        dlclose(library);
        return ath__fail_memory(error);
    }
    if (s->library_count)
        memcpy(more, s->libraries, s->library_count * sizeof(void *));
    more[s->library_count++] = library;
    s->libraries = more;
    return ATH_OK;
}

typedef struct parts {
    const ath_revision_part *const *first, *const *end;
} parts;

static ath_status load(ath__script *s, const char *path, parts *out, ath_error *error) {
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL | RTLD_NODELETE); /* models in it live as long as the process */
    if (!library)
        return cannot_load(path, error);
    ATH_TRY(keep(s, library, error));
    const void *at = dlsym(library, "ath_loaded_revisions");
    if (!at)
        return cannot_load(path, error);
    memcpy(out, at, sizeof *out);
    return ATH_OK;
}

/* ---- revisions ---- */

static bool is_needed(const ath__source *source) {
    return source->form == ATH__FORM_C && !source->is_loaded;
}

static ath_status attach(ath__source *source, const parts *loaded, ath_error *error) {
    for (const ath_revision_part *const *p = loaded->first; p && p < loaded->end; p++) {
        if (!*p || !(*p)->revision || strcmp((*p)->revision->id, source->revision.id) != 0)
            continue;
        source->is_loaded = true;
        if ((*p)->way > 0)
            source->up = (*p)->fn;
        else if ((*p)->way < 0)
            source->down = (*p)->fn;
    }
    return source->is_loaded ? ATH_OK
                             : ath__fail(error, ATH_ARGUMENT,
                                         "%s: what was compiled has no revision %s; is ATH_REVISION inside of an #if?",
                                         source->path, source->revision.id);
}

/* Up or down, the same files are the same shared object. */
static int by_path(const void *a, const void *b) {
    const ath__unit *x = a, *y = b;
    return strcmp(x->path, y->path);
}

static ath_status make_library(ath__build *b, ath__unit *units, size_t count, const char **path) {
    ATH_TRY(ath__build_settings(b, units[0].path));
    return ath__build_library(b, units, count, path);
}

static ath_status load_units(ath__script *s, ath__build *b, ath__unit *units, size_t count, parts *out) {
    const char *path = NULL;
    ATH_TRY(make_library(b, units, count, &path));
    ath_status status = load(s, path, out, b->error);
    if (status == ATH_OK || status == ATH_NO_MEMORY)
        return status;
    ath__build_forget(b, path); /* it may be damaged */
    ath_error_clear(b->error);
    ATH_TRY(make_library(b, units, count, &path));
    return load(s, path, out, b->error);
}

/* Those of the sources that must be compiled. */
static ath_status units_of(ath__script *s, ath__build *b, ath__source *const *sources, size_t count, ath__unit **out,
                           size_t *n) {
    ath__unit *units = ath__arena_zero(b->arena, (count + 1) * sizeof *units);
    if (!units)
        return ath__fail_memory(b->error);
    *out = units;
    *n = 0;
    for (size_t i = 0; i < count; i++) {
        if (!is_needed(sources[i]))
            continue;
        ath__unit *u = &units[(*n)++];
        *u = (ath__unit){.path = sources[i]->path, .text = sources[i]->text, .text_size = sources[i]->text_size};
        ATH_TRY(ath__source_checksum(s, sources[i], &u->checksum, b->error));
    }
    qsort(units, *n, sizeof *units, by_path);
    return ATH_OK;
}

static ath_status load_sources(ath__script *s, ath__build *b, ath__source *const *sources, size_t count) {
    ath__unit *units;
    parts loaded = {NULL, NULL};
    size_t n;
    ATH_TRY(units_of(s, b, sources, count, &units, &n));
    ATH_TRY(load_units(s, b, units, n, &loaded));
    for (size_t i = 0; i < count; i++)
        if (is_needed(sources[i]))
            ATH_TRY(attach(sources[i], &loaded, b->error));
    return ATH_OK;
}

ath_status ath__build_load(ath__script *s, const ath_migration *m, ath__source *const *sources, size_t count,
                           ath_error *error) {
    ath__arena arena;
    size_t needed = 0;
    for (size_t i = 0; i < count; i++)
        needed += is_needed(sources[i]);
    if (!needed)
        return ATH_OK;
    ath__arena_init(&arena, s->allocator);
    ath__build b = {.arena = &arena, .migration = m, .log = log_of(m), .error = error};
    ath_status status = load_sources(s, &b, sources, count);
    ath__arena_done(&arena);
    return status;
}

/* ---- the environment ---- */

static ath_status read_environment(ath__script *s, ath__build *b, ath__unit *out) {
    char *text = NULL;
    *out = (ath__unit){.path = s->environment};
    ATH_TRY(ath__read_file(b->arena, out->path, &text, &out->text_size, b->error));
    out->text = text;
    return ATH_OK;
}

static ath_status load_environment(ath__script *s, ath__build *b, ath_environment_fn *out) {
    ath__unit unit;
    parts loaded = {NULL, NULL};
    ATH_TRY(read_environment(s, b, &unit));
    ATH_TRY(load_units(s, b, &unit, 1, &loaded));
    for (const ath_revision_part *const *p = loaded.first; p && p < loaded.end; p++)
        if (*p && (*p)->environment)
            *out = (*p)->environment;
    return *out ? ATH_OK : ath__fail(b->error, ATH_ARGUMENT, "%s has no ATH_ENVIRONMENT(env) { ... }", s->environment);
}

ath_status ath__build_environment(ath__script *s, ath_migration *m, ath_error *error) {
    ath_environment_fn call = s->environment ? NULL : s->linked;
    if (s->environment) {
        ath__arena arena;
        ath__arena_init(&arena, s->allocator);
        ath__build b = {.arena = &arena, .migration = m, .log = log_of(m), .error = error};
        ath_status status = load_environment(s, &b, &call);
        ath__arena_done(&arena);
        ATH_TRY(status);
    }
    if (call)
        call(m);
    return ATH_OK;
}

/* ---- without loading ---- */

ath_status ath__build_objects(ath__script *s, const ath_migration *m, ath__arena *arena, const char **revisions,
                              const char **environment, ath_error *error) {
    ath__build b = {.arena = arena, .migration = m, .log = log_of(m), .error = error};
    ath__unit *units, unit;
    size_t count;
    *revisions = *environment = NULL;
    ATH_TRY(units_of(s, &b, s->sources, s->count, &units, &count));
    if (count)
        ATH_TRY(make_library(&b, units, count, revisions));
    if (!s->environment)
        return ATH_OK;
    ATH_TRY(read_environment(s, &b, &unit));
    return make_library(&b, &unit, 1, environment);
}
