/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `orm`: a session from the inside.
 *
 * A session keeps one ath__mapper per model it has met.  A mapper keeps its objects in slabs of entries; an entry is a
 * small head, the struct, and its image: the struct as the database last confirmed it.  An object is dirty when the two
 * differ.  The head lets an object be found again from its pointer, and lets a stranger be recognised.
 */
#ifndef ATH_ORM_SESSION_H
#define ATH_ORM_SESSION_H

#include "engine/engine.h"
#include "sql/inherit.h"
#include "sql/relation.h"

#include <athanor/hooks.h>
#include <athanor/orm.h>

/* ---- objects and mappers ----------------------------------------------------------------------------------------- */

/* In front of each tracked struct: 8 bytes, so that a struct of alignment 8 needs no padding. */
typedef struct ath__head {
    uint32_t index;  /* among the mapper's objects */
    uint16_t mapper; /* among the session's mappers */
    uint8_t state;   /* ath_object_state */
    uint8_t marks;   /* of a flush: ATH__MARK_...; in the upper half: see journal.c */
} ath__head;

enum {
    ATH__MARK_CHANGED = 1, /* it is in its mapper's list of changed objects */
    ATH__MARK_PARTED = 2,  /* new, and taken out of a relation that deletes orphans; or it has left for good */
    ATH__MARK_MET = 4,     /* for the step at hand */
    ATH__MARK_LEFT = 8     /* a parent whose children went elsewhere */
};

/* Open addressing by key; `index` + 1, 0 is empty, IDENTITY_GONE was removed. */
typedef struct ath__identity_slot {
    uint32_t tag, index;
} ath__identity_slot;

typedef struct ath__identity {
    ath__identity_slot *slots;
    size_t slot_count, used; /* removed ones count as used until the next growth */
} ath__identity;

typedef struct ath__indexes {
    uint32_t *items;
    size_t count, capacity;
} ath__indexes;

/* The mappers of a hierarchy whose classes share the rows of its root: they have one identity map, the root's. */
typedef struct ath__family {
    const ath__hierarchy *hierarchy;
    uint16_t first, count; /* the root's number; the others follow, as in the hierarchy */
    uint8_t bits;          /* of an identity map's index, the lowest: which member */
    struct ath__mapper *members[];
} ath__family;

typedef struct ath__mapper {
    const ath_model *model;
    const ath_table *table;
    ath__family *family;           /* NULL: the model stands alone */
    uint16_t member, members_to;   /* its place in the family; its descendants follow it, up to (not with) here */
    const ath_table *row_table;    /* whose columns the rows of queries have: those of all classes, or `table` */
    const uint16_t *row_of;        /* of each column its place in a row of the family's common table; NULL: its own */
    ath_value *own_cells;          /* of a family: a row made one of this class, */
    uint64_t *own_missing;         /* and what it lacks */
    uint16_t number;               /* among the session's mappers */
    uint16_t mask_words;           /* 64-bit words of a column mask */
    size_t size;                   /* of the struct */
    size_t image_at;               /* from the struct to its image, which has room for a column mask too */
    size_t lead;                   /* bytes in front of the struct: its head, and padding for wide alignments */
    size_t stride;                 /* of an entry */
    size_t loaded_at;              /* from the struct to the mask of its relations that are loaded; 0: it has none */
    const struct ath__link *links; /* one per relation of the table */
    bool loads_by_default;         /* some relation is loaded by every query */
    uint64_t *marks;               /* what few objects have, see marks.c; NULL: none has */
    uint32_t marked;               /* there is room for the marks of so many objects */
    ath__indexes groups;           /* where the objects of each query begin: peers of ath_load_rel */
    uint32_t slab_shift;           /* 1 << slab_shift entries per slab */
    char **slabs;
    uint32_t *by_address; /* numbers of slabs, in the order of their addresses */
    size_t slab_count, slab_capacity;
    uint32_t count;    /* objects so far; entries are never used twice */
    uint32_t aside;    /* so many there were when rows were first written aside of the unit of work */
    ath__field *steps; /* one per column, in order */
    ath__span *spans;  /* the bytes of the struct that are values of columns: not its padding */
    size_t span_count;
    ath__identity identity;
    ath__indexes pending, deleted; /* by object index, in order of the calls */
    ath__indexes changed;          /* during a flush: persistent objects that differ from their images */
    struct ath__sync *syncs;       /* during a flush: keys that its objects take over; see unit.h */
    size_t sync_count, sync_capacity;
    uint32_t *sync_slots; /* which of them is whose: open addressing, index + 1 */
    size_t sync_slot_count;
    ath__indexes dropped; /* since the last flush: new objects that left, whose children it looks at */
    size_t dropped_followed;
    size_t cascaded;                   /* during a flush: how many of `deleted` have been followed */
    bool switched;                     /* during a flush: a new object has taken the row of a deleted one over */
    size_t pending_seen, deleted_seen; /* by the hooks of the flush under way */
    int32_t key_i64;  /* offset of the key when it is one int64_t: the common case has its own path; else -1 */
    void *probe;      /* a struct whose key fields hold the key that is looked up */
    void *spare;      /* a struct to decode a row into before it replaces an object */
    ath_value *cells; /* room for a row */
} ath__mapper;

