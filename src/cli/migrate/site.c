/* SPDX-License-Identifier: Apache-2.0
 *
 * The place where a command works: the configuration's folder, the revisions' folders, env.c, the database; and how
 * failures are told.
 */
#include "cli/migrate/bundled.h"

#include <dirent.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- telling ---- */

int mig_code(const ath_error *error) {
    switch (error->status) {
    case ATH_OK:
        return CLI_DONE;
    case ATH_TIMEOUT:
        return CLI_LOCK;
    case ATH_NO_MEMORY:
    case ATH_INTERNAL:
        return CLI_DEFECT;
    case ATH_ARGUMENT:
    case ATH_NOT_SUPPORTED:
    case ATH_STATE:
        return CLI_REFUSED;
    default:
        return CLI_DATABASE;
    }
}

static void say_json(const ath_error *e, const char *hint) {
    ath__buf out;
    ath__buf_init(&out, &ath__malloc_allocator);
    char *message = strndup(e->message, hint ? (size_t)(hint - e->message) : strlen(e->message));
    ath__buf_printf(&out, "{\"error\": \"%s\", \"code\": %d, \"message\": ", ath_status_name(e->status), mig_code(e));
    mig_json_string(&out, message);
    if (hint) {
        ath__buf_str(&out, ", \"hint\": ");
        mig_json_string(&out, hint + strlen(ATH__HINT));
    }
    if (e->statement[0]) {
        ath__buf_str(&out, ", \"statement\": ");
        mig_json_string(&out, e->statement);
    }
    fprintf(stderr, "%s}\n", ath__buf_text(&out));
    free(message);
    ath__buf_done(&out);
}

void mig_say_failed(const cli_globals *globals, const ath_error *e) {
    const char *hint = strstr(e->message, ATH__HINT);
    if (globals->json) {
        say_json(e, hint);
        return;
    }
    fprintf(stderr, "FAILED: %.*s\n", hint ? (int)(hint - e->message) : (int)strlen(e->message), e->message);
    if (hint)
        fprintf(stderr, "hint: %s\n", hint + strlen(ATH__HINT));
    if (e->statement[0])
        fprintf(stderr, "statement: %s\n", e->statement);
    if (globals->raiseerr)
        fprintf(stderr, "status: %s; sqlstate: %s; native code: %d; table: %s; column: %s; constraint: %s\n",
                ath_status_name(e->status), e->sqlstate, e->native_code, e->table, e->column, e->constraint);
}

int mig_fail(mig *m) {
    mig_say_failed(m->globals, &m->error);
    return mig_code(&m->error);
}

int mig_refuse(mig *m, const char *format, ...) {
    char text[sizeof m->error.message];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    ath_error_clear(&m->error);
    ath__fail(&m->error, ATH_ARGUMENT, "%s", text);
    return mig_fail(m);
}

void mig_log(void *context, ath_log_level level, const char *line) {
    static const char *const levels[] = {"DEBUG", "INFO ", "WARN ", "ERROR"};
    const cli_globals *globals = context;
    if (level >= (globals->quiet ? ATH_LOG_WARNING : ATH_LOG_INFO))
        fprintf(stderr, "%s [athanor.migration] %s\n", levels[level], line);
}

/* ---- options ---- */

const char *mig_option(const mig *m, size_t option) {
    return m->call->values[option];
}

ath_name_list mig_options(mig *m, size_t option) {
    const char **names = ath__arena_alloc(&m->arena, (m->call->given_count + 1) * sizeof *names);
    size_t count = 0;
    for (size_t i = 0; names && i < m->call->given_count; i++)
        if (m->call->given[i].option == option)
            names[count++] = m->call->given[i].value;
    return (ath_name_list){count, names};
}

ath_name_list mig_operands(mig *m) {
    const char **names = ath__arena_alloc(&m->arena, (m->call->operand_count + 1) * sizeof *names);
    for (size_t i = 0; names && i < m->call->operand_count; i++)
        names[i] = m->call->operands[i];
    return (ath_name_list){names ? m->call->operand_count : 0, names};
}

/* ---- folders ---- */

