/* SPDX-License-Identifier: Apache-2.0
 *
 * There and back: what came in as JSON and is sound is written as JSON, read again without a problem, and written as the
 * same text.
 */
#include "fuzz.h"

#include <athanor/athanor.h>

typedef struct Part Part;
struct Part {
    const char *name;
    ath_opt_i32 weight;
    Part **parts;
    Part *first;
};
typedef struct Whole {
    ath_opt_bool flag;
    ath_opt_i16 small;
    ath_opt_u16 small_unsigned;
    ath_opt_i32 middle;
    ath_opt_i64 large;
    ath_opt_u64 large_unsigned;
    ath_opt_f32 f;
    ath_opt_f64 d;
    ath_opt_decimal money, any;
    ath_opt_date day;
    ath_opt_time at;
    ath_opt_datetime naive;
    ath_opt_timestamp moment;
    ath_opt_interval span;
    ath_opt_uuid id;
    const char *text, *label;
    char code[5];
    ath_bytes blob;
    ath_json doc;
    int color;
    Part **parts;
    Part *part;
} Whole;
ATH_DECLARE(Part);
ATH_DECLARE(Whole);

ATH_PROJECTION(Part) {
    ath_column(name);
    ath_column(weight, .nullable = true);
    ath_has_many(parts, Part);
    ath_has_one(first, Part);
}
ATH_PROJECTION(Whole) {
    ath_column(flag, .nullable = true);
    ath_column(small, .nullable = true);
    ath_column(small_unsigned, .nullable = true);
    ath_column(middle, .nullable = true);
    ath_column(large, .nullable = true);
    ath_column(large_unsigned, .nullable = true);
    ath_column(f, .nullable = true);
    ath_column(d, .nullable = true);
    ath_column(money, .type = ATH_NUMERIC(12, 4), .nullable = true);
    ath_column(any, .nullable = true);
    ath_column(day, .nullable = true);
    ath_column(at, .nullable = true);
    ath_column(naive, .nullable = true);
    ath_column(moment, .nullable = true);
    ath_column(span, .nullable = true);
    ath_column(id, .nullable = true);
    ath_column(text, .nullable = true);
    ath_column(label, .type = ATH_ENUM("low", "high"), .nullable = true);
    ath_column(code, .default_value = ath_str(""));
    ath_column(blob, .nullable = true);
    ath_column(doc, .nullable = true);
    ath_column(color, .type = ATH_ENUM("red", "green"), .default_value = ath_str("red"));
    ath_has_many(parts, Part);
    ath_has_one(part, Part);
}

/* The JSON of an input that is sound; NULL when it is not. */
static char *write_again(const ath_input *in) {
    ath_error error = {0};
    const Whole *whole = ath_input_value(in, Whole);
    if (!whole)
        return NULL;
    /* A relation that was not there, or null, is left out: it counts as not loaded. */
    char *text = ath_to_json(NULL, Whole, whole, .error = &error);
    if (!text)
        fprintf(stderr, "%s\n", error.message);
    FUZZ_CHECK(text);
    return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input left = {data, size};
    char *text = fuzz_rest(&left, false);
    ath_input *first = ath_from_json(Whole, text, left.size, .max_depth = 20);
    free(text);
    char *once = first ? write_again(first) : NULL;
    if (once) {
        /* Each value is longer than what it came from by less than this. */
        ath_input *second = ath_from_json(Whole, once, strlen(once), .max_size = 1 << 24);
        char *twice = second ? write_again(second) : NULL;
        if (!twice || strcmp(once, twice) != 0)
            fprintf(stderr, "%s\n%s\n%s\n", once, twice ? twice : "(nothing)",
                    ath_input_problem_count(second) ? ath_input_problem(second, 0)->message : "");
        FUZZ_CHECK(twice && strcmp(once, twice) == 0);
        ath_json_free(twice);
        ath_input_free(second);
    }
    ath_json_free(once);
    ath_input_free(first);
    return 0;
}
