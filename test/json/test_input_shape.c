/* SPDX-License-Identifier: Apache-2.0
 *
 * The shape of input: which fields may come in and which must, nested objects and lists, partial input, limits.
 */
#include "input_test.h"

typedef struct TagIn {
    const char *name;
    int weight;
} TagIn;
typedef struct ImageIn {
    const char *url;
} ImageIn;
typedef struct PostIn {
    const char *title;
    ath_opt_i32 rating;
    bool draft;
    TagIn **tags;
    ImageIn *cover;
    const char **words;
    int64_t *ids;
} PostIn;
ATH_DECLARE(TagIn);
ATH_DECLARE(ImageIn);
ATH_DECLARE(PostIn);
ATH_PROJECTION(TagIn) {
    ath_column(name, .min_length = 2);
    ath_column(weight, .default_value = ath_int(1));
}
ATH_PROJECTION(ImageIn) {
    ath_column(url);
}
ATH_PROJECTION(PostIn) {
    ath_column(title);
    ath_column(rating, .nullable = true);
    ath_column(draft, .default_value = ath_int(1));
    ath_has_many(tags, TagIn);
    ath_has_one(cover, ImageIn);
    ath_input_list(words, .max_length = 4, .pattern = "^[a-z]*$");
    ath_input_list(ids, .min = ath_int(1));
    ath_input_field(tags, .max_items = 3);
    ath_input_field(ids, .min_items = 1, .alias = "id/s");
}

/* A comment has comments. */
typedef struct NoteIn NoteIn;
struct NoteIn {
    const char *text;
    NoteIn **replies;
};
ATH_DECLARE(NoteIn);
ATH_PROJECTION(NoteIn) {
    ath_column(text);
    ath_has_many(replies, NoteIn);
}

/* A model with all that fills columns. */
typedef struct Stamp {
    ath_opt_timestamp created_at, updated_at;
} Stamp;
ATH_MIXIN(Stamp) {
    ath_column(created_at, .nullable = true);
    ath_column(updated_at, .nullable = true);
}
typedef struct Item Item;
typedef struct Shelf {
    int64_t id;
    const char *name;
    Item **items;
} Shelf;
struct Item {
    int64_t id, shelf_id;
    const char *name, *note;
    int stock, serial, total, version;
    Stamp ts;
};
ATH_DECLARE(Item);
ATH_DECLARE(Shelf);
ATH_MODEL(Shelf, "shelves") {
    ath_column(id, .primary_key = true);
    ath_column(name);
    ath_has_many(items, Item);
}
ATH_MODEL(Item, "items") {
    ath_column(id, .primary_key = true);
    ath_column(shelf_id, .foreign_key = "shelves.id");
    ath_column(name);
    ath_column(note, .nullable = true);
    ath_column(stock, .server_default = ath_int(0));
    ath_column(serial, .read_only = true, .server_default = ath_int(0));
    ath_column(total, .computed = "stock * 2");
    ath_column(version, .version = true);
    ath_mixin(ts, Stamp);
}

TEST(nested) {
    ath_input *in =
        READ(PostIn, "{\"title\": \"t\", \"tags\": [{\"name\": \"ab\"}, {\"name\": \"cd\", \"weight\": 7}],"
                     " \"cover\": {\"url\": \"u\"}, \"words\": [\"a\", \"bb\"], \"id/s\": [3, 9007199254740993]}");
    const PostIn *p = ath_input_value(in, PostIn);
    CHECK_STR(problems_of(in), "");
    if (p) {
        CHECK_INT(ath_len(p->tags), 2);
        CHECK_STR(p->tags[1]->name, "cd");
        CHECK_INT(p->tags[0]->weight, 1);
        CHECK_INT(p->tags[1]->weight, 7);
        CHECK(p->tags[2] == NULL);
        CHECK(ath_input_has_of(in, p->tags[1], TagIn, weight) && !ath_input_has_of(in, p->tags[0], TagIn, weight));
        CHECK_STR(p->cover->url, "u");
        CHECK_INT(ath_len(p->words), 2);
        CHECK_STR(p->words[1], "bb");
        CHECK(p->words[2] == NULL);
        CHECK_INT(ath_len(p->ids), 2);
        CHECK(p->ids[1] == INT64_C(9007199254740993));
        CHECK(p->draft && !p->rating.has);
        CHECK(ath_input_has(in, PostIn, tags) && ath_input_has(in, PostIn, ids) && !ath_input_has(in, PostIn, draft));
    }
    ath_input_free(in);
}

