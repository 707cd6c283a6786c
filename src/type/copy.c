/* SPDX-License-Identifier: Apache-2.0
 *
 * A deep copy of an SQL type: labels, details, the type of an array's items.
 */
#include "type/type.h"

static bool keep(const char **text, ath__arena *arena) {
    if (!*text)
        return true;
    *text = ath__arena_str(arena, *text);
    return *text != NULL;
}

static bool copy_labels(ath_type *type, ath__arena *arena) {
    if (!type->name_count)
        return true;
    const char **names = ath__arena_copy(arena, type->names, type->name_count * sizeof *names);
    if (!names)
        return false;
    for (uint32_t i = 0; i < type->name_count; i++)
        if (!keep(&names[i], arena))
            return false;
    type->names = names;
    return true;
}

enum { DEPTH = 4 }; /* arrays of arrays have dimensions instead */

static bool copy(ath_type *type, ath__arena *arena, int depth);

static bool copy_item(ath_type_details *details, ath__arena *arena, int depth) {
    if (!details->item)
        return true;
    ath_type *item = ath__arena_copy(arena, details->item, sizeof *item);
    details->item = item;
    return item && depth < DEPTH && copy(item, arena, depth + 1);
}

static bool copy(ath_type *type, ath__arena *arena, int depth) {
    if (!copy_labels(type, arena))
        return false;
    if (!type->details)
        return true;
    ath_type_details *d = ath__arena_copy(arena, type->details, sizeof *d);
    type->details = d;
    return d && keep(&d->spelling, arena) && keep(&d->name, arena) && keep(&d->schema, arena) &&
           keep(&d->fields, arena) && keep(&d->collation, arena) && keep(&d->charset, arena) &&
           copy_item(d, arena, depth);
}

bool ath__type_copy(ath_type *type, ath__arena *arena) {
    return copy(type, arena, 0);
}
