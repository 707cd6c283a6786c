/* SPDX-License-Identifier: Apache-2.0
 *
 * A model's body names fields that exist, of C types that map to a column, with options that there are.
 */
#include <athanor/athanor.h>

struct point {
    int x, y;
};

typedef struct Stamps {
    ath_datetime created_at;
} Stamps;

typedef struct Thing {
    int64_t id;
    const char *name;
    struct point place;
    long double huge;
    int *pointer;
    int several[3];
    char letter;
    Stamps ts;
    struct Thing *parent, **children;
} Thing;
ATH_DECLARE(Thing);

ATH_MIXIN(Stamps) {
    ath_column(created_at);
}

ATH_MODEL(Thing, "things") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50), .nullable = true);
    ath_mixin(ts, Stamps);
#ifdef WRONG_field /* error: no member named .*colour */
    ath_column(colour);
#endif
#ifdef WRONG_struct /* error: _Generic.* selector of type|not compatible with any generic association */
    ath_column(place);
#endif
#ifdef WRONG_long_double /* error: _Generic.* selector of type|not compatible with any generic association */
    ath_column(huge);
#endif
#ifdef WRONG_pointer /* error: _Generic.* selector of type|not compatible with any generic association */
    ath_column(pointer);
#endif
#ifdef WRONG_array /* error: _Generic.* selector of type|not compatible with any generic association */
    ath_column(several);
#endif
#ifdef WRONG_char /* error: _Generic.* selector of type|not compatible with any generic association */
    ath_column(letter);
#endif
#ifdef WRONG_option /* error: no member named .primary|designator .primary. does not refer */
    ath_column(id, .primary = true);
#endif
#ifdef WRONG_option_value /* error: makes .* from integer|incompatible integer to pointer */
    ath_column(id, .foreign_key = 5);
#endif
#ifdef WRONG_mixin_type /* error: incompatible types|incompatible type */
    ath_mixin(name, Stamps);
#endif
#ifdef WRONG_mixin_field /* error: no member named .*colour */
    ath_mixin(colour, Stamps);
#endif
#ifdef WRONG_mixin /* error: Points. undeclared|undeclared identifier .Points|ath_mixin_Points */
    ath_mixin(ts, Points);
#endif
#ifdef WRONG_index /* error: makes .* from integer|incompatible integer to pointer */
    ath_index("ix", 5);
#endif
#ifdef WRONG_target /* error: ath_model_Nothing. undeclared|undeclared identifier .ath_model_Nothing|Nothing. undeclared */
    ath_has_many(children, Nothing);
#endif
#ifdef WRONG_target_of_many /* error: incompatible pointer type */
    ath_has_many(parent, Thing);
#endif
#ifdef WRONG_target_of_one /* error: incompatible pointer type */
    ath_belongs_to(children, Thing);
#endif
}
