/* SPDX-License-Identifier: Apache-2.0
 *
 * What a statement changes about a schema, and what that costs on one database: the locks it takes, whom it keeps waiting, how much of
 * a table it touches.  Migrations ask (plan, lint); each backend answers with a table of what was measured on it.
 */
#ifndef ATH_ENGINE_CHANGE_H
#define ATH_ENGINE_CHANGE_H

#include <stddef.h>

typedef enum ath__schema_change {
    ATH__CHANGE_NONE = 0, /* nothing that counts: a SELECT, a SET */
    ATH__CHANGE_CREATE_TABLE,
    ATH__CHANGE_ADD_COLUMN,          /* without a default */
    ATH__CHANGE_ADD_COLUMN_DEFAULT,  /* a constant */
    ATH__CHANGE_ADD_COLUMN_NOW,      /* the time of the change */
    ATH__CHANGE_ADD_COLUMN_VOLATILE, /* another value for each row */
    ATH__CHANGE_ADD_COLUMN_REQUIRED, /* NOT NULL without a default */
    ATH__CHANGE_ADD_COLUMN_NUMBERED, /* SERIAL, identity, AUTO_INCREMENT */
    ATH__CHANGE_ADD_COLUMN_STORED,   /* generated, kept */
    ATH__CHANGE_ADD_COLUMN_VIRTUAL,
    ATH__CHANGE_ADD_COLUMN_CHECK,
    ATH__CHANGE_ADD_COLUMN_UNIQUE,
    ATH__CHANGE_ADD_COLUMN_REFERENCES,
    ATH__CHANGE_DROP_COLUMN,
    ATH__CHANGE_RENAME_COLUMN,
    ATH__CHANGE_RENAME_TABLE,
    ATH__CHANGE_SET_DEFAULT, /* or dropped */
    ATH__CHANGE_SET_NOT_NULL,
    ATH__CHANGE_DROP_NOT_NULL,
    ATH__CHANGE_COLUMN_TYPE,
    ATH__CHANGE_COLUMN, /* MODIFY, CHANGE: all of a column said anew */
    ATH__CHANGE_CREATE_INDEX,
    ATH__CHANGE_CREATE_INDEX_CONCURRENTLY,
    ATH__CHANGE_DROP_INDEX,
    ATH__CHANGE_DROP_INDEX_CONCURRENTLY,
    ATH__CHANGE_RENAME_INDEX,
    ATH__CHANGE_REINDEX,
    ATH__CHANGE_REINDEX_CONCURRENTLY,
    ATH__CHANGE_ADD_UNIQUE,
    ATH__CHANGE_ADD_PRIMARY_KEY,
    ATH__CHANGE_ADD_BY_INDEX, /* UNIQUE or PRIMARY KEY USING INDEX */
    ATH__CHANGE_DROP_PRIMARY_KEY,
    ATH__CHANGE_ADD_FOREIGN_KEY,
    ATH__CHANGE_ADD_CHECK,
    ATH__CHANGE_ADD_NOT_VALID, /* a foreign key or a check */
    ATH__CHANGE_ADD_EXCLUDE,
    ATH__CHANGE_VALIDATE,
    ATH__CHANGE_DROP_FOREIGN_KEY,
    ATH__CHANGE_DROP_CONSTRAINT, /* a check, or one whose kind is not told */
    ATH__CHANGE_COMMENT,
    ATH__CHANGE_ENUM_VALUE,
    ATH__CHANGE_DROP_TABLE,
    ATH__CHANGE_DROP_SCHEMA, /* or a database */
    ATH__CHANGE_TRUNCATE,
    ATH__CHANGE_TRIGGER,
    ATH__CHANGE_ATTACH_PARTITION,
    ATH__CHANGE_REWRITE, /* CLUSTER, VACUUM FULL, OPTIMIZE, SET TABLESPACE ... */
    ATH__CHANGE_TABLE_OPTIONS,
    ATH__CHANGE_CHARSET,     /* CONVERT TO CHARACTER SET */
    ATH__CHANGE_ROWS,        /* INSERT, UPDATE ... WHERE, DELETE ... WHERE */
    ATH__CHANGE_ALL_ROWS,    /* UPDATE, DELETE without WHERE */
    ATH__CHANGE_TRANSACTION, /* BEGIN, COMMIT, ROLLBACK */
    ATH__CHANGE_OTHER_DDL,
    ATH__CHANGE_COUNT
} ath__schema_change;

typedef enum ath__blocks {
    ATH__BLOCKS_NOTHING = 0,
    ATH__BLOCKS_WRITERS,
    ATH__BLOCKS_ALL /* readers, too */
} ath__blocks;

typedef enum ath__cost {
    ATH__COST_INSTANT = 0, /* the catalog alone */
    ATH__COST_SCAN,        /* all rows are read */
    ATH__COST_BUILD,       /* an index is built */
    ATH__COST_REWRITE,     /* all rows are written again */
    ATH__COST_ROWS,        /* as many rows as it meets */
    ATH__COST_REFUSED      /* the database does not do it */
} ath__cost;

/* What a change costs; `cure`: how to have it for less, or NULL. */
typedef struct ath__impact {
    ath__schema_change change;
    int since, before; /* versions of the server, as ath_dialect.version; 0: all */
    const char *lock;  /* as the database calls it */
    ath__blocks blocks;
    ath__cost cost;
    const char *note, *cure;
} ath__impact;

typedef struct ath__impacts {
    size_t count;
    const ath__impact *at;
} ath__impacts;

#endif
