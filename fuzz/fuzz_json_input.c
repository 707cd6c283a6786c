/* SPDX-License-Identifier: Apache-2.0
 *
 * Hostile text as input: onto a projection with every type, lists, nested objects and checks, and onto a model.  The first
 * byte chooses options; the rest is the text.  A sound input has its struct, an unsound one problems, each with a pointer
 * that is one, a code and words.
 */
#include "fuzz.h"

#include <athanor/athanor.h>

typedef struct Leaf Leaf;
struct Leaf {
    const char *name;
    ath_opt_i32 weight;
    Leaf **leaves;
};
typedef struct Rich {
    bool flag;
    int16_t small;
    uint64_t large;
    float f;
    double d;
    ath_decimal money, any;
    ath_opt_date day;
    ath_opt_time at;
    ath_opt_datetime naive;
    ath_opt_timestamp moment;
    ath_opt_interval span;
    ath_opt_uuid id;
    const char *text, *email, *uri, *host, *v6;
    char code[5];
    ath_bytes blob;
    ath_json doc;
    int color;
    Leaf **leaves;
    Leaf *leaf;
    const char **words;
    int64_t *numbers;
} Rich;
typedef struct Item {
    int64_t id;
    const char *name;
    ath_opt_f64 price;
    int version;
} Item;
ATH_DECLARE(Leaf);
ATH_DECLARE(Rich);
ATH_DECLARE(Item);

ATH_PROJECTION(Leaf) {
    ath_column(name, .min_length = 1, .max_length = 4);
    ath_column(weight, .nullable = true, .max = ath_int(100));
    ath_has_many(leaves, Leaf);
}

static ath_status check_text(const void *field, ath_error *error) {
    const char *text = *(const char *const *)field;
    return text[0] == 'x' ? ath_invalid(error, NULL, "it begins with x") : ATH_OK;
}

static void check_rich(ath_input *in, const void *object) {
    const Rich *r = object;
    if (r->flag)
        ath_input_refuse_of(in, object, "flag", "flagged", "it is flagged");
}

ATH_PROJECTION(Rich) {
    ath_column(flag, .default_value = ath_bool(false));
    ath_column(small, .default_value = ath_int(1));
    ath_column(large, .default_value = ath_int(1));
    ath_column(f, .default_value = ath_int(1));
    ath_column(d, .default_value = ath_int(1));
    ath_column(money, .type = ATH_NUMERIC(8, 2), .default_value = ath_int(1), .min = ath_int(0));
    ath_column(any, .default_value = ath_int(1));
    ath_column(day, .nullable = true, .min = ath_str("2000-01-01"));
    ath_column(at, .nullable = true);
    ath_column(naive, .nullable = true);
    ath_column(moment, .nullable = true);
    ath_column(span, .nullable = true);
    ath_column(id, .nullable = true);
    ath_column(text, .nullable = true, .type = ATH_STRING(8), .min_length = 2, .pattern = "^[a-z\xc3\xa9]*$");
    ath_column(email, .nullable = true);
    ath_column(uri, .nullable = true);
    ath_column(host, .nullable = true);
    ath_column(v6, .nullable = true);
    ath_column(code, .default_value = ath_str("none"));
    ath_column(blob, .nullable = true, .max_length = 9);
    ath_column(doc, .nullable = true);
    ath_column(color, .type = ATH_ENUM("red", "green"), .default_value = ath_str("red"));
    ath_has_many(leaves, Leaf);
    ath_has_one(leaf, Leaf);
    ath_input_list(words, .max_length = 3);
    ath_input_list(numbers);
    ath_input_field(text, .check = check_text, .strip = true, .lower = true);
    ath_input_field(email, .format = ATH_FORMAT_EMAIL, .lower = true);
    ath_input_field(uri, .format = ATH_FORMAT_URI, .strip = true);
    ath_input_field(host, .format = ATH_FORMAT_HOSTNAME);
    ath_input_field(v6, .format = ATH_FORMAT_IPV6);
    ath_input_field(leaves, .max_items = 3);
    ath_input_field(leaf, .alias = "a/l~eaf");
    ath_input_options(.check = check_rich);
}
ATH_MODEL(Item, "items") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(20));
    ath_column(price, .nullable = true);
    ath_column(version, .version = true);
}

