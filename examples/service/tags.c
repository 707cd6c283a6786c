/* SPDX-License-Identifier: Apache-2.0
 *
 * The tags of a post, by their names: those that are new are made.
 */
#include "tags.h"

#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b) {
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Without those that come twice, in one order always: two posts with the same new tags then do not wait for each other. */
static size_t sort(const char **names, size_t count) {
    size_t kept = 0;
    qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; i < count; i++)
        if (kept == 0 || strcmp(names[i], names[kept - 1]) != 0)
            names[kept++] = names[i];
    return kept;
}

/* INSERT ... ON CONFLICT DO NOTHING: somebody else may make the same tag right now. */
static bool make(ath_session *s, const char *name) {
    ath_result *result = ath_execute(s, ath_insert(.model = ath_model_of(Tag), .columns = ath_names("name"),
                                                   .values = ath_rows(ath_vals(name)),
                                                   .on_conflict = ath_on_conflict(.columns = ath_names("name"))));
    ath_result_close(result);
    return result != NULL;
}

static Tag **find(ath_session *s, const char **names, size_t count) {
    return ath_all(s, Tag, .where = ath_in_array(ath_col(Tag, name), names, count));
}

static Tag **find_or_make(ath_session *s, const char **names, size_t count) {
    Tag **tags = find(s, names, count);
    if (!tags || ath_len(tags) == count)
        return tags;
    for (size_t i = 0; i < count; i++) {
        bool there = false;
        ath_each(Tag, tag, tags)
            there = there || strcmp(tag->name, names[i]) == 0;
        if (!there && !make(s, names[i]))
            return NULL;
    }
    return find(s, names, count);
}

static bool has(Tag **tags, const Tag *wanted) {
    ath_each(Tag, tag, tags)
        if (tag == wanted)
            return true;
    return false;
}

ath_status tags_set(ath_session *s, Post *post, const char *const *given) {
    size_t count = ath_len(given);
    const char **names = malloc((count + 1) * sizeof *names);
    if (!names)
        return ATH_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        names[i] = given[i];
    count = sort(names, count);
    Tag **wanted = count ? find_or_make(s, names, count) : NULL, **had = post->tags;
    free(names);
    if (count && !wanted)
        return ath_error(s)->status;
    ath_each(Tag, old, had)
        if (!has(wanted, old) && ath_remove(s, post, tags, old) != ATH_OK)
            return ath_error(s)->status;
    ath_each(Tag, tag, wanted)
        if (!has(had, tag) && ath_append(s, post, tags, tag) != ATH_OK)
            return ath_error(s)->status;
    return ATH_OK;
}
