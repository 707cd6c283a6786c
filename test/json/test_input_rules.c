/* SPDX-License-Identifier: Apache-2.0
 *
 * Rules of input: what columns say, formats, own checks; every broken one is told, and no value is.
 */
#include "input_test.h"

typedef struct Person {
    const char *name, *email, *site, *word;
    int age;
    ath_decimal price;
    ath_opt_date born;
    ath_bytes photo;
} Person;
ATH_DECLARE(Person);

static ath_status even(const void *field, ath_error *error) {
    return *(const int *)field % 2 ? ath_invalid(error, NULL, "it must be even") : ATH_OK;
}

static ath_status not_admin(const void *field, ath_error *error) {
    const char *name = *(const char *const *)field;
    if (strcmp(name, "admin") != 0)
        return ATH_OK;
    ath_invalid(error, NULL, "");
    snprintf(error->constraint, sizeof error->constraint, "reserved");
    return ATH_DATA;
}

static void whole(ath_input *in, const void *object) {
    const Person *p = object;
    if (!ath_input_has(in, Person, born))
        ath_input_refuse_of(in, object, "born", "missing", "who is no child says when");
    if (p->age > 100)
        ath_input_refuse_of(in, object, NULL, "old", "that is much");
}

ATH_PROJECTION(Person) {
    ath_column(name, .min_length = 3, .max_length = 8, .pattern = "^[a-z]+$");
    ath_column(email);
    ath_column(site, .nullable = true);
    ath_column(word, .type = ATH_STRING(6), .nullable = true, .min_length = 2);
    ath_column(age, .min = ath_int(10), .max = ath_int(120));
    ath_column(price, .type = ATH_NUMERIC(6, 2), .min = ath_str("0.50"), .default_value = ath_str("1.25"));
    ath_column(born, .nullable = true, .min = ath_str("1900-01-01"));
    ath_column(photo, .nullable = true, .max_length = 3);
    ath_input_field(name, .check = not_admin);
    ath_input_field(email, .format = ATH_FORMAT_EMAIL, .strip = true, .lower = true);
    ath_input_field(site, .format = ATH_FORMAT_URI, .alias = "homePage");
    ath_input_field(age, .check = even);
    ath_input_options(.check = whole);
}

#define REST ", \"email\": \"a@b.org\", \"born\": \"2000-01-01\"}"

TEST(columns) {
    CHECK_PROBLEMS(Person, "{\"name\": \"anna\", \"age\": 20" REST, "");
    CHECK_PROBLEMS(Person, "{\"name\": \"A\", \"age\": 9" REST, "/name too_short; /name pattern; /age too_small");
    CHECK_PROBLEMS(Person, "{\"name\": \"ABCDEFGHI\", \"age\": 121" REST,
                   "/name too_long; /name pattern; /age too_big");
    CHECK_PROBLEMS(Person, "{\"name\": \"anna\", \"age\": 20, \"word\": \"1234567\"" REST, "/word too_long");
    CHECK_PROBLEMS(Person, "{\"name\": \"anna\", \"age\": 20, \"word\": \"\"" REST, "/word too_short");
    CHECK_PROBLEMS(Person, "{\"name\": \"anna\", \"age\": 20, \"photo\": \"AAAAAA==\"" REST, "/photo too_long");
    CHECK_PROBLEMS(Person, "{\"name\": \"anna\", \"age\": 20, \"price\": \"0.49\"" REST, "/price too_small");
    CHECK_PROBLEMS(Person, "{\"name\": \"anna\", \"age\": 20, \"email\": \"a@b.org\", \"born\": \"1899-12-31\"}",
                   "/born too_small");
}

TEST(all_at_once) {
    CHECK_PROBLEMS(Person,
                   "{\"homePage\": \"nowhere\", \"age\": 7, \"email\": \"@\", \"born\": \"today\", \"more\": 1}",
                   "/homePage format; /age too_small; /email format; /born format; /more unknown_field; /name missing");
    CHECK_PROBLEMS(Person, "{}", "/name missing; /email missing; /age missing");
    CHECK_PROBLEMS(Person, "{\"name\": null, \"email\": null, \"age\": null}", "/name null; /email null; /age null");
}

TEST(own_checks) {
    CHECK_PROBLEMS(Person, "{\"name\": \"admin\", \"age\": 21" REST, "/name reserved; /age check");
    CHECK_PROBLEMS(Person, "{\"name\": \"anna\", \"age\": 102, \"email\": \"a@b.org\"}", "/born missing;  old");
    CHECK_PROBLEMS(Person, "{\"name\": \"anna\", \"age\": 102, \"email\": \"?\"}",
                   "/email format"); /* not asked then */
}