/* ---- the session ------------------------------------------------------------------------------------------------- */

/* A vector that the session has given away: the length must stand right in front of the items. */
typedef struct ath__vector {
    struct ath__vector *next;
    size_t bytes, capacity, length; /* capacity 0: no collection that may grow; see collection.c */
    void *items[];
} ath__vector;

/* One that is being made. */
typedef struct ath__gathered {
    ath__vector *vector;
    size_t count, capacity;
} ath__gathered;

/* What a rollback undoes, oldest first. */
typedef enum ath__undo_kind { ATH__UNDO_INSERT = 1, ATH__UNDO_UPDATE, ATH__UNDO_DELETE } ath__undo_kind;

typedef struct ath__undo {
    ath__undo_kind kind;
    uint16_t mapper;
    uint32_t index;
    uint8_t before; /* the level that had the object's image until then; see journal.c */
    void *image;    /* ATH__UNDO_UPDATE: the image from before, and behind it what was loaded */
} ath__undo;

/* Which columns an ath_new call site names, worked out once. */
typedef struct ath__site {
    const char *named; /* the call's text, by address */
    const char *copy;  /* and by content: an address may come again with other text */
    const ath__mapper *mapper;
    uint64_t *mask;
} ath__site;

/* How often one ath_load_rel of the program has loaded a single object. */
typedef struct ath__load_site {
    const char *file; /* NULL: not used yet */
    int line;
    uint32_t loads;
    const ath__relation *relation;
} ath__load_site;

enum { ATH__SITES = 64, ATH__LOAD_SITES = 32 };

