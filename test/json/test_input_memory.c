/* SPDX-License-Identifier: Apache-2.0
 *
 * Every allocation of reading, checking and applying an input fails in turn, the parser's too: a status each time, nothing
 * leaked, and never a problem that is none.
 */
#include "input_test.h"

#include "../failing.h"
#include "sql/schema.h"

#include <jansson.h>

typedef struct Tag {
    const char *name;
} Tag;
typedef struct Note {
    int64_t id;
    const char *title;
    ath_bytes blob;
    ath_json doc;
    ath_decimal price;
    int kind;
} Note;
typedef struct NoteIn {
    const char *title;
    ath_bytes blob;
    ath_json doc;
    ath_decimal price;
    int kind;
    Tag **tags;
    Tag *first;
    const char **words;
} NoteIn;
ATH_DECLARE(Tag);
ATH_DECLARE(Note);
ATH_DECLARE(NoteIn);
ATH_PROJECTION(Tag) {
    ath_column(name, .min_length = 2);
}
ATH_MODEL(Note, "notes") {
    ath_column(id, .primary_key = true);
    ath_column(title);
    ath_column(blob, .nullable = true);
    ath_column(doc, .nullable = true);
    ath_column(price);
    ath_column(kind, .type = ATH_ENUM("a", "b"));
}
ATH_METADATA(Notes, Note);

static void whole(ath_input *in, const void *object) {
    const NoteIn *note = object;
    if (note->kind == 0)
        ath_input_refuse_of(in, object, "kind", "a", "it may not be a");
}

ATH_PROJECTION(NoteIn) {
    ath_column(title, .pattern = "^[a-z ]+$", .max_length = 30);
    ath_column(blob, .nullable = true);
    ath_column(doc, .nullable = true);
    ath_column(price, .default_value = ath_str("1.5"));
    ath_column(kind, .type = ATH_ENUM("a", "b"));
    ath_has_many(tags, Tag);
    ath_has_one(first, Tag);
    ath_input_list(words);
    ath_input_field(title, .strip = true, .alias = "headline");
    ath_input_options(.check = whole);
}

#define SOUND                                                                                                          \
    "{\"headline\": \" abc \", \"blob\": \"AAEC\", \"doc\": {\"x\": [1.50, \"y\", {}]}, \"kind\": \"b\","              \
    " \"tags\": [{\"name\": \"aa\"}, {\"name\": \"bb\"}], \"first\": {\"name\": \"cc\"}, \"words\": [\"u\", \"v\"]}"
#define UNSOUND                                                                                                        \
    "{\"headline\": \"ABC\", \"blob\": \"A\", \"doc\": {\"x\": \"\\u0000\"}, \"kind\": \"c\", \"more\": 1,"            \
    " \"tags\": [{\"name\": \"a\"}, {}], \"first\": 5, \"words\": [1, 2], \"price\": \"x\"}"
#define UNSOUND_PROBLEMS                                                                                               \
    "/headline pattern; /blob format; /doc/x nul; /kind enum; /more unknown_field; /tags/0/name too_short; "           \
    "/tags/1/name missing; /first type; /words/0 type; /words/1 type; /price type"

/* The parser's memory, by the same counter. */
static failing *parser;

static void *parser_allocate(size_t size) {
    size_t *memory = failing_allocate_(parser, size + 16);
    if (memory)
        memory[0] = size;
    return memory ? memory + 2 : NULL;
}

static void parser_release(void *memory) {
    size_t *at = memory;
    if (at)
        failing_release_(parser, at - 2, at[-2] + 16);
}

/* ATH_OK with all as it should be, or ATH_NO_MEMORY. */
static ath_status read_one(const ath_allocator *a, const char *text, const char *problems) {
    ath_error e = {0};
    ath_input *in =
        ath_from_json(NoteIn, text, strlen(text), .allocator = a, .error = &e,
                      .include = ath_names("title", "blob", "doc", "kind", "tags", "first.name", "words", "price"));
    if (!in)
        return e.status;
    CHECK_STR(problems_of(in), problems);
    char *json = ath_input_problems_json(in);
    ath_json_free(json);
    ath_status status = json ? ath_input_refuse(in, "title", "taken", "it is taken") : ATH_NO_MEMORY;
    ath_input_free(in);
    return status;
}