TEST(nested_problems) {
    CHECK_PROBLEMS(
        PostIn,
        "{\"tags\": [{\"name\": \"x\"}, 5, {\"weight\": 1.5}], \"cover\": {\"url\": 1, \"x\": 2},"
        " \"words\": [\"abcde\", null, \"AAAAA\"], \"id/s\": [0, \"1\"], \"title\": \"\"}",
        "/tags/0/name too_short; /tags/1 type; /tags/2/weight fraction; /tags/2/name missing; /cover/url type; "
        "/cover/x unknown_field; /words/0 too_long; /words/1 null; /words/2 too_long; /words/2 pattern; "
        "/id~1s/0 too_small; /id~1s/1 type");
    CHECK_PROBLEMS(
        PostIn,
        "{\"title\": \"t\", \"tags\": [{\"name\":\"aa\"},{\"name\":\"aa\"},{\"name\":\"aa\"},{}], \"id/s\": []}",
        "/tags too_many; /tags/3/name missing; /id~1s too_few");
    CHECK_PROBLEMS(PostIn, "{\"title\": \"t\", \"tags\": {}, \"cover\": [], \"words\": \"x\", \"id/s\": 1}",
                   "/tags type; /cover type; /words type; /id~1s type");
    CHECK_PROBLEMS(PostIn, "{\"title\": \"t\", \"tags\": null}", "/tags null");
    CHECK_PROBLEMS(PostIn, "{\"title\": \"t\", \"cover\": null, \"words\": null}", "");
    CHECK_PROBLEMS(PostIn, "{\"title\": \"t\", \"a~b/c\": 1}", "/a~0b~1c unknown_field");
}

TEST(required_and_refused) {
    CHECK_PROBLEMS(Item, "{}", "/shelf_id missing; /name missing");
    CHECK_PROBLEMS(Item, "{\"shelf_id\": 1, \"name\": \"n\", \"serial\": 5, \"total\": 1, \"version\": 2}",
                   "/serial read_only; /total read_only; /version read_only");
    CHECK_PROBLEMS(Item, "{\"shelf_id\": 1, \"name\": \"n\", \"id\": 5, \"created_at\": null}", "");
    CHECK_PROBLEMS(Shelf, "{\"name\": \"n\", \"items\": []}",
                   "/items unknown_field"); /* a model's relation: not by itself */
    CHECK_PROBLEMS(Shelf, "{\"name\": \"n\", \"items\": [{\"name\": \"i\"}, {}]}", "/items/1/name missing",
                   .include = ath_names("name", "items"));
}

TEST(unknown) {
    CHECK_PROBLEMS(TagIn, "{\"name\": \"ab\", \"x\": {\"y\": 1}}", "/x unknown_field");
    CHECK_PROBLEMS(TagIn, "{\"name\": \"ab\", \"x\": {\"y\": 1}}", "", .unknown = ATH_UNKNOWN_IGNORED);
    CHECK_PROBLEMS(PostIn, "{\"title\": \"t\", \"x\": 1, \"tags\": [{\"name\": \"ab\", \"x\": 1}]}", "",
                   .unknown = ATH_UNKNOWN_IGNORED);
}

