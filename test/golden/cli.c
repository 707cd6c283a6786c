/* SPDX-License-Identifier: Apache-2.0
 *
 * Cases of the command: revisions, command lines, and what Alembic prints and leaves.  The revisions become SQL files in an
 * empty folder with a SQLite database; build/athanor is run there as a user would.
 *
 * What is compared, our name for Alembic's: exit codes (done, refused, usage), results on standard output, the refusal's
 * words, the steps that are logged, new files, the rows of the version table, the tables.  Not compared: an order that chance
 * rules, when Alembic makes its version table, a bare `downgrade`, which is one step here and wrong usage there, and
 * `revision --sql`, which writes a revision in SQL here.
 */
#include "golden.h"

#include <ctype.h>
#include <errno.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

typedef struct cli_case {
    const json_t *the_case;
    ath__buf *why;
    char folder[200], program[600];
    char *out, *err;
    int code;
    bool apart; /* ours did something else on purpose: what follows is not comparable */
} cli_case;

/* ---- the folder ---- */

static bool write_file(const char *path, const char *text) {
    FILE *file = fopen(path, "w");
    bool done = file && fputs(text, file) >= 0;
    return file && fclose(file) == 0 && done;
}

static void slug(const char *message, char *out, size_t size) {
    size_t used = 0;
    for (; message && *message && used + 1 < size; message++)
        out[used++] = (char)(isalnum((unsigned char)*message) ? tolower((unsigned char)*message) : '_');
    out[used] = '\0';
}

static bool write_revision(cli_case *c, const json_t *r) {
    const char *id = golden_text(r, "revision"), *message = golden_text(r, "message");
    char words[200], path[700];
    const struct {
        const char *key, *member;
    } lists[] = {{"down", "down_revision"}, {"depends_on", "depends_on"}, {"branch_labels", "branch_labels"}};
    ath__buf text;
    ath__buf_init(&text, &ath__malloc_allocator);
    ath__buf_printf(&text, "-- revision: %s\n-- message: %s\n-- create_date: 2024-01-02 03:04:05.000006\n", id,
                    message ? message : "");
    for (size_t i = 0; i < ATH_COUNT_OF(lists); i++) {
        const json_t *list = json_object_get(r, lists[i].member);
        if (!list || json_is_null(list))
            continue;
        ath__buf_printf(&text, "-- %s: ", lists[i].key);
        golden_list(list, &text);
        ath__buf_char(&text, '\n');
    }
    ath__buf_printf(&text, "-- +up\nCREATE TABLE t_%s (id INTEGER);\n-- +down\nDROP TABLE t_%s;\n", id, id);
    slug(message, words, sizeof words);
    snprintf(path, sizeof path, "%s/migrations/versions/%s_%s.sql", c->folder, id, words);
    bool done = write_file(path, ath__buf_text(&text));
    ath__buf_done(&text);
    return done;
}

/* ---- models ---- */

static const char *word_at(const char *at, char *out, size_t size) {
    size_t used = 0;
    while (*at && !isalnum((unsigned char)*at) && *at != '_')
        at++;
    while ((isalnum((unsigned char)*at) || *at == '_') && used + 1 < size)
        out[used++] = *at++;
    out[used] = '\0';
    return at;
}

