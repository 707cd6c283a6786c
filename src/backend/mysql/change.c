/* SPDX-License-Identifier: Apache-2.0
 *
 * The MySQL backend: what changes of a schema cost, measured with MariaDB 10.11 (InnoDB).
 */
#include "backend/mysql/mysql.h"

#define INSTANT ATH__COST_INSTANT
#define BUILD ATH__COST_BUILD
#define REWRITE ATH__COST_REWRITE
#define WRITERS ATH__BLOCKS_WRITERS
#define NOTHING ATH__BLOCKS_NOTHING

#define NONE_LOCK "LOCK=NONE"
#define SHARED_LOCK "LOCK=SHARED"
#define BY_COPY "add a new column, keep it by a trigger, fill the rows in batches; or gh-ost, pt-online-schema-change"

static const ath__impact impacts[] = {
    {ATH__CHANGE_CREATE_TABLE, 0, 0, NULL, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_COLUMN, 0, 0, NONE_LOCK, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_COLUMN_DEFAULT, 0, 0, NONE_LOCK, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_COLUMN_NOW, 0, 0, NONE_LOCK, NOTHING, INSTANT, "all old rows get the time of the change", NULL},
    {ATH__CHANGE_ADD_COLUMN_VOLATILE, 0, 0, SHARED_LOCK, WRITERS, REWRITE, NULL,
     "add the column without it, fill the rows in batches, then set the default"},
    {ATH__CHANGE_ADD_COLUMN_REQUIRED, 0, 0, NONE_LOCK, NOTHING, INSTANT, "old rows silently get 0, '' or the zero date",
     "give it a server_default that says what old rows shall have"},
    {ATH__CHANGE_ADD_COLUMN_NUMBERED, 0, 0, SHARED_LOCK, WRITERS, REWRITE, NULL, BY_COPY},
    {ATH__CHANGE_ADD_COLUMN_STORED, 0, 0, SHARED_LOCK, WRITERS, REWRITE, NULL, "make it VIRTUAL, or " BY_COPY},
    {ATH__CHANGE_ADD_COLUMN_VIRTUAL, 0, 0, NONE_LOCK, NOTHING, INSTANT, "later changes of the table may need a copy",
     NULL},
    {ATH__CHANGE_ADD_COLUMN_CHECK, 0, 0, NONE_LOCK, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_COLUMN_UNIQUE, 0, 0, NONE_LOCK, NOTHING, BUILD, NULL, NULL},
    {ATH__CHANGE_ADD_COLUMN_REFERENCES, 0, 0, SHARED_LOCK, WRITERS, REWRITE, "the foreign key copies the table", NULL},
    {ATH__CHANGE_DROP_COLUMN, 0, 0, NONE_LOCK, NOTHING, INSTANT, "fails when a foreign key uses it", NULL},
    {ATH__CHANGE_RENAME_COLUMN, 0, 0, NONE_LOCK, NOTHING, INSTANT, "views that name it break", NULL},
    {ATH__CHANGE_RENAME_TABLE, 0, 0, "LOCK=EXCLUSIVE", ATH__BLOCKS_ALL, INSTANT, "views that name it break", NULL},
    {ATH__CHANGE_SET_DEFAULT, 0, 0, NONE_LOCK, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_SET_NOT_NULL, 0, 0, NONE_LOCK, NOTHING, REWRITE, NULL, NULL},
    {ATH__CHANGE_DROP_NOT_NULL, 0, 0, NONE_LOCK, NOTHING, REWRITE, NULL, NULL},
    {ATH__CHANGE_COLUMN_TYPE, 0, 0, SHARED_LOCK, WRITERS, REWRITE,
     "instant only for a longer VARCHAR whose bytes stay on one side of 255", BY_COPY},
    {ATH__CHANGE_COLUMN, 0, 0, SHARED_LOCK, WRITERS, REWRITE,
     "instant where only the name, the default, the comment or a VARCHAR's length within 255 bytes changes", BY_COPY},
    {ATH__CHANGE_CREATE_INDEX, 0, 0, NONE_LOCK, NOTHING, BUILD, "FULLTEXT and SPATIAL keep writers out", NULL},
    {ATH__CHANGE_DROP_INDEX, 0, 0, NONE_LOCK, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_RENAME_INDEX, 0, 0, NONE_LOCK, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_ADD_UNIQUE, 0, 0, NONE_LOCK, NOTHING, BUILD, NULL, NULL},
    {ATH__CHANGE_ADD_PRIMARY_KEY, 0, 0, NONE_LOCK, NOTHING, REWRITE, NULL, NULL},
    {ATH__CHANGE_DROP_PRIMARY_KEY, 0, 0, SHARED_LOCK, WRITERS, REWRITE, NULL,
     "drop it and add the new one in the same ALTER TABLE"},
    {ATH__CHANGE_ADD_FOREIGN_KEY, 0, 0, SHARED_LOCK, WRITERS, REWRITE, NULL,
     "SET foreign_key_checks=0 for the change, then look for orphans by a query"},
    {ATH__CHANGE_ADD_CHECK, 0, 0, SHARED_LOCK, WRITERS, REWRITE, NULL, "run it in quiet hours"},
    {ATH__CHANGE_DROP_FOREIGN_KEY, 0, 0, NONE_LOCK, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_DROP_CONSTRAINT, 0, 0, NONE_LOCK, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_COMMENT, 0, 0, NONE_LOCK, NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_DROP_TABLE, 0, 0, "metadata lock", ATH__BLOCKS_ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_DROP_SCHEMA, 0, 0, "metadata lock", ATH__BLOCKS_ALL, INSTANT, NULL, NULL},
    {ATH__CHANGE_TRUNCATE, 0, 0, "metadata lock", ATH__BLOCKS_ALL, INSTANT, "commits, and cannot be rolled back", NULL},
    {ATH__CHANGE_TRIGGER, 0, 0, "metadata lock", NOTHING, INSTANT, NULL, NULL},
    {ATH__CHANGE_REWRITE, 0, 0, NONE_LOCK, NOTHING, REWRITE, NULL, "run it in quiet hours"},
    {ATH__CHANGE_TABLE_OPTIONS, 0, 0, SHARED_LOCK, WRITERS, REWRITE, "instant where it is the comment alone", NULL},
    {ATH__CHANGE_CHARSET, 0, 0, SHARED_LOCK, WRITERS, REWRITE, NULL, "gh-ost, pt-online-schema-change"},
    {ATH__CHANGE_ROWS, 0, 0, "row locks", NOTHING, ATH__COST_ROWS, "rows stay locked to the end of the transaction",
     NULL},
    {ATH__CHANGE_ALL_ROWS, 0, 0, "row locks", WRITERS, REWRITE, "every row is locked to the end of the transaction",
     "change the rows in batches by key, each committed"},
};

const ath__impacts ath__mysql_impacts = {sizeof impacts / sizeof *impacts, impacts};
