/* SPDX-License-Identifier: Apache-2.0
 *
 * The revision graph: refusals.  Alembic's words, and what helps: the candidates, the nearest names, what to type.
 */
#include "migrate/graph_int.h"

enum { MOST_LISTED = 5, LONGEST_COMPARED = 64 };

static ath_status fail_with(const ath__ask *ask, ath__buf *text) {
    ath_status status =
        text->failed ? ath__fail_memory(ask->error) : ath__fail(ask->error, ATH_ARGUMENT, "%s", ath__buf_text(text));
    ath__buf_done(text);
    return status;
}

static void list_ids(const ath__ask *ask, const ath__spots *spots, ath__buf *out) {
    for (uint32_t i = 0; i < spots->count && i < MOST_LISTED; i++)
        ath__buf_printf(out, "%s%s", i ? ", " : "", ask->graph->at[spots->at[i]]->node.id);
    if (spots->count > MOST_LISTED)
        ath__buf_str(out, " ...");
}

ath_status ath__say_multiple(const ath__ask *ask, const char *argument, const ath__spots *heads) {
    const char *asked = ask->end ? ask->end : argument;
    ath__buf text;
    ath__buf_init(&text, ask->graph->arena->allocator);
    if (ask->asker == ATH__ASK_STAMP)
        ath__buf_str(&text, "Multiple heads are present; please specify a single target revision");
    else if (ask->asker == ATH__ASK_NEW)
        ath__buf_str(&text,
                     "Multiple heads are present; please specify the head revision on which the new revision should "
                     "be based, or perform a merge.");
    else
        ath__buf_printf(&text,
                        "Multiple head revisions are present for given argument '%s'; please specify a specific target "
                        "revision, '<branchname>@%s' to narrow to a specific head, or 'heads' for all heads",
                        asked, asked);
    ath__buf_str(&text, ATH__HINT);
    ath__buf_str(&text, "the heads are ");
    list_ids(ask, heads, &text);
    ath__buf_str(&text, "; join them by `athanor merge heads`, or name one");
    return fail_with(ask, &text);
}

/* ---- an unknown name ---- */

/* How many characters must change to make one of the other; both are cut. */
static uint32_t distance(const char *a, const char *b) {
    uint32_t row[LONGEST_COMPARED + 1];
    uint32_t size = (uint32_t)strnlen(b, LONGEST_COMPARED);
    for (uint32_t j = 0; j <= size; j++)
        row[j] = j;
    for (uint32_t i = 0; a[i] && i < LONGEST_COMPARED; i++) {
        uint32_t corner = row[0];
        row[0] = i + 1;
        for (uint32_t j = 0; j < size; j++) {
            uint32_t change = corner + (a[i] != b[j]), add = (row[j] < row[j + 1] ? row[j] : row[j + 1]) + 1;
            corner = row[j + 1];
            row[j + 1] = change < add ? change : add;
        }
    }
    return row[size];
}

/* How far a name may be from another that is meant; what begins like it is not far. */
static uint32_t how_near(const char *name, const char *other) {
    size_t size = strlen(name);
    return size >= 3 && strncmp(name, other, size - 1) == 0 ? 1 : distance(name, other);
}

/* The nearest first. */
static uint32_t list_near(const ath__ask *ask, const char *name, ath__buf *out) {
    uint32_t found = 0, far = strlen(name) < 4 ? 1 : 1 + (uint32_t)strnlen(name, LONGEST_COMPARED) / 4;
    for (uint32_t d = 1; d <= far && *name; d++)
        for (uint32_t i = 0; i < ask->graph->key_count && found < 3; i++)
            if (how_near(name, ask->graph->keys[i].name) == d) {
                ath__buf_printf(out, "%s'%s'", found ? ", " : "did you mean ", ask->graph->keys[i].name);
                found++;
            }
    return found;
}

static bool in_database(const ath__ask *ask, const char *name) {
    for (size_t i = 0; i < ask->current.count; i++)
        if (strcmp(ask->current.names[i], name) == 0)
            return true;
    return false;
}

ath_status ath__say_unknown(const ath__ask *ask, const char *name, const char *why) {
    ath__buf text;
    ath__buf_init(&text, ask->graph->arena->allocator);
    ath__buf_printf(&text, "Can't locate revision identified by '%.120s'%s%s", name, why ? ": " : "", why ? why : "");
    const ath__node *by = ath__graph_replacing(ask->graph, name);
    if (by)
        ath__buf_printf(&text,
                        ATH__HINT "it was squashed into %s; a database that stands on it must be upgraded to %s first, "
                                  "with the files from before that",
                        by->id, by->id);
    else if (in_database(ask, name))
        ath__buf_str(&text,
                     ATH__HINT "the database is there, but no file here has this id: a newer checkout, another branch, "
                               "or another project's database; `athanor stamp --purge REVISION` sets it anew");
    else if (!why) {
        ath__buf_str(&text, ATH__HINT);
        if (list_near(ask, name, &text))
            ath__buf_char(&text, '?');
        else
            ath__buf_str(&text, "`athanor history` lists the revisions");
    }
    return fail_with(ask, &text);
}

ath_status ath__say_ambiguous(const ath__ask *ask, const char *name, const ath__graph_key *keys, uint32_t count) {
    ath__buf text;
    ath__buf_init(&text, ask->graph->arena->allocator);
    ath__buf_printf(&text, "Can't locate revision identified by '%.120s': several revisions start with it: ", name);
    for (uint32_t i = 0; i < count && i < MOST_LISTED; i++)
        ath__buf_printf(&text, "%s'%s'", i ? ", " : "", keys[i].name);
    ath__buf_str(&text, count > MOST_LISTED ? " ..." : "");
    ath__buf_str(&text, ATH__HINT "give more of its characters");
    return fail_with(ask, &text);
}

/* ---- walks and ranges ---- */

ath_status ath__say_relative(const ath__ask *ask, const char *number, long steps) {
    const char *more = steps > 0 ? "there are not as many above" : "there are not as many below";
    return ath__fail(ask->error, ATH_ARGUMENT,
                     "Relative revision %s didn't produce %ld migrations" ATH__HINT "%s; see "
                     "`athanor history -i`",
                     number, labs(steps), more);
}

ath_status ath__say_too_far(const ath__ask *ask, const char *symbol) {
    return ath__fail(ask->error, ATH_ARGUMENT, "Walked too far" ATH__HINT "'%s' leads out of the history", symbol);
}

ath_status ath__say_not_on_the_way(const ath__ask *ask) {
    const char *end = ask->end ? ask->end : "";
    if (ask->asker == ATH__ASK_RANGE)
        return ath__fail(ask->error, ATH_ARGUMENT,
                         "Requested range %s:%s does not refer to ancestor/descendant revisions along the same branch",
                         ask->start ? ask->start : "base", ask->end ? ask->end : "heads");
    return ath__fail(ask->error, ATH_ARGUMENT,
                     "Destination %s is not a valid %s target from current head(s)" ATH__HINT
                     "it is not applied there; `athanor current` tells where the database is",
                     end, ask->asker == ATH__ASK_DOWNGRADE ? "downgrade" : "upgrade");
}
