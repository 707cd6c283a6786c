/* SPDX-License-Identifier: Apache-2.0
 *
 * Diagrams: what is drawn, and the forms it is drawn in.
 */
#ifndef ATH_CLI_MIGRATE_DIAGRAM_H
#define ATH_CLI_MIGRATE_DIAGRAM_H

#include "cli/migrate/migrate.h"

/* The tables of a database, referred ones before those that refer to them as far as that goes. */
typedef struct mig_picture {
    const ath_reflected_table *const *tables;
    size_t count;
} mig_picture;

/* The place of a foreign key's table in the picture; count: it is not there. */
size_t mig_picture_find(const mig_picture *picture, const ath_reflected_foreign_key *key);
bool mig_is_foreign_key(const ath_reflected_table *table, const char *column);
bool mig_is_unique(const ath_reflected_table *table, ath_name_list columns);

void mig_draw_mermaid(ath__buf *out, const mig_picture *picture);
void mig_draw_graph(ath__buf *out, const ath__graph *graph, ath_name_list rows);
/* diagram_svg.c */
ath_status mig_draw_svg(ath__buf *out, const mig_picture *picture, ath__arena *arena, ath_error *error);

#endif