static bool is_folder(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

/* A list of folders in the making. */
typedef struct folders {
    mig *m;
    const char **at;
    size_t count, room;
} folders;

static ath_status add_folder(folders *f, const char *path) {
    if (f->count == f->room) {
        size_t room = f->room ? 2 * f->room : 8;
        const char **more = ath__arena_alloc(&f->m->arena, room * sizeof *more);
        if (!more)
            return ath__fail_memory(&f->m->error);
        if (f->count)
            memcpy(more, f->at, f->count * sizeof *more);
        f->at = more;
        f->room = room;
    }
    if (!path)
        return ath__fail_memory(&f->m->error);
    f->at[f->count++] = path;
    return ATH_OK;
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The folders inside of one, sorted, behind it in the list. */
static ath_status add_inner(folders *f, const char *path) {
    DIR *dir = opendir(path);
    size_t first = f->count;
    ath_status status = ATH_OK;
    for (struct dirent *e; dir && status == ATH_OK && (e = readdir(dir)) != NULL;) {
        const char *inner = e->d_name[0] == '.' ? NULL : ath__arena_printf(&f->m->arena, "%s/%s", path, e->d_name);
        if (inner && is_folder(inner))
            status = add_folder(f, inner);
    }
    if (dir)
        closedir(dir);
    if (f->count > first)
        qsort(f->at + first, f->count - first, sizeof *f->at, by_text);
    return status;
}

static ath_status find_folders(mig *m) {
    folders f = {.m = m};
    ath_name_list given = mig_config_list(&m->config, "version_locations");
    bool recursive = mig_config_bool(&m->config, "recursive_version_locations", false);
    for (size_t i = 0; i < given.count; i++)
        ATH_TRY(add_folder(&f, mig_config_path(&m->config, given.names[i])));
    if (!given.count)
        ATH_TRY(add_folder(&f, m->config.database
                                   ? ath__arena_printf(&m->arena, "%s/versions/%s", m->location, m->config.database)
                                   : ath__arena_printf(&m->arena, "%s/versions", m->location)));
    for (size_t i = 0; recursive && i < f.count; i++)
        ATH_TRY(add_inner(&f, f.at[i]));
    m->folders = (ath_name_list){f.count, f.at};
    return ATH_OK;
}

/* ---- the site ---- */

static ath_status find_location(mig *m) {
    const char *location = mig_config_get(&m->config, "script_location", NULL);
    if (!location && m->config.path)
        return ath__fail(&m->error, ATH_ARGUMENT,
                         "No 'script_location' key found in configuration." ATH__HINT "%s has none in its section [%s]",
                         m->config.path, m->config.section);
    if (!location)
        return ath__fail(&m->error, ATH_ARGUMENT,
                         "No 'script_location' key found in configuration." ATH__HINT
                         "there is no athanor.ini in %s, nor above; `athanor init migrations` makes one",
                         m->config.folder);
    if (!(m->location = mig_config_path(&m->config, location)))
        return ath__fail_memory(&m->error);
    if (!is_folder(m->location))
        return ath__fail(&m->error, ATH_ARGUMENT,
                         "Path doesn't exist: %s.  Please use the 'init' command to create a new "
                         "scripts folder." ATH__HINT "script_location in %s names it",
                         m->location, m->config.path);
    return find_folders(m);
}

static const char *find_url(mig *m) {
    const char *set = getenv("ATHANOR_URL");
    if (m->globals->url)
        return m->globals->url;
    if (set && *set && !m->config.database)
        return set;
    return mig_config_get(&m->config, "url", mig_config_get(&m->config, "sqlalchemy.url", NULL));
}

static ath_name_list existing(mig *m) {
    const char **at = ath__arena_alloc(&m->arena, (m->folders.count + 1) * sizeof *at);
    size_t count = 0;
    for (size_t i = 0; at && i < m->folders.count; i++)
        if (is_folder(m->folders.names[i]))
            at[count++] = m->folders.names[i];
    return (ath_name_list){count, at};
}

static ath_status set_up(mig *m) {
    mig_config *c = &m->config;
    const mig_bundled *bundled = m->globals->bundled;
    if (!bundled && (c->path || !m->call->command->of_database))
        ATH_TRY(find_location(m));
    const char *env = ath__arena_printf(&m->arena, "%s/env.c", m->location ? m->location : "");
    if (!env)
        return ath__fail_memory(&m->error);
    m->url = find_url(m);
    m->environment_said = false;
    m->migration = (ath_migration){.struct_size = sizeof m->migration,
                                   .revisions = bundled ? &bundled->revisions : NULL,
                                   .directories = existing(m),
                                   .environment = m->location && access(env, R_OK) == 0 ? env : NULL,
                                   .url = m->url,
                                   .version_table = mig_config_get(c, "version_table", NULL),
                                   .version_table_schema = mig_config_get(c, "version_table_schema", NULL),
                                   .transaction_per_migration = mig_config_bool(c, "transaction_per_migration", false),
                                   .x = {m->globals->x_count, m->globals->x},
                                   .log = mig_log,
                                   .log_context = (void *)(uintptr_t)m->globals,
                                   .error = &m->error,
                                   .cc = mig_config_get(c, "cc", NULL),
                                   .cflags = mig_config_get(c, "cflags", NULL),
                                   .cache = mig_config_get(c, "cache", NULL)};
    return ATH_OK;
}

ath_status mig_open_script(mig *m) {
    return m->script.graph ? ATH_OK : ath__script_open(&m->script, &m->migration, &m->error);
}

ath_status mig_open_environment(mig *m) {
    if (!m->environment_said) {
        m->environment_said = true;
        ATH_TRY(ath__script_open_environment(&m->environment, &m->migration, &m->error));
        ATH_TRY(ath__build_environment(&m->environment, &m->migration, &m->error));
        m->migration.environment = NULL; /* it has said what it says */
        m->migration.error = &m->error;
        if (!m->globals->url && m->migration.url)
            m->url = m->migration.url;
    }
    if (!m->url && m->globals->bundled)
        return ath__fail(&m->error, ATH_ARGUMENT, "No database is named" ATH__HINT "set ATHANOR_URL, or give --url");
    if (!m->url)
        return ath__fail(&m->error, ATH_ARGUMENT,
                         "No database is named" ATH__HINT "write url = ... into %s, set ATHANOR_URL, or give --url",
                         m->config.path ? m->config.path : "athanor.ini");
    return ATH_OK;
}

ath_status mig_open_engine(mig *m) {
    ATH_TRY(mig_open_environment(m));
    if (!m->engine)
        m->engine = ath_engine_open(m->url, .error = &m->error);
    return m->engine ? ATH_OK : ath__failed(&m->error);
}

ath_status mig_dialect(mig *m, const char **dialect) {
    ATH_TRY(mig_open_environment(m));
    ath_url *url = ath_url_parse(m->url, &m->error);
    if (!url)
        return ath__failed(&m->error);
    *dialect = ath__arena_str(&m->arena, url->dialect);
    ath_url_free(url);
    return *dialect ? ATH_OK : ath__fail_memory(&m->error);
}

typedef struct rows {
    mig *m;
    const char **at;
    size_t count, room;
} rows;

static ath_status add_row(void *context, const ath_revision *revision, bool is_head) {
    rows *r = context;
    (void)is_head;
    if (r->count == r->room) {
        size_t room = r->room ? 2 * r->room : 8;
        const char **more = ath__arena_alloc(&r->m->arena, room * sizeof *more);
        if (!more)
            return ATH_NO_MEMORY;
        if (r->count)
            memcpy(more, r->at, r->count * sizeof *more);
        r->at = more;
        r->room = room;
    }
    r->at[r->count] = ath__arena_str(&r->m->arena, revision->id);
    return r->at[r->count++] ? ATH_OK : ATH_NO_MEMORY;
}

ath_status mig_current(mig *m, ath_name_list *out) {
    rows r = {.m = m};
    ATH_TRY(mig_open_engine(m));
    ATH_TRY(mig_open_script(m));
    ath_migration tables_alone = m->migration; /* the revisions need not be read a second time for it */
    tables_alone.directories = (ath_name_list){0, NULL};
    tables_alone.revisions = NULL;
    ATH_TRY(ath_migrate_current(m->engine, &tables_alone, add_row, &r));
    *out = (ath_name_list){r.count, r.at};
    return ATH_OK;
}

/* ---- each database ---- */

static int run_one(mig *m, int (*run)(mig *m)) {
    int code = set_up(m) == ATH_OK ? run(m) : mig_fail(m);
    ath_engine_close(m->engine);
    m->engine = NULL;
    if (m->script.graph)
        ath__script_close(&m->script);
    if (m->environment.allocator)
        ath__script_close(&m->environment);
    return code;
}

static int run_all(mig *m, ath_name_list databases, int (*run)(mig *m)) {
    int worst = CLI_DONE, ran = 0;
    for (size_t i = 0; i < databases.count; i++) {
        if (m->globals->database && strcmp(m->globals->database, databases.names[i]) != 0)
            continue;
        m->config.database = databases.names[i];
        if (!m->globals->quiet && !m->globals->json)
            fprintf(stderr, "INFO  [athanor.migration] Database %s\n", databases.names[i]);
        int code = run_one(m, run);
        worst = code > worst ? code : worst;
        ran++;
    }
    return ran ? worst
               : mig_refuse(m, "No database '%s'" ATH__HINT "`databases` in %s names those that there are",
                            m->globals->database, m->config.path);
}

int mig_each(const cli_call *call, int (*run)(mig *m)) {
    mig m = {.call = call, .globals = call->globals};
    int code;
    ath__arena_init(&m.arena, &ath__malloc_allocator);
    if (!getcwd(m.called_in, sizeof m.called_in))
        m.called_in[0] = '\0';
    if (mig_config_read(&m.config, &m.arena, m.globals, &m.error) != ATH_OK) {
        code = mig_fail(&m);
    } else if (m.config.path && chdir(m.config.folder) != 0) { /* its relative paths and URLs begin there */
        code = mig_refuse(&m, "%s: %s", m.config.folder, strerror(errno));
    } else {
        ath_name_list databases = mig_config_list(&m.config, "databases");
        if (!databases.count && m.globals->database)
            code = mig_refuse(&m, "No database '%s'" ATH__HINT "`databases` is not set in %s", m.globals->database,
                              m.config.path ? m.config.path : "athanor.ini");
        else
            code = databases.count ? run_all(&m, databases, run) : run_one(&m, run);
    }
    ath__arena_done(&m.arena);
    return code;
}
