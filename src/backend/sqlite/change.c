/* SPDX-License-Identifier: Apache-2.0
 *
 * The SQLite backend: what changes of a schema cost, measured with SQLite 3.40 on 2 million rows.  The whole file has one writer:
 * whatever takes long keeps all other writers waiting, and readers too unless the file is in WAL mode.
 */
#include "backend/sqlite/sqlite.h"

#define FILE_LOCK "the file, for writing"
#define INSTANT ATH__COST_INSTANT
#define WRITERS ATH__BLOCKS_WRITERS
#define REBUILT "the table is built again and its rows are copied"

#define QUICK(change)                                                                                                  \
    { change, 0, 0, FILE_LOCK, WRITERS, INSTANT, NULL, NULL }
#define REBUILD(change)                                                                                                \
    { change, 0, 0, FILE_LOCK, WRITERS, ATH__COST_REWRITE, REBUILT, NULL }

static const ath__impact impacts[] = {
    QUICK(ATH__CHANGE_CREATE_TABLE),
    QUICK(ATH__CHANGE_ADD_COLUMN),
    QUICK(ATH__CHANGE_ADD_COLUMN_DEFAULT),
    REBUILD(ATH__CHANGE_ADD_COLUMN_NOW),
    REBUILD(ATH__CHANGE_ADD_COLUMN_VOLATILE),
    {ATH__CHANGE_ADD_COLUMN_REQUIRED, 0, 0, FILE_LOCK, WRITERS, ATH__COST_REWRITE, "fails when the table has rows",
     "give it a server_default"},
    REBUILD(ATH__CHANGE_ADD_COLUMN_NUMBERED),
    REBUILD(ATH__CHANGE_ADD_COLUMN_STORED),
    QUICK(ATH__CHANGE_ADD_COLUMN_VIRTUAL),
    {ATH__CHANGE_ADD_COLUMN_CHECK, 0, 0, FILE_LOCK, WRITERS, ATH__COST_SCAN, NULL, NULL},
    REBUILD(ATH__CHANGE_ADD_COLUMN_UNIQUE),
    QUICK(ATH__CHANGE_ADD_COLUMN_REFERENCES),
    REBUILD(ATH__CHANGE_DROP_COLUMN),
    {ATH__CHANGE_RENAME_COLUMN, 0, 0, FILE_LOCK, WRITERS, INSTANT, "fails when any view of the file is broken", NULL},
    {ATH__CHANGE_RENAME_TABLE, 0, 0, FILE_LOCK, WRITERS, INSTANT, "fails when any view of the file is broken", NULL},
    REBUILD(ATH__CHANGE_SET_DEFAULT),
    REBUILD(ATH__CHANGE_SET_NOT_NULL),
    REBUILD(ATH__CHANGE_DROP_NOT_NULL),
    REBUILD(ATH__CHANGE_COLUMN_TYPE),
    REBUILD(ATH__CHANGE_COLUMN),
    {ATH__CHANGE_CREATE_INDEX, 0, 0, FILE_LOCK, WRITERS, ATH__COST_BUILD, NULL, NULL},
    QUICK(ATH__CHANGE_DROP_INDEX),
    {ATH__CHANGE_REINDEX, 0, 0, FILE_LOCK, WRITERS, ATH__COST_BUILD, NULL, NULL},
    REBUILD(ATH__CHANGE_ADD_UNIQUE),
    REBUILD(ATH__CHANGE_ADD_PRIMARY_KEY),
    REBUILD(ATH__CHANGE_DROP_PRIMARY_KEY),
    REBUILD(ATH__CHANGE_ADD_FOREIGN_KEY),
    REBUILD(ATH__CHANGE_ADD_CHECK),
    REBUILD(ATH__CHANGE_DROP_FOREIGN_KEY),
    REBUILD(ATH__CHANGE_DROP_CONSTRAINT),
    QUICK(ATH__CHANGE_DROP_TABLE),
    QUICK(ATH__CHANGE_TRIGGER),
    {ATH__CHANGE_REWRITE, 0, 0, "the file, alone", ATH__BLOCKS_ALL, ATH__COST_REWRITE, "not inside of a transaction",
     NULL},
    {ATH__CHANGE_ROWS, 0, 0, FILE_LOCK, WRITERS, ATH__COST_ROWS, NULL, NULL},
    {ATH__CHANGE_ALL_ROWS, 0, 0, FILE_LOCK, WRITERS, ATH__COST_REWRITE, NULL,
     "change the rows in batches by key, each committed"},
};

const ath__impacts ath__sqlite_impacts = {sizeof impacts / sizeof *impacts, impacts};
