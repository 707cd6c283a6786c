/* SPDX-License-Identifier: Apache-2.0
 *
 * The command `athanor`: what its sub-commands share.
 *
 * A sub-command is a row of a table (main.c): its name, what it takes, its options, the function that runs it.  Parsing,
 * --help and the messages about wrong usage come from that row alone.  Results go to standard output, diagnostics once
 * to standard error.
 */
#ifndef ATH_CLI_COMMAND_H
#define ATH_CLI_COMMAND_H

#include "base/base.h"

#include <athanor/athanor.h>

/* Exit codes, told by `athanor --help`.  A command that compares exits with CLI_DIFFERS; whatever went wrong with `models
 * --check` is CLI_TROUBLE. */
enum {
    CLI_DONE = 0,
    CLI_REFUSED = 1, /* not done, and why; or something was found */
    CLI_DIFFERS = 1,
    CLI_USAGE = 2,
    CLI_TROUBLE = 2,
    CLI_DATABASE = 3, /* the database refused, or is not there */
    CLI_LOCK = 4,     /* another runner or a lock was in the way for too long */
    CLI_HALF = 5,     /* a revision stopped half-way, and the database cannot roll back; the journal knows where */
    CLI_DEFECT = 6    /* out of memory, or a defect of athanor itself */
};

enum { CLI_MOST_OPTIONS = 24, CLI_MOST_GIVEN = 64 };

typedef struct cli_option {
    const char *name;  /* "output": --output VALUE, --output=VALUE */
    char letter;       /* 'o': -o VALUE, -oVALUE; 0: none */
    const char *value; /* what it takes, for the help; NULL: nothing */
    const char *what;
} cli_option;

typedef struct cli_command cli_command;
typedef struct mig_bundled mig_bundled;

/* What stands before the command: where the project is, and how much is said. */
typedef struct cli_globals {
    const char *config, *section, *url, *database; /* NULL: not given */
    const char *x[CLI_MOST_GIVEN];                 /* -x name=value, in order */
    size_t x_count;
    bool quiet, raiseerr, json;
    const char *program;        /* its name, for the help */
    const mig_bundled *bundled; /* the revisions that this program carries; NULL: it is athanor itself */
} cli_globals;

/* A command as it was called. */
typedef struct cli_call {
    const cli_command *command;
    const cli_globals *globals;
    const char *values[CLI_MOST_OPTIONS]; /* by the option's place; NULL: not given, "" of one that takes nothing */
    struct cli_given {
        size_t option;
        const char *value;
    } given[CLI_MOST_GIVEN]; /* in order, for options that may come several times */
    size_t given_count;
    char **operands; /* what is no option, in order; "-2" is none */
    size_t operand_count;
} cli_call;

struct cli_command {
    const char *name, *arguments, *what;
    const char *more;   /* said by --help, or NULL */
    size_t least, most; /* operands */
    int (*run)(const cli_call *call);
    const cli_option *options;
    size_t option_count;
    bool of_project;  /* takes the global options behind its name too, where its own have not the same names */
    bool of_database; /* works without a configuration too */
    bool of_bundle;   /* a program that carries its revisions has it too */
};

extern const cli_command cli_models, cli_completion;
/* main.c: the table; command.c: what may stand before each. */
extern const cli_command *const cli_commands[];
extern const size_t cli_command_count;
extern const cli_option cli_global_options[];
extern const size_t cli_global_count;
/* A global one that a bundle has no use for. */
bool cli_is_of_files(const cli_option *option);

/* Takes a global option at argv[*at], which is moved to its last word.  CLI_DONE: taken, CLI_USAGE: wrong (and said), -1: it is
 * none. */
int cli_take_global(cli_globals *globals, int argc, char **argv, int *at, bool letters);
/* Parses what stands behind the command's name and runs it; the exit code. */
int cli_run(const cli_command *command, cli_globals *globals, int argc, char **argv);
/* A line of the help. */
void cli_print_option(FILE *out, const cli_option *option);
/* One line on standard error: "athanor: no such table: t (programming)". */
void cli_say(const ath_error *error);
/* The same for a message of the command's own. */
void cli_complain(const char *format, ...) ATH_PRINTF(1, 2);
/* "a,b" -> names in the arena; an empty list when memory ran out. */
ath_name_list cli_names(ath__arena *arena, const char *list);

#endif
