/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of input share: an input by its text, and its problems in one line.
 */
#ifndef ATH_TEST_INPUT_TEST_H
#define ATH_TEST_INPUT_TEST_H

#include "test.h"

#include <athanor/athanor.h>

/* "/age too_small; /name missing", "" when it is sound. */
static inline const char *problems_of(const ath_input *in) {
    static char text[8192];
    size_t size = 0;
    text[0] = '\0';
    for (size_t i = 0; i < ath_input_problem_count(in) && size < sizeof text; i++) {
        const ath_problem *p = ath_input_problem(in, i);
        size += (size_t)snprintf(text + size, sizeof text - size, "%s%s %s", i ? "; " : "", p->pointer, p->code);
    }
    return in ? text : "no input";
}

#define READ(M, text, ...)                                                                                             \
    ath_input_read(&ath_model_##M, text, strlen(text), false,                                                          \
                   &(const ath_input_opts){.struct_size = sizeof(ath_input_opts), __VA_ARGS__})
/* The problems of a text, or why it could not be read, are these. */
#define CHECK_PROBLEMS(M, text, expected, ...)                                                                         \
    do {                                                                                                               \
        ath_error e_ = {0};                                                                                            \
        ath_input *in_ = READ(M, text, .error = &e_, __VA_ARGS__);                                                     \
        CHECK_STR(in_ ? problems_of(in_) : e_.message, expected);                                                      \
        ath_input_free(in_);                                                                                           \
    } while (0)

#endif
