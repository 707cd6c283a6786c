/* SPDX-License-Identifier: Apache-2.0
 *
 * Compiles what has changed and links it into one shared object; keeps both.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migrate/build.h"

/* What a shared object tells its loader: where its revisions stand. */
static const char gathers[] =
    "extern const void *const __start_ath_revisions[] __attribute__((visibility(\"hidden\"), weak));\n"
    "extern const void *const __stop_ath_revisions[] __attribute__((visibility(\"hidden\"), weak));\n"
    "__attribute__((visibility(\"default\"))) const void *const *const ath_loaded_revisions[2] = "
    "{__start_ath_revisions, __stop_ath_revisions};\n";

static const char *in_cache(ath__build *b, const char *key, const char *ending) {
    return ath__arena_printf(b->arena, "%s/%s%s", b->cache, key, ending);
}

/* ---- keys ---- */

static ath_status key_of(ath__build *b, const ath__unit *units, size_t count, char out[ATH__CHECKSUM]) {
    ath__buf all;
    ath__buf_init(&all, b->arena->allocator);
    ath__buf_str(&all, b->stamp);
    for (size_t i = 0; i < count; i++)
        ath__buf_printf(&all, "%s\n", units[i].key);
    ath_status status =
        all.failed ? ath__fail_memory(b->error) : ath__checksum(b->arena->allocator, all.data, all.size, out, b->error);
    ath__buf_done(&all);
    return status;
}

static ath_status key_unit(ath__build *b, ath__unit *u) {
    ath__buf all;
    ath__buf_init(&all, b->arena->allocator);
    ath__buf_printf(&all, "%s%s\n", b->stamp, u->path);
    ath__buf_add(&all, u->text, u->text_size);
    ath_status status = all.failed ? ath__fail_memory(b->error)
                                   : ath__checksum(b->arena->allocator, all.data, all.size, u->key, b->error);
    ath__buf_done(&all);
    return status;
}

/* ---- what a file was made from ---- */

/* "seconds.nanoseconds size path" */
static bool is_line_fresh(const char *line) {
    struct stat about;
    char *at;
    long long seconds = strtoll(line, &at, 10);
    if (*at != '.')
        return false;
    long long nanoseconds = strtoll(at + 1, &at, 10), size = strtoll(at, &at, 10);
    return *at == ' ' && stat(at + 1, &about) == 0 && about.st_mtim.tv_sec == seconds &&
           about.st_mtim.tv_nsec == nanoseconds && about.st_size == size;
}

/* Whether <key>.d is there and all that it names is as it was. */
static bool is_fresh(ath__build *b, const char *key, const char *ending) {
    ath_error ignored;
    char *text = NULL;
    size_t size = 0;
    const char *list = in_cache(b, key, ath__arena_printf(b->arena, "%s.d", ending));
    const char *made = in_cache(b, key, ending);
    if (!list || !made || access(made, R_OK) != 0 || ath__read_file(b->arena, list, &text, &size, &ignored) != ATH_OK)
        return false;
    for (char *line = text, *end; *line; line = end + 1) {
        if (!(end = strchr(line, '\n')))
            return false;
        *end = '\0';
        if (!is_line_fresh(line))
            return false;
    }
    return true;
}