struct ath_session {
    ath_error error;
    ath_engine *engine;
    ath_connection *connection; /* borrowed while a transaction runs */
    uint64_t statements;        /* sent by the connections it gave back, less what the present one had sent before */
    const ath_allocator *allocator;
    const char *file; /* where it was opened; NULL: unknown */
    int line;
    const ath__host *connecting; /* the fiber that waits for a connection; NULL: none */
    uintptr_t offender;          /* the fiber that was refused last, to which *misuse belongs; 0: none */
    ath_error *misuse;           /* made when needed */
    bool autoflush;
    ath_repeated_load on_repeated_load;
    uint32_t repeated_load_threshold;
    ath__load_site *load_sites; /* ATH__LOAD_SITES of this transaction; NULL: nobody asked */
    bool failed;                /* a flush failed: nothing but rollback is done */
    bool went_back;             /* with that, the database went back to the innermost savepoint alone; */
    bool all_lost;              /* or there was one, but the whole transaction is gone */
    bool flushing;
    uint8_t level;      /* 1 in a transaction, one more in each savepoint */
    size_t *savepoints; /* how long the journal was at each */
    size_t savepoint_count, savepoint_capacity;
    bool dirty;               /* the flush under way has something to write; looked for only when somebody listens */
    bool hooking;             /* a hook runs */
    bool loading;             /* a hook of ATH_LOADED runs: rows are being read */
    bool making;              /* hooks before inserts, updates and deletes run */
    bool transacted;          /* it is ath_transact's, which commits */
    bool interrupted;         /* since the transaction began, something failed that may be retried */
    bool wrote_aside;         /* and something was written that the journal does not know */
    ath__arena arena;         /* text and vectors; lives as long as the session */
    ath__arena journal_arena; /* images of the journal */
    ath__mapper **mappers;
    size_t mapper_count, mapper_capacity;
    ath__undo *journal;
    size_t journal_count, journal_capacity;
    ath__vector *vectors;        /* all that queries returned */
    ath_stream *streams;         /* open ones */
    struct ath__filter *filters; /* of the session */
    bool unfiltered;             /* all models' are lifted */
    ath__arena filter_arena;     /* the statement with filters that was prepared last */
    uint32_t events;             /* bit by ath_event: somebody listens */
    struct ath__hook *hooks, **hooks_end;
    struct ath__written *written; /* by the flush under way, for hooks after it */
    size_t written_count, written_capacity;
    ath__site sites[ATH__SITES];
};

struct ath_stream {
    ath_session *session;
    ath__mapper *mapper;
    ath__prepared *prepared; /* NULL: ended */
    void *object;
    ath__arena text; /* of the present object; of all objects of a chunk */
    ath_status status;
    ath_stream *next;
    /* With relations: */
    const ath_select_stmt *query; /* a copy in `kept`; NULL: without */
    ath__arena kept;
    ath__gathered chunk;
    size_t given; /* of the chunk */
};

/* ---- session.c ---- */

/* ATH_STATE in a fiber while another is in a call on the session; ath_session_error then says so, to this one. */
ath_status ath__session_alone(ath_session *session);
/* ATH_OK when the session may work; else the error that stopped it.  Clears the last error otherwise. */
ath_status ath__session_enter(ath_session *s);
/* Flushes and commits. */
ath_status ath__session_commit(ath_session *s);
/* Whether the transaction, started over, may succeed. */
bool ath__session_interrupted(ath_session *s);
/* The connection, borrowed if need be.  NULL on failure. */
ath_connection *ath__session_connection(ath_session *s);
/* Takes the connection's error over. */
ath_status ath__session_failed(ath_session *s);
void ath__session_end_streams(ath_session *s);
/* Flushes when autoflush is on. */
ath_status ath__session_autoflush(ath_session *s);
ath_status ath__session_no_memory(ath_session *s);
/* After a failure that leaves half of something behind: rolls back in the database, and refuses work until ath_rollback. */
void ath__session_stand_still(ath_session *s);

/* ---- object.c ---- */

/* The columns that a call names, by its arguments' text; NULL, with the session's error, when that cannot be told. */
const uint64_t *ath__site_mask(ath_session *s, const ath__mapper *m, const char *named);
/* The mapper of a model whose objects a session can make; NULL (with the session's error set) for projections and others.
 * The session has been entered. */
ath__mapper *ath__session_mapper_of_table(ath_session *s, const ath_model *model);
/* A new object with the fields of `init` that the mask names, as ath_new makes one.  NULL on failure, and when mapper or
 * init is NULL (the session's error says why): the session then stands still until it is rolled back. */
void *ath__session_new_of(ath_session *s, ath__mapper *m, const void *init, const uint64_t *mask);

/* ---- vector.c ---- */

/* Adds to a vector that is being made; false (with the session's error set) when memory ran out. */
bool ath__gather_more(ath_session *s, ath__gathered *gathered);
static inline bool ath__gather(ath_session *s, ath__gathered *g, void *object) {
    if (g->count == g->capacity && !ath__gather_more(s, g))
        return false;
    g->vector->items[g->count++] = object;
    return true;
}
/* The caller's vector; NULL when the session has an error, and then everything gathered is freed. */
void **ath__gathered_finish(ath_session *s, ath__gathered *gathered);
void ath__vectors_free(ath_session *s);
/* Frees what was gathered and never handed out. */
void ath__gathered_drop(const ath_session *s, ath__gathered *gathered);

