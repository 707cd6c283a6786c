/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `sql`, inheritance: models whose structs begin with that of another model.
 *
 *     struct Employee { int64_t id; const char *name, *type; };
 *     struct Manager  { Employee employee; ath_opt_i32 level; };
 *
 *     ATH_MODEL(Employee, "employees") {
 *         ath_column(id, .primary_key = true);
 *         ath_column(name);
 *         ath_column(type);
 *         ath_polymorphic_on(type, .identity = "employee");
 *         ath_subclasses(Manager);
 *     }
 *     ATH_MODEL(Manager, "employees") {
 *         ath_inherits(employee, Employee, .identity = "manager");
 *         ath_column(level, .nullable = true);
 *     }
 *
 * A child with its parent's table shares it (single-table inheritance); one with another table has its own columns there
 * and the parent's key (joined-table), or all columns with .concrete = true.  Columns, relations, constraints, rules and
 * the default filter are inherited; inherited columns are ath_col(Manager, employee.name).  See docs/inheritance.md.
 */
#ifndef ATHANOR_INHERIT_H
#define ATHANOR_INHERIT_H

#include <athanor/schema.h>

#ifdef __cplusplus
extern "C" {
#endif

/* What can be said of a class of a hierarchy. */
typedef struct ath_class_opts {
    size_t struct_size;
    const char *identity; /* what the discriminator says of its rows; neither this nor .number: an abstract class */
    ath_opt_i64 number;   /* the same of a discriminator that is a number: .number = ath_some(2) */
    bool concrete;        /* the child's table has all columns, and keys of its own */
    ath_name_list
        key; /* joined-table: how the key's columns are called in the child's table; default: as the parent's */
    const char *ondelete; /* joined-table: of the foreign key to the parent's table: "CASCADE" */
} ath_class_opts;

/* In the body of the root: the column that says which class a row is of.  The library sets it. */
#define ath_polymorphic_on(...) ATH_POLYMORPHIC_ON_(__VA_ARGS__, .struct_size = sizeof(ath_class_opts))
#define ATH_POLYMORPHIC_ON_(field, ...)                                                                                \
    ath_mapper_polymorphic_on(ath_m, #field, ATH_OFFSET_(field), &(const ath_class_opts){__VA_ARGS__})

/* In the body of a class that others inherit from: all that do so directly.  The root of concrete classes, which needs no
 * discriminator, says this alone. */
#define ath_subclasses(...)                                                                                            \
    ath_mapper_subclasses(ath_m, ATH_NARGS(__VA_ARGS__),                                                               \
                          (const ath_model *const[]){ATH_FOR_EACH(ATH_MODEL_REF_, __VA_ARGS__)})

/* In the body of a child, before its own columns: the struct's first field is of the parent's type. */
#define ath_inherits(...) ATH_INHERITS_(__VA_ARGS__, .struct_size = sizeof(ath_class_opts))
#define ATH_INHERITS_(field, T, ...)                                                                                   \
    ath_mapper_inherits(ath_m, #field, ATH_OFFSET_(field) + 0 * sizeof(ath_self->field = *(T *)0), &ath_model_##T,     \
                        &ath_self->field, &(const ath_class_opts){__VA_ARGS__})

/* What the macros expand to, for bindings.  As ath_mapper_column. */
ATH_API void ath_mapper_polymorphic_on(ath_mapper *mapper, const char *field, size_t offset,
                                       const ath_class_opts *opts);
ATH_API void ath_mapper_subclasses(ath_mapper *mapper, size_t count, const ath_model *const *models);
ATH_API void ath_mapper_inherits(ath_mapper *mapper, const char *field, size_t offset, const ath_model *parent,
                                 void *blank, const ath_class_opts *opts);

/* Whether a model is that class, or inherits from it. */
#define ath_model_is(model, M) ath_model_inherits(model, &ath_model_##M)
ATH_API bool ath_model_inherits(const ath_model *model, const ath_model *ancestor);

#ifdef __cplusplus
}
#endif

#endif
