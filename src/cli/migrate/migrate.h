/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor init, revision, upgrade ...`: the commands of migrations, as Alembic has them.
 *
 * Each opens what it needs and no more: the configuration (config.c), the revisions' files (site.c), env.c and the database.
 * Results go to standard output, diagnostics once to standard error: "FAILED: ...", and a line that begins with "hint: ".
 */
#ifndef ATH_CLI_MIGRATE_MIGRATE_H
#define ATH_CLI_MIGRATE_MIGRATE_H

#include "cli/command.h"
#include "migrate/script.h"

extern const cli_command cli_init, cli_list_templates, cli_revision, cli_merge, cli_edit, cli_upgrade, cli_downgrade,
    cli_stamp, cli_current, cli_history, cli_heads, cli_branches, cli_show, cli_check, cli_ensure_version, cli_plan,
    cli_lint, cli_verify, cli_repair, cli_bundle, cli_baseline, cli_dump, cli_diagram, cli_drift, cli_squash;

/* ---- config.c: athanor.ini ---- */

typedef struct mig_entry {
    const char *section, *key, *value;
    bool is_more; /* another line of the value before it */
} mig_entry;

typedef struct mig_config {
    ath__arena *arena;
    const char *path;   /* absolute; NULL: there is none */
    const char *folder; /* where it stands; relative paths begin there */
    const char *section;
    const char *database; /* of several: the section that is looked into first; NULL: one */
    mig_entry *entries;
    size_t count, room;
} mig_config;

/* Finds and reads it.  That there is none is no error: the path is NULL then. */
ath_status mig_config_read(mig_config *config, ath__arena *arena, const cli_globals *globals, ath_error *error);
/* A value, or `otherwise`.  %(here)s is the file's folder. */
const char *mig_config_get(mig_config *config, const char *key, const char *otherwise);
bool mig_config_bool(mig_config *config, const char *key, bool otherwise);
const char *mig_config_in(mig_config *config, const char *section, const char *key);
/* Several values: lines, commas or blanks between them. */
ath_name_list mig_config_list(mig_config *config, const char *key);
/* A path made absolute, from the file's folder on. */
const char *mig_config_path(mig_config *config, const char *path);

/* ---- site.c: the place where a command works ---- */

typedef struct mig {
    const cli_call *call;
    const cli_globals *globals;
    ath__arena arena;
    ath_error error;
    mig_config config;
    ath_migration migration;
    ath__script script; /* zeros until it is opened */
    ath_engine *engine; /* NULL until then */
    const char *location;
    ath_name_list folders; /* where revisions stand */
    const char *url;
    bool environment_said;   /* env.c has run */
    ath__script environment; /* where it is loaded */
    char called_in[1024];    /* the folder; work is done in that of the configuration */
} mig;

/* Reads the configuration and calls `run`, once for each database; the worst exit code. */
int mig_each(const cli_call *call, int (*run)(mig *m));
/* The revisions' files, read into a graph. */
ath_status mig_open_script(mig *m);
/* env.c has its say; afterwards the URL is known. */
ath_status mig_open_environment(mig *m);
ath_status mig_open_engine(mig *m);
/* The rows of the version table; the revisions are read, too. */
ath_status mig_current(mig *m, ath_name_list *rows);
/* The name of the database's kind. */
ath_status mig_dialect(mig *m, const char **dialect);
/* Says m->error; the exit code. */
int mig_fail(mig *m);
int mig_refuse(mig *m, const char *format, ...) ATH_PRINTF(2, 3);
int mig_code(const ath_error *error);
/* "FAILED: message", and its hint behind. */
void mig_say_failed(const cli_globals *globals, const ath_error *error);
/* A line of the log: "INFO  [athanor.migration] ...". */
void mig_log(void *globals, ath_log_level level, const char *line);
const char *mig_option(const mig *m, size_t option);
/* All values of an option that may come several times. */
ath_name_list mig_options(mig *m, size_t option);
ath_name_list mig_operands(mig *m);

/* ---- show.c: how a revision is written ---- */

enum { MIG_LABELS = 1, MIG_DOC = 2, MIG_PARENTS = 4, MIG_TREE = 8 };

/* One line, without its end. */
void mig_line(ath__buf *out, const ath__node *node, unsigned what, bool is_current);
/* Several, with an empty one behind. */
void mig_entry_text(ath__buf *out, const ath__node *node, bool is_current);
void mig_entry_json(ath__buf *out, const ath__node *node, bool is_current);
/* Prints and frees. */
int mig_print(mig *m, ath__buf *out);
void mig_json_string(ath__buf *out, const char *text); /* NULL: null */
void mig_json_list(ath__buf *out, ath_name_list list);
bool mig_among(ath_name_list list, const char *name);

/* ---- file.c: a revision's file ---- */

typedef struct mig_new {
    const char *id, *message;
    ath_name_list down, depends_on, labels;
    const char *date; /* filled in */
    const char *folder;
    bool sql;
    const char *up, *down_text; /* bodies; NULL: empty */
    const char *path;           /* filled in */
} mig_new;

const char *mig_new_id(mig *m);
/* With --json: {"revision": ..., "down": [...], "path": ...}, and `more` (", \"x\": 1") in it; the exit code.  `down` NULL:
 * not said. */
int mig_tell_new(mig *m, const char *id, const ath_name_list *down, const char *path, const char *more);
/* Writes the file and says so. */
ath_status mig_write(mig *m, mig_new *revision);
/* The words of a message as part of a file's name. */
const char *mig_slug(ath__arena *arena, const char *message, size_t longest);
/* "Generating PATH ...  done" */
ath_status mig_make_file(const cli_globals *globals, const char *path, const char *text, ath_error *error);
ath_status mig_make_folder(const cli_globals *globals, const char *path, ath_error *error);

/* ---- hooks.c: programs that run over a new file ---- */

ath_status mig_run_hooks(mig *m, const char *path);
/* A program with its words; its exit code, -1: it could not be run. */
int mig_run_program(char *const *words, const char *folder);
ath_status mig_split_words(ath__arena *arena, const char *text, char ***words, size_t *count, ath_error *error);

#endif