static ath_status write_file(ath__build *b, const char *path, const char *text, size_t size) {
    const char *draft = ath__arena_printf(b->arena, "%s.%ld.new", path, (long)getpid());
    if (!draft)
        return ath__fail_memory(b->error);
    int file = open(draft, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    ssize_t n = file < 0 ? -1 : write(file, text, size);
    if (file < 0 || n != (ssize_t)size || close(file) != 0 || rename(draft, path) != 0)
        return ath__fail(b->error, ATH_STATE, "cannot write %s: %s", path, strerror(errno));
    return ATH_OK;
}

/* The next path of a compiler's list of dependencies ("x.o: a.c b.h \"), its escapes taken away; NULL: no more. */
static char *next_dependency(char **at) {
    char *from = *at, *to;
    while (*from == ' ' || *from == '\n' || *from == '\r' || (*from == '\\' && (from[1] == '\n' || from[1] == '\r')))
        from++;
    if (!*from)
        return NULL;
    char *path = to = from;
    for (; *from && *from != ' ' && *from != '\n'; from++) {
        if ((*from == '\\' && (from[1] == ' ' || from[1] == '#')) || (*from == '$' && from[1] == '$'))
            from++;
        *to++ = *from;
    }
    *at = from + (*from != '\0');
    *to = '\0';
    return path;
}

/* Turns the compiler's list into ours; the file itself is known by its text. */
static ath_status note_dependencies(ath__build *b, const ath__unit *u, const char *theirs) {
    char *text = NULL, *at, *path;
    size_t size = 0;
    ath__buf lines;
    ATH_TRY(ath__read_file(b->arena, theirs, &text, &size, b->error));
    unlink(theirs);
    ath__buf_init(&lines, b->arena->allocator);
    at = strchr(text, ':');
    at = at ? at + 1 : text + size;
    while ((path = next_dependency(&at))) {
        struct stat about;
        if (strcmp(path, u->path) == 0 || stat(path, &about) != 0)
            continue;
        ath__buf_printf(&lines, "%lld.%ld %lld %s\n", (long long)about.st_mtim.tv_sec, about.st_mtim.tv_nsec,
                        (long long)about.st_size, path);
    }
    const char *list = in_cache(b, u->key, ".o.d");
    ath_status status =
        lines.failed || !list ? ath__fail_memory(b->error) : write_file(b, list, ath__buf_text(&lines), lines.size);
    ath__buf_done(&lines);
    return status;
}

/* ---- compiling ---- */

typedef struct command {
    const char **argv;
    size_t count, room;
} command;

static ath_status command_new(ath__build *b, command *c, size_t words) {
    *c = (command){.room = words + 64};
    for (const char *const *w = b->cc; *w; w++)
        c->room++;
    for (const char *const *w = b->flags; *w; w++)
        c->room++;
    if (!(c->argv = ath__arena_zero(b->arena, c->room * sizeof(char *))))
        return ath__fail_memory(b->error);
    for (const char *const *w = b->cc; *w; w++)
        c->argv[c->count++] = *w;
    return ATH_OK;
}

static void word(command *c, const char *w) {
    if (c->count + 1 < c->room)
        c->argv[c->count++] = w;
}

static ath_status compile_command(ath__build *b, const ath__unit *u, const char *const **out) {
    command c;
    const char *object = ath__arena_printf(b->arena, "%s/%s.%ld.o", b->cache, u->key, (long)getpid());
    const char *list = object ? ath__arena_printf(b->arena, "%s.mm", object) : NULL;
    if (!list)
        return ath__fail_memory(b->error);
    ATH_TRY(command_new(b, &c, 0));
    /* A header that is not included is told by its file and line, and not when the revisions are loaded. */
    static const char *const fixed[] = {"-std=gnu11", "-O0", "-fPIC", "-fdiagnostics-color=never",
                                        "-Werror=implicit-function-declaration"};
    for (size_t i = 0; i < ATH_COUNT_OF(fixed); i++)
        word(&c, fixed[i]);
    for (const char *const *f = b->flags; *f; f++)
        word(&c, *f);
    const char *const rest[] = {"-MMD", "-MF", list, "-c", u->path, "-o", object};
    for (size_t i = 0; i < ATH_COUNT_OF(rest); i++)
        word(&c, rest[i]);
    *out = c.argv;
    return ATH_OK;
}

static ath_status no_compiler(ath__build *b) {
    return ath__fail(
        b->error, ATH_NOT_SUPPORTED,
        "there is no C compiler here (\"%s\" was not found), and revisions written in C are compiled before they "
        "run.  Name one (CC, or cc in athanor.ini), write revisions in SQL (athanor revision --sql), or bring "
        "them compiled (athanor bundle)",
        b->cc[0]);
}

/* Each line to the log; the first that says "error" into the message. */
static ath_status compiler_refused(ath__build *b, const char *path, const ath__buf *said) {
    const char *text = ath__buf_text(said), *first = NULL;
    size_t first_size = 0;
    for (const char *line = text; *line;) {
        size_t n = strcspn(line, "\n");
        ath__log_line(&b->log, ATH_LOG_ERROR, "%.*s", (int)n, line);
        if (!first && memmem(line, n, "error", 5)) {
            first = line;
            first_size = n;
        }
        line += n + (line[n] != '\0');
    }
    if (!first) {
        first = text;
        first_size = strcspn(text, "\n");
    }
    return ath__fail(b->error, ATH_ARGUMENT, "%s does not compile: %.*s", path, (int)first_size, first);
}

static ath_status take_over(ath__build *b, const ath__unit *u, const ath__process *job) {
    if (job->said.failed)
        return ath__fail_memory(b->error);
    if (job->code != 0)
        return compiler_refused(b, u->path, &job->said);
    const char *draft = ath__arena_printf(b->arena, "%s/%s.%ld.o", b->cache, u->key, (long)getpid());
    const char *list = draft ? ath__arena_printf(b->arena, "%s.mm", draft) : NULL;
    const char *object = in_cache(b, u->key, ".o");
    if (!list || !object)
        return ath__fail_memory(b->error);
    ATH_TRY(note_dependencies(b, u, list));
    if (rename(draft, object) != 0)
        return ath__fail(b->error, ATH_STATE, "cannot write %s: %s", object, strerror(errno));
    return ATH_OK;
}

static ath_status run_compilers(ath__build *b, ath__process *jobs, ath__unit *const *todo, size_t count) {
    ath_status status = ath__run_jobs(jobs, count, b->error);
    if (status == ATH_NOT_SUPPORTED)
        return no_compiler(b);
    for (size_t i = 0; status == ATH_OK && i < count; i++)
        status = take_over(b, todo[i], &jobs[i]);
    return status;
}

static ath_status compile(ath__build *b, ath__unit *const *todo, size_t count) {
    ath__process *jobs = ath__arena_zero(b->arena, (count ? count : 1) * sizeof *jobs);
    ath_status status = ATH_OK;
    if (!jobs)
        return ath__fail_memory(b->error);
    for (size_t i = 0; status == ATH_OK && i < count; i++) {
        ath__buf_init(&jobs[i].said, b->arena->allocator);
        ath__log_line(&b->log, ATH_LOG_DEBUG, "compiling %s", todo[i]->path);
        status = compile_command(b, todo[i], &jobs[i].argv);
    }
    if (status == ATH_OK && count)
        status = run_compilers(b, jobs, todo, count);
    for (size_t i = 0; i < count; i++)
        ath__buf_done(&jobs[i].said);
    return status;
}

/* ---- linking ---- */

static ath_status link_command(ath__build *b, const ath__unit *units, size_t count, const char *draft,
                               const char *gatherer, const char *const **out) {
    command c;
    ATH_TRY(command_new(b, &c, count));
    word(&c, "-shared");
    word(&c, "-fPIC");
    word(&c, "-o");
    word(&c, draft);
    for (size_t i = 0; i < count; i++) {
        const char *object = in_cache(b, units[i].key, ".o");
        if (!object)
            return ath__fail_memory(b->error);
        word(&c, object);
    }
    word(&c, gatherer);
    *out = c.argv;
    return ATH_OK;
}

/* The headers of the whole: those of each. */
static ath_status note_all(ath__build *b, const ath__unit *units, size_t count, const char *key) {
    ath__buf lines;
    ath_status status = ATH_OK;
    ath__map known;
    ath__buf_init(&lines, b->arena->allocator);
    ath__map_init(&known, b->arena->allocator);
    for (size_t i = 0; status == ATH_OK && i < count; i++) {
        const char *list = in_cache(b, units[i].key, ".o.d");
        char *text = NULL;
        size_t size = 0;
        status = list ? ath__read_file(b->arena, list, &text, &size, b->error) : ath__fail_memory(b->error);
        for (char *line = text; status == ATH_OK && *line;) {
            size_t n = strcspn(line, "\n") + 1;
            if (!ath__map_get(&known, line, n)) {
                ath__buf_add(&lines, line, n);
                status = ath__map_put(&known, line, n, line);
            }
            line += n;
        }
    }
    const char *list = in_cache(b, key, ".so.d");
    if (status == ATH_OK)
        status =
            lines.failed || !list ? ath__fail_memory(b->error) : write_file(b, list, ath__buf_text(&lines), lines.size);
    ath__map_done(&known);
    ath__buf_done(&lines);
    return status;
}

static ath_status run_linker(ath__build *b, const char *const *argv) {
    ath__buf said;
    int code = -1;
    ath__buf_init(&said, b->arena->allocator);
    ath_status status = ath__run_program(argv, &said, &code, b->error);
    if (status == ATH_NOT_SUPPORTED)
        status = no_compiler(b);
    else if (status == ATH_OK && code != 0)
        status = compiler_refused(b, "the revisions together", &said);
    ath__buf_done(&said);
    return status;
}

static ath_status link_all(ath__build *b, const ath__unit *units, size_t count, const char *key, const char *path) {
    const char *draft = ath__arena_printf(b->arena, "%s.%ld.new", path, (long)getpid());
    const char *gatherer = in_cache(b, "gather", ".c");
    const char *const *argv = NULL;
    if (!draft || !gatherer)
        return ath__fail_memory(b->error);
    if (access(gatherer, R_OK) != 0)
        ATH_TRY(write_file(b, gatherer, gathers, sizeof gathers - 1));
    ATH_TRY(link_command(b, units, count, draft, gatherer, &argv));
    ATH_TRY(run_linker(b, argv));
    ATH_TRY(note_all(b, units, count, key));
    if (rename(draft, path) != 0)
        return ath__fail(b->error, ATH_STATE, "cannot write %s: %s", path, strerror(errno));
    return ATH_OK;
}

/* What is kept may be damaged, as after a power failure: all of it is made once more. */
static ath_status build_anew(ath__build *b, ath__unit *units, size_t count, const char *key, const char *path) {
    ath__unit **todo = ath__arena_alloc(b->arena, (count + 1) * sizeof(ath__unit *));
    const char *gatherer = in_cache(b, "gather", ".c");
    if (!todo || !gatherer)
        return ath__fail_memory(b->error);
    for (size_t i = 0; i < count; i++)
        todo[i] = &units[i];
    unlink(gatherer);
    ath_error_clear(b->error);
    ATH_TRY(compile(b, todo, count));
    return link_all(b, units, count, key, path);
}

ath_status ath__build_library(ath__build *b, ath__unit *units, size_t count, const char **path) {
    char key[ATH__CHECKSUM];
    size_t n = 0;
    for (size_t i = 0; i < count; i++)
        ATH_TRY(key_unit(b, &units[i]));
    ATH_TRY(key_of(b, units, count, key));
    if (!(*path = in_cache(b, key, ".so")))
        return ath__fail_memory(b->error);
    if (is_fresh(b, key, ".so"))
        return ATH_OK;
    ath__unit **todo = ath__arena_alloc(b->arena, count * sizeof(ath__unit *));
    if (!todo)
        return ath__fail_memory(b->error);
    for (size_t i = 0; i < count; i++)
        if (!is_fresh(b, units[i].key, ".o"))
            todo[n++] = &units[i];
    ath__build_sweep(b->cache);
    ATH_TRY(compile(b, todo, n));
    const char *gatherer = in_cache(b, "gather", ".c");
    bool all_anew = gatherer && n == count && access(gatherer, F_OK) != 0;
    const ath__log log = b->log;
    if (!all_anew)
        b->log = (ath__log){0}; /* said again when it is not the cache's fault */
    ath_status status = link_all(b, units, count, key, *path);
    b->log = log;
    return status == ATH_ARGUMENT && !all_anew ? build_anew(b, units, count, key, *path) : status;
}

void ath__build_forget(ath__build *b, const char *path) {
    const char *list = ath__arena_printf(b->arena, "%s.d", path);
    unlink(path);
    if (list)
        unlink(list);
}