/* ---- mapper.c ---- */

/* The session's mapper for a model; NULL (with the session's error set) when the model is wrong or memory ran out. */
ath__mapper *ath__session_mapper(ath_session *s, const ath_model *model);
void ath__mapper_free(ath_session *s, ath__mapper *m);
/* One that does not belong to the session yet; and those that do from now on. */
ath__mapper *ath__mapper_build(ath_session *s, const ath_model *model, size_t number);
bool ath__session_keep_mappers(ath_session *s, ath__mapper *const *mappers, size_t count);
/* A new zeroed entry; NULL when out of memory.  ath__mapper_unmake takes back the newest. */
void *ath__mapper_make(ath_session *s, ath__mapper *m);
void ath__mapper_unmake(ath__mapper *m);
static inline void *ath__mapper_object(const ath__mapper *m, uint32_t index) {
    return m->slabs[index >> m->slab_shift] + (index & ((1u << m->slab_shift) - 1)) * m->stride + m->lead;
}
static inline ath__head *ath__head_of(const void *object) {
    return (ath__head *)(uintptr_t)((const char *)object - sizeof(ath__head));
}
static inline void *ath__image_of(const ath__mapper *m, void *object) {
    if (m->family)
        m = m->family->members[ath__head_of(object)->mapper - m->family->first];
    return (char *)object + m->image_at;
}
/* Whether this relation of a tracked object is loaded, all of it. */
bool ath__is_loaded(const ath__mapper *m, const void *object, const ath__relation *relation);
void ath__set_loaded(const ath__mapper *m, void *object, const ath__relation *relation, bool loaded);
/* Whether the program has changed the field of a relation of a persistent object. */
bool ath__relation_changed(const ath__mapper *m, void *object, const ath__relation *relation);
/* Objects from here on come with another query. */
ath_status ath__mapper_begin_group(ath_session *s, ath__mapper *m);
/* The objects that came with this one: from, and up to (not with) to. */
void ath__mapper_group(const ath__mapper *m, uint32_t index, uint32_t *from, uint32_t *to);
/* The same of another class of the family: its objects of the query that object `index` of `m` came with. */
void ath__mapper_group_of(const ath__mapper *m, uint32_t index, const ath__mapper *other, uint32_t *from, uint32_t *to);
/* The mapper of the object's real class: `m` or a relative. */
static inline ath__mapper *ath__mapper_of(const ath__mapper *m, const void *object) {
    return m->family ? m->family->members[ath__head_of(object)->mapper - m->family->first]
                     : (ath__mapper *)(uintptr_t)m;
}
/* The mapper of an object of this session, or NULL.  Strangers are told by their address; they are not read. */
ath__mapper *ath__session_find_owner(const ath_session *s, const void *object);
/* Whether the pointer is one of the mapper's objects, or of a class that inherits from its; without reading what it points
 * to. */
bool ath__session_find_owner_in(const ath__mapper *m, const void *object);
/* The mapper of an object of this session; NULL (with ATH_ARGUMENT set) for anything else. */
ath__mapper *ath__session_owner(ath_session *s, const void *object);
ath_status ath__indexes_add(ath_session *s, ath__indexes *list, uint32_t index);
void ath__indexes_remove(ath__indexes *list, uint32_t index);

/* ---- identity.c ---- */

uint32_t ath__identity_hash(const ath__mapper *m, const void *object);
/* Of one column's field: equal for equal values. */
uint32_t ath__field_hash(const ath__column *column, const void *object);
/* The tracked object with the same key fields as `object`, or NULL: of the mapper's class, or one that inherits from it;
 * or of any class of the family. */
