/* SPDX-License-Identifier: Apache-2.0
 *
 *     golden [KIND] FILE.jsonl [ID]
 *
 * Runs the cases of a file, or the one of that id.  The kind is told from a case's members where it is not named.  A line
 * for each case that fails, and last "N passed, N failed"; exit code 0: all passed, 1: some failed, 2: nothing was run.
 */
#include "golden.h"

static const golden_kind *const kinds[] = {&golden_revgraph, &golden_cli, &golden_autogen};

const char *golden_text(const json_t *object, const char *name) {
    return json_string_value(json_object_get(object, name));
}

void golden_list(const json_t *value, ath__buf *out) {
    if (json_is_string(value))
        ath__buf_str(out, json_string_value(value));
    for (size_t i = 0; i < json_array_size(value); i++)
        ath__buf_printf(out, "%s%s", i ? ", " : "", json_string_value(json_array_get(value, i)));
}

bool golden_differs(ath__buf *why, const char *what, const char *found, const char *expected) {
    if (strcmp(found, expected) == 0)
        return false;
    ath__buf_printf(why, "%s: found %s, expected %s", what, found, expected);
    return true;
}

static bool is_kind(const golden_kind *kind, const json_t *the_case) {
    for (size_t i = 0; i < ATH_COUNT_OF(kind->marks) && kind->marks[i]; i++)
        if (!json_object_get(the_case, kind->marks[i]))
            return false;
    return true;
}

static const golden_kind *kind_of(const char *name, const json_t *the_case) {
    for (size_t i = 0; i < ATH_COUNT_OF(kinds); i++)
        if (name ? strcmp(kinds[i]->name, name) == 0 : is_kind(kinds[i], the_case))
            return kinds[i];
    return NULL;
}

/* 1: passed, 0: failed. */
static int run_line(const char *line, const char *name, const char *only) {
    json_error_t broken;
    json_t *the_case = json_loads(line, 0, &broken);
    const char *id = the_case ? golden_text(the_case, "id") : NULL;
    if (!the_case || !id) {
        printf("not ok (no case): %s\n", the_case ? "it has no id" : broken.text);
        json_decref(the_case);
        return 0;
    }
    int passed = -1;
    if (!only || strcmp(only, id) == 0) {
        const golden_kind *kind = kind_of(name, the_case);
        ath__buf why;
        ath__buf_init(&why, &ath__malloc_allocator);
        if (!kind)
            ath__buf_str(&why, "no kind of case that is known here");
        passed = kind && kind->run(the_case, &why);
        if (!passed)
            printf("not ok %s: %s\n", id, ath__buf_text(&why));
        ath__buf_done(&why);
    }
    json_decref(the_case);
    return passed;
}

int main(int argc, char **argv) {
    bool named = argc > 2 && kind_of(argv[1], NULL);
    const char *name = named ? argv[1] : NULL, *path = argc > 1 + named ? argv[1 + named] : NULL;
    const char *only = argc > 2 + named ? argv[2 + named] : NULL;
    FILE *file = path ? fopen(path, "r") : NULL;
    int passed = 0, failed = 0;
    char *line = NULL;
    size_t room = 0;
    if (!file) {
        fprintf(stderr, "usage: golden [KIND] FILE.jsonl [ID]\n");
        return 2;
    }
    while (getline(&line, &room, file) > 0) {
        int result = line[strspn(line, " \r\n")] ? run_line(line, name, only) : -1;
        passed += result == 1;
        failed += result == 0;
    }
    free(line);
    fclose(file);
    printf("%d passed, %d failed\n", passed, failed);
    return passed + failed == 0 ? 2 : failed > 0;
}
