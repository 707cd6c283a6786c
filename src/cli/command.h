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

/* Exit codes.  A command that compares exits with CLI_DIFFERS; whatever went wrong is then CLI_TROUBLE. */
enum { CLI_DONE = 0, CLI_REFUSED = 1, CLI_DIFFERS = 1, CLI_USAGE = 2, CLI_TROUBLE = 2 };

enum { CLI_MOST_OPTIONS = 24 };

typedef struct cli_option {
    const char *name;  /* "output": --output VALUE, --output=VALUE */
    char letter;       /* 'o': -o VALUE, -oVALUE; 0: none */
    const char *value; /* what it takes, for the help; NULL: nothing */
    const char *what;
} cli_option;

typedef struct cli_command cli_command;

/* A command as it was called. */
typedef struct cli_call {
    const cli_command *command;
    const char *values[CLI_MOST_OPTIONS]; /* by the option's place; NULL: not given, "" of one that takes nothing */
    char **operands;                      /* what is no option, in order */
    size_t operand_count;
} cli_call;

struct cli_command {
    const char *name, *arguments, *what;
    const char *more;   /* said by --help, or NULL */
    size_t least, most; /* operands */
    int (*run)(const cli_call *call);
    const cli_option *options;
    size_t option_count;
};

extern const cli_command cli_models;

/* Parses what stands behind the command's name and runs it; the exit code. */
int cli_run(const cli_command *command, int argc, char **argv);
/* One line on standard error: "athanor: no such table: t (programming)". */
void cli_say(const ath_error *error);
/* The same for a message of the command's own. */
void cli_complain(const char *format, ...) ATH_PRINTF(1, 2);
/* "a,b" -> names in the arena; an empty list when memory ran out. */
ath_name_list cli_names(ath__arena *arena, const char *list);

#endif