void *ath__identity_find(const ath__mapper *m, const void *object, uint32_t hash);
void *ath__identity_find_any(const ath__mapper *m, const void *object, uint32_t hash);
/* What was found for a key: the object, or the slot where it would be (NULL: not known), for ath__identity_take. */
typedef struct ath__sought {
    void *found;
    ath__identity_slot *free;
    uint32_t hash;
} ath__sought;
/* For a mapper whose key is one int64_t, and which is of no family. */
ath_status ath__identity_seek_i64(ath_session *s, ath__mapper *m, int64_t key, ath__sought *out);
/* Files a new object of that key; since it was sought nothing else has been filed. */
ath_status ath__identity_take(ath_session *s, ath__mapper *m, const void *object, const ath__sought *sought);
ath_status ath__identity_add(ath_session *s, ath__mapper *m, const void *object, uint32_t hash);
/* Takes out the object that `key` (its image, or itself) is filed under. */
void ath__identity_remove(ath__mapper *m, const void *object, const void *key);
/* Whether it is filed, as one that is only marked for deletion still is. */
bool ath__identity_has(const ath__mapper *m, void *object);

/* ---- get.c, object.c ---- */

/* Whether a struct's field leaves the column to its default: NULL, or a key the database numbers that is still 0. */
bool ath__field_is_open(const ath__column *column, const void *object);
/* The session's object with the key that a struct has, read if need be.  NULL when the key is open or there is no such row,
 * and on failure. */
void *ath__get_alike(ath_session *s, ath__mapper *m, const void *object);

/* Reads the row with the key of `object`; with `overwrite` into the object the session has.  NULL when there is none, and on
 * failure. */
void *ath__load_by_key(ath_session *s, ath__mapper *m, const void *object, bool overwrite);

/* ---- refresh.c ---- */

/* Goes on from an object that has been read again. */
ath_status ath__refresh_related(ath_session *s, const ath__mapper *m, void *object);

/* ---- family.c ---- */

/* What an object of the model that is not tracked is, by its discriminator; NULL: that is not told. */
const ath_model *ath__family_class_of(const ath_model *model, const void *object);

/* An object by a number: its index, and which class of its family. */
static inline uint32_t ath__object_code(const ath__mapper *m, const void *object) {
    const ath__head *head = ath__head_of(object);
    return m->family ? head->index << m->family->bits | (uint32_t)(head->mapper - m->family->first) : head->index;
}

/* The mapper of a class, with those of its hierarchy; NULL (with the session's error set) on failure. */
ath__mapper *ath__family_join(ath_session *s, const ath_model *model, const ath_table *table);
static inline bool ath__mapper_is_polymorphic(const ath__mapper *m) {
    return m->family && m->members_to - m->member > 1;
}
/* Whether objects of `m` are objects of `of`. */
static inline bool ath__mapper_is(const ath__mapper *m, const ath__mapper *of) {
    return m == of || (m->family && m->family == of->family && m->member >= of->member && m->member < of->members_to);
}
/* The members of m's class and those that inherit from it, from i = 0 on; NULL: no more. */
static inline ath__mapper *ath__mapper_heir(const ath__mapper *m, size_t i) {
    if (!m->family)
        return i ? NULL : (ath__mapper *)(uintptr_t)m;
    return m->member + i < m->members_to ? m->family->members[m->member + i] : NULL;
}
/* ATH_NOT_SUPPORTED when objects that are not tracked would lack columns. */
ath_status ath__family_untracked(ath_session *s, const ath__mapper *m, const ath_select_stmt *query);
/* The class that a row of a query for `m` is of, any of the family; NULL (with the session's error set) when there is none. */
ath__mapper *ath__family_class(ath_session *s, ath__mapper *m, const ath_value *cells);
/* The row of a query for `m` as one of its real class; `missing` as in ath__load_part, made to fit that class. */
const ath_value *ath__family_cells(ath__mapper *m, ath__mapper *real, const ath_value *cells, const uint64_t **missing);
/* Both: *m becomes the real class; NULL (with the session's error set) when the row is of no class that was asked for. */
const ath_value *ath__real_row(ath_session *s, ath__mapper **m, const ath_value *cells, const uint64_t **missing);
/* Where a column of the mapper's table stands in rows of its queries. */
static inline size_t ath__cell_at(const ath__mapper *m, size_t column) {
    return m->row_table != m->table && m->row_of ? m->row_of[column] : column;
}
/* Joined-table classes: columns of the real classes, for objects that came from a query for `m`. */
ath_status ath__family_complete(ath_session *s, ath__mapper *m, void *const *objects, size_t count, bool overwrite);

