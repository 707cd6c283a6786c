/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: the facts the compiler asks for.
 */
#include "backend/postgresql/postgresql.h"

const ath_dialect ath__postgresql_dialect = {
    .name = "postgresql",
    .title = "PostgreSQL",
    .render_node = ath__postgresql_render,
};
