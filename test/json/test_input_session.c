/* SPDX-License-Identifier: Apache-2.0
 *
 * Input goes into a session: an UPDATE names what came and no more, a null is NULL, new objects get defaults.
 */
#include "input_test.h"

#include "../servers.h"

typedef struct User {
    int64_t id;
    char name[21];
    const char *email;
    ath_opt_i32 age;
    const char *bio;
    ath_decimal balance;
    int role;
    const char *password_hash;
    int version;
} User;
ATH_DECLARE(User);
ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(20), .unique = true);
    ath_column(email, .type = ATH_STRING(50));
    ath_column(age, .nullable = true);
    ath_column(bio, .type = ATH_TEXT, .nullable = true);
    ath_column(balance, .type = ATH_NUMERIC(10, 2), .default_value = ath_str("0.00"));
    ath_column(role, .type = ATH_ENUM("reader", "writer"), .default_value = ath_str("reader"));
    ath_column(password_hash, .type = ATH_STRING(100), .nullable = true);
    ath_column(version, .version = true);
}
ATH_METADATA(App, User);

/* Other C types than the model's, and a password that it does not have. */
typedef struct UserIn {
    const char *name, *email;
    int64_t age;
    const char *bio, *role, *password;
} UserIn;
ATH_DECLARE(UserIn);
ATH_PROJECTION(UserIn) {
    ath_column(name, .min_length = 3);
    ath_column(email);
    ath_column(age, .default_value = ath_int(18));
    ath_column(bio, .nullable = true);
    ath_column(role, .type = ATH_ENUM("reader", "writer"), .nullable = true);
    ath_column(password, .min_length = 4);
    ath_input_field(password, .aside = true);
}

/* What may be changed later; here the age may be null. */
typedef struct UserPatch {
    const char *email, *bio;
    ath_opt_i32 age;
} UserPatch;
ATH_DECLARE(UserPatch);
ATH_PROJECTION(UserPatch) {
    ath_column(email, .nullable = true); /* which the model's is not */
    ath_column(bio, .nullable = true);
    ath_column(age, .nullable = true);
}
/* A model with an embedded struct, and a check of its own; its schema has neither. */
typedef struct Rank {
    int place;
    const char *why;
} Rank;
ATH_MIXIN(Rank) {
    ath_column(place);
    ath_column(why, .type = ATH_STRING(30), .nullable = true);
}
typedef struct Medal {
    int64_t id;
    Rank rank;
} Medal;
ATH_DECLARE(Medal);
static ath_status check_medal(const void *object, ath_error *error) {
    const Medal *m = object;
    return m->rank.place >= 1 && m->rank.place <= 3 ? ATH_OK : ath_invalid(error, "rank.place", "it is no medal");
}
ATH_MODEL(Medal, "medals") {
    ath_column(id, .primary_key = true);
    ath_mixin(rank, Rank);
    ath_model_options(.validate = check_medal);
}
ATH_METADATA(Games, Medal);
typedef struct MedalIn {
    int place;
    const char *why;
} MedalIn;
ATH_DECLARE(MedalIn);
ATH_PROJECTION(MedalIn) {
    ath_column(place);
    ath_column(why, .nullable = true);
}

typedef struct Astray {
    const char *nmae;
} Astray;
ATH_DECLARE(Astray);
ATH_PROJECTION(Astray) {
    ath_column(nmae);
}

/* The last UPDATE that was sent. */
static char update[1024];

static void take_line(void *context, ath_log_level level, const char *line) {
    (void)context;
    (void)level;
    const char *at = strstr(line, "UPDATE ");
    if (at)
        snprintf(update, sizeof update, "%s", at);
}

static ath_engine *open_app(void) {
    ath_error e = {0};
    ath_engine *db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .log = take_line,
                                     .echo = true, .error = &e);
    if (!db || ath_drop_all(db, &App, &e) != ATH_OK || ath_create_all(db, &App, &e) != ATH_OK)
        CHECK_STR(e.message, "");
    update[0] = '\0';
    return db;
}

static User *add_user(ath_session *s, const char *json) {
    ath_input *in = READ(UserIn, json);
    CHECK_STR(problems_of(in), "");
    User *u = ath_input_new(s, User, in);
    ath_input_free(in); /* what it gave was copied */
    CHECK(u != NULL);
    CHECK_INT(ath_commit(s), ATH_OK);
    return u;
}
#define ANN "{\"name\": \"anna\", \"email\": \"a@b.org\", \"bio\": \"long\", \"password\": \"secret\"}"

