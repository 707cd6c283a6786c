/* SPDX-License-Identifier: Apache-2.0
 *
 * Concrete inheritance: each class has a table of its own with all columns; and what a wrong hierarchy is told.
 */
#include "staff.h"

#include <string.h>

typedef struct Owner Owner;
typedef struct Animal Animal;
typedef struct Dog Dog;
typedef struct Cat Cat;
struct Owner {
    int64_t id;
    const char *name;
    Animal **animals;
};
struct Animal {
    int64_t id;
    const char *name;
    ath_opt_i64 owner_id;
    Owner *owner;
};
struct Dog {
    Animal animal;
    bool barks;
};
struct Cat {
    Animal animal;
    int32_t lives;
};
ATH_DECLARE(Owner);
ATH_DECLARE(Animal);
ATH_DECLARE(Dog);
ATH_DECLARE(Cat);
ATH_MODEL(Owner, "owners") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_has_many(animals, Animal, .back_populates = "owner");
}
ATH_MODEL(Animal, "animals") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50), .index = true);
    ath_column(owner_id, .foreign_key = "owners.id", .nullable = true);
    ath_belongs_to(owner, Owner, .back_populates = "animals");
    ath_unique_constraint("uq_animal", "name", "owner_id");
    ath_subclasses(Dog, Cat);
}
ATH_MODEL(Dog, "dogs") {
    ath_inherits(animal, Animal, .concrete = true);
    ath_column(barks);
}
ATH_MODEL(Cat, "cats") {
    ath_inherits(animal, Animal, .concrete = true);
    ath_column(lives);
}
ATH_METADATA(Zoo, Owner, Animal, Dog, Cat);

static ath_engine *db;

static ath_session *begin(void) {
    ath_session *s = staff_begin(&db, &Zoo);
    Owner *o = ath_new(s, Owner, .name = "olga");
    ath_new(s, Animal, .name = "emu", .owner = o);
    ath_new(s, Dog, .animal.name = "rex", .animal.owner = o, .barks = true);
    ath_new(s, Cat, .animal.name = "tom", .lives = 9);
    ath_new(s, Cat, .animal.name = "kit", .lives = 7);
    CHECK_COMMIT(s);
    ath_session_close(s);
    return ath_session_open(db);
}

TEST(each_class_has_its_table) {
    ath_session *s = begin();
    CHECK_INT(staff_number(s, "SELECT count(*) FROM animals"), 1);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM dogs WHERE barks AND owner_id = 1 AND name = 'rex'"), 1);
    CHECK_INT(staff_number(s, "SELECT sum(lives) FROM cats"), 16);
    CHECK_INT(ath_len(ath_all(s, Cat, .where = ath_eq(ath_col(Cat, animal.name), "tom"))), 1);
    CHECK_OK(s);
    staff_close(s, db);
}

TEST(all_gives_all_classes) {
    ath_session *s = begin();
    Animal **all = ath_all(s, Animal, .load = ath_load(ath_selectin(Animal, owner)));
    CHECK_OK(s);
    CHECK_INT(ath_len(all), 4);
    CHECK(ath_class_of(s, all[0]) == ath_model_of(Animal) && !ath_as(s, Dog, all[0]));
    Dog *rex = ath_as(s, Dog, all[1]);
    CHECK(rex && rex->barks && rex->animal.owner && strcmp(rex->animal.owner->name, "olga") == 0);
    CHECK(ath_as(s, Cat, all[2]) && ath_as(s, Cat, all[3]) && !ath_as(s, Dog, all[3]));
    CHECK((void *)ath_get(s, Dog, 1) == rex && ath_get(s, Animal, 1) == all[0]); /* keys are those of a table */
    CHECK_INT(ath_len(ath_all(s, Animal, .where = ath_eq(ath_col(Animal, name), "kit"))), 1);
    CHECK(ath_one(s, Animal, .where = ath_eq(ath_col(Animal, name), "rex")) == &rex->animal);
    CHECK_INT(ath_count(s, Animal), 4);
    CHECK_INT(ath_count(s, Animal, .where = ath_ne(ath_col(Animal, name), "emu")), 3);
    CHECK_INT(ath_len(ath_all(s, Animal, .only_class = true, .order_by = ath_by(ath_col(Animal, id)))), 1);
    CHECK_OK(s);
    rex->barks = false;
    all[0]->name = "ema";
    ath_delete(s, all[2]);
    CHECK_COMMIT(s);
    CHECK_INT(ath_count(s, Animal), 3);
    CHECK_INT(staff_number(s, "SELECT count(*) FROM dogs WHERE NOT barks"), 1);
    CHECK(!ath_all(s, Animal, .order_by = ath_by(ath_col(Animal, id))));
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    CHECK(!ath_stream_open(s, Animal));
    CHECK_INT(ath_error(s)->status, ATH_NOT_SUPPORTED);
    staff_close(s, db);
}

