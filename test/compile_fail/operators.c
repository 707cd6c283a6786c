/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns that do not exist and wrong values do not compile in any operator, in SET, or as a condition.
 */
#include <athanor/athanor.h>

typedef struct User {
    int64_t id;
    const char *name;
    bool active;
} User;
ATH_DECLARE(User);

void use(const ath_expr *e);
void change(ath_assignment a);
void run(const ath_select_stmt *s);

void operators(void) {
    use(ath_in(ath_col(User, id), 1, 2, 3));
    use(ath_not_in(ath_col(User, name), "a", NULL));
    use(ath_between(ath_col(User, id), 1, 2));
    use(ath_and(ath_eq(ath_col(User, id), 1), ath_col(User, active), NULL));
    use(ath_is(ath_col(User, active)));
    change(ath_to(User, name, "x"));
    change(ath_to(User, id, ath_plus(ath_col(User, id), 1)));
    run(ath_select(.model = ath_model_of(User), .limit = 3));
#ifdef WRONG_field /* error: no member named .*nick */
    use(ath_eq(ath_col(User, nick), "x"));
#endif
#ifdef WRONG_model /* error: Stranger. undeclared|undeclared identifier .*Stranger|ath_model_Stranger */
    use(ath_eq(ath_col(Stranger, id), 1));
#endif
#ifdef WRONG_in /* error: ath_needs_int|ath_fit_int_ */
    use(ath_in(ath_col(User, id), 1, "two", 3));
#endif
#ifdef WRONG_not_in /* error: ath_needs_text|ath_fit_text_ */
    use(ath_not_in(ath_col(User, name), "a", 2));
#endif
#ifdef WRONG_between_low /* error: ath_needs_int|ath_fit_int_ */
    use(ath_between(ath_col(User, id), "1", 2));
#endif
#ifdef WRONG_between_high /* error: ath_needs_int|ath_fit_int_ */
    use(ath_between(ath_col(User, id), 1, 2.5));
#endif
#ifdef WRONG_like /* error: ath_needs_text|ath_fit_text_ */
    use(ath_like(ath_col(User, name), 5));
#endif
#ifdef WRONG_contains /* error: ath_needs_text|ath_fit_text_ */
    use(ath_contains(ath_col(User, name), 5));
#endif
#ifdef WRONG_plus /* error: ath_needs_int|ath_fit_int_ */
    use(ath_eq(ath_plus(ath_col(User, id), "1"), 2));
#endif
#ifdef WRONG_coalesce /* error: ath_needs_text|ath_fit_text_ */
    use(ath_eq(ath_coalesce(ath_col(User, name), 5), "x"));
#endif
#ifdef WRONG_to /* error: ath_needs_text|ath_fit_text_ */
    change(ath_to(User, name, 5));
#endif
#ifdef WRONG_to_field /* error: no member named .*nick */
    change(ath_to(User, nick, "x"));
#endif
#ifdef WRONG_and /* error: _Generic.* selector of type|not compatible with any generic association */
    use(ath_and(ath_eq(ath_col(User, id), 1), ath_col(User, name)));
#endif
#ifdef WRONG_or /* error: _Generic.* selector of type|not compatible with any generic association */
    use(ath_or(ath_col(User, id)));
#endif
#ifdef WRONG_not /* error: _Generic.* selector of type|not compatible with any generic association */
    use(ath_not(5));
#endif
#ifdef WRONG_where /* error: incompatible (pointer|operand) type */
    run(ath_select(.model = ath_model_of(User), .where = ath_col(User, name)));
#endif
#ifdef WRONG_clause /* error: no member named .limits|designator .limits. does not refer */
    run(ath_select(.model = ath_model_of(User), .limits = 3));
#endif
#ifdef WRONG_join_clause /* error: no member named .wher|designator .wher. does not refer */
    run(ath_select(.model = ath_model_of(User), .joins = ath_joins(ath_join(User, .wher = NULL))));
#endif
}
