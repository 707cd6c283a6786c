/* SPDX-License-Identifier: Apache-2.0
 *
 * MySQL: what a database has beside tables, sequences and views.  The text of a routine is for its owner alone, so that it
 * is named and no more.
 */
#include "backend/mysql/alter.h"

const char ath__mysql_texts[] =
    "SELECT x.kind, x.name, x.made, NULL FROM ("
    "SELECT 1 AS place, 'trigger' AS kind, t.TRIGGER_NAME AS name, CONCAT('CREATE TRIGGER ', "
    "CASE WHEN :schema = '' THEN '' ELSE CONCAT('`', REPLACE(:schema, '`', '``'), '`.') END, "
    "'`', REPLACE(t.TRIGGER_NAME, '`', '``'), '` ', t.ACTION_TIMING, ' ', t.EVENT_MANIPULATION, ' ON ', "
    "CASE WHEN :schema = '' THEN '' ELSE CONCAT('`', REPLACE(:schema, '`', '``'), '`.') END, "
    "'`', REPLACE(t.EVENT_OBJECT_TABLE, '`', '``'), '` FOR EACH ROW ', t.ACTION_STATEMENT) AS made, "
    "t.EVENT_OBJECT_TABLE AS first, t.ACTION_ORDER AS second, t.TRIGGER_SCHEMA AS place_of "
    "FROM information_schema.TRIGGERS t UNION ALL "
    "SELECT 2, LOWER(r.ROUTINE_TYPE), r.ROUTINE_NAME, NULL, r.ROUTINE_NAME, 0, r.ROUTINE_SCHEMA "
    "FROM information_schema.ROUTINES r UNION ALL "
    "SELECT 3, 'event', e.EVENT_NAME, NULL, e.EVENT_NAME, 0, e.EVENT_SCHEMA FROM information_schema.EVENTS e) AS x "
    "WHERE x.place_of = CASE WHEN :schema = '' THEN DATABASE() ELSE :schema END "
    "ORDER BY x.place, x.first, x.second, x.name";
