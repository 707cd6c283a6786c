/* SPDX-License-Identifier: Apache-2.0
 *
 * The script: all revisions that a migration has, from folders and from the program itself, tied into a graph.  Files are read
 * but not compiled: what a C file says of itself stands in ATH_REVISION(...), which is plain enough to be read.
 */
#ifndef ATH_MIGRATE_SCRIPT_H
#define ATH_MIGRATE_SCRIPT_H

#include "migrate/graph.h"

enum { ATH__CHECKSUM = 33 }; /* 32 hexadecimal digits and a NUL */

typedef enum ath__revision_form {
    ATH__FORM_LINKED = 1, /* C, in this program or loaded */
    ATH__FORM_C,          /* a file: compiled when it must run */
    ATH__FORM_SQL         /* a file, or a text in this program */
} ath__revision_form;

/* Where a revision comes from: the owner of its node. */
typedef struct ath__source {
    ath_revision revision; /* texts in the script's arena */
    ath__revision_form form;
    const char *path;             /* of the file; for one that is linked, __FILE__ or NULL */
    const char *text;             /* of the file, as it is; NULL: linked C */
    size_t text_size;             /* bytes */
    char checksum[ATH__CHECKSUM]; /* empty: not known, or not asked for yet (ath__source_checksum) */
    ath_revision_fn up, down;     /* LINKED; of a C file, once it is loaded */
    bool is_loaded;
    const ath__node *node;
} ath__source;

typedef struct ath__script {
    ath__arena arena;
    const ath_allocator *allocator;
    ath__graph *graph;
    ath__source **sources; /* in order of their files' names */
    size_t count, capacity;
    const char *environment;   /* path of env.c, or NULL */
    ath_environment_fn linked; /* an environment in the program, or NULL */
    void **libraries;          /* loaded; closed at the end */
    size_t library_count;
} ath__script;

/* Reads folders and the linked set.  On failure nothing is left to be freed. */
ath_status ath__script_open(ath__script *script, const ath_migration *migration, ath_error *error);
/* The same of what says where the environment is; no revision is read, and there is no graph. */
ath_status ath__script_open_environment(ath__script *script, const ath_migration *migration, ath_error *error);
void ath__script_close(ath__script *script);
/* The source of a node; never NULL for nodes of the script's graph. */
ath__source *ath__script_source(const ath__node *node);

/* The checksum of its file, made when first asked for; empty: not known. */
ath_status ath__source_checksum(const ath__script *script, ath__source *source, const char **out, ath_error *error);

/* A whole file, with a NUL behind it, in the arena. */
ath_status ath__read_file(ath__arena *arena, const char *path, char **text, size_t *size, ath_error *error);

/* ---- scan.c: what a C file says of itself ---- */

/* Reads ATH_REVISION(...) out of C text; texts go to the arena.  ATH_ARGUMENT with the line when it cannot be read; *found is
 * false when there is none. */
ath_status ath__scan_c(ath__arena *arena, const char *path, const char *text, size_t size, ath_revision *out,
                       bool *found, ath_error *error);

/* Where ATH_REVISION(...); stands in C text, from its first character to behind the semicolon; false: nowhere. */
bool ath__scan_place(const char *text, size_t size, const char **begin, const char **end);

/* ---- sqlhead.c, sqlfile.c: revisions written in SQL ---- */

/* The head of an SQL file: its comments. */
ath_status ath__scan_sql(ath__arena *arena, const char *path, const char *text, size_t size, ath_revision *out,
                         bool *found, ath_error *error);

/* A statement of one part of an SQL file, without its semicolon. */
typedef struct ath__sql_piece {
    const char *sql; /* NUL-terminated, in the arena */
    size_t line;     /* where it begins */
} ath__sql_piece;

/* The statements of the up or down part for a database (`dialect` NULL: those for all alone); *there is false when the file has no such part at all. */
ath_status ath__sql_pieces(ath__arena *arena, const char *path, const char *text, size_t size, ath__way way,
                           const char *dialect, ath__sql_piece **out, size_t *count, bool *there, ath_error *error);

/* ---- checksum.c ---- */

/* Of a file's text: a mark of byte order and the kind of line ends do not matter. */
ath_status ath__checksum(const ath_allocator *allocator, const char *text, size_t size, char out[ATH__CHECKSUM],
                         ath_error *error);

/* ---- build.c: C files are compiled, kept and loaded ---- */

/* Sees to it that the functions of these sources can be called: compiles what has changed, loads one shared object.  Those that
 * are linked or written in SQL are left alone. */
ath_status ath__build_load(ath__script *script, const ath_migration *migration, ath__source *const *sources,
                           size_t count, ath_error *error);
/* Compiles and runs env.c, or the environment that is linked: it changes `migration`.  Nothing happens without one. */
ath_status ath__build_environment(ath__script *script, ath_migration *migration, ath_error *error);
/* Compiles all C revisions that are not loaded, and env.c, and loads nothing: the paths of the two shared objects, in the arena;
 * NULL: there is none such. */
ath_status ath__build_objects(ath__script *script, const ath_migration *migration, ath__arena *arena,
                              const char **revisions, const char **environment, ath_error *error);

#endif