/* Column("name", Type(...), primary_key=True, nullable=False) as a field and its line. */
static const char *translate_column(const char *at, ath__buf *fields, ath__buf *lines) {
    static const struct {
        const char *type, *field, *said;
    } types[] = {{"Integer", "int32_t", "INTEGER"},       {"BigInteger", "int64_t", "BIGINT"},
                 {"Text", "const char *", "TEXT"},        {"Boolean", "bool", "BOOLEAN"},
                 {"String", "const char *", "STRING"},    {"Float", "double", "FLOAT"},
                 {"DateTime", "ath_datetime", "DATETIME"}};
    char name[80], type[40], size[20] = "";
    const char *end = strchr(at, '(');
    int depth = 0;
    do {
        depth += *end == '(';
        depth -= *end == ')';
        end++;
    } while (*end && depth > 0);
    const char *rest = word_at(word_at(strchr(at, '('), name, sizeof name), type, sizeof type);
    if (*rest == '(')
        word_at(rest, size, sizeof size);
    char *all = strndup(at, (size_t)(end - at));
    bool key = strstr(all, "primary_key=True"), filled = key || strstr(all, "nullable=False");
    for (size_t i = 0; i < ATH_COUNT_OF(types); i++)
        if (strcmp(types[i].type, type) == 0) {
            bool text = strcmp(types[i].field, "const char *") == 0, optional = !text && !filled;
            ath__buf_printf(
                fields, "    %s %s;\n",
                optional ? strcmp(types[i].field, "int32_t") ? "ath_opt_i64" : "ath_opt_i32" : types[i].field, name);
            ath__buf_printf(lines, "    ath_column(%s, .type = ATH_%s", name, types[i].said);
            ath__buf_printf(lines, isdigit((unsigned char)size[0]) ? "(%s)" : "%s", size);
            ath__buf_printf(lines, "%s%s);\n", key ? ", .primary_key = true" : "", filled ? "" : ", .nullable = true");
        }
    free(all);
    return end;
}

/* The tables of the case's Python as models in env.c. */
static bool write_environment(cli_case *c, const char *python) {
    ath__buf text, fields, lines, models;
    char path[400], table[80];
    ath__buf *const all[] = {&text, &fields, &lines, &models};
    int number = 0;
    for (size_t i = 0; i < ATH_COUNT_OF(all); i++)
        ath__buf_init(all[i], &ath__malloc_allocator);
    ath__buf_str(&text, "#include <athanor/athanor.h>\n#include <athanor/migrate.h>\n");
    for (const char *at = python; (at = strstr(at, "Table(")) != NULL;) {
        const char *next = strstr(at + 1, "Table(");
        at = word_at(at + 6, table, sizeof table);
        ath__buf_clear(&fields);
        ath__buf_clear(&lines);
        for (const char *column = at; (column = strstr(column, "Column(")) != NULL && (!next || column < next);)
            column = translate_column(column, &fields, &lines);
        ath__buf_printf(&text, "typedef struct M%d {\n%s} M%d;\nATH_MODEL(M%d, \"%s\") {\n%s}\n", number,
                        ath__buf_text(&fields), number, number, table, ath__buf_text(&lines));
        ath__buf_printf(&models, "%sM%d", number ? ", " : "", number);
        number++;
    }
    ath__buf_printf(&text, "ATH_METADATA(Models, %s);\nATH_ENVIRONMENT(env) {\n    env->metadata = &Models;\n}\n",
                    ath__buf_text(&models));
    snprintf(path, sizeof path, "%s/migrations/env.c", c->folder);
    bool done = number == 0 || write_file(path, ath__buf_text(&text));
    for (size_t i = 0; i < ATH_COUNT_OF(all); i++)
        ath__buf_done(all[i]);
    return done;
}

static bool begins_empty(const json_t *the_case) {
    const json_t *first = json_array_get(json_object_get(the_case, "commands"), 0);
    const char *word = json_string_value(json_array_get(json_object_get(first, "argv"), 0));
    return word && strcmp(word, "init") == 0;
}