/* ---- concrete.c ---- */

/* Whether the query is for a class with subclasses that are concrete, and for these too; then these run it. */
bool ath__is_concrete(ath_session *s, const ath_select_stmt *query);
void **ath__concrete_all(ath_session *s, const ath_select_stmt *query);
int64_t ath__concrete_count(ath_session *s, const ath_select_stmt *query);

/* ---- load.c ---- */

/* Decodes one row into a struct by steps; `arena` receives text. */
ath_status ath__load_row(ath_session *s, const ath__mapper *m, void *object, const ath_value *cells, ath__arena *arena);
/* Adds table and column to the session's error: message, members.  Returns its status. */
ath_status ath__name_column(ath_session *s, const ath__mapper *m, const ath__column *column);
/* A row as an object that is not tracked.  NULL on failure. */
void *ath__load_read_only(ath_session *s, ath__mapper *m, const ath_value *cells, const uint64_t *missing,
                          ath__arena *arena);
/* A row as a tracked object: the one the session has (overwritten if `overwrite`), or a new one.  NULL on failure. */
void *ath__load_object(ath_session *s, ath__mapper *m, const ath_value *cells, bool overwrite);
/* The same of a row without the columns of the mask `missing` (NULL: it has all); cells stand where they always do, as the
 * columns of m's row_table do. */
void *ath__load_part(ath_session *s, ath__mapper *m, const ath_value *cells, bool overwrite, const uint64_t *missing);
ath_status ath__load_row_part(ath_session *s, const ath__mapper *m, void *object, const ath_value *cells,
                              ath__arena *arena, const uint64_t *missing);

/* ---- marks.c ---- */

/* The mask of the columns of an object that are not loaded; NULL: all are. */
const uint64_t *ath__missing_columns(const ath__mapper *m, const void *object);
/* A new object came without the columns of the mask. */
ath_status ath__mark_missing(ath_session *s, ath__mapper *m, const void *object, const uint64_t *missing);
/* Those outside of the mask (NULL: all) have come; its fields hold them. */
void ath__mark_present(const ath__mapper *m, const void *object, const uint64_t *missing);
/* An object's image is that of the transaction's beginning again. */
void ath__mark_rolled_back(const ath__mapper *m, const void *object);
/* An entry begins, maybe in the place of one that was taken back. */
void ath__marks_clear(const ath__mapper *m, uint32_t index);
/* Relations that ath_load_rel refuses, because the query said so. */
ath_status ath__mark_refused(ath_session *s, ath__mapper *m, const void *object, const ath__relation *relation);
bool ath__is_refused(const ath__mapper *m, const void *object, const ath__relation *relation);

/* ---- columns.c ---- */

/* Reads columns of the mask for those of the objects that lack them. */
ath_status ath__load_missing(ath_session *s, ath__mapper *m, void *const *objects, size_t count,
                             const uint64_t *columns);

/* ---- flush.c, flush_insert.c, flush_update.c, flush_delete.c ---- */

/* New objects are written, those of the mapper's list from `first` on. */
ath_status ath__flush_inserts(ath_session *s, ath__mapper *m, size_t first, size_t count);
/* Objects are written as far as they differ from their images. */
ath_status ath__flush_updates(ath_session *s, ath__mapper *m, const uint32_t *objects, size_t count);
ath_status ath__flush_deletes(ath_session *s, ath__mapper *m, const uint32_t *objects, size_t count);
/* One field as a value that fits its column.  Text is copied into the session first, so that the object, its image and
 * the bind all share memory that stays. */