TEST(include_and_exclude) {
    CHECK_PROBLEMS(PostIn, "{\"rating\": 1, \"title\": \"t\"}", "/rating unknown_field", .include = ath_names("title"));
    CHECK_PROBLEMS(PostIn, "{\"rating\": 1}", "", .exclude = ath_names("title"));
    CHECK_PROBLEMS(PostIn, "{\"tags\": [{\"name\": \"ab\", \"weight\": 1}]}", "/tags/0/weight unknown_field",
                   .include = ath_names("tags.name"));
    CHECK_PROBLEMS(PostIn, "{\"title\": \"t\", \"tags\": [{\"name\": \"ab\", \"weight\": 1}]}",
                   "/tags/0/weight unknown_field", .exclude = ath_names("tags.weight"));
    CHECK_PROBLEMS(PostIn, "{\"title\": \"t\", \"tags\": []}", "/tags unknown_field", .exclude = ath_names("tags"));
    CHECK_PROBLEMS(PostIn, "{}", ".include: PostIn has no field 'titel'", .include = ath_names("titel"));
    CHECK_PROBLEMS(PostIn, "{}", ".exclude: PostIn has no field 'tags.x'", .exclude = ath_names("tags.x"));
    CHECK_PROBLEMS(PostIn, "{}", ".exclude: PostIn has no field 'title.x'", .exclude = ath_names("title.x"));
    CHECK_PROBLEMS(Item, "{\"created_at\": null}", "", .include = ath_names("ts.created_at"));
    CHECK_PROBLEMS(Item, "{\"created_at\": null}", "", .include = ath_names("created_at"));
    CHECK_PROBLEMS(Item, "{\"created_at\": null}", "/created_at unknown_field", .include = ath_names("updated_at"));
    CHECK_PROBLEMS(NoteIn, "{\"text\": \"a\", \"replies\": [{\"text\": \"b\", \"replies\": [{\"text\": \"c\"}]}]}",
                   "/replies/0/replies unknown_field", .exclude = ath_names("replies.replies"));
}

TEST(renames) {
    static const char text[] = "{\"head line\": \"t\", \"tags\": [{\"n\": \"ab\"}, {\"name\": \"ab\"}], \"ids\": [0]}";
    CHECK_PROBLEMS(PostIn, text, "/tags/1/name unknown_field; /tags/1/n missing; /ids/0 too_small",
                   .rename = ath_renames({"title", "head line"}, {"tags.name", "n"}, {"ids", "ids"}));
    CHECK_PROBLEMS(PostIn, "{}", ".rename: PostIn has no field 'tags.title'",
                   .rename = ath_renames({"tags.title", "n"}));
    CHECK_PROBLEMS(PostIn, "{}", "TagIn: two fields are called 'n' in JSON: name and weight; see .alias",
                   .rename = ath_renames({"tags.name", "n"}, {"tags.weight", "n"}));
    CHECK_PROBLEMS(TagIn, "{\"weight\": \"ab\", \"name\": 3}", "",
                   .rename = ath_renames({"name", "weight"}, {"weight", "name"})); /* both at once */
}

TEST(partial) {
    ath_input *in = READ(PostIn, "{\"rating\": null, \"tags\": [{\"name\": \"ab\"}]}", .partial = true);
    const PostIn *p = ath_input_value(in, PostIn);
    CHECK_STR(problems_of(in), "");
    CHECK(p && !p->draft && p->title == NULL); /* no default, nothing required */
    CHECK(ath_input_has(in, PostIn, rating) && !ath_input_has(in, PostIn, title) && !ath_input_has(in, PostIn, draft));
    ath_input_free(in);
    CHECK_PROBLEMS(PostIn, "{\"title\": null}", "/title null", .partial = true);
    CHECK_PROBLEMS(PostIn, "{\"tags\": [{}]}", "/tags/0/name missing", .partial = true); /* nested ones are whole */
}

TEST(lists) {
    const char *text = "[{\"name\": \"ab\"}, {\"name\": \"cd\"}]", *bad = "[{\"name\": \"ab\"}, {}, 7]";
    ath_input *in = ath_list_from_json(TagIn, text, strlen(text));
    const TagIn *const *tags = ath_input_values(in, TagIn);
    CHECK_INT(ath_len(tags), 2);
    CHECK(tags && tags[2] == NULL && strcmp(tags[1]->name, "cd") == 0);
    CHECK(ath_input_value(in, TagIn) == NULL);
    CHECK(tags && ath_input_has_of(in, tags[0], TagIn, name) && !ath_input_has_of(in, tags[0], TagIn, weight));
    ath_input_free(in);
    in = ath_list_from_json(TagIn, bad, strlen(bad));
    CHECK_STR(problems_of(in), "/1/name missing; /2 type");
    CHECK(ath_input_values(in, TagIn) == NULL);
    ath_input_free(in);
    in = ath_list_from_json(TagIn, "{}", 2);
    CHECK_STR(problems_of(in), " type");
    ath_input_free(in);
    in = ath_list_from_json(TagIn, "[]", 2);
    CHECK(ath_input_values(in, TagIn) && ath_len(ath_input_values(in, TagIn)) == 0);
    ath_input_free(in);
}