/* ---- mistakes ---- */

typedef struct Base {
    int64_t id;
    const char *type;
    int32_t number;
} Base;
typedef struct Sub {
    Base base;
    const char *text;
} Sub;
typedef struct Apart {
    int64_t before;
    Base base;
} Apart;
ATH_DECLARE(Base1);
ATH_DECLARE(Base2);
typedef Base Base1, Base2, Base3, Base4, Base5;
typedef Sub Sub1, Sub2, Sub3, Sub4, Sub5, Sub6;
ATH_DECLARE(Base3);
ATH_DECLARE(Base4);
ATH_DECLARE(Base5);
ATH_DECLARE(Sub1);
ATH_DECLARE(Sub2);
ATH_DECLARE(Sub3);
ATH_DECLARE(Sub4);
ATH_DECLARE(Sub5);
ATH_DECLARE(Sub6);
#define BASE_COLUMNS                                                                                                   \
    ath_column(id, .primary_key = true);                                                                               \
    ath_column(type, .type = ATH_STRING(20));                                                                          \
    ath_column(number)
ATH_MODEL(Base1, "base1") { /* does not say that it has subclasses */
    BASE_COLUMNS;
}
ATH_MODEL(Sub1, "base1") {
    ath_inherits(base, Base1, .identity = "sub");
}
ATH_MODEL(Base2, "base2") { /* has no discriminator */
    BASE_COLUMNS;
    ath_subclasses(Sub2);
}
ATH_MODEL(Sub2, "base2") {
    ath_inherits(base, Base2, .identity = "sub");
}
ATH_MODEL(Base3, "base3") { /* names another one */
    BASE_COLUMNS;
    ath_polymorphic_on(type, .identity = "base");
    ath_subclasses(Sub4);
}
ATH_MODEL(Sub3, "base3") {
    ath_inherits(base, Base3, .identity = "sub");
}
ATH_MODEL(Base4, "base4") { /* two with the same identity */
    BASE_COLUMNS;
    ath_polymorphic_on(type, .identity = "base");
    ath_subclasses(Sub4, Sub5);
}
ATH_MODEL(Sub4, "base4") {
    ath_inherits(base, Base4, .identity = "same");
    ath_column(text, .name = "a", .type = ATH_STRING(5));
}
ATH_MODEL(Sub5, "base4") {
    ath_inherits(base, Base4, .identity = "same");
    ath_column(text, .name = "b", .type = ATH_STRING(5));
}
ATH_MODEL(Base5, "base5") { /* a number that is given by a text */
    BASE_COLUMNS;
    ath_polymorphic_on(number, .number = ath_some(1));
    ath_subclasses(Sub6);
}
ATH_MODEL(Sub6, "base5") {
    ath_inherits(base, Base5, .identity = "sub");
}
ATH_MODEL(Apart, "apart") {
    ath_column(before, .primary_key = true);
    ath_inherits(base, Base3, .identity = "apart");
}
ATH_METADATA(Wrong1, Base1, Sub1);
ATH_METADATA(Wrong2, Base2, Sub2);
ATH_METADATA(Wrong3, Base3, Sub3);
ATH_METADATA(Wrong4, Base4, Sub4, Sub5);
ATH_METADATA(Wrong5, Base5, Sub6);
ATH_METADATA(Wrong6, Apart);
ATH_METADATA(Wrong7, Owner, Dog);

static void check_wrong(const ath_metadata *md, const char *says) {
    ath_error error = {0};
    CHECK_INT(ath_metadata_check(md, &error), ATH_ARGUMENT);
    if (!strstr(error.message, says))
        CHECK_STR(error.message, says);
}

TEST(mistakes_are_told) {
    check_wrong(&Wrong1, "does not say that it has subclasses: ath_subclasses(Sub1)");
    check_wrong(&Wrong2, "no discriminator");
    check_wrong(&Wrong3, "does not say ath_inherits(..., Base3)");
    check_wrong(&Wrong4, "models Sub4 and Sub5 have the same identity");
    check_wrong(&Wrong5, "say .number = ath_some(...)");
    check_wrong(&Wrong6, "a struct begins with the one that it inherits from");
    check_wrong(&Wrong7, "model Animal, of the hierarchy of Dog, is not in it");
}

static const test_case cases[] = {
    {"each_class_has_its_table", each_class_has_its_table},
    {"all_gives_all_classes", all_gives_all_classes},
    {"mistakes_are_told", mistakes_are_told},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
