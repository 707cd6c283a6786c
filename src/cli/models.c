/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor models`: reads a database and writes its tables as models, or says in what they differ from models that are
 * there.
 */
#include "cli/models/models.h"

#include "cli/command.h"
#include "engine/driver.h"

#include <errno.h>
#include <sys/stat.h>

enum { OUTPUT, SCHEMA, TABLES, VIEWS, NO_RELATIONS, FORCE, CHECK };

static const cli_option options[] = {
    [OUTPUT] = {"output", 'o', "PATH", "write PATH.h and PATH.c, or into the folder PATH; -: to standard output"},
    [SCHEMA] = {"schema", 's', "NAMES", "the schemas to read, separated by commas, instead of the default one"},
    [TABLES] = {"tables", 't', "NAMES", "these tables alone, separated by commas"},
    [VIEWS] = {"views", 0, NULL, "views too, as projections"},
    [NO_RELATIONS] = {"no-relations", 0, NULL, "columns and constraints alone"},
    [FORCE] = {"force", 'f', NULL, "overwrite files that differ"},
    [CHECK] = {"check", 0, NULL, "write nothing; say how the models in FILE... differ from the database"},
};

/* A run: what was asked for, what is made. */
typedef struct run {
    const cli_call *call;
    models_choice choice;
    models_plan plan;
    ath__arena arena;
    ath__buf header, source;
    char folder[1024]; /* with a slash behind, or empty */
} run;

/* ---- the name ---- */

/* The last part of a path, without what is behind its last dot. */
static const char *stem(run *r, const char *path) {
    const char *slash = strrchr(path, '/'), *from = slash ? slash + 1 : path, *dot = strrchr(from, '.');
    size_t size = dot && dot > from ? (size_t)(dot - from) : strlen(from);
    const char *name = ath__arena_strn(&r->arena, from, size);
    return name && *name ? name : "models";
}

static const char *database_name(run *r, const char *url) {
    ath_error error;
    ath_url *parsed = ath_url_parse(url, &error);
    const char *database = parsed ? parsed->database : NULL;
    const char *name = database && *database != ':' ? stem(r, database) : "models";
    ath_url_free(parsed);
    return name;
}

static bool is_folder(const char *path) {
    struct stat st;
    size_t size = strlen(path);
    return (size && path[size - 1] == '/') || (stat(path, &st) == 0 && S_ISDIR(st.st_mode));
}

/* Where the files go, and what they are called. */
static void choose_name(run *r) {
    const char *path = r->call->values[OUTPUT];
    r->choice.name = database_name(r, r->call->operands[0]);
    if (r->call->values[CHECK] && r->call->operand_count > 1)
        r->choice.name = stem(r, r->call->operands[1]);
    if (!path || strcmp(path, "-") == 0)
        return;
    if (is_folder(path)) {
        size_t size = strlen(path);
        snprintf(r->folder, sizeof r->folder, "%s%s", path, size && path[size - 1] == '/' ? "" : "/");
        return;
    }
    const char *slash = strrchr(path, '/'), *dot = strrchr(path, '.');
    bool ends = dot && (strcmp(dot, ".c") == 0 || strcmp(dot, ".h") == 0);
    snprintf(r->folder, sizeof r->folder, "%.*s", slash ? (int)(slash + 1 - path) : 0, path);
    r->choice.name = ends ? stem(r, path) : slash ? slash + 1 : path;
}

/* ---- the database ---- */

/* The database is only read. */
static const char *read_only(run *r, const char *url) {
    ath_error error;
    ath_url *parsed = ath_url_parse(url, &error);
    const ath__backend *backend = parsed ? ath__backend_find(parsed->dialect) : NULL;
    bool differs = backend && backend->driver->reading_only;
    const char *key = differs ? backend->driver->reading_only(parsed) : NULL; /* a constant */
    ath_url_free(parsed);
    const char *text = key ? ath__arena_printf(&r->arena, "%s%c%s", url, strchr(url, '?') ? '&' : '?', key) : url;
    return text ? text : url;
}

static ath_status make_plan(run *r) {
    ath_error error;
    ath_engine *engine = ath_engine_open(read_only(r, r->call->operands[0]), .error = &error);
    ath_connection *connection = engine ? ath_connect(engine, &error) : NULL;
    if (connection && models_plan_make(&r->plan, connection, &r->choice) == ATH_OK) {
        models_write_header(&r->plan, &r->header);
        models_write_source(&r->plan, &r->source);
        if (r->header.failed || r->source.failed)
            models_no_memory(&r->plan);
    }
    if (connection)
        error = r->plan.error;
    ath_connection_close(connection);
    ath_engine_close(engine);
    if (connection && error.status == ATH_OK)
        return ATH_OK;
    cli_say(&error);
    return error.status == ATH_OK ? ATH_INTERNAL : error.status;
}

/* ---- files ---- */

/* All of a file, in the arena; NULL with errno. */
static char *read_file(ath__arena *arena, const char *path) {
    FILE *file = fopen(path, "rb");
    ath__buf text;
    char part[8192];
    if (!file)
        return NULL;
    ath__buf_init(&text, arena->allocator);
    for (size_t n; (n = fread(part, 1, sizeof part, file)) > 0;)
        ath__buf_add(&text, part, n);
    bool failed = ferror(file) != 0 || text.failed;
    int code = errno;
    fclose(file);
    char *kept = failed ? NULL : ath__arena_strn(arena, ath__buf_text(&text), text.size);
    ath__buf_done(&text);
    errno = code ? code : EIO;
    return kept;
}

static bool write_file(const char *path, const ath__buf *text) {
    char beside[1400];
    snprintf(beside, sizeof beside, "%s.new", path);
    FILE *file = fopen(beside, "wb");
    bool written = file && fwrite(ath__buf_text(text), 1, text->size, file) == text->size;
    if (file && fclose(file) != 0)
        written = false;
    if (written && rename(beside, path) == 0)
        return true;
    cli_complain("%s: %s", path, strerror(errno));
    remove(beside);
    return false;
}

/* Files that somebody may have worked on are not overwritten. */
static bool may_write(run *r, const char *path, const ath__buf *text) {
    errno = 0;
    const char *there = read_file(&r->arena, path);
    if (r->call->values[FORCE] || (!there && errno == ENOENT) || (there && strcmp(there, ath__buf_text(text)) == 0))
        return true;
    if (there)
        cli_complain("%s is there and differs: --force overwrites it, --check tells the differences", path);
    else
        cli_complain("%s: %s", path, strerror(errno));
    return false;
}

static int write_files(run *r) {
    char header[1300], source[1300];
    const char *output = r->call->values[OUTPUT];
    if (output && strcmp(output, "-") == 0) {
        fwrite(ath__buf_text(&r->header), 1, r->header.size, stdout);
        fwrite(ath__buf_text(&r->source), 1, r->source.size, stdout);
        return fflush(stdout) == 0 ? CLI_DONE : CLI_REFUSED;
    }
    int size = snprintf(header, sizeof header, "%s%s.h", r->folder, r->choice.name);
    snprintf(source, sizeof source, "%s%s.c", r->folder, r->choice.name);
    if (size >= (int)sizeof header) {
        cli_complain("the path is too long");
        return CLI_REFUSED;
    }
    bool done = may_write(r, header, &r->header) && may_write(r, source, &r->source) &&
                write_file(header, &r->header) && write_file(source, &r->source);
    if (done)
        printf("%s and %s: %zu table%s\n", header, source, r->plan.count, r->plan.count == 1 ? "" : "s");
    return done ? CLI_DONE : CLI_REFUSED;
}

/* ---- comparing ---- */

static int check_files(run *r) {
    models_text_read wanted = {.arena = &r->arena}, found = {.arena = &r->arena};
    ath__buf report;
    models_parse(&wanted, ath__buf_text(&r->header));
    models_parse(&wanted, ath__buf_text(&r->source));
    for (size_t i = 1; i < r->call->operand_count; i++) {
        errno = 0;
        const char *text = read_file(&r->arena, r->call->operands[i]);
        if (!text) {
            cli_complain("%s: %s", r->call->operands[i], strerror(errno));
            return CLI_TROUBLE;
        }
        models_parse(&found, text);
    }
    if (!wanted.failed && !found.failed && !found.any_struct && !found.any_body) {
        cli_complain("there are no models in %s", r->call->operands[1]);
        return CLI_TROUBLE;
    }
    ath__buf_init(&report, &ath__malloc_allocator);
    size_t count = models_compare(&wanted, &found, &report);
    bool failed = report.failed || wanted.failed || found.failed;
    fwrite(ath__buf_text(&report), 1, report.size, stdout);
    ath__buf_done(&report);
    if (failed)
        cli_complain("out of memory");
    return failed ? CLI_TROUBLE : count ? CLI_DIFFERS : CLI_DONE;
}

/* ---- the command ---- */

static int go(run *r) {
    bool check = r->call->values[CHECK] != NULL;
    choose_name(r);
    r->choice.schemas = cli_names(&r->arena, r->call->values[SCHEMA]);
    r->choice.tables = cli_names(&r->arena, r->call->values[TABLES]);
    r->choice.views = r->call->values[VIEWS] != NULL;
    r->choice.no_relations = r->call->values[NO_RELATIONS] != NULL;
    if (make_plan(r) != ATH_OK)
        return check ? CLI_TROUBLE : CLI_REFUSED;
    return check ? check_files(r) : write_files(r);
}

static int models(const cli_call *call) {
    bool check = call->values[CHECK] != NULL;
    if (check != (call->operand_count > 1)) {
        cli_complain(check ? "models: --check needs the files to compare with"
                           : "models: files are given to --check alone; -o says where to write");
        return CLI_USAGE;
    }
    run r = {.call = call};
    ath__arena_init(&r.arena, &ath__malloc_allocator);
    ath__buf_init(&r.header, &ath__malloc_allocator);
    ath__buf_init(&r.source, &ath__malloc_allocator);
    int code = go(&r);
    models_plan_done(&r.plan);
    ath__buf_done(&r.header);
    ath__buf_done(&r.source);
    ath__arena_done(&r.arena);
    return code;
}

const cli_command cli_models = {
    .name = "models",
    .arguments = "URL [FILE...]",
    .what = "write the tables of a database as models in C: a header and a source",
    .more = "The files are called after the database, or as -o says.  Relations are named from the foreign keys.\n"
            "With --check, FILE... are the header and the source of the models; the exit code is 0 when they say what\n"
            "the database has, 1 when they differ, 2 when the comparison could not be made.\n",
    .least = 1,
    .most = 65,
    .run = models,
    .options = options,
    .option_count = ATH_COUNT_OF(options),
};
