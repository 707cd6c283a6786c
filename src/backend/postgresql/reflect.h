/* SPDX-License-Identifier: Apache-2.0
 *
 * PostgreSQL's reflector: what its files share.
 */
#ifndef ATH_BACKEND_POSTGRESQL_REFLECT_H
#define ATH_BACKEND_POSTGRESQL_REFLECT_H

#include "engine/reflect.h"

/* A type of the database's own: an enum or a domain.  Those of all schemas are read, as columns may be of any. */
typedef struct ath__pg_own_type {
    int64_t oid;
    bool is_domain, listed; /* listed: of the schema that was asked for */
    ath_reflected_enum labels;
    ath_reflected_domain domain;
    ath__grown items; /* the labels, the checks */
} ath__pg_own_type;

typedef struct ath__pg_reflect {
    const ath_expr *scope; /* of tables: schema, names, lasting or temporary; c is pg_class, n pg_namespace */
    ath__grown types;      /* ath__pg_own_type, by oid */
    bool schema_found;
} ath__pg_reflect;

/* ---- reflect_type.c ---- */

/* Reads enums and domains, and hands those over that belong to the schema. */
ath_status ath__pg_reflect_types(ath__reflect *r);

/* A type as pg_catalog.format_type writes it, with what else is known of it. */
typedef struct ath__pg_type_said {
    const char *format; /* "character varying(10)[]" */
    int64_t own;        /* the oid of the enum or domain that it is, or that its items are; 0: neither */
    const char *collation, *collation_schema;
} ath__pg_type_said;

/* What a type becomes. */
typedef struct ath__pg_type_read {
    ath_type type;
    const char *text, *name;
    const ath_reflected_domain *domain; /* of a domain (not of an array of them) */
} ath__pg_type_read;

void ath__pg_reflect_type(ath__reflect *r, const ath__pg_type_said *said, ath__pg_type_read *out);

/* ---- reflect_constraint.c ---- */

ath_status ath__pg_reflect_constraints(ath__reflect *r);

/* ---- reflect_index.c ---- */

ath_status ath__pg_reflect_indexes(ath__reflect *r);

/* Text without the parentheses that enclose all of it, if such there are. */
const char *ath__pg_strip_parentheses(ath__reflect *r, const char *text);

#endif
