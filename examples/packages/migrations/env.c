/* SPDX-License-Identifier: Apache-2.0
 *
 * What the migrations belong to: the models of the example, which `athanor check` and `revision --autogenerate` compare
 * with the database.
 */
#include "../models.c" /* the command compiles this file alone: the models are defined here once more */

#include <athanor/migrate.h>

ATH_ENVIRONMENT(env) {
    env->metadata = &Packages;
}
