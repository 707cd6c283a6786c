/* SPDX-License-Identifier: Apache-2.0
 *
 * JSON Schemas of models and projections.
 */
#include "test.h"

#include "json/writers.h"

typedef struct TagIn {
    const char *label;
} TagIn;

typedef struct AccountIn {
    const char *user, *email;
    ath_opt_i32 age;
    ath_decimal limit;
    bool active;
    ath_timestamp since;
    ath_time wakes;
    ath_uuid key;
    Mood mood;
    int64_t *scores;
    TagIn **tags;
} AccountIn;

ATH_DECLARE(TagIn);
ATH_DECLARE(AccountIn);

ATH_PROJECTION(TagIn) {
    ath_column(label, .max_length = 9);
}

ATH_PROJECTION(AccountIn) {
    ath_column(user, .min_length = 3, .pattern = "^[a-z]+$");
    ath_column(email);
    ath_column(age, .nullable = true, .min = ath_int(0), .max = ath_int(150));
    ath_column(limit, .type = ATH_NUMERIC(8, 2));
    ath_column(active, .default_value = ath_bool(true));
    ath_column(since);
    ath_column(wakes);
    ath_column(key);
    ath_column(mood, .type = ATH_ENUM("glad", "sad"));
    ath_input_field(user, .alias = "userName");
    ath_input_field(email, .format = ATH_FORMAT_EMAIL, .required = ATH_REQUIRED_NO);
    ath_input_list(scores, .min = ath_int(1));
    ath_input_field(scores, .max_items = 5);
    ath_has_many(tags, TagIn);
    ath_input_field(tags, .required = ATH_REQUIRED_YES, .min_items = 1);
}

#define HEAD "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"title\":"

TEST(describes_output) {
    CHECK_JSON(ath_json_schema(Writer, .no_relations = true), HEAD
               "\"Writer\",\"type\":\"object\",\"properties\":{"
               "\"id\":{\"type\":\"integer\",\"readOnly\":true},"
               "\"name\":{\"description\":\"as on the cover\",\"type\":\"string\",\"minLength\":2,\"maxLength\":30,"
               "\"pattern\":\"^[a-z]+$\"},"
               "\"age\":{\"type\":[\"integer\",\"null\"],\"minimum\":0,\"maximum\":150},"
               "\"created_at\":{\"type\":\"string\",\"pattern\":"
               "\"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\\\.[0-9]{1,6})?$\"},"
               "\"seen_at\":{\"type\":[\"string\",\"null\"],\"pattern\":"
               "\"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\\\.[0-9]{1,6})?$\"}},"
               "\"required\":[\"id\",\"name\",\"age\",\"created_at\",\"seen_at\"]}");
    CHECK_JSON(ath_json_schema(Essay, .include = ath_names("title", "writer.name"),
                               .rename = ath_renames({"writer.name", "by"})),
               HEAD "\"Essay\",\"type\":\"object\",\"properties\":{\"title\":{\"type\":\"string\",\"maxLength\":100},"
                    "\"writer\":{\"anyOf\":[{\"title\":\"Writer\",\"type\":\"object\",\"properties\":{"
                    "\"by\":{\"description\":\"as on the cover\",\"type\":\"string\",\"minLength\":2,\"maxLength\":30,"
                    "\"pattern\":\"^[a-z]+$\"}},\"required\":[\"by\"]},{\"type\":\"null\"}]}},"
                    "\"required\":[\"title\"]}");
}

/* Relations that go in circles are each there once. */
TEST(refers_to_models) {
    char *text = ath_json_schema(Writer, .indent = 1);
    CHECK_CONTAINS(text, "\"$ref\": \"#/$defs/Essay\"");
    const char *defs = strstr(text, "\"$defs\"");
    CHECK(defs != NULL);
    static const char *const names[] = {"\"title\": \"Writer\"", "\"title\": \"Essay\"", "\"title\": \"Card\"",
                                        "\"title\": \"Topic\"", "\"title\": \"Remark\""};
    for (size_t i = 0; defs && i < TEST_COUNT(names); i++) {
        const char *at = strstr(defs, names[i]);
        test_context("%s", names[i]);
        CHECK(at && !strstr(at + 1, names[i]));
    }
    test_context("%s", "");
    ath_json_free(text);
}

