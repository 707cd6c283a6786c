/* SPDX-License-Identifier: Apache-2.0
 *
 * Skeleton: the facts the compiler asks for.  Zero members mean what src/sql/dialect.h says is the default.
 */
#include "backend/skeleton/skeleton.h"

/* Words that the database does not take as a bare name: lower case, sorted (binary search). */
static const char *const reserved[] = {"from", "order", "select", "table", "user", "where"};

const ath_dialect ath__skeleton_dialect = {
    .name = "skeleton",  /* in URLs: skeleton://user@host/database */
    .title = "Skeleton", /* in messages */
    .version = 10000,    /* the least that is supported; a connection may give a dialect of its own */
    .version_text = "1.0",
    .can = ATH__CAN_MULTI_VALUES | ATH__CAN_DEFAULT_VALUES, /* add what the manual says, and nothing on hope */
    .max_name = 63,
    .placeholder = ATH__PLACEHOLDER_QUESTION,
    .max_binds = 999,
    .reserved = reserved,
    .reserved_count = ATH_COUNT_OF(reserved),
    .render_node = ath__skeleton_render,
};
