/* SPDX-License-Identifier: Apache-2.0
 *
 * The table of commands told in other forms: shell completion, the manual page.
 */
#ifndef ATH_CLI_TELL_H
#define ATH_CLI_TELL_H

#include "cli/command.h"

/* Whether a command's operands are revisions. */
bool cli_takes_revisions(const cli_command *command);
/* completion.c */
void cli_complete_bash(FILE *out);
void cli_complete_zsh(FILE *out);
/* man.c */
void cli_write_man(FILE *out);

#endif