TEST(text_is_made_plain) {
    ath_input *in = READ(Person, "{\"name\": \"anna\", \"age\": 20, \"email\": \" \\tAnna@Example.ORG\\n\","
                                 " \"born\": \"2000-01-01\"}");
    const Person *p = ath_input_value(in, Person);
    CHECK(p != NULL);
    if (p) {
        char price[ATH_DECIMAL_TEXT];
        CHECK_STR(p->email, "anna@example.org");
        CHECK(p->site == NULL);
        ath_decimal_format(p->price, price);
        CHECK_STR(price, "1.25"); /* the default */
        CHECK(!ath_input_has(in, Person, price) && ath_input_has(in, Person, email));
    }
    ath_input_free(in);
}

TEST(values_are_not_told) {
    ath_input *in =
        READ(Person, "{\"name\": \"S3CRET\", \"age\": 7777, \"email\": \"S3CRET\", \"homePage\": \"S3CRET\","
                     " \"word\": \"S3CRETS3CRET\", \"born\": \"S3CRET\", \"price\": \"7777.777\"}");
    char *json = ath_input_problems_json(in);
    CHECK_INT(ath_input_problem_count(in), 7);
    CHECK(json && !strstr(json, "S3CRET") && !strstr(json, "7777"));
    ath_json_free(json);
    ath_input_free(in);
}

TEST(messages) {
    static const struct {
        const char *json, *message;
    } rows[] = {
        {"{\"name\": \"a\"}", "it must have at least 3 characters"},
        {"{\"name\": \"abcdefghi\"}", "it must have at most 8 characters"},
        {"{\"name\": \"ABC\"}", "it must match ^[a-z]+$"},
        {"{\"age\": 1}", "it must be at least 10"},
        {"{\"age\": 5000000000}", "it must be from -2147483648 to 2147483647"},
        {"{\"age\": 1.5}", "it must be an integer: a number without a fraction"},
        {"{\"born\": \"1800-01-01\"}", "it must be at least 1900-01-01"},
        {"{\"price\": \"12345.6\"}", "it may have at most 4 digits before the point and 2 behind it"},
        {"{\"photo\": \"AAAAAA==\"}", "it must have at most 3 bytes"},
        {"{\"email\": \"x\"}", "it must be a mail address, as name@example.org"},
        {"{\"who\": 1}", "there is no such field"},
        {"{\"age\": \"x\"}", "it must be an integer"},
        {"[]", "it must be an object"},
        {"{\"age\": 10,}", "line 1, column 13: this is no JSON"},
        {"{\"age\": 10\n, \"\xc3\xa9\": 1234567, \"age\": 1}", "line 2, column 22: the object has this key already"},
        {"{\"age\": 01}", "line 1, column 9: this is no JSON number"},
        {"{\"age\": 1} x", "line 1, column 13: there is more behind the value"},
        {"{\"age\": 1", "line 1, column 10: the text ends too early"},
    };
    for (size_t i = 0; i < TEST_COUNT(rows); i++) {
        test_context("%.120s", rows[i].json);
        ath_input *in = READ(Person, rows[i].json, .partial = true);
        CHECK_INT(ath_input_problem_count(in), 1);
        CHECK_STR(ath_input_problem_count(in) ? ath_input_problem(in, 0)->message : NULL, rows[i].message);
        ath_input_free(in);
    }
}

/* ---- formats ---- */

typedef struct Forms {
    const char *email, *uri, *uuid, *date, *time, *moment, *host, *v4, *v6;
} Forms;
ATH_DECLARE(Forms);
#define FORM(field, which)                                                                                             \
    ath_column(field);                                                                                                 \
    ath_input_field(field, .format = which)
ATH_PROJECTION(Forms) {
    FORM(email, ATH_FORMAT_EMAIL);
    FORM(uri, ATH_FORMAT_URI);
    FORM(uuid, ATH_FORMAT_UUID);
    FORM(date, ATH_FORMAT_DATE);
    FORM(time, ATH_FORMAT_TIME);
    FORM(moment, ATH_FORMAT_DATE_TIME);
    FORM(host, ATH_FORMAT_HOSTNAME);
    FORM(v4, ATH_FORMAT_IPV4);
    FORM(v6, ATH_FORMAT_IPV6);
}