static ath_status read_twice(const ath_allocator *a) {
    static const char text[] = "{\"a\": [{}, {\"b\": 1, \"b\": 2}]}";
    ath_error e = {0};
    ath_input *in = ath_from_json(NoteIn, text, strlen(text), .allocator = a, .error = &e);
    CHECK(!in || strcmp(problems_of(in), "/a/1/b duplicate_key") == 0);
    ath_input_free(in);
    return in ? ATH_OK : e.status;
}

static ath_status read_list(const ath_allocator *a) {
    static const char text[] = "[" SOUND "," SOUND "]", broken[] = "{\"a\": [1, 2.5e3,]}";
    ath_error e = {0};
    ath_input *in = ath_list_from_json(NoteIn, text, strlen(text), .allocator = a, .error = &e);
    CHECK(!in || ath_len(ath_input_values(in, NoteIn)) == 2);
    ath_input_free(in);
    if (!in)
        return e.status;
    in = ath_from_json(NoteIn, broken, strlen(broken), .allocator = a, .error = &e);
    CHECK(!in || strcmp(problems_of(in), " invalid_json") == 0);
    ath_input_free(in);
    return in ? ATH_OK : e.status;
}

static ath_status apply(const ath_allocator *a) {
    ath_error e = {0};
    ath_engine *db = ath_engine_open("sqlite://", .allocator = a, .error = &e);
    ath_session *s = db && ath_create_all(db, &Notes, &e) == ATH_OK ? ath_session_open(db, .error = &e) : NULL;
    ath_input *in = s ? ath_from_json(NoteIn, SOUND, strlen(SOUND), .allocator = a, .error = &e,
                                      .exclude = ath_names("tags", "first", "words"), .unknown = ATH_UNKNOWN_IGNORED)
                      : NULL;
    ath_status status = in ? ATH_OK : e.status;
    Note *note = in ? ath_input_new(s, Note, in) : NULL;
    if (in && (!note || ath_commit(s) != ATH_OK || ath_input_apply(s, note, in) != ATH_OK))
        status = ath_error(s)->status;
    ath_input_free(in);
    ath_session_close(s);
    ath_engine_close(db);
    return status;
}

static ath_status journey(failing *f) {
    const ath_allocator a = FAILING(f);
    parser = f;
    ath_status status = read_one(&a, SOUND, "");
    if (status == ATH_OK)
        status = read_one(&a, UNSOUND, UNSOUND_PROBLEMS);
    if (status == ATH_OK)
        status = read_list(&a);
    if (status == ATH_OK)
        status = read_twice(&a);
    return status == ATH_OK ? apply(&a) : status;
}

TEST(every_allocation_fails_in_turn) {
    failing count = {0};
    json_set_alloc_funcs(parser_allocate, parser_release);
    CHECK_INT(journey(&count), ATH_OK);
    CHECK_INT(count.held, 0);
    CHECK(count.requests > 200);
    for (long n = 1; n <= count.requests; n++) {
        failing f = {.fail_at = n};
        test_context("allocation %ld of %ld", n, count.requests);
        ath_status status = journey(&f);
        CHECK(status == ATH_NO_MEMORY || status == ATH_OK);
        CHECK_INT(f.held, 0);
    }
    test_context("%s", "");
    json_set_alloc_funcs(malloc, free);
}

/* What the body says is kept with the table: that fails, too, and leaves nothing. */
TEST(every_allocation_of_a_schema_fails) {
    const ath_allocator *before = ath__process_allocator;
    bool built = false;
    long n = 1;
    for (; !built && n < 1000; n++) {
        failing f = {.fail_at = n};
        const ath_allocator a = FAILING(&f);
        ath_error e = {0};
        void *slot = NULL;
        ath_model model = ath_model_NoteIn;
        model.slot = &slot;
        ath__process_allocator = &a;
        test_context("allocation %ld", n);
        built = ath_model_table(&model, &e) != NULL;
        CHECK_INT(e.status, built ? ATH_OK : ATH_NO_MEMORY);
        if (slot)
            ath__table_free(slot);
        CHECK_INT(f.held, 0);
        ath__process_allocator = before;
    }
    test_context("%s", "");
    CHECK(n > 4 && n < 1000);
}

static const test_case cases[] = {
    {"every_allocation_of_a_schema_fails", every_allocation_of_a_schema_fails},
    {"every_allocation_fails_in_turn", every_allocation_fails_in_turn},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