static void check_bytes(const char *text, size_t size, const char *problems) {
    ath_input *in = ath_from_json(TagIn, text, size);
    CHECK_STR(problems_of(in), problems);
    ath_input_free(in);
}

TEST(malformed) {
    static const char *const texts[] = {"",
                                        " ",
                                        "{",
                                        "}",
                                        "[1,]",
                                        "nul",
                                        "{\"a\"}",
                                        "{a: 1}",
                                        "'x'",
                                        "{\"a\":}",
                                        "\"\\x\"",
                                        "\"\t\"",
                                        "// x\n{}",
                                        "{} {}",
                                        "-",
                                        "1.",
                                        ".5",
                                        "+1",
                                        "1e",
                                        "0x10",
                                        "NaN",
                                        "Infinity",
                                        "-Infinity",
                                        "\"",
                                        "[1 2]",
                                        "{\"a\": 1-2}",
                                        "\xef\xbb\xbf{}",
                                        "[1\"a\"]",
                                        "{\"a\": 00}",
                                        "tru1"};
    for (size_t i = 0; i < TEST_COUNT(texts); i++) {
        test_context("%s", texts[i]);
        check_bytes(texts[i], strlen(texts[i]), " invalid_json");
    }
    check_bytes("{\"name\": \"\xff\xff\"}", 14, " invalid_json");
    check_bytes("{\"name\": \"\xed\xa0\x80\"}", 15, " invalid_json");
    check_bytes("{\"name\": \"ab\"}\0", 15, " invalid_json");
    check_bytes("{\"name\": \"ab\", \"name\": \"cd\"}", 28, "/name duplicate_key");
    check_bytes("{\"na\\u006de\": \"ab\", \"name\": \"cd\"}", 33, "/name duplicate_key");
    CHECK_PROBLEMS(PostIn, "{\"x\": [1, {\"y\": {\"a/b\": \"]},\\\"\", \"c\": [], \"a\\u002fb\": 1}}]}",
                   "/x/1/y/a~1b duplicate_key");
    CHECK_PROBLEMS(PostIn, "[{}, [], {\"a\": 100, \"b\": [10, 20], \"a\": 5}]", "/2/a duplicate_key");
    check_bytes("{\"a\\u0000b\": 1}", 15, " nul");
    check_bytes("5", 1, " type");
    check_bytes("null", 4, " type");
    check_bytes(NULL, 0, " invalid_json");
}

TEST(limits) {
    char deep[4096] = "", wide[65536] = "";
    CHECK_PROBLEMS(TagIn, "{\"name\": \"ab\"}", " text_too_large", .max_size = 13);
    CHECK_PROBLEMS(TagIn, "{\"name\": \"ab\"}", "", .max_size = 14);
    memset(deep, '[', 2000);
    CHECK_PROBLEMS(TagIn, deep, " nested_too_deep");
    CHECK_PROBLEMS(TagIn, deep, " nested_too_deep", .max_depth = 1999);
    CHECK_PROBLEMS(NoteIn, "{\"text\": \"a\", \"replies\": [{\"text\": \"b\"}]}", "", .max_depth = 3);
    CHECK_PROBLEMS(NoteIn, "{\"text\": \"a\", \"replies\": [{\"text\": \"b\"}]}", " nested_too_deep", .max_depth = 2);
    CHECK_PROBLEMS(TagIn, "{\"name\": \"[[[[[\"}", "", .max_depth = 1); /* brackets in text do not count */
    size_t size = (size_t)snprintf(wide, sizeof wide, "{");
    for (int i = 0; i < 1000; i++)
        size += (size_t)snprintf(wide + size, sizeof wide - size, "%s\"k%d\": 0", i ? "," : "", i);
    snprintf(wide + size, sizeof wide - size, "}");
    ath_input *in = READ(TagIn, wide);
    CHECK_INT(ath_input_problem_count(in), 101);
    CHECK_STR(ath_input_problem(in, 100)->code, "too_many_problems");
    ath_input_free(in);
    CHECK_PROBLEMS(TagIn, wide, "/k0 unknown_field;  too_many_problems", .max_problems = 1);
}

