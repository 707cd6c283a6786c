/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: what a schema has beside tables, types, sequences and views.  What extensions have brought is theirs.
 */
#include "backend/postgresql/postgresql.h"

#define NAME(oid) "CAST(CAST(" oid " AS regclass) AS text)"

/* Partitions, which go with their table; what a partition has by itself.  What it has of its table comes with it. */
#define PARTITIONS                                                                                                     \
    "SELECT 6, 'partition', CAST(c.relname AS text), "                                                                 \
    "CASE c.relpersistence WHEN 'u' THEN 'CREATE UNLOGGED TABLE ' ELSE 'CREATE TABLE ' END || " NAME(                  \
        "c.oid") " || ' PARTITION OF ' || " NAME("h.inhparent") " || ' ' || pg_get_expr(c.relpartbound, c.oid) || "    \
                                                                "coalesce(' PARTITION BY ' || "                        \
                                                                "pg_get_partkeydef(c.oid), ''), NULL, c.oid, "         \
                                                                "c.relnamespace "                                      \
                                                                "FROM pg_class c JOIN pg_inherits h ON h.inhrelid = "  \
                                                                "c.oid WHERE c.relispartition AND c.relkind IN ('r', " \
                                                                "'p') "                                                \
                                                                "UNION ALL "                                           \
                                                                "SELECT 6, 'partition', CAST(c.relname AS text), "     \
                                                                "NULL, NULL, c.oid, c.relnamespace "                   \
                                                                "FROM pg_class c WHERE c.relispartition AND "          \
                                                                "c.relkind = 'f' UNION ALL "                           \
                                                                "SELECT 7, 'part of a partition', CAST(k.conname AS "  \
                                                                "text), 'ALTER TABLE ' || " NAME(                      \
                                                                    "c.oid") " || ' ADD CONSTRAINT ' || "              \
                                                                             "quote_ident(k.conname) || ' ' || "       \
                                                                             "pg_get_constraintdef(k.oid), NULL, "     \
                                                                             "k.oid, "                                 \
                                                                             "c.relnamespace FROM pg_constraint k "    \
                                                                             "JOIN pg_class c ON c.oid = k.conrelid "  \
                                                                             "WHERE c.relispartition "                 \
                                                                             "AND k.contype <> 'n' AND k.conislocal "  \
                                                                             "AND k.coninhcount = 0 AND "              \
                                                                             "k.conparentid = 0 UNION ALL "            \
                                                                             "SELECT 7, 'part of a partition', "       \
                                                                             "CAST(i.relname AS text), "               \
                                                                             "pg_get_indexdef(i.oid), NULL, i.oid, "   \
                                                                             "c.relnamespace "                         \
                                                                             "FROM pg_index x JOIN pg_class i ON "     \
                                                                             "i.oid = x.indexrelid JOIN pg_class c "   \
                                                                             "ON c.oid = x.indrelid "                  \
                                                                             "WHERE c.relispartition AND NOT EXISTS "  \
                                                                             "(SELECT 1 FROM pg_inherits h WHERE "     \
                                                                             "h.inhrelid = i.oid) "                    \
                                                                             "AND NOT EXISTS (SELECT 1 FROM "          \
                                                                             "pg_constraint k WHERE k.conindid = "     \
                                                                             "i.oid)"

/* A table that others refer to may be unlogged when those are: those that were made last come first. */
#define UNLOGGED                                                                                                       \
    "SELECT 8, 'unlogged table', CAST(c.relname AS text), 'ALTER TABLE ' || " NAME(                                    \
        "c.oid") " || ' SET UNLOGGED', "                                                                               \
                 "NULL, c.oid, c.relnamespace "                                                                        \
                 "FROM pg_class c WHERE c.relkind = 'r' AND c.relpersistence = 'u' AND NOT c.relispartition"

const char ath__pg_texts[] =
    "SELECT x.kind, x.name, x.made, x.gone FROM ("
    "SELECT 1 AS place, 'function' AS kind, CAST(p.proname AS text) AS name, pg_get_functiondef(p.oid) AS made, "
    "CASE p.prokind WHEN 'p' THEN 'DROP PROCEDURE ' ELSE 'DROP FUNCTION ' END || "
    "CAST(CAST(p.oid AS regprocedure) AS text) AS gone, p.oid AS number, p.pronamespace AS schema "
    "FROM pg_proc p WHERE p.prokind <> 'a' UNION ALL "
    "SELECT 2, 'aggregate', CAST(p.proname AS text), NULL, NULL, p.oid, p.pronamespace "
    "FROM pg_proc p WHERE p.prokind = 'a' UNION ALL "
    "SELECT 3, 'trigger', CAST(t.tgname AS text), pg_get_triggerdef(t.oid), NULL, t.oid, c.relnamespace "
    "FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND NOT c.relispartition UNION "
    "ALL "
    "SELECT 4, 'domain', CAST(t.typname AS text), NULL, NULL, t.oid, t.typnamespace "
    "FROM pg_type t WHERE t.typtype = 'd' UNION ALL "
    "SELECT 5, 'rule', CAST(r.rulename AS text), NULL, NULL, r.oid, c.relnamespace "
    "FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN' UNION ALL " PARTITIONS
    " UNION ALL " UNLOGGED ") AS x "
    "JOIN pg_namespace n ON n.oid = x.schema "
    "WHERE n.nspname = CASE WHEN CAST(:schema AS text) = '' THEN current_schema() ELSE CAST(:schema AS text) END "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = x.number AND d.deptype = 'e') "
    "ORDER BY x.place, CASE x.place WHEN 8 THEN -CAST(x.number AS bigint) ELSE CAST(x.number AS bigint) END";
