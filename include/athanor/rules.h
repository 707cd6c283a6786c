/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`: what a model says of its objects beyond the table: a check of its own, and a filter that its queries have
 * by default.  What a single column says (.min_length, .pattern ...) is in schema.h.
 *
 *     static ath_status check_booking(const void *object, ath_error *error) {
 *         const Booking *b = object;
 *         return b->from.us <= b->to.us ? ATH_OK : ath_invalid(error, "to", "a booking ends after it begins");
 *     }
 *     ATH_MODEL(Booking, "bookings") {
 *         ...
 *         ath_model_options(.validate = check_booking);
 *         ath_default_filter(ath_is_null(ath_col(Booking, deleted_at)));
 *     }
 */
#ifndef ATHANOR_RULES_H
#define ATHANOR_RULES_H

#include <athanor/statement.h>

#ifdef __cplusplus
extern "C" {
#endif

/* A model's own check of an object that is about to be written, after the columns' rules.  Anything but ATH_OK refuses it;
 * what `error` says is passed on. */
typedef ath_status (*ath_validate_fn)(const void *object, ath_error *error);

/* Fills an error as a check does that refuses: ATH_DATA, which it returns, the field and why. */
ATH_API ath_status ath_invalid(ath_error *error, const char *field, const char *why);

/* Zero fields leave what was said before. */
typedef struct ath_model_opts {
    size_t struct_size;
    ath_validate_fn validate;
    /* Every query of a session for this model has this condition as well: objects, relations, joins, counts, UPDATE and
     * DELETE by condition.  By columns of this model; no subquery. */
    ATH_CONDITION_(filter);
} ath_model_opts;

/* In a body. */
#define ath_model_options(...)                                                                                         \
    ath_mapper_model_options(ath_m, &(const ath_model_opts){.struct_size = sizeof(ath_model_opts), __VA_ARGS__})
#define ath_default_filter(condition) ath_model_options(.filter = (condition))

/* What the macros expand to, for bindings.  As ath_mapper_column. */
ATH_API void ath_mapper_model_options(ath_mapper *mapper, const ath_model_opts *opts);

#ifdef __cplusplus
}
#endif

#endif
