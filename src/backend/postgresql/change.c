/* SPDX-License-Identifier: Apache-2.0
 *
 * The PostgreSQL backend: what changes of a schema cost, measured with PostgreSQL 15 on 1.5 million rows.
 */
#include "backend/postgresql/postgresql.h"

#define AX "ACCESS EXCLUSIVE"
#define SRX "SHARE ROW EXCLUSIVE"
#define SUX "SHARE UPDATE EXCLUSIVE"

#define INSTANT ATH__COST_INSTANT
#define SCAN ATH__COST_SCAN
#define BUILD ATH__COST_BUILD
#define REWRITE ATH__COST_REWRITE
#define ALL ATH__BLOCKS_ALL
#define WRITERS ATH__BLOCKS_WRITERS
#define NOTHING ATH__BLOCKS_NOTHING

#define IN_THREE_STEPS "add the column without it, fill the rows in batches, then set the default and NOT NULL"

static const ath__impact impacts[] = {
    {ATH__CHANGE_CREATE_TABLE, 0, 0, NULL, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_COLUMN, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_COLUMN_DEFAULT, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_COLUMN_NOW, 0, 0, AX, ALL, INSTANT, "all old rows get the time of the change", NULL},
    {ATH__CHANGE_ADD_COLUMN_VOLATILE, 0, 0, AX, ALL, REWRITE, NULL, IN_THREE_STEPS},
    {ATH__CHANGE_ADD_COLUMN_REQUIRED, 0, 0, AX, ALL, INSTANT, "fails when the table has rows",
     "give it a server_default, or " IN_THREE_STEPS},
    {ATH__CHANGE_ADD_COLUMN_NUMBERED, 0, 0, AX, ALL, REWRITE, NULL,
     "add a plain column, fill the rows in batches, then make it the identity"},
    {ATH__CHANGE_ADD_COLUMN_STORED, 0, 0, AX, ALL, REWRITE, NULL,
     "add a plain column, keep it by a trigger, fill the rows in batches"},
    {ATH__CHANGE_ADD_COLUMN_VIRTUAL, 180000, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_COLUMN_CHECK, 0, 0, AX, ALL, SCAN, NULL,
     "add the column, then the check with postgresql_not_valid, then VALIDATE CONSTRAINT"},
    {ATH__CHANGE_ADD_COLUMN_UNIQUE, 0, 0, AX, ALL, BUILD, NULL,
     "add the column, create a unique index concurrently, then ADD CONSTRAINT ... USING INDEX"},
    {ATH__CHANGE_ADD_COLUMN_REFERENCES, 0, 0, AX, ALL, INSTANT, "locks the other table, too (" SRX ")", NULL},
    {ATH__CHANGE_DROP_COLUMN, 0, 0, AX, ALL, INSTANT, "fails when a view uses it", NULL},
    {ATH__CHANGE_RENAME_COLUMN, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_RENAME_TABLE, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_SET_DEFAULT, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_SET_NOT_NULL, 0, 0, AX, ALL, SCAN, "no scan where a valid CHECK (c IS NOT NULL) stands",
     "add CHECK (c IS NOT NULL) NOT VALID, VALIDATE it, SET NOT NULL, then drop the check"},
    {ATH__CHANGE_DROP_NOT_NULL, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_COLUMN_TYPE, 0, 0, AX, ALL, REWRITE,
     "instant only where the stored form stays: a longer or unlimited varchar, a wider numeric of the same scale",
     "add a new column, keep it by a trigger, fill the rows in batches, then change the names"},
    {ATH__CHANGE_CREATE_INDEX, 0, 0, "SHARE", WRITERS, BUILD, NULL, "create it with .postgresql_concurrently"},
    {ATH__CHANGE_CREATE_INDEX_CONCURRENTLY, 0, 0, SUX, NOTHING, BUILD, "not inside of a transaction", NULL},
    {ATH__CHANGE_DROP_INDEX, 0, 0, AX, ALL, INSTANT, NULL, "drop it concurrently"},
    {ATH__CHANGE_DROP_INDEX_CONCURRENTLY, 0, 0, SUX, NOTHING, INSTANT, "not inside of a transaction", NULL},
    {ATH__CHANGE_RENAME_INDEX, 0, 0, SUX, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_REINDEX, 0, 0, "SHARE", WRITERS, BUILD, "and " AX " on the index", "REINDEX ... CONCURRENTLY"},
    {ATH__CHANGE_REINDEX_CONCURRENTLY, 0, 0, SUX, NOTHING, BUILD, "not inside of a transaction", NULL},
    {ATH__CHANGE_ADD_UNIQUE, 0, 0, AX, ALL, BUILD, NULL,
     "create a unique index concurrently, then ADD CONSTRAINT ... UNIQUE USING INDEX"},
    {ATH__CHANGE_ADD_PRIMARY_KEY, 0, 0, AX, ALL, BUILD, NULL,
     "create a unique index concurrently, set NOT NULL by way of a check, then ADD CONSTRAINT ... PRIMARY KEY USING "
     "INDEX"},
    {ATH__CHANGE_ADD_BY_INDEX, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_DROP_PRIMARY_KEY, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_FOREIGN_KEY, 0, 0, SRX, WRITERS, SCAN, "of both tables",
     "add it with .postgresql_not_valid, then VALIDATE CONSTRAINT in a revision of its own"},
    {ATH__CHANGE_ADD_CHECK, 0, 0, AX, ALL, SCAN, NULL,
     "add it with .postgresql_not_valid, then VALIDATE CONSTRAINT in a revision of its own"},
    {ATH__CHANGE_ADD_NOT_VALID, 0, 0, SRX, WRITERS, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_EXCLUDE, 0, 0, AX, ALL, BUILD, "there is no way around it", "run it in quiet hours"},
    {ATH__CHANGE_VALIDATE, 0, 0, SUX, NOTHING, SCAN, NULL, NULL},
    {ATH__CHANGE_DROP_FOREIGN_KEY, 0, 0, AX, ALL, INSTANT, "of both tables", NULL},
    {ATH__CHANGE_DROP_CONSTRAINT, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_COMMENT, 0, 0, SUX, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_ENUM_VALUE, 0, 0, NULL, NOTHING, INSTANT, "cannot be used before the transaction ends", NULL},
    {ATH__CHANGE_DROP_TABLE, 0, 0, AX, ALL, INSTANT, "of the tables that it refers to, too", NULL},
    {ATH__CHANGE_DROP_SCHEMA, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_TRUNCATE, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_TRIGGER, 0, 0, SRX, WRITERS, INSTANT, NULL, NULL},
    {ATH__CHANGE_ATTACH_PARTITION, 0, 0, SUX, NOTHING, SCAN, "and " AX " on the partition",
     "give the partition a valid CHECK that says the same before"},
    {ATH__CHANGE_REWRITE, 0, 0, AX, ALL, REWRITE, NULL, "pg_repack, not a migration"},
    {ATH__CHANGE_TABLE_OPTIONS, 0, 0, AX, ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_ROWS, 0, 0, "ROW EXCLUSIVE", NOTHING, ATH__COST_ROWS, "rows stay locked to the end of the transaction",
     NULL},
    {ATH__CHANGE_ALL_ROWS, 0, 0, "ROW EXCLUSIVE", NOTHING, REWRITE, "every row is locked to the end of the transaction",
     "change the rows in batches by key, each committed"},
};

const ath__impacts ath__postgresql_impacts = {sizeof impacts / sizeof *impacts, impacts};
