/* SPDX-License-Identifier: Apache-2.0
 *
 * The MySQL and MariaDB backend: what src/athanor.c lists, and the facts of its dialects.  What its driver's
 * files share is in client.h.
 */
#ifndef ATH_BACKEND_MYSQL_MYSQL_H
#define ATH_BACKEND_MYSQL_MYSQL_H

#include "engine/driver.h"

extern const ath__backend ath__mysql_backend;
extern const ath__reflector ath__mysql_reflector;
extern const ath__impacts ath__mysql_impacts;
extern const ath__scratcher ath__mysql_scratcher;
extern const ath__alterer ath__mysql_alterer;

/* ---- dialect.c, reserved.c ---- */

/* MySQL 8.0, and MariaDB 10.5.  A connection copies the one it speaks to and adds what the very server can. */
extern const ath_dialect ath__mysql_dialect;
extern const ath_dialect ath__mariadb_dialect;
/* The dialect of a server of that kind and version (80031, 101119 ...). */
void ath__mysql_dialect_for(bool is_mariadb, int version, ath_dialect *out);
/* The one of those above that is asked for by name. */
const ath_dialect *ath__mysql_dialect_called(const char *name);

enum { ATH__MYSQL_RESERVED = 278, ATH__MARIADB_RESERVED = 263 };
extern const char *const ath__mysql_reserved[ATH__MYSQL_RESERVED];
extern const char *const ath__mariadb_reserved[ATH__MARIADB_RESERVED];

/* ---- types.c: how types are declared and cast ---- */

ath_status ath__mysql_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
ath_status ath__mysql_cast_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);
ath_status ath__mariadb_cast_type(const ath_dialect *dialect, const ath_type *type, ath__buf *out, ath_error *error);

/* ---- render.c: nodes that are written in this database's own way ---- */

bool ath__mysql_render(ath__compiler *compiler, const ath_expr *node);

/* exists.c: see render_exists of the dialect. */
ath_status ath__mysql_exists(const ath_dialect *dialect, int kind, const char *schema, const char *name, ath__buf *out,
                             ath_error *error);

/* ---- alter_lock.c: as of ath__alterer ---- */

ath_status ath__mysql_try_lock(ath_connection *connection, const char *name, bool *taken, char *holder, size_t size,
                               ath_error *error);
ath_status ath__mysql_unlock(ath_connection *connection, const char *name, ath_error *error);
ath_status ath__mysql_table_size(ath_connection *connection, const char *schema, const char *table, int64_t *rows,
                                 int64_t *bytes);
ath_status ath__mysql_lock_timeout(ath_connection *connection, int milliseconds, ath_error *error);

#endif
