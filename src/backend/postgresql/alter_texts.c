/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL: what a schema has beside tables, types, sequences and views.  What extensions have brought is theirs.
 */
#include "backend/postgresql/postgresql.h"

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
    "FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN') AS x "
    "JOIN pg_namespace n ON n.oid = x.schema "
    "WHERE n.nspname = CASE WHEN CAST(:schema AS text) = '' THEN current_schema() ELSE CAST(:schema AS text) END "
    "AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.objid = x.number AND d.deptype = 'e') "
    "ORDER BY x.place, x.number";