TEST(describes_input) {
    CHECK_JSON(
        ath_json_schema(AccountIn, .input = true), HEAD
        "\"AccountIn\",\"type\":\"object\",\"properties\":{"
        "\"userName\":{\"type\":\"string\",\"minLength\":3,\"pattern\":\"^[a-z]+$\"},"
        "\"email\":{\"type\":\"string\",\"format\":\"email\"},"
        "\"age\":{\"type\":[\"integer\",\"null\"],\"minimum\":0,\"maximum\":150},"
        "\"limit\":{\"type\":[\"string\",\"number\"],\"pattern\":\"^-?[0-9]{1,6}(\\\\.[0-9]{1,2})?$\"},"
        "\"active\":{\"type\":\"boolean\",\"default\":true},"
        "\"since\":{\"type\":\"string\",\"format\":\"date-time\"},"
        "\"wakes\":{\"type\":\"string\",\"pattern\":\"^[0-9]{2}:[0-9]{2}:[0-9]{2}(\\\\.[0-9]{1,6})?$\"},"
        "\"key\":{\"type\":\"string\",\"format\":\"uuid\"},\"mood\":{\"enum\":[\"glad\",\"sad\"]},"
        "\"tags\":{\"type\":\"array\",\"items\":{\"$ref\":\"#/$defs/TagIn\"},\"minItems\":1},"
        "\"scores\":{\"type\":\"array\",\"items\":{\"type\":\"integer\",\"minimum\":1},\"maxItems\":5}},"
        "\"required\":[\"userName\",\"limit\",\"since\",\"wakes\",\"key\",\"mood\",\"tags\"],"
        "\"additionalProperties\":false,"
        "\"$defs\":{\"TagIn\":{\"title\":\"TagIn\",\"type\":\"object\",\"properties\":{"
        "\"label\":{\"type\":\"string\",\"maxLength\":9}},\"required\":[\"label\"],\"additionalProperties\":false}}}");
    CHECK_JSON(ath_json_schema(Topic, .input = true, .partial = true),
               HEAD "\"Topic\",\"type\":\"object\",\"properties\":{\"id\":{\"type\":\"integer\"},"
                    "\"label\":{\"type\":\"string\",\"maxLength\":20}},\"additionalProperties\":false}");
    /* What joins the two is not asked for. */
    CHECK_JSON(ath_json_schema(Writer, .input = true, .include = ath_names("name", "card"),
                               .exclude = ath_names("card.id", "name")),
               HEAD "\"Writer\",\"type\":\"object\",\"properties\":{\"card\":{\"anyOf\":[{\"title\":\"Card\","
                    "\"type\":\"object\",\"properties\":{\"writer_id\":{\"type\":\"integer\"},"
                    "\"motto\":{\"type\":\"string\",\"maxLength\":100}},\"required\":[\"motto\"],"
                    "\"additionalProperties\":false},{\"type\":\"null\"}]}},\"additionalProperties\":false}");
}

/* The name that the schema says is the name that is written. */
TEST(writes_by_alias) {
    AccountIn a = {.user = "ann"};
    CHECK_JSON(ath_to_json(NULL, AccountIn, &a, .include = ath_names("user")), "{\"userName\":\"ann\"}");
    CHECK_JSON(ath_to_json(NULL, AccountIn, &a, .include = ath_names("user"), .rename = ath_renames({"user", "who"})),
               "{\"who\":\"ann\"}");
}

TEST(refuses_unknown_names) {
    ath_error error;
    CHECK(!ath_json_schema(Writer, .include = ath_names("nothing"), .error = &error));
    CHECK_INT(error.status, ATH_ARGUMENT);
}

static const test_case cases[] = {
    {"describes_output", describes_output},
    {"refers_to_models", refers_to_models},
    {"describes_input", describes_input},
    {"writes_by_alias", writes_by_alias},
    {"refuses_unknown_names", refuses_unknown_names},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
