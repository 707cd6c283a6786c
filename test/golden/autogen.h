/* SPDX-License-Identifier: Apache-2.0
 *
 * Goldens of autogenerate: a metadata from neutral JSON.
 */
#ifndef GOLDEN_AUTOGEN_H
#define GOLDEN_AUTOGEN_H

#include "golden.h"

typedef struct autogen_model {
    ath__arena arena;
    ath_metadata metadata;
    ath_naming naming;
    ath_table **tables;
    size_t count;
} autogen_model;

/* From `after_model` and `naming_convention` of a case; "" or what is wrong with it. */
const char *autogen_model_make(autogen_model *model, const json_t *the_case);
void autogen_model_done(autogen_model *model);
/* {"type": "String", "length": 50} */
ath_type autogen_type(ath__arena *arena, const json_t *type);

#endif
