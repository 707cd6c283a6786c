/* SPDX-License-Identifier: Apache-2.0
 *
 * What the migrations belong to, for `athanor check` and `athanor revision --autogenerate`.
 */
#include "../models.c" /* the command compiles this file alone: the models are defined here once more */

#include <athanor/migrate.h>

ATH_ENVIRONMENT(env) {
    env->metadata = &Blog;
}