static void check_forms(const char *field, bool good, const char *const *texts, size_t count) {
    char json[1024];
    for (size_t i = 0; i < count; i++) {
        snprintf(json, sizeof json, "{\"%s\": \"%s\"}", field, texts[i]);
        test_context("%.150s", json);
        ath_input *in = READ(Forms, json, .partial = true);
        CHECK(in && (ath_input_problem_count(in) == 0) == good);
        CHECK_STR(good ? "format" : ath_input_problem(in, 0) ? ath_input_problem(in, 0)->code : "none", "format");
        ath_input_free(in);
    }
    test_context("%s", "");
}
#define GOOD(field, ...)                                                                                               \
    check_forms(field, true, (const char *const[]){__VA_ARGS__}, TEST_COUNT(((const char *const[]){__VA_ARGS__})))
#define BAD(field, ...)                                                                                                \
    check_forms(field, false, (const char *const[]){__VA_ARGS__}, TEST_COUNT(((const char *const[]){__VA_ARGS__})))
#define X10 "xxxxxxxxxx"
#define X60 X10 X10 X10 X10 X10 X10

TEST(formats) {
    GOOD("email", "a@b.co", "first.last+tag@sub.example.org", "x!#$%&'*+-/=?^_`{|}~@e-x.org", X60 "abcd@a.b");
    BAD("email", "", "@", "a@", "@b.co", "a b@c.de", "a@b", "a@b..co", ".a@b.co", "a.@b.co", "a..b@c.de", "a@-b.co",
        "a@b-.co", "a@b.123", "a@[127.0.0.1]", "a@b@c.de", "a@b_c.de", "\\\"a\\\"@b.co", "a@b.co ", X60 "abcde@a.b",
        "a@" X60 "abcd.co", "\xc3\xa9@b.co", "a@b.co.");
    GOOD("uri", "https://example.org", "http://a:b@[2001:db8::1]:80/x?y=z#f", "mailto:a@b.co", "urn:isbn:0451450523",
         "file:///etc/hosts", "ftp://h/%20x", "x-1+a.b:y", "https://example.org:/");
    BAD("uri", "", "example.org", "//example.org/x", "/x", "http:", "http://", "https:///x", "1http://x", "http://x y",
        "http://x/%2", "http://x/%zz", "http://x:8o/", "http://[::1", "http://[1:2]/", "http://a b@c/", "http://x/<y>",
        "http://x/\xc3\xa9", "http://x#a#b", ":x");
    GOOD("uuid", "00000000-0000-0000-0000-000000000000", "ABCDEFab-0123-4567-89ab-cdefABCDEF00");
    BAD("uuid", "", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-0000000000000",
        "g0000000-0000-0000-0000-000000000000", "000000000000-0000-0000-0000-00000000");
    GOOD("date", "0001-01-01", "9999-12-31");
    BAD("date", "2024-13-01", "2024-00-10", "24-01-01", "2024-01-01 ");
    GOOD("time", "00:00:00", "23:59:59.5");
    BAD("time", "1:00:00", "12:60:00", "12:00:61", "12:00:00Z");
    GOOD("moment", "2024-01-31T00:00:00Z", "2024-01-31T00:00:00.123456-12:30");
    BAD("moment", "2024-01-31T00:00:00", "2024-01-31", "2024-02-30T00:00:00Z", "2024-01-31T00:00:00+1:00");
    GOOD("host", "localhost", "a.b.c", "xn--bcher-kva.example", "1a.x");
    BAD("host", "", ".", "a.", ".a", "a..b", "a_b", "127.0.0.1", "-a", X60 "abcd");
    GOOD("v4", "0.0.0.0", "255.255.255.255", "127.0.0.1");
    BAD("v4", "", "1.2.3", "1.2.3.4.5", "256.0.0.1", "01.2.3.4", "1.2.3.", "1.2.3.4 ", "1..2.3");
    GOOD("v6", "::", "::1", "1::", "1:2:3:4:5:6:7:8", "2001:db8::8a2e:370:7334", "::ffff:192.0.2.1",
         "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7::");
    BAD("v6", "", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3",
        "12345::", "g::", "1:2:3:4:5:6:7:8::", "1:", ":1", "::1.2.3", "1:2:3:4:5:6:7:1.2.3.4", "fe80::1%eth0");
}

static const test_case cases[] = {
    {"columns", columns},
    {"all_at_once", all_at_once},
    {"own_checks", own_checks},
    {"text_is_made_plain", text_is_made_plain},
    {"values_are_not_told", values_are_not_told},
    {"messages", messages},
    {"formats", formats},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
