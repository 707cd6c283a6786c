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

/* INSERT ... ON CONFLICT DO NOTHING: somebody else may make the same tag right now. */
static bool make(ath_session *s, const char *name) {
    ath_result *result = ath_execute(s, ath_insert(.model = ath_model_of(Tag), .columns = ath_names("name"),
                                                   .values = ath_rows(ath_vals(name)),
                                                   .on_conflict = ath_on_conflict(.columns = ath_names("name"))));
    ath_result_close(result);
    return result != NULL;
}

/* In one order always: two posts with the same new tags then do not wait for each other for ever. */
bool tags_make(ath_session *s, const char *const *given) {
    size_t count = ath_len(given);
    const char **names = malloc((count + 1) * sizeof *names);
    bool fine = names != NULL;
    for (size_t i = 0; fine && i < count; i++)
        names[i] = given[i];
    if (fine)
        qsort(names, count, sizeof *names, by_name);
    for (size_t i = 0; fine && i < count; i++)
        fine = make(s, names[i]);
    free(names);
    return fine;
}

static bool has(Tag **tags, const Tag *wanted) {
    ath_each(Tag, tag, tags)
        if (tag == wanted)
            return true;
    return false;
}

bool tags_set(ath_session *s, Post *post, const char *const *names) {
    size_t count = ath_len(names);
    Tag **wanted = count ? ath_all(s, Tag, .where = ath_in_array(ath_col(Tag, name), names, count)) : NULL;
    Tag **had = post->tags;
    if (count && !wanted)
        return false;
    ath_each(Tag, old, had)
        if (!has(wanted, old) && ath_remove(s, post, tags, old) != ATH_OK)
            return false;
    ath_each(Tag, tag, wanted)
        if (!has(had, tag) && ath_append(s, post, tags, tag) != ATH_OK)
            return false;
    return true;
}