ath_status ath__flush_value(ath_session *s, const ath__mapper *m, void *object, const ath__column *column,
                            ath_value *out);
/* Binds `count` values from placeholder `first` on; the session's error on failure. */
ath_status ath__flush_bind(ath_session *s, ath__prepared *p, size_t first, const ath_value *values, size_t count);
/* Whether a pending object's column is left to the database: it was neither named nor assigned. */
bool ath__flush_leaves(const ath__mapper *m, const void *object, const ath__column *column);
/* Prepares a statement of the unit of work by its few-word key; NULL (with the session's error) on failure. */
ath__prepared *ath__flush_prepare(ath_session *s, const uint64_t *words, size_t count, ath__compile_fn compile,
                                  void *context);
/* Takes the columns of a table (the mapper's, or a part of it) that the database returned for one object. */
ath_status ath__flush_read_back(ath_session *s, const ath__mapper *m, const ath_table *t, void *object,
                                const uint16_t *columns, size_t count, const ath_value *cells);
/* The first word of a unit-of-work key; statements' keys begin with a small ath_stmt_kind. */
enum {
    ATH__KEY_GET = 1001,
    ATH__KEY_INSERT,
    ATH__KEY_UPDATE,
    ATH__KEY_DELETE,
    ATH__KEY_READ,
    ATH__KEY_BETWEEN,
    ATH__KEY_INSERT_MANY,
    ATH__KEY_UPDATE_MANY
};

/* ---- flush_rows.c: many rows at once ---- */

/* How a database takes the values of many rows: listed in the text; as arrays, one a column, by a text of its own
 * (compiled for ATH__ANY_ROWS); as arrays beside the text of one row, which runs row by row in their order. */
typedef enum ath__many { ATH__MANY_LISTED, ATH__MANY_ARRAYS, ATH__MANY_BULK } ath__many;
ath__many ath__flush_many(const ath_connection *connection);

enum { ATH__BATCH_ROWS = 1000 };

/* Values of rows for one run of a statement, row by row. */
typedef struct ath__rows {
    ath_value *values;
    size_t columns, count, capacity;
    size_t bytes; /* of text and bytes: a batch ends before it is too large to be sent */
} ath__rows;

/* Room for `most` rows, ATH__BATCH_ROWS at most. */
ath_status ath__rows_init(ath_session *s, ath__rows *rows, size_t columns, size_t most);
void ath__rows_done(ath_session *s, ath__rows *rows);
/* Where the next row is written, and that it was. */
static inline ath_value *ath__rows_next(ath__rows *rows) {
    return rows->values + rows->count * rows->columns;
}
void ath__rows_add(ath__rows *rows);
bool ath__rows_full(const ath__rows *rows);
/* By the driver's bind_rows. */
ath_status ath__rows_bind(ath_session *s, ath__prepared *p, const ath__rows *rows);
/* The key of an object (or of an image), made to fit its columns. */
ath_status ath__flush_key(ath_session *s, const ath__mapper *m, const void *object, ath_value *out);
/* How many of the keys that are left, of `width` values each, go into one statement, and how many rows its text is for. */
size_t ath__keys_batch(ath_session *s, size_t width, size_t left, size_t *text_rows);
ath_status ath__keys_bind(ath_session *s, ath__prepared *p, ath__rows *keys, size_t text_rows);
/* Reads columns of rows that were just written into their objects and images; each row must be there. */
ath_status ath__flush_read(ath_session *s, ath__mapper *m, const uint32_t *objects, size_t count,
                           const uint16_t *columns, size_t column_count);

/* ---- version.c ---- */

/* What a row is found by for UPDATE and DELETE: the key of an image, and its version if the table counts one. */
ath_status ath__flush_guard(ath_session *s, const ath__mapper *m, const void *image, ath_value *out);
/* A new object's version is 1; that of a changed one, one more than its image's.  Marks the column in the mask.  Nothing
 * for tables without a version. */
