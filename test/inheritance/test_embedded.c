/* SPDX-License-Identifier: Apache-2.0
 *
 * Embedded structs: one mixin twice in a model, with a prefix each; SQLAlchemy's composite().
 */
#include "staff.h"

typedef struct Geo {
    double lat, lon;
} Geo;
typedef struct Address {
    const char *street, *city;
    Geo at;
} Address;
typedef struct Customer {
    int64_t id;
    Address billing, shipping;
} Customer;
ATH_DECLARE_MIXIN(Geo);
ATH_DECLARE_MIXIN(Address);
ATH_DECLARE(Customer);
ATH_MIXIN(Geo) {
    ath_column(lat);
    ath_column(lon);
}
ATH_MIXIN(Address) {
    ath_column(street, .type = ATH_STRING(50));
    ath_column(city, .name = "town", .type = ATH_STRING(50));
    ath_mixin(at, Geo, .prefix = "geo_");
}
ATH_MODEL(Customer, "customers") {
    ath_column(id, .primary_key = true);
    ath_mixin(billing, Address, .prefix = "billing_");
    ath_mixin(shipping, Address, .prefix = "shipping_");
}
ATH_METADATA(Shop, Customer);

TEST(an_address_twice) {
    ath_engine *db;
    ath_session *s = staff_begin(&db, &Shop);
    const Address home = {"High St", "York", {53.5, -1.0}};
    Customer *c = ath_new(s, Customer, .billing = home, .shipping.street = "Low St", .shipping.city = "Hull",
                          .shipping.at.lat = 2.0);
    CHECK_COMMIT(s);
    CHECK_INT(staff_number(s,
                           "SELECT count(*) FROM customers WHERE billing_street = 'High St' AND billing_town = 'York' "
                           "AND billing_geo_lat = 53.5 AND shipping_town = 'Hull' AND shipping_geo_lat = 2"),
              1);
    CHECK(ath_one(s, Customer, .where = ath_eq(ath_col(Customer, shipping.city), "Hull")) == c);
    CHECK(!ath_one_or_none(s, Customer, .where = ath_eq(ath_col(Customer, billing.city), "Hull")));
    c->billing = c->shipping;
    CHECK_COMMIT(s);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM customers WHERE billing_town = 'Hull' AND billing_geo_lat = 2"), 1);
    staff_close(s, db);
}

static const test_case cases[] = {
    {"an_address_twice", an_address_twice},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