/* "" or names behind slashes, in which ~ stands before 0 or 1. */
static bool is_pointer(const char *p) {
    if (*p && *p != '/')
        return false;
    for (; *p; p++)
        if (*p == '~' && p[1] != '0' && p[1] != '1')
            return false;
    return true;
}

static size_t count_leaves(Leaf *const *leaves) {
    size_t count = ath_len(leaves), all = count;
    for (size_t i = 0; i < count; i++) {
        FUZZ_CHECK(leaves[i] && strlen(leaves[i]->name) > 0);
        all += count_leaves(leaves[i]->leaves);
    }
    FUZZ_CHECK(!leaves || leaves[count] == NULL);
    return all;
}

static void look_at(const Rich *r) {
    FUZZ_CHECK(!r->flag && memchr(r->code, 0, sizeof r->code) && r->color >= 0 && r->color <= 1);
    FUZZ_CHECK(!r->text || (strlen(r->text) >= 2 && strlen(r->text) <= 16 && r->text[0] != 'x'));
    FUZZ_CHECK(!r->email || strchr(r->email, '@'));
    FUZZ_CHECK(!r->blob.data || r->blob.size <= 9);
    FUZZ_CHECK(!r->doc.text || r->doc.text[0]);
    FUZZ_CHECK(!r->day.has || r->day.value.days >= 10957);
    FUZZ_CHECK(!r->leaf || r->leaf->name);
    count_leaves(r->leaves);
    for (size_t i = 0; i < ath_len(r->words); i++)
        FUZZ_CHECK(strlen(r->words[i]) <= 12);
}

static void look_at_problems(const ath_input *in) {
    for (size_t i = 0; i < ath_input_problem_count(in); i++) {
        const ath_problem *p = ath_input_problem(in, i);
        FUZZ_CHECK(is_pointer(p->pointer) && p->code[0] && p->message[0]);
    }
    char *json = ath_input_problems_json(in);
    ath_input *back = ath_from_json(Leaf, json, strlen(json), .max_size = 1 << 24);
    FUZZ_CHECK(strcmp(ath_input_problem(back, 0)->code, "type") == 0); /* it is JSON: a list */
    ath_input_free(back);
    ath_json_free(json);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    fuzz_input left = {data, size};
    uint8_t choice = fuzz_byte(&left);
    char *text = fuzz_rest(&left, false);
    ath_error error = {0};
    ath_input_opts o = {.struct_size = sizeof o, .partial = choice & 1, .error = &error};
    o.unknown = choice & 2 ? ATH_UNKNOWN_IGNORED : ATH_UNKNOWN_DEFAULT;
    o.max_problems = choice & 4 ? 3 : 0;
    o.max_depth = choice & 8 ? 4 : 0;
    const ath_name_list kept_out = ath_names("leaves.leaves", "small");
    const bool list = choice & 32, model = choice & 64;
    if (choice & 16 && !model)
        o.exclude = kept_out;
    ath_input *in = ath_input_read(model ? &ath_model_Item : &ath_model_Rich, text, left.size, list, &o);
    FUZZ_CHECK(in || error.status == ATH_NO_MEMORY);
    free(text); /* nothing of it is needed */
    const bool sound = in && ath_input_problem_count(in) == 0;
    if (!model && !list)
        FUZZ_CHECK(sound == (ath_input_value(in, Rich) != NULL));
    if (sound && !model && !list)
        look_at(ath_input_value(in, Rich));
    for (size_t i = 0; sound && list && !model && i < ath_len(ath_input_values(in, Rich)); i++)
        look_at(ath_input_values(in, Rich)[i]);
    if (in && !sound)
        look_at_problems(in);
    ath_input_free(in);
    return 0;
}