TEST(new_objects) {
    ath_engine *db = open_app();
    ath_session *s = ath_session_open(db);
    User *u = add_user(s, ANN);
    if (u) {
        int64_t id = u->id;
        ath_session_close(s);
        s = ath_session_open(db);
        u = ath_get(s, User, id);
    }
    CHECK(u != NULL);
    if (u) {
        CHECK_STR(u->name, "anna");
        CHECK_STR(u->email, "a@b.org");
        CHECK(u->age.has && u->age.value == 18); /* the schema's default */
        CHECK_INT(u->role, 0);                   /* the model's */
        CHECK_INT(u->version, 1);
        CHECK(u->password_hash == NULL);
    }
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(only_what_came) {
    ath_engine *db = open_app();
    ath_session *s = ath_session_open(db);
    User *u = add_user(s, ANN);
    ath_input *in = READ(UserPatch, "{\"bio\": null, \"age\": 40}", .partial = true);
    CHECK_INT(u ? ath_input_apply(s, u, in) : ATH_DATA, ATH_OK);
    ath_input_free(in);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(strstr(update, "age") && strstr(update, "bio"));
    CHECK(!strstr(update, "email") && !strstr(update, "name") && !strstr(update, "role"));
    CHECK(u && u->bio == NULL && u->age.value == 40 && strcmp(u->email, "a@b.org") == 0);
    update[0] = '\0';
    in = READ(UserPatch, "{\"age\": null}", .partial = true);
    CHECK_INT(u ? ath_input_apply(s, u, in) : ATH_DATA, ATH_OK);
    ath_input_free(in);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(strstr(update, "age") && !strstr(update, "bio"));
    CHECK_INT(ath_count(s, User, .where = ath_and(ath_is_null(ath_col(User, age)), ath_is_null(ath_col(User, bio)))),
              1);
    update[0] = '\0';
    in = READ(UserPatch, "{}", .partial = true);
    CHECK_INT(u ? ath_input_apply(s, u, in) : ATH_DATA, ATH_OK);
    ath_input_free(in);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(update, "");
    ath_session_close(s);
    ath_engine_close(db);
}

static void check_apply(ath_session *s, User *u, ath_input *in, ath_status status, const char *message) {
    CHECK_INT(ath_input_apply(s, u, in), status);
    CHECK_STR(ath_error(s)->message, message);
    ath_input_free(in);
}

TEST(refused) {
    ath_engine *db = open_app();
    ath_session *s = ath_session_open(db);
    User *u = add_user(s, ANN), before;
    if (!u)
        goto out;
    before = *u;
    check_apply(s, u, READ(UserPatch, "{\"age\": 1, \"email\": null}", .partial = true), ATH_DATA,
                "users.email: it may not be NULL");
    check_apply(s, u, READ(UserIn, "{\"name\": \"x\"}", .partial = true), ATH_DATA,
                "the input has 1 problem; /name: it must have at least 3 characters");
    check_apply(
        s, u, READ(Astray, "{}", .partial = true), ATH_ARGUMENT,
        "Astray.nmae: User has no such field; ath_input_field(nmae, .aside = true) says that the program uses it by "
        "itself");
    check_apply(s, u, READ(UserIn, "{\"bio\": \"b\", \"name\": \"more than twenty characters\"}", .partial = true),
                ATH_DATA, "users.name: text does not fit VARCHAR: too long");
    check_apply(s, u, READ(User, "{\"id\": 77}", .partial = true), ATH_DATA,
                "users.id: input does not change the primary key of an object; assign it");
    CHECK_INT(ath_input_apply(s, u, NULL), ATH_ARGUMENT);
    CHECK_INT(ath_input_apply(s, NULL, NULL), ATH_NO_RESULT);
    CHECK(memcmp(&before, u, sizeof before) == 0); /* nothing of it */
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(update, "");
    check_apply(s, u, READ(User, "{\"id\": 1, \"bio\": \"same key\"}", .partial = true), ATH_OK, "");
out:
    ath_session_close(s);
    ath_engine_close(db);
}

/* As after ath_new: nothing is committed that lacks an object. */
TEST(a_failed_new_stands_still) {
    ath_engine *db = open_app();
    ath_session *s = ath_session_open(db);
    ath_input *in = READ(UserIn, "{}");
    CHECK(ath_input_new(s, User, in) == NULL);
    CHECK_INT(ath_commit(s), ATH_DATA);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK(ath_input_new(s, UserIn, in) == NULL); /* no model */
    CHECK_INT(ath_rollback(s), ATH_OK);
    ath_input_free(in);
    add_user(s, ANN);
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(lists) {
    const char *text = "[{\"name\": \"anna\", \"email\": \"e\", \"password\": \"pppp\"},"
                       "{\"name\": \"bert\", \"email\": \"f\", \"password\": \"qqqq\", \"role\": \"writer\"}]";
    ath_engine *db = open_app();
    ath_session *s = ath_session_open(db);
    ath_input *in = ath_list_from_json(UserIn, text, strlen(text));
    User **users = ath_input_new_all(s, User, in);
    CHECK_INT(ath_len(users), 2);
    CHECK(ath_input_new(s, User, in) == NULL);
    ath_input_free(in);
    CHECK_INT(ath_rollback(s), ATH_OK);
    in = ath_list_from_json(UserIn, text, strlen(text));
    users = ath_input_new_all(s, User, in);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(users && users[1] && users[1]->role == 1 && users[1]->id > users[0]->id);
    CHECK_INT(ath_count(s, User), 2);
    ath_input_free(in);
    ath_session_close(s);
    ath_engine_close(db);
}

/* An object that is new yet: what came counts as set. */
TEST(pending) {
    ath_engine *db = open_app();
    ath_session *s = ath_session_open(db);
    User *u = ath_new(s, User, .name = "anna", .email = "a@b.org");
    ath_input *in = READ(UserPatch, "{\"age\": 0}", .partial = true);
    CHECK_INT(ath_input_apply(s, u, in), ATH_OK);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, User, .where = ath_eq(ath_col(User, age), 0)), 1);
    ath_input_free(in);
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(nothing) {
    ath_input *in = READ(UserIn, ANN), *none = NULL;
    ath_engine *db = open_app();
    ath_session *s = ath_session_open(db), *no_session = NULL;
    ath_error e = {0};
    User u = {0};
    CHECK_INT(ath_input_apply(no_session, &u, in), ATH_ARGUMENT);
    CHECK(ath_input_new(no_session, User, in) == NULL);
    CHECK(ath_input_new_all(no_session, User, in) == NULL);
    CHECK(ath_input_new(s, User, none) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK(ath_input_new_all(s, User, none) == NULL);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_input_apply(s, &u, in), ATH_ARGUMENT); /* a stranger */
    CHECK_INT(ath_input_problem_count(none), 0);
    CHECK(!ath_input_problem(none, 0) && !ath_input_value(none, UserIn) && !ath_input_values(none, UserIn));
    CHECK(!ath_input_has(none, UserIn, name));
    CHECK_INT(ath_input_refuse(none, "name", "a", "b"), ATH_ARGUMENT);
    CHECK(!ath_input_value(in, User) && !ath_input_has(in, User, name)); /* of another schema */
    CHECK(!ath_input_problem(in, 0));
    ath_input_free(none);
    ath_input_free(in);
    CHECK(!ath_input_read(NULL, "{}", 2, false,
                          &(const ath_input_opts){.struct_size = sizeof(ath_input_opts), .error = &e}));
    CHECK_INT(e.status, ATH_ARGUMENT);
    CHECK(!ath_from_json(UserIn, NULL, 2, .error = &e));
    CHECK_INT(e.status, ATH_ARGUMENT);
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(embedded_structs) {
    ath_engine *db = open_app();
    ath_error e = {0};
    CHECK_INT(ath_drop_all(db, &Games, &e), ATH_OK);
    CHECK_INT(ath_create_all(db, &Games, &e), ATH_OK);
    ath_session *s = ath_session_open(db);
    ath_input *in = READ(MedalIn, "{\"place\": 2, \"why\": \"fast\"}");
    Medal *m = ath_input_new(s, Medal, in);
    ath_input_free(in);
    CHECK(m && m->rank.place == 2 && strcmp(m->rank.why, "fast") == 0);
    CHECK_INT(ath_commit(s), ATH_OK);
    in = READ(Medal, "{\"why\": null}", .partial = true);
    CHECK_INT(ath_input_apply(s, m, in), ATH_OK);
    ath_input_free(in);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(strstr(update, "why") && !strstr(update, "place"));
    ath_session_close(s);
    ath_engine_close(db);
}

TEST(checks_of_models) {
    CHECK_PROBLEMS(Medal, "{\"place\": 4}", "/place check");
    CHECK_PROBLEMS(Medal, "{\"place\": 4}", "", .partial = true);   /* a flush will ask */
    CHECK_PROBLEMS(Medal, "{}", "", .exclude = ath_names("place")); /* the program has yet to say it */
}

static const test_case cases[] = {
    {"nothing", nothing},
    {"embedded_structs", embedded_structs},
    {"checks_of_models", checks_of_models},
    {"new_objects", new_objects},
    {"only_what_came", only_what_came},
    {"refused", refused},
    {"a_failed_new_stands_still", a_failed_new_stands_still},
    {"lists", lists},
    {"pending", pending},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