void ath__version_first(const ath__mapper *m, void *object, uint64_t *mask);
ath_status ath__version_next(ath_session *s, const ath__mapper *m, void *object, uint64_t *mask);
/* Adds to the session's error, which says that some of these objects were stale, which one it was: of several the first
 * whose row is not what was written into `columns`.  Returns the error's status. */
ath_status ath__name_stale(ath_session *s, ath__mapper *m, const uint32_t *items, size_t count, const uint16_t *columns,
                           size_t column_count);

/* ---- events.c ---- */

/* Takes the engine's hooks over. */
ath_status ath__events_open(ath_session *s);
void ath__events_close(ath_session *s);
/* Calls the hooks for an event of the session, or of an object. */
ath_status ath__event_call(ath_session *s, ath_event event, const ath__mapper *m, void *object);
static inline bool ath__event_wanted(const ath_session *s, ath_event event) {
    return s->events >> event & 1;
}
static inline ath_status ath__event(ath_session *s, ath_event event, const ath__mapper *m, void *object) {
    return ath__event_wanted(s, event) ? ath__event_call(s, event, m, object) : ATH_OK;
}
/* Before anything of a flush, and after it. */
ath_status ath__flush_begin(ath_session *s);
ath_status ath__flush_end(ath_session *s);
/* Hooks of the objects that are about to be written; in later rounds, of those that have come since.  *ran: there were
 * some, which may have changed anything. */
ath_status ath__flush_hooks(ath_session *s, bool first, bool *ran);
/* Whether there is anything to be written. */
bool ath__session_is_dirty(const ath_session *s);
/* Notes that an object's row was written, for hooks after the flush. */
ath_status ath__event_note(ath_session *s, ath_event event, const ath__mapper *m, const void *object);
/* Whether hooks may do what is asked for; ATH_STATE otherwise. */
ath_status ath__hook_may_not(ath_session *s, const char *what);

/* ---- filter.c ---- */

/* Whether queries for the model have a condition that they do not say. */
bool ath__is_filtered(const ath_session *s, const ath_model *model);
/* Gives the statement the filters of all models it speaks of (none where it is unfiltered), and the conditions that rows of
 * a table which classes share are of the class: *stmt then points to a copy.  Valid until the next call: what
 * is prepared from it needs it no longer once its values are bound.  False, with the session's error, on failure. */
bool ath__filtered(ath_session *s, ath_stmt *stmt);
bool ath__filtered_select(ath_session *s, const ath_select_stmt **select, bool unfiltered);

/* ---- validate.c ---- */

/* All objects that the flush would write. */
ath_status ath__validate_all(ath_session *s);
/* The model's own check of a struct. */
ath_status ath__validate_whole(ath_session *s, const ath__mapper *m, const void *object);
/* Whether the value of a column of a persistent object has changed; of any of its columns. */
bool ath__column_changed(const ath__mapper *m, const void *object, const ath__column *column);
bool ath__object_changed(const ath__mapper *m, const void *object);

/* ---- journal.c ---- */

/* Rows are about to be written by condition, from arrays or by a statement of the program: objects that are read from now
 * on may hold what a rollback takes back, and are read anew after one. */
void ath__journal_aside(ath_session *s);
/* Notes that an object was written, before its image changes. */
ath_status ath__journal_add(ath_session *s, ath__undo_kind kind, const ath__mapper *m, void *object);
/* After a commit. */
void ath__journal_clear(ath_session *s);
/* Undoes what came behind the first `keep` entries, and puts all objects back to their images. */
void ath__journal_undo(ath_session *s, size_t keep);
/* Entries from `from` on count as those of a level lower. */
void ath__journal_lower(ath_session *s, size_t from);

/* ---- column masks ---- */

static inline bool ath__mask_has(const uint64_t *mask, size_t column) {
    return mask[column / 64] >> (column % 64) & 1;
}
static inline void ath__mask_clear(uint64_t *mask, size_t column) {
    mask[column / 64] &= ~(1ull << (column % 64));
}
static inline void ath__mask_set(uint64_t *mask, size_t column) {
    mask[column / 64] |= 1ull << (column % 64);
}

#endif
