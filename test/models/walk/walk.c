/* SPDX-License-Identifier: Apache-2.0
 *
 * A program for any generated models: built with -DHEADER='"name.h"' -DMETADATA=Name beside name.c.
 *
 *     walk load URL      loads all rows of all tables, then all relations of each, and checks that both sides agree
 *     walk create URL    ath_create_all
 *
 * Prints one line per table that it has walked, or why it failed; exits with 1 then.
 */
#include "test.h"

#include HEADER
#include "sql/relation.h"

#include <athanor/athanor.h>

static int failures;

static void fail(const char *where, const char *what, const char *why) {
    printf("FAILED %s%s%s: %s\n", where, what ? "." : "", what ? what : "", why);
    failures++;
}

/* All objects of the metadata's models, loaded once. */
static void **objects[1000];

static size_t place_of(const ath_model *model) {
    size_t i = 0;
    while (i < METADATA.model_count && METADATA.models[i] != model)
        i++;
    return i;
}

static void *pointer_at(const void *object, size_t offset) {
    void *pointer;
    memcpy(&pointer, (const char *)object + offset, sizeof pointer);
    return pointer;
}

static size_t length(void *const *vector) {
    size_t n = 0;
    while (vector && vector[n])
        n++;
    return n;
}

/* ---- rows ---- */

static int64_t rows_of(ath_session *s, const ath_model *model) {
    return ath_session_count(s, &(const ath_select_stmt){.struct_size = sizeof(ath_select_stmt), .model = model});
}

static void load_rows(ath_session *s, size_t i) {
    const ath_model *model = METADATA.models[i];
    const ath_table *t = ath_model_table(model, NULL);
    ath_select_stmt all = {.struct_size = sizeof all, .model = model, .read_only = !t->key_count};
    int64_t expected = rows_of(s, model);
    objects[i] = ath_session_all(s, &all);
    if (!objects[i]) {
        fail(model->name, NULL, ath_error(s)->message);
        return;
    }
    if ((int64_t)length(objects[i]) != expected)
        fail(model->name, NULL, "not all rows were loaded");
    printf("%s: %zu rows, %zu columns, %zu relations\n", t->name, length(objects[i]), t->column_count,
           t->relation_count);
}

/* ---- relations ---- */

static bool is_null(const ath__column *c, const void *object) {
    static const ath_type plain = {.sql = ATH_SQL_INFER};
    ath_value v;
    return ath__field_get(c->ctype, c->size, &plain, (const char *)object + c->offset, &v, NULL) == ATH_OK &&
           v.kind == ATH_KIND_NULL;
}

static bool refers(const ath__link *l, const void *object) {
    for (size_t i = 0; i < l->count; i++)
        if (is_null(l->local[i], object))
            return false;
    return true;
}

static bool holds(const ath__link *l, const void *object, const void *wanted) {
    void *at = pointer_at(object, l->relation->offset);
    if (!ath__relation_is_many(l->relation))
        return at == wanted;
    for (void *const *each = at; each && *each; each++)
        if (*each == wanted)
            return true;
    return false;
}

/* Every object that one side names names it back. */
static size_t check_link(const ath__link *l, void *const *all) {
    size_t count = 0;
    for (; all && *all; all++) {
        void *at = pointer_at(*all, l->relation->offset);
        void *const one[] = {at, NULL};
        void *const *each = ath__relation_is_many(l->relation) ? at : one;
        if (ath__relation_is_many(l->relation) && !at)
            fail(l->owner->model->name, l->relation->field, "a vector was not loaded");
        if (l->relation->kind == ATH_BELONGS_TO && !at && refers(l, *all))
            fail(l->owner->model->name, l->relation->field, "a row refers to nothing");
        for (; each && *each; each++, count++)
            if (l->inverse && !holds(&ath__table_links(l->target, NULL)[l->inverse->position], *each, *all))
                fail(l->owner->model->name, l->relation->field, "the other side does not have it");
    }
    return count;
}

static void load_relations(ath_session *s, size_t i, bool check) {
    const ath_model *model = METADATA.models[i];
    const ath_table *t = ath_model_table(model, NULL);
    const ath__link *links = ath__table_links(t, NULL);
    for (size_t r = 0; r < t->relation_count && objects[i] && objects[i][0]; r++) {
        if (check)
            printf("%s.%s: %zu of %s\n", model->name, t->relations[r].field, check_link(&links[r], objects[i]),
                   METADATA.models[place_of(t->relations[r].target)]->name);
        else if (ath_session_load_rel(s, objects[i][0], t->relations[r].offset) != ATH_OK)
            fail(model->name, t->relations[r].field, ath_error(s)->message);
    }
}

static void load(ath_engine *db) {
    ath_session *s = ath_session_open(db);
    for (size_t i = 0; i < METADATA.model_count; i++)
        load_rows(s, i);
    for (size_t i = 0; !failures && i < METADATA.model_count; i++)
        load_relations(s, i, false);
    for (size_t i = 0; !failures && i < METADATA.model_count; i++)
        load_relations(s, i, true);
    ath_session_close(s);
}

int main(int argc, char **argv) {
    ath_error error;
    ath_engine *db = argc == 3 ? ath_engine_open(argv[2], .error = &error) : NULL;
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (!db)
        fail("walk", NULL, argc == 3 ? error.message : "walk load|create URL");
    else if (ath_metadata_check(&METADATA, &error) != ATH_OK)
        fail(METADATA.name, NULL, error.message);
    else if (strcmp(argv[1], "load") == 0)
        load(db);
    else if (ath_create_all(db, &METADATA, &error) != ATH_OK)
        fail(METADATA.name, NULL, error.message);
    ath_engine_close(db);
    return failures ? 1 : 0;
}
