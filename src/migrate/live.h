/* SPDX-License-Identifier: Apache-2.0
 *
 * What stands in a database, as a metadata: every table that the inspector reads, described by the options that would
 * make it again.  Autogenerate compares with it; baseline, squash and dump are written from it.
 */
#ifndef ATH_MIGRATE_LIVE_H
#define ATH_MIGRATE_LIVE_H

#include "ctext/ctext.h"
#include "sql/schema.h"

typedef struct ath__live_table {
    const ath_reflected_table *read;
    ath_table *table;      /* built from what was read; names are final */
    ath_name_list remarks; /* what could not be said, in words */
} ath__live_table;

typedef struct ath__live {
    ath__arena arena;
    ath_inspector **inspectors; /* one for each schema that was read */
    size_t inspector_count;
    ath__live_table *tables; /* as they were read: by schema, then by name */
    size_t count;
    const ath_sequence *sequences; /* those that no column owns */
    size_t sequence_count;
    const ath_reflected_enum *const *enums;
    size_t enum_count;
    const char *default_schema;
    struct ath__live *next; /* the owner's */
} ath__live;

/* What is read. */
typedef struct ath__live_opts {
    ath_name_list schemas;  /* names; one that is NULL is what is found without a schema */
    bool temporary;         /* the session's temporary tables instead */
    const char *own_schema; /* which texts may name and should not; default: the database's default schema */
} ath__live_opts;

/* Reads it all.  Views, virtual tables, what belongs to these, and partitions are no tables here.  A zeroed `live` is fine
 * for ath__live_done, which is due after a failure too. */
ath_status ath__live_read(ath__live *live, ath_connection *connection, const ath__live_opts *opts, ath_error *error);
void ath__live_done(ath__live *live);
/* The table of that name; NULL: there is none.  Upper and lower case are alike where the database says so. */
const ath__live_table *ath__live_find(const ath__live *live, const char *schema, const char *name);
/* All of it as a metadata, whose lists live in `live`.  ATH_NO_MEMORY alone can fail. */
ath_status ath__live_metadata(ath__live *live, ath_metadata *out, ath_error *error);

#endif
