/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`, relations between models: how they are described in a model's body, and how a query says that they be
 * loaded.
 *
 *     typedef struct User User;
 *     typedef struct Post Post;
 *     struct User { int64_t id; const char *name; Post **posts; };
 *     struct Post { int64_t id, author_id; const char *title; User *author; };
 *     ATH_DECLARE(Post);                                          // named before its own body
 *
 *     ATH_MODEL(User, "users") {
 *         ath_column(id, .primary_key = true);
 *         ath_column(name);
 *         ath_has_many(posts, Post, .back_populates = "author", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
 *     }
 *     ATH_MODEL(Post, "posts") {
 *         ath_column(id, .primary_key = true);
 *         ath_column(author_id, .foreign_key = "users.id");
 *         ath_column(title);
 *         ath_belongs_to(author, User, .back_populates = "posts");
 *     }
 *
 * A field of many is a vector: NULL-terminated, ath_len(v) of them; NULL itself: not loaded.  A field of one is a pointer:
 * NULL is none, or not loaded (ath_is_loaded tells).  The columns that join the two are those of the foreign key between
 * the tables.  A mistake (no foreign key, several, a back_populates that is not there) is reported by ath_metadata_check,
 * ath_create_all and every call of a session that uses the model.
 */
#ifndef ATHANOR_RELATION_H
#define ATHANOR_RELATION_H

#include <athanor/statement.h>

#ifdef __cplusplus
extern "C" {
#endif

/* ---- what can be said of a relation ------------------------------------------------------------------------------ */

/* What is done to related objects when something is done to an object, as SQLAlchemy's cascades. */
enum {
    ATH_CASCADE_SAVE_UPDATE = 1,    /* an object that is attached joins the session */
    ATH_CASCADE_MERGE = 2,          /* ath_merge goes on to them */
    ATH_CASCADE_DELETE = 4,         /* they are deleted with it; else their foreign key becomes NULL */
    ATH_CASCADE_DELETE_ORPHAN = 12, /* and when they are taken out of the relation */
    ATH_CASCADE_EXPUNGE = 16,       /* ath_expunge goes on to them */
    ATH_CASCADE_REFRESH = 32,       /* ath_refresh and ath_expire go on to them */
    ATH_CASCADE_NONE = 64,
    ATH_CASCADE_DEFAULT = ATH_CASCADE_SAVE_UPDATE | ATH_CASCADE_MERGE,
    ATH_CASCADE_ALL = ATH_CASCADE_DEFAULT | ATH_CASCADE_DELETE | ATH_CASCADE_EXPUNGE | ATH_CASCADE_REFRESH,
    ATH_CASCADE_ALL_DELETE_ORPHAN = ATH_CASCADE_ALL | ATH_CASCADE_DELETE_ORPHAN
};

/* Whether the deletion of an object loads its children first. */
typedef enum ath_passive_deletes {
    ATH_PASSIVE_DELETES_NO = 0, /* children are loaded, then deleted or parted from it */
    ATH_PASSIVE_DELETES,        /* only those that the session holds already; the rest is left to ON DELETE */
    ATH_PASSIVE_DELETES_ALL     /* none: all is left to ON DELETE */
} ath_passive_deletes;

/* How a relation is loaded. */
typedef enum ath_load_strategy {
    ATH_LOAD_EXPLICIT = 0,   /* in a model: by a query's .load or ath_load_rel alone */
    ATH_LOAD_SELECTIN,       /* a second SELECT, of all that belong to the rows of the first */
    ATH_LOAD_JOINED,         /* in the same SELECT, by an outer join */
    ATH_LOAD_SUBQUERY,       /* a second SELECT, joined to the first as a subquery */
    ATH_LOAD_CONTAINS_EAGER, /* from a join that the query has itself */
    ATH_LOAD_RAISE,          /* ath_load_rel is refused */
    ATH_LOAD_NONE            /* none: an empty vector, without a SELECT */
} ath_load_strategy;

/* Zero fields are the defaults. */
typedef struct ath_relation_opts {
    size_t struct_size;
    const char *back_populates; /* the field of the other side; ath_append and its kin keep both in step */
    unsigned cascade;           /* ATH_CASCADE_... ; 0: ATH_CASCADE_DEFAULT */
    /* Which foreign key, by its columns, when several join the tables; or columns that are no foreign key in the schema,
     * with `references`, the columns that they refer to. */
    ath_name_list foreign_key, references;
    /* Many to many: the model of the table between, `.secondary = ath_model_of(PostTag)`.  Then `foreign_key` are its
     * columns that refer to this model, `target_key` those that refer to the target. */
    const ath_model *secondary;
    ath_name_list target_key;
    ATH_CONDITION_(where);  /* only those that meet it, by columns of the target */
    ath_expr_list order_by; /* how loaded vectors are ordered */
    bool viewonly;          /* never written */
    bool post_update;       /* the foreign key is written by an UPDATE of its own, when all rows are there */
    ath_passive_deletes passive_deletes;
    ath_load_strategy load; /* how queries that say nothing load it */
    bool inner;             /* joined loading by an inner join: each row is known to have one */
} ath_relation_opts;

/* In a body: many objects of model T whose foreign key refers to this one, or, with .secondary, many to many.  The field
 * is a T **. */
#define ath_has_many(...) ATH_HAS_MANY_(__VA_ARGS__, .struct_size = sizeof(ath_relation_opts))
#define ATH_HAS_MANY_(field, T, ...)                                                                                   \
    ath_mapper_relation(ath_m, #field, ATH_OFFSET_(field) + 0 * sizeof(ath_self->field = (T **)0), ATH_HAS_MANY,       \
                        &ath_model_##T, &(const ath_relation_opts){__VA_ARGS__})
/* The one object of model T whose foreign key refers to this one.  The field is a T *. */
#define ath_has_one(...) ATH_HAS_ONE_(__VA_ARGS__, .struct_size = sizeof(ath_relation_opts))
#define ATH_HAS_ONE_(field, T, ...)                                                                                    \
    ath_mapper_relation(ath_m, #field, ATH_OFFSET_(field) + 0 * sizeof(ath_self->field = (T *)0), ATH_HAS_ONE,         \
                        &ath_model_##T, &(const ath_relation_opts){__VA_ARGS__})
/* The object of model T that this one's foreign key refers to.  The field is a T *. */
#define ath_belongs_to(...) ATH_BELONGS_TO_(__VA_ARGS__, .struct_size = sizeof(ath_relation_opts))
#define ATH_BELONGS_TO_(field, T, ...)                                                                                 \
    ath_mapper_relation(ath_m, #field, ATH_OFFSET_(field) + 0 * sizeof(ath_self->field = (T *)0), ATH_BELONGS_TO,      \
                        &ath_model_##T, &(const ath_relation_opts){__VA_ARGS__})

typedef enum ath_relation_side { ATH_HAS_MANY = 1, ATH_HAS_ONE, ATH_BELONGS_TO } ath_relation_side;

/* What the macros expand to, for bindings.  As ath_mapper_column. */
ATH_API void ath_mapper_relation(ath_mapper *mapper, const char *field, size_t offset, ath_relation_side kind,
                                 const ath_model *target, const ath_relation_opts *opts);

/* ---- how a query loads them -------------------------------------------------------------------------------------- */

/* Columns can be left out, of the query's own objects and of those of a relation:
 *
 *     ath_all(s, Post, .load_only = ath_cols(ath_col(Post, title)),
 *             .load = ath_load(ath_selectin(Post, author, .defer = ath_cols(ath_col(User, photo)))));
 *
 * Primary keys are always loaded, and the columns that join the relations that the query loads.  A field that is not
 * loaded is zero; it is never written, unless the program assigns another value to it.  An object that the session has
 * keeps what it has.  ath_load_columns fills such fields, a query without .load_only too. */

/* One relation that a query loads, with those of its objects in `then`:
 *
 *     .load = ath_load(ath_selectin(User, posts, .then = ath_load(ath_joined(Post, category))), ath_joined(User, profile))
 */
typedef struct ath_load_clause {
    const ath_model *model; /* whose relation it is */
    size_t offset;          /* of the field */
    ath_load_strategy strategy;
    ath_load_list then;
    ATH_CONDITION_(where);  /* only those that meet it, besides the relation's own condition */
    ath_expr_list order_by; /* instead of the relation's own order */
    ath_expr_list load_only, defer;
    bool inner;         /* ath_joined: by an inner join */
    const char *alias;  /* ath_contains_eager: the alias that the target has in the query; NULL: none */
    bool made_by_macro; /* says nothing; keeps compilers quiet about members that are not named */
} ath_load_clause;

#define ath_load(...)                                                                                                  \
    ((ath_load_list){.count = ATH_COUNT_(ath_load_clause, __VA_ARGS__),                                                \
                     .items = (const ath_load_clause[]){__VA_ARGS__}})
/* A second SELECT for all rows of the first: WHERE foreign key IN (keys).  The best for many. */
#define ath_selectin(...) ATH_LOADED_(ATH_LOAD_SELECTIN, __VA_ARGS__, .made_by_macro = true)
/* In the same SELECT, by an outer join (or .inner = true).  The best for one.  The joined table has an alias that the
 * query cannot name; with .limit, the query becomes a subquery first. */
#define ath_joined(...) ATH_LOADED_(ATH_LOAD_JOINED, __VA_ARGS__, .made_by_macro = true)
/* A second SELECT that joins the first as a subquery. */
#define ath_subquery_load(...) ATH_LOADED_(ATH_LOAD_SUBQUERY, __VA_ARGS__, .made_by_macro = true)
/* From a join that the query itself has: .joins = ath_joins(ath_join(Post)), .load = ath_load(ath_contains_eager(User,
 * posts)). */
#define ath_contains_eager(...) ATH_LOADED_(ATH_LOAD_CONTAINS_EAGER, __VA_ARGS__, .made_by_macro = true)
/* ath_load_rel is refused for the objects of this query. */
#define ath_raise_load(...) ATH_LOADED_(ATH_LOAD_RAISE, __VA_ARGS__, .made_by_macro = true)
/* Nothing is loaded: the vector is empty. */
#define ath_no_load(...) ATH_LOADED_(ATH_LOAD_NONE, __VA_ARGS__, .made_by_macro = true)
#define ATH_LOADED_(how, M, field, ...)                                                                                \
    ((ath_load_clause){.model = &ath_model_##M, .offset = offsetof(M, field), .strategy = (how), __VA_ARGS__})

/* ---- conditions on relations -------------------------------------------------------------------------------------- */

typedef enum ath_relation_test {
    ATH_RELATION_ANY = 1,
    ATH_RELATION_HAS,
    ATH_RELATION_CONTAINS,
    ATH_RELATION_IS,
    ATH_RELATION_IS_NOT
} ath_relation_test;

/* For every WHERE, in sessions and outside of them:
 *
 *     .where = ath_rel_any(User, posts, ath_eq(ath_col(Post, status), "draft"))       some post is a draft
 *     .where = ath_not(ath_rel_any(User, posts))                                      there is no post
 *     .where = ath_rel_has(Post, author, ath_eq(ath_col(User, name), "ann"))          there is an author called so
 *     .where = ath_rel_contains(User, posts, post)                                    this one is among them
 *     .where = ath_rel_is(Post, author, user), ath_rel_is(Post, author, NULL)         it is this one; there is none
 *
 * They are EXISTS (SELECT 1 FROM target WHERE ...), or where columns of the row alone decide, a comparison of these.
 * Conditions speak of the target's columns by its model, without an alias, also where the relation goes to its own
 * model; several must all hold.  The relation's own .where counts.
 *
 * An object is a pointer to any struct of the target's model, of a session or not.  Its key (or foreign key) is read
 * when the statement runs, after the autoflush; so it must live that long, in a query that is built step by step too. */
#define ath_rel_any(M, ...) ath_rel_any_of(NULL, M, __VA_ARGS__)
#define ath_rel_has(M, ...) ath_rel_has_of(NULL, M, __VA_ARGS__)
#define ath_rel_contains(M, field, object) ath_rel_contains_of(NULL, M, field, object)
#define ath_rel_is(M, field, object) ath_rel_is_of(NULL, M, field, object)
#define ath_rel_is_not(M, field, object) ath_rel_is_not_of(NULL, M, field, object)
/* The same for a model that has an alias in the statement. */
#define ath_rel_any_of(alias_name, M, ...)                                                                             \
    ATH_REL_SOME_(ATH_RELATION_ANY + 0 * sizeof(ATH_REL_MANY_(M, __VA_ARGS__, )), alias_name, M, __VA_ARGS__, NULL)
#define ath_rel_has_of(alias_name, M, ...) ATH_REL_SOME_(ATH_RELATION_HAS, alias_name, M, __VA_ARGS__, NULL)
#define ath_rel_contains_of(alias_name, M, field, object)                                                              \
    ATH_REL_OBJECT_(ATH_RELATION_CONTAINS, alias_name, M, field, (1 ? (object) : (__typeof__(*((M *)0)->field))0))
#define ath_rel_is_of(alias_name, M, field, object)                                                                    \
    ATH_REL_OBJECT_(ATH_RELATION_IS, alias_name, M, field, (1 ? (object) : (__typeof__(((M *)0)->field))0))
#define ath_rel_is_not_of(alias_name, M, field, object)                                                                \
    ATH_REL_OBJECT_(ATH_RELATION_IS_NOT, alias_name, M, field, (1 ? (object) : (__typeof__(((M *)0)->field))0))
#define ATH_REL_MANY_(M, field, ...) **((M *)0)->field
#define ATH_REL_SOME_(test, alias_name, M, field, ...)                                                                 \
    ATH_NODE_OF_(.node = ATH_NODE_RELATION, .op = (test), .count = 1, .args = ATH_ARGS_(ath_and(__VA_ARGS__)),         \
                 .u.relation = {.model = &ath_model_##M, .offset = offsetof(M, field), .alias = alias_name})
#define ATH_REL_OBJECT_(test, alias_name, M, field, that)                                                              \
    ATH_NODE_OF_(.node = ATH_NODE_RELATION, .op = (test),                                                              \
                 .u.relation = {                                                                                       \
                     .model = &ath_model_##M, .offset = offsetof(M, field), .alias = alias_name, .object = (that)})

#ifdef __cplusplus
}
#endif

#endif
