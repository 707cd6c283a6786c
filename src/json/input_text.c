/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`: text becomes jansson's tree.
 *
 * jansson keeps numbers as long long and double, which loses digits of decimals and has no room for large unsigned ones.  So
 * a first pass copies the text with each number's own number in its place: `[1.10,7]` becomes `[0,1]`, and what is written
 * stands in `numbers`.  The same pass counts how deep the text is nested, so that no tree is made that a walk could not bear.
 */
#include "json/input.h"
#include "json/json.h"

#include <jansson.h>

typedef struct pass {
    ath_input *in;
    ath__doc *doc;
    const char *text, *at, *end;
    ath__buf copy;
    unsigned depth;
} pass;

/* ---- where something is ---- */

static bool bad_place(ath_input *in, const ath__doc *doc, const ath__in_at *at, size_t offset, const char *code,
                      const char *what) {
    size_t line = 1, column = 1;
    for (size_t i = 0; i < offset; i++) {
        bool starts = ((unsigned char)doc->text[i] & 0xc0) != 0x80;
        column = doc->text[i] == '\n' ? 1 : column + starts;
        line += doc->text[i] == '\n';
    }
    return ath__in_problem(in, at, code, "line %zu, column %zu: %s", line, column, what);
}

static bool bad_text(ath_input *in, const ath__doc *doc, size_t offset, const char *code, const char *what) {
    return bad_place(in, doc, NULL, offset, code, what);
}

/* What jansson calls a place is one of the copy. */
static size_t original_place(const ath__doc *doc, size_t place) {
    size_t low = 0, high = doc->count; /* the numbers before it */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (doc->numbers[middle].place < place)
            low = middle + 1;
        else
            high = middle;
    }
    if (low == 0)
        return place;
    const ath_str *number = &doc->numbers[low - 1].text;
    char digits[24];
    size_t shown = (size_t)snprintf(digits, sizeof digits, "%zu", low - 1),
           behind = place - doc->numbers[low - 1].place;
    size_t start = (size_t)(number->data - doc->text);
    return start + (behind < shown ? (behind < number->size ? behind : number->size) : number->size + behind - shown);
}

/* ---- the first pass ---- */

static bool keep_number(pass *p, const char *start) {
    ath__doc *d = p->doc;
    if (d->count == d->capacity) {
        size_t wanted = d->capacity ? d->capacity * 2 : 32;
        ath__doc_number *more =
            ath__realloc(p->in->allocator, d->numbers, d->capacity * sizeof *d->numbers, wanted * sizeof *d->numbers);
        if (!more) {
            ath__fail_memory(&p->in->error);
            return false;
        }
        d->numbers = more;
        d->capacity = wanted;
    }
    d->numbers[d->count] = (ath__doc_number){{start, (size_t)(p->at - start)}, p->copy.size};
    ath__buf_printf(&p->copy, "%zu", d->count++);
    return true;
}

static bool number(pass *p) {
    const char *start = p->at;
    while (p->at < p->end && strchr("+-.eE0123456789", *p->at) && *p->at)
        p->at++;
    if (!ath__is_number(start, (size_t)(p->at - start)))
        return bad_text(p->in, p->doc, (size_t)(start - p->text), "invalid_json", "this is no JSON number");
    return keep_number(p, start);
}

/* Copied up to its closing quote, whatever is in it. */
static void string(pass *p) {
    const char *start = p->at++;
    while (p->at < p->end && *p->at != '"')
        p->at += *p->at == '\\' && p->end - p->at > 1 ? 2 : 1;
    p->at += p->at < p->end;
    ath__buf_add(&p->copy, start, (size_t)(p->at - start));
}

static bool other(pass *p) {
    const char *start = p->at;
    for (; p->at < p->end; p->at++) {
        if (*p->at == '"' || *p->at == '-' || (*p->at >= '0' && *p->at <= '9'))
            break;
        if (*p->at == '{' || *p->at == '[')
            p->depth++;
        else if ((*p->at == '}' || *p->at == ']') && p->depth)
            p->depth--;
        if (p->depth > p->in->opts.max_depth)
            return ath__in_problem(p->in, NULL, "nested_too_deep", "more than %u objects and lists stand in each other",
                                   p->in->opts.max_depth);
    }
    ath__buf_add(&p->copy, start, (size_t)(p->at - start));
    return true;
}

static bool first_pass(pass *p) {
    while (p->at < p->end) {
        if (*p->at == '"')
            string(p);
        else if (!(*p->at == '-' || (*p->at >= '0' && *p->at <= '9') ? number(p) : other(p)))
            return false;
    }
    if (p->copy.failed)
        ath__fail_memory(&p->in->error);
    return !p->copy.failed;
}

/* ---- jansson ---- */

/* jansson says of some allocations that failed that the text is wrong. */
static bool is_wrong(const ath__buf *copy, const json_error_t *e) {
    static const char surrogate[] = "invalid Unicode"; /* half of one: no matter of the grammar */
    return strncmp(e->text, surrogate, sizeof surrogate - 1) == 0 || !ath__json_is_document(copy->data, copy->size);
}

/* jansson's own words speak of its parser. */
static bool refused(ath_input *in, const ath__doc *doc, const ath__buf *copy, const json_error_t *e) {
    size_t place = original_place(doc, e->position > 0 ? (size_t)e->position : 0);
    switch (json_error_code(e)) {
    case json_error_out_of_memory:
        ath__fail_memory(&in->error);
        return false;
    case json_error_duplicate_key:
        return bad_place(in, doc, ath__doc_place(in, doc, place), place, "duplicate_key",
                         "the object has this key already");
    case json_error_null_byte_in_key:
    case json_error_null_character:
        return bad_text(in, doc, place, "nul", "a name holds a NUL");
    case json_error_stack_overflow:
        return bad_text(in, doc, place, "nested_too_deep", "objects and lists stand in each other");
    default:
        break;
    }
    if (!is_wrong(copy, e))
        ath__fail_memory(&in->error);
    else if (json_error_code(e) == json_error_premature_end_of_input)
        bad_text(in, doc, place, "invalid_json", "the text ends too early");
    else if (json_error_code(e) == json_error_end_of_input_expected)
        bad_text(in, doc, place, "invalid_json", "there is more behind the value");
    else
        bad_text(in, doc, place, "invalid_json", "this is no JSON");
    return false;
}

/* What needs no tree. */
static bool readable(ath_input *in, const char *text, size_t size) {
    if (size > in->opts.max_size)
        return ath__in_problem(in, NULL, "text_too_large", "the text has more than %zu bytes", in->opts.max_size);
    if (!size)
        return ath__in_problem(in, NULL, "invalid_json", "there is no text");
    if (!ath__utf8_valid(text, size))
        return ath__in_problem(in, NULL, "invalid_json", "the text is not UTF-8");
    return true;
}

bool ath__doc_read(ath_input *in, const char *text, size_t size, ath__doc *doc) {
    pass p = {.in = in, .doc = doc, .text = text, .at = text, .end = text + size};
    json_error_t error = {0};
    doc->text = text;
    if (!readable(in, text, size))
        return false;
    ath__buf_init(&p.copy, in->allocator);
    if (first_pass(&p)) {
        doc->root =
            json_loadb(p.copy.data, p.copy.size, JSON_REJECT_DUPLICATES | JSON_DECODE_ANY | JSON_ALLOW_NUL, &error);
        if (!doc->root)
            refused(in, doc, &p.copy, &error);
    }
    ath__buf_done(&p.copy);
    return doc->root != NULL;
}

void ath__doc_done(ath_input *in, ath__doc *doc) {
    json_decref(doc->root);
    ath__free(in->allocator, doc->numbers, doc->capacity * sizeof *doc->numbers);
}

ath__node ath__node_of(const ath__doc *doc, const void *tree) {
    const json_t *t = tree;
    ath__node node = {.tree = tree};
    switch (json_typeof(t)) {
    case JSON_OBJECT:
        node.kind = ATH__NODE_OBJECT;
        break;
    case JSON_ARRAY:
        node.kind = ATH__NODE_ARRAY;
        break;
    case JSON_STRING:
        node.kind = ATH__NODE_STRING;
        node.text = (ath_str){json_string_value(t), json_string_length(t)};
        break;
    case JSON_INTEGER:
    case JSON_REAL:
        node.kind = ATH__NODE_NUMBER;
        node.text = doc->numbers[json_integer_value(t)].text;
        break;
    case JSON_TRUE:
    case JSON_FALSE:
        node.kind = ATH__NODE_BOOL;
        node.yes = json_is_true(t);
        break;
    default:
        node.kind = ATH__NODE_NULL;
    }
    return node;
}