static bool set_up(cli_case *c) {
    const json_t *revisions = json_object_get(c->the_case, "revisions");
    char path[700], text[500];
    snprintf(c->folder, sizeof c->folder, "%s/goldenXXXXXX", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (!mkdtemp(c->folder))
        return false;
    setenv("XDG_CACHE_HOME", c->folder, 1);
    unsetenv("ATHANOR_URL");
    unsetenv("ATHANOR_CONFIG");
    if (begins_empty(c->the_case))
        return true;
    snprintf(path, sizeof path, "%s/migrations", c->folder);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/migrations/versions", c->folder);
    mkdir(path, 0777);
    snprintf(path, sizeof path, "%s/athanor.ini", c->folder);
    snprintf(text, sizeof text, "[athanor]\nscript_location = %%(here)s/migrations\nurl = sqlite:///%s/test.db\n",
             c->folder);
    bool done = write_file(path, text);
    for (size_t i = 0; done && i < json_array_size(revisions); i++)
        done = write_revision(c, json_array_get(revisions, i));
    return done && write_environment(c, golden_text(c->the_case, "metadata_python"));
}

static void tear_down(cli_case *c) {
    char line[300];
    snprintf(line, sizeof line, "rm -rf '%s'", c->folder);
    if (system(line) != 0)
        fprintf(stderr, "golden: %s stays\n", c->folder);
    free(c->out);
    free(c->err);
}

/* ---- running ---- */

static char *read_all(const char *path) {
    FILE *file = fopen(path, "rb");
    ath__buf text;
    char part[4096];
    ath__buf_init(&text, &ath__malloc_allocator);
    for (size_t n; file && (n = fread(part, 1, sizeof part, file)) > 0;)
        ath__buf_add(&text, part, n);
    char *copy = strdup(ath__buf_text(&text));
    ath__buf_done(&text);
    if (file)
        fclose(file);
    return copy;
}

static bool run_command(cli_case *c, const json_t *argv) {
    char out[300], err[300];
    ath__buf line;
    snprintf(out, sizeof out, "%s/.stdout", c->folder);
    snprintf(err, sizeof err, "%s/.stderr", c->folder);
    ath__buf_init(&line, &ath__malloc_allocator);
    ath__buf_printf(&line, "cd '%s' && '%s'", c->folder, c->program);
    for (size_t i = 0; i < json_array_size(argv); i++)
        ath__buf_printf(&line, " '%s'", json_string_value(json_array_get(argv, i)));
    ath__buf_printf(&line, " >'%s' 2>'%s' </dev/null", out, err);
    int status = system(ath__buf_text(&line));
    ath__buf_done(&line);
    free(c->out);
    free(c->err);
    c->out = read_all(out);
    c->err = read_all(err);
    c->code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    unlink(out);
    unlink(err);
    return c->code != -1 && c->code != 127;
}

/* ---- comparing texts ---- */

/* Alembic's words in ours: the folder, the names of files. */
static void add_ours(cli_case *c, const char *text, ath__buf *out) {
    const char *const others[][2] = {{"<dir>", c->folder},
                                     {"env.py", "env"},
                                     {"script.py.mako", "script.c.tmpl"},
                                     {"alembic.ini", "athanor.ini"},
                                     {".py", ""},
                                     {".sql", ""},
                                     {"[alembic.runtime.migration]", "[athanor.migration]"}};
    while (*text) {
        size_t i = 0;
        while (i < ATH_COUNT_OF(others) && strncmp(text, others[i][0], strlen(others[i][0])) != 0)
            i++;
        if (i < ATH_COUNT_OF(others)) {
            ath__buf_str(out, others[i][1]);
            text += strlen(others[i][0]);
        } else if (strncmp(text, ".c ", 3) == 0 || strncmp(text, ".c\n", 3) == 0) {
            text += 2;
        } else {
            ath__buf_char(out, *text++);
        }
    }
}

static int by_text(const void *a, const void *b) {
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* Parts sorted, so that an order that chance rules does not matter. */
static void add_sorted(char *text, const char *between, ath__buf *out) {
    char *parts[400], *rest = text, *part;
    size_t count = 0;
    while (count < ATH_COUNT_OF(parts) && (part = strtok_r(rest, between, &rest)) != NULL)
        parts[count++] = part;
    qsort(parts, count, sizeof *parts, by_text);
    for (size_t i = 0; i < count; i++)
        ath__buf_printf(out, "%s%c", parts[i], between[0]);
}

/* Lines that stand for something: dates that are not told and the last words of init are left out. */
static bool counts(const char *line) {
    return strncmp(line, "    Create Date: ", 17) != 0 && strncmp(line, "Please edit", 11) != 0 && line[0];
}

static void add_canonical(cli_case *c, const char *text, ath__buf *out) {
    ath__buf ours, lines;
    ath__buf_init(&ours, &ath__malloc_allocator);
    ath__buf_init(&lines, &ath__malloc_allocator);
    add_ours(c, text, &ours);
    char *copy = strdup(ath__buf_text(&ours)), *rest = copy, *line;
    while ((line = strsep(&rest, "\n")) != NULL)
        if (counts(line)) {
            ath__buf words;
            ath__buf_init(&words, &ath__malloc_allocator);
            add_sorted(line, " ,()", &words);
            ath__buf_printf(&lines, "%s\n", ath__buf_text(&words));
            ath__buf_done(&words);
        }
    char *all = strdup(ath__buf_text(&lines));
    add_sorted(all, "\n", out);
    free(all);
    free(copy);
    ath__buf_done(&ours);
    ath__buf_done(&lines);
}

/* A script's lines that say what is done, the version table called as ours is; how a table is written is its file's matter. */
static void add_script(const char *text, ath__buf *out) {
    static const char *const kept[] = {"-- Running ", "CREATE TABLE ", "DROP TABLE ", "INSERT ", "UPDATE ", "DELETE "};
    char *copy = strdup(text), *rest = copy, *line;
    while ((line = strtok_r(rest, "\n", &rest)) != NULL) {
        bool is = false;
        for (size_t i = 0; i < ATH_COUNT_OF(kept); i++)
            is = is || strncmp(line, kept[i], strlen(kept[i])) == 0;
        char *end = strstr(line, line[0] == 'C' ? " (" : " RETURNING ");
        if (end)
            *end = '\0';
        for (const char *at = line; is && *at;) {
            bool named = strncmp(at, "alembic_version", 15) == 0;
            if (*at != ';')
                ath__buf_add(out, named ? "athanor_version" : at, named ? 15 : 1);
            at += named ? 15 : 1;
        }
        ath__buf_str(out, is ? "\n" : "");
    }
    free(copy);
}

static bool is_script(const char *text) {
    return strstr(text, "-- Running ") || strstr(text, "CREATE TABLE alembic_version");
}

static bool texts_differ(cli_case *c, const char *what, const char *found, const char *expected) {
    ath__buf mine, theirs;
    ath__buf_init(&mine, &ath__malloc_allocator);
    ath__buf_init(&theirs, &ath__malloc_allocator);
    add_canonical(c, found, &mine);
    add_canonical(c, expected, &theirs);
    bool differ = strcmp(ath__buf_text(&mine), ath__buf_text(&theirs)) != 0;
    if (differ)
        ath__buf_printf(c->why, "%s: found\n%s\nexpected\n%s", what, found, expected);
    ath__buf_done(&mine);
    ath__buf_done(&theirs);
    return differ;
}

/* The steps alone: "Running ...". */
static void add_steps(const char *text, ath__buf *out) {
    for (const char *at = text; (at = strstr(at, "Running ")) != NULL;) {
        size_t size = strcspn(at, "\n");
        ath__buf_add(out, at, size);
        ath__buf_char(out, '\n');
        at += size;
    }
}

static bool steps_differ(cli_case *c, const char *expected) {
    ath__buf mine, theirs;
    ath__buf_init(&mine, &ath__malloc_allocator);
    ath__buf_init(&theirs, &ath__malloc_allocator);
    add_steps(c->err, &mine);
    add_steps(expected, &theirs);
    bool differ = texts_differ(c, "steps", ath__buf_text(&mine), ath__buf_text(&theirs));
    ath__buf_done(&mine);
    ath__buf_done(&theirs);
    return differ;
}

/* ---- comparing what is left ---- */

/* The first column of a query, sorted, in one line. */
static void query(cli_case *c, const char *sql, ath__buf *out) {
    char url[300];
    ath_error error;
    snprintf(url, sizeof url, "sqlite:///%s/test.db", c->folder);
    ath_engine *engine = ath_engine_open(url, .error = &error);
    ath_connection *connection = engine ? ath_connect(engine, &error) : NULL;
    ath_result *result = connection ? ath_execute(connection, ath_text(sql)) : NULL;
    for (const ath_row *row; result && (row = ath_fetch(result)) != NULL;)
        ath__buf_printf(out, "%s ", ath_row_text(row, 0));
    ath_result_close(result);
    ath_connection_close(connection);
    ath_engine_close(engine);
}

static bool lists_differ(cli_case *c, const char *what, const char *sql, const json_t *expected) {
    ath__buf mine, theirs;
    ath__buf_init(&mine, &ath__malloc_allocator);
    ath__buf_init(&theirs, &ath__malloc_allocator);
    query(c, sql, &mine);
    for (size_t i = 0; i < json_array_size(expected); i++) {
        const char *name = json_string_value(json_array_get(expected, i));
        if (strcmp(name, "alembic_version") != 0)
            ath__buf_printf(&theirs, "%s ", name);
    }
    char *a = strdup(ath__buf_text(&mine)), *b = strdup(ath__buf_text(&theirs));
    bool differ = texts_differ(c, what, a, b);
    free(a);
    free(b);
    ath__buf_done(&mine);
    ath__buf_done(&theirs);
    return differ;
}

static bool database_differs(cli_case *c, const json_t *command) {
    const json_t *heads = json_object_get(command, "heads_after"), *tables = json_object_get(command, "tables_after");
    char path[300];
    snprintf(path, sizeof path, "%s/test.db", c->folder);
    bool there = access(path, F_OK) == 0;
    if (!there && json_array_size(heads) == 0)
        return false;
    return (json_is_array(heads) &&
            lists_differ(c, "rows", "SELECT version_num FROM athanor_version ORDER BY 1", heads)) ||
           (json_is_array(tables) &&
            lists_differ(
                c, "tables",
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'athanor_%' AND name NOT "
                "LIKE 'sqlite_%' ORDER BY 1",
                tables));
}

/* A path of Alembic's in our folder: .py is .c or .sql. */
static bool our_path(cli_case *c, const char *name, char *out, size_t size) {
    ath__buf ours;
    ath__buf_init(&ours, &ath__malloc_allocator);
    add_ours(c, name, &ours);
    static const char *const ends[] = {"", ".c", ".sql"};
    bool there = false;
    for (size_t i = 0; i < ATH_COUNT_OF(ends) && !there; i++) {
        snprintf(out, size, "%s/%s%s", c->folder, ath__buf_text(&ours), ends[i]);
        there = access(out, F_OK) == 0;
    }
    ath__buf_done(&ours);
    return there;
}

/* What a revision's file says: its head, and the operations' names. */
static bool file_differs(cli_case *c, const char *path, const char *python) {
    char *text = read_all(path), *copy = strdup(python), *rest = copy, *line;
    bool head = true, differs = false;
    while (!differs && (line = strsep(&rest, "\n")) != NULL) {
        char name[80], wanted[400];
        line += strspn(line, " \"");
        head = head && strncmp(line, "Create Date", 11) != 0;
        snprintf(wanted, sizeof wanted, "%s", head ? line : "");
        if (strncmp(line, "op.", 3) == 0) {
            word_at(line + 3, name, sizeof name);
            snprintf(wanted, sizeof wanted, "ath_op_%s(", name);
        }
        size_t size = strlen(wanted);
        while (size && wanted[size - 1] == ' ')
            wanted[--size] = '\0';
        differs = !strstr(text, wanted);
        if (differs)
            ath__buf_printf(c->why, "%s has no %s:\n%s", path, wanted, text);
    }
    free(copy);
    free(text);
    return differs;
}

static bool files_differ(cli_case *c, const json_t *command) {
    const json_t *names = json_object_get(command, "new_files");
    const char *name;
    json_t *text;
    char path[700];
    for (size_t i = 0; i < json_array_size(names); i++) {
        name = json_string_value(json_array_get(names, i));
        if (strcmp(name, "test.db") != 0 && !our_path(c, name, path, sizeof path)) {
            ath__buf_printf(c->why, "the file %s is not there", name);
            return true;
        }
    }
    void *files = json_object_get(command, "revision_files");
    json_object_foreach(files, name, text) {
        if (!our_path(c, name, path, sizeof path) || file_differs(c, path, json_string_value(text)))
            return true;
    }
    return false;
}

/* ---- a command ---- */

static bool failure_differs(cli_case *c, const char *expected) {
    char *copy = strdup(expected), *rest = copy, *line = strtok_r(rest, "\n", &rest);
    char *listed = line ? strstr(line, "operations detected: [") : NULL;
    if (listed)
        listed[strlen("operations detected:")] = '\0'; /* Python's words for them follow */
    bool differs = line && !strstr(c->err, line);
    if (differs)
        ath__buf_printf(c->why, "said %s, expected %s", c->err, line);
    free(copy);
    if (!differs && c->out[0])
        ath__buf_printf(c->why, "a refusal on standard output: %s", c->out);
    return differs || c->out[0];
}

static bool code_differs(cli_case *c, int expected) {
    bool fits = expected == 0 || expected == 2 ? c->code == expected : c->code != 0 && c->code != 2 && c->code < 64;
    if (!fits)
        ath__buf_printf(c->why, "exit code %d, expected %d: %s", c->code, expected, c->err);
    return !fits;
}

static bool scripts_differ(cli_case *c, const char *expected) {
    ath__buf mine, theirs;
    ath__buf_init(&mine, &ath__malloc_allocator);
    ath__buf_init(&theirs, &ath__malloc_allocator);
    add_script(c->out, &mine);
    add_script(expected, &theirs);
    bool differ = texts_differ(c, "the script", ath__buf_text(&mine), ath__buf_text(&theirs));
    ath__buf_done(&mine);
    ath__buf_done(&theirs);
    return differ;
}

static bool output_differs(cli_case *c, const char *first, const char *expected) {
    if (strncmp(expected, "FAILED: ", 8) == 0)
        return failure_differs(c, expected);
    if (first && strcmp(first, "--version") == 0)
        return strncmp(c->out, "athanor ", 8) != 0;
    if (is_script(expected))
        return scripts_differ(c, expected);
    return texts_differ(c, "standard output", c->out, expected);
}

/* What has another meaning here: a bare upgrade or downgrade, and a revision in SQL. */
static bool means_other(const json_t *argv, const char *first, int expected) {
    bool sql = false;
    for (size_t i = 0; i < json_array_size(argv); i++)
        sql = sql || strcmp(json_string_value(json_array_get(argv, i)), "--sql") == 0;
    if (!first || expected == 0)
        return false;
    return (sql && strcmp(first, "revision") == 0) ||
           (json_array_size(argv) == 1 && (strcmp(first, "upgrade") == 0 || strcmp(first, "downgrade") == 0));
}

static bool command_fits(cli_case *c, const json_t *command) {
    const json_t *argv = json_object_get(command, "argv");
    const char *first = json_string_value(json_array_get(argv, 0));
    int expected = (int)json_integer_value(json_object_get(command, "exit"));
    if (!run_command(c, argv)) {
        ath__buf_printf(c->why, "the command could not be run: %s", c->program);
        return false;
    }
    if (means_other(argv, first, expected)) {
        c->apart = true;
        return true;
    }
    return !code_differs(c, expected) && !output_differs(c, first, golden_text(command, "stdout")) &&
           (expected == 1 || !steps_differ(c, golden_text(command, "stderr"))) && !files_differ(c, command) &&
           !database_differs(c, command);
}

/* The command that was built beside this program, and where its headers are. */
static bool find_program(cli_case *c) {
    char self[500];
    ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
    self[size > 0 ? size : 0] = '\0';
    char *tools = strstr(self, "/tools/golden");
    if (!tools)
        return false;
    *tools = '\0';
    snprintf(c->program, sizeof c->program, "%s/athanor", self);
    setenv("CFLAGS", "-I" GOLDEN_SOURCE "/include", 0);
    return access(c->program, X_OK) == 0;
}

static bool run(const json_t *the_case, ath__buf *why) {
    cli_case c = {.the_case = the_case, .why = why};
    const json_t *commands = json_object_get(the_case, "commands");
    if (!find_program(&c) || !set_up(&c)) {
        ath__buf_printf(why, "it cannot be set up: %s", strerror(errno));
        return false;
    }
    bool fits = true;
    for (size_t i = 0; fits && !c.apart && i < json_array_size(commands); i++)
        fits = command_fits(&c, json_array_get(commands, i));
    tear_down(&c);
    return fits;
}

const golden_kind golden_cli = {"cli", {"commands"}, run};