TEST(long_keys) {
    char text[2048], *at = text + snprintf(text, sizeof text, "{\"name\": \"ab\", \"");
    memset(at, 'k', 1000);
    snprintf(at + 1000, 16, "\": 1}");
    ath_input *in = READ(TagIn, text);
    CHECK_INT(strlen(ath_input_problem(in, 0)->pointer), 201); /* cut */
    ath_input_free(in);
}

TEST(refused_by_the_program) {
    ath_input *in = READ(PostIn, "{\"title\": \"t\", \"tags\": [{\"name\": \"ab\"}], \"id/s\": [1]}");
    const PostIn *p = ath_input_value(in, PostIn);
    CHECK(p && ath_input_refuse(in, "ids", "taken", "they are \"taken\"") == ATH_OK);
    CHECK(p && ath_input_refuse_of(in, p->tags[0], "name", "taken", "it is taken") == ATH_OK);
    CHECK(ath_input_refuse(in, NULL, NULL, NULL) == ATH_OK);
    CHECK_STR(problems_of(in), "/id~1s taken; /tags/0/name taken;  check");
    CHECK(ath_input_value(in, PostIn) == NULL);
    char *json = ath_input_problems_json(in);
    CHECK_STR(json, "[{\"pointer\":\"/id~1s\",\"code\":\"taken\",\"message\":\"they are \\\"taken\\\"\"},"
                    "{\"pointer\":\"/tags/0/name\",\"code\":\"taken\",\"message\":\"it is taken\"},"
                    "{\"pointer\":\"\",\"code\":\"check\",\"message\":\"it is not valid\"}]");
    ath_json_free(json);
    ath_input_free(in);
    json = ath_input_problems_json(NULL);
    CHECK_STR(json, "[]");
    ath_json_free(json);
}

/* ---- mistakes of a schema ---- */

typedef struct Twice {
    const char *a, *b;
} Twice;
ATH_DECLARE(Twice);
ATH_PROJECTION(Twice) {
    ath_column(a);
    ath_column(b);
    ath_input_field(b, .alias = "a");
}
typedef struct Astray {
    const char *a;
    int other;
} Astray;
ATH_DECLARE(Astray);
ATH_PROJECTION(Astray) {
    ath_column(a);
    ath_input_field(other, .required = ATH_REQUIRED_YES);
}
typedef struct NoText {
    int a;
} NoText;
ATH_DECLARE(NoText);
ATH_PROJECTION(NoText) {
    ath_column(a);
    ath_input_field(a, .format = ATH_FORMAT_EMAIL);
}
typedef struct ListOnly {
    int64_t *ids;
} ListOnly;
ATH_DECLARE(ListOnly);
ATH_PROJECTION(ListOnly) {
    ath_input_list(ids);
    ath_input_field(ids, .required = ATH_REQUIRED_YES);
}

TEST(schemas) {
    CHECK_PROBLEMS(Twice, "{}", "Twice: two fields are called 'a' in JSON: a and b; see .alias");
    CHECK_PROBLEMS(Astray, "{}", "Astray: ath_input_field(other): it is no column, relation or list");
    CHECK_PROBLEMS(NoText, "{}", "NoText.a: .format, .strip and .lower are for text");
    CHECK_PROBLEMS(ListOnly, "{}", "/ids missing");
    CHECK_PROBLEMS(ListOnly, "{\"ids\": null}", "/ids null");
    CHECK_PROBLEMS(ListOnly, "{\"ids\": [1, 2]}", "");
}

static const test_case cases[] = {
    {"nested", nested},
    {"nested_problems", nested_problems},
    {"required_and_refused", required_and_refused},
    {"unknown", unknown},
    {"include_and_exclude", include_and_exclude},
    {"renames", renames},
    {"partial", partial},
    {"lists", lists},
    {"malformed", malformed},
    {"limits", limits},
    {"long_keys", long_keys},
    {"refused_by_the_program", refused_by_the_program},
    {"schemas", schemas},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
