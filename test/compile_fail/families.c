/* SPDX-License-Identifier: Apache-2.0
 *
 * A value of the wrong family beside a column does not compile, for each family; what fits does.
 */
#include <athanor/athanor.h>

typedef struct Row {
    int32_t number;
    ath_opt_i64 maybe;
    double real;
    ath_decimal price;
    const char *text;
    char chars[20];
    ath_bytes bytes;
    bool flag;
    ath_date date;
    ath_time time;
    ath_datetime naive;
    ath_timestamp moment;
    ath_interval span;
    ath_uuid uuid;
    ath_json json;
} Row;
ATH_DECLARE(Row);

void use(const ath_expr *e);

void compare(const char *s, ath_date date, ath_datetime naive, ath_timestamp moment, ath_uuid uuid, ath_bytes bytes) {
    use(ath_eq(ath_col(Row, number), 1));
    use(ath_eq(ath_col(Row, maybe), ath_col(Row, number)));
    use(ath_eq(ath_col(Row, real), 1));
    use(ath_eq(ath_col(Row, price), 1));
    use(ath_eq(ath_col(Row, text), s));
    use(ath_eq(ath_col(Row, chars), ath_col(Row, text)));
    use(ath_eq(ath_col(Row, bytes), bytes));
    use(ath_eq(ath_col(Row, flag), true));
    use(ath_eq(ath_col(Row, date), date));
    use(ath_eq(ath_col(Row, naive), naive));
    use(ath_eq(ath_col(Row, moment), moment));
    use(ath_eq(ath_col(Row, uuid), uuid));
    use(ath_eq(ath_col(Row, json), "{}"));
    use(ath_eq(ath_col(Row, number), NULL));
    use(ath_eq(ath_col(Row, number), ath_text("1 + 1")));
#ifdef WRONG_int_text /* error: ath_needs_int|ath_fit_int_ */
    use(ath_eq(ath_col(Row, number), "bob"));
#endif
#ifdef WRONG_int_real /* error: ath_needs_int|ath_fit_int_ */
    use(ath_eq(ath_col(Row, number), 1.5));
#endif
#ifdef WRONG_optional_text /* error: ath_needs_int|ath_fit_int_ */
    use(ath_eq(ath_col(Row, maybe), s));
#endif
#ifdef WRONG_real /* error: ath_needs_real|ath_fit_real_ */
    use(ath_lt(ath_col(Row, real), "1.5"));
#endif
#ifdef WRONG_decimal /* error: ath_needs_decimal|ath_fit_decimal_ */
    use(ath_eq(ath_col(Row, price), 1.5));
#endif
#ifdef WRONG_text /* error: ath_needs_text|ath_fit_text_ */
    use(ath_eq(ath_col(Row, text), 5));
#endif
#ifdef WRONG_chars /* error: ath_needs_text|ath_fit_text_ */
    use(ath_eq(ath_col(Row, chars), 5));
#endif
#ifdef WRONG_bytes /* error: ath_needs_bytes|ath_fit_bytes_ */
    use(ath_eq(ath_col(Row, bytes), "text"));
#endif
#ifdef WRONG_bool /* error: ath_needs_bool|ath_fit_bool_ */
    use(ath_eq(ath_col(Row, flag), "true"));
#endif
}

void compare_moments(ath_date date, ath_datetime naive, ath_timestamp moment) {
    use(ath_ne(ath_col(Row, date), date));
    use(ath_ne(ath_col(Row, naive), naive));
    use(ath_ne(ath_col(Row, moment), moment));
#ifdef WRONG_date /* error: ath_needs_date|ath_fit_date_ */
    use(ath_eq(ath_col(Row, date), naive));
#endif
#ifdef WRONG_time /* error: ath_needs_time|ath_fit_time_ */
    use(ath_eq(ath_col(Row, time), date));
#endif
#ifdef WRONG_datetime /* error: ath_needs_datetime|ath_fit_datetime_ */
    use(ath_eq(ath_col(Row, naive), moment));
#endif
#ifdef WRONG_timestamp /* error: ath_needs_timestamp|ath_fit_timestamp_ */
    use(ath_eq(ath_col(Row, moment), naive));
#endif
#ifdef WRONG_interval /* error: ath_needs_interval|ath_fit_interval_ */
    use(ath_eq(ath_col(Row, span), 60));
#endif
#ifdef WRONG_uuid /* error: ath_needs_uuid|ath_fit_uuid_ */
    use(ath_eq(ath_col(Row, uuid), "12ab"));
#endif
#ifdef WRONG_json /* error: ath_needs_json|ath_fit_json_ */
    use(ath_eq(ath_col(Row, json), 5));
#endif
}

void compare_expressions(void) {
    use(ath_eq(ath_col(Row, number), ath_col(Row, maybe)));
#ifdef WRONG_columns /* error: ath_needs_int|ath_fit_int_ */
    use(ath_eq(ath_col(Row, number), ath_col(Row, text)));
#endif
#ifdef WRONG_function /* error: ath_needs_text|ath_fit_text_ */
    use(ath_eq(ath_lower(ath_col(Row, text)), 5));
#endif
#ifdef WRONG_struct /* error: _Generic.* selector of type|not compatible with any generic association */
    struct unknown {
        int x;
    } unknown = {1};
    use(ath_eq(ath_col(Row, number), unknown));
#endif
}
