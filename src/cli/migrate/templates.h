/* SPDX-License-Identifier: Apache-2.0
 *
 * What `athanor init` writes.
 */
#ifndef ATH_CLI_MIGRATE_TEMPLATES_H
#define ATH_CLI_MIGRATE_TEMPLATES_H

#include "cli/migrate/migrate.h"

typedef struct mig_template_file {
    const char *name, *text; /* NULL: the end */
} mig_template_file;

typedef struct mig_template {
    const char *name, *what;
    const char *folders; /* each ended by a NUL, the last by two */
    const mig_template_file *files;
    const char *config; /* athanor.ini behind "script_location = ..." */
} mig_template;

extern const mig_template mig_templates[];
extern const size_t mig_template_count;
extern const char mig_config_head[];
extern const char mig_c_form[]; /* of a revision in C, with places for its words */

#endif
