/* SPDX-License-Identifier: Apache-2.0
 *
 * The end of the program is watched: revisions are code of others in this process, and may end it.
 */
#ifndef ATH_CLI_WATCH_H
#define ATH_CLI_WATCH_H

#include "cli/command.h"

/* From here on an exit that is not main's says whose it was, and is CLI_DEFECT; so does a crash, which stays one. */
void cli_watch(const cli_globals *globals);
/* Which revision is under way; NULL: none. */
void cli_watch_revision(const char *id);
/* Main ends by itself. */
void cli_watch_over(void);

#endif
