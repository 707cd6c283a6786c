/* SPDX-License-Identifier: Apache-2.0
 *
 * Comparing two descriptions of a schema, to the last member.
 */
#include "as_json.h"

#include "test.h"

static json_t *normal_text(const char *s) {
    char *out = malloc(strlen(s) + 1), *at = out;
    bool blank = true;
    for (; *s; s++) {
        bool space = strchr(" \t\r\n", *s) != NULL;
        if (!space || !blank)
            *at++ = space ? ' ' : *s;
        blank = space;
    }
    while (at > out && at[-1] == ' ')
        at--;
    *at = '\0';
    json_t *text = json_string(out);
    free(out);
    return text;
}

static int by_text(const void *a, const void *b) {
    char *x = json_dumps(*(json_t *const *)a, JSON_SORT_KEYS | JSON_ENCODE_ANY);
    char *y = json_dumps(*(json_t *const *)b, JSON_SORT_KEYS | JSON_ENCODE_ANY);
    int order = strcmp(x, y);
    free(x);
    free(y);
    return order;
}

/* Lists of objects other than columns have no order of their own. */
static json_t *normal_list(json_t *list, bool sorted) {
    size_t n = json_array_size(list);
    json_t **items = calloc(n + 1, sizeof(json_t *)), *out = json_array();
    bool objects = n > 0;
    for (size_t i = 0; i < n; i++) {
        items[i] = normal(json_array_get(list, i));
        objects = objects && json_is_object(items[i]);
    }
    if (sorted && objects)
        qsort(items, n, sizeof *items, by_text);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(out, items[i]);
    free(items);
    return out;
}

static json_t *normal_object(json_t *object) {
    json_t *out = json_object(), *value;
    const char *key;
    json_object_foreach(object, key, value) {
        if (json_is_null(value) || strcmp(key, "rows") == 0)
            continue;
        if (json_is_object(value) && json_object_size(value) == 0)
            continue;
        json_t *kept = json_is_array(value) ? normal_list(value, strcmp(key, "columns") != 0) : normal(value);
        if ((json_is_array(kept) || json_is_object(kept)) && json_object_size(kept) + json_array_size(kept) == 0)
            json_decref(kept);
        else
            json_object_set_new(out, key, kept);
    }
    return out;
}

json_t *normal(json_t *value) {
    if (json_is_object(value))
        return normal_object(value);
    if (json_is_array(value))
        return normal_list(value, true);
    return json_is_string(value) ? normal_text(json_string_value(value)) : json_incref(value);
}

static int report(const char *path, const json_t *actual, const json_t *expected) {
    char *a = actual ? json_dumps(actual, JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;
    char *e = expected ? json_dumps(expected, JSON_SORT_KEYS | JSON_ENCODE_ANY) : NULL;
    test_failed_(__FILE__, __LINE__, "%s is %s, not %s", path, a ? a : "not there", e ? e : "there");
    free(a);
    free(e);
    return 1;
}

static int in_object(const char *path, const json_t *actual, const json_t *expected) {
    char below[512];
    int found = 0;
    void *at;
    json_t *a = (json_t *)(uintptr_t)actual, *e = (json_t *)(uintptr_t)expected;
    for (at = json_object_iter(e); at; at = json_object_iter_next(e, at)) {
        snprintf(below, sizeof below, "%s.%s", path, json_object_iter_key(at));
        found += differences(below, json_object_get(a, json_object_iter_key(at)), json_object_iter_value(at));
    }
    for (at = json_object_iter(a); at; at = json_object_iter_next(a, at)) {
        snprintf(below, sizeof below, "%s.%s", path, json_object_iter_key(at));
        if (!json_object_get(e, json_object_iter_key(at)))
            found += report(below, json_object_iter_value(at), NULL);
    }
    return found;
}

int differences(const char *path, const json_t *actual, const json_t *expected) {
    char below[512];
    int found = 0;
    if (!actual || !expected || json_equal(actual, expected))
        return actual && expected ? 0 : report(path, actual, expected);
    if (json_is_object(actual) && json_is_object(expected))
        return in_object(path, actual, expected);
    if (!json_is_array(actual) || json_array_size(actual) != json_array_size(expected))
        return report(path, actual, expected);
    for (size_t i = 0; i < json_array_size(actual); i++) {
        snprintf(below, sizeof below, "%s[%zu]", path, i);
        found += differences(below, json_array_get(actual, i), json_array_get(expected, i));
    }
    return found;
}
