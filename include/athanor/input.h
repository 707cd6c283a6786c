/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `json`, in: JSON text into plain structs, checked; what Pydantic's input schemas are.
 *
 *     typedef struct { const char *username, *email, *password; ath_opt_i32 age; } UserIn;
 *     ATH_PROJECTION(UserIn) {
 *         ath_column(username, .min_length = 3, .max_length = 50, .pattern = "^[a-z0-9_]+$");
 *         ath_column(email);
 *         ath_column(password, .min_length = 8);
 *         ath_column(age, .nullable = true, .min = ath_int(0));
 *         ath_input_field(email, .format = ATH_FORMAT_EMAIL, .strip = true, .lower = true);
 *         ath_input_field(password, .aside = true);            // the program hashes it: no column of User is called so
 *     }
 *
 *     ath_input *in = ath_from_json(UserIn, body, body_size, .error = &e);       // NULL: no memory, or a wrong schema
 *     if (ath_input_problem_count(in))
 *         return reply(422, ath_input_problems_json(in));      // all of them, each with its JSON pointer; ath_json_free
 *     const UserIn *given = ath_input_value(in, UserIn);
 *     User *user = ath_input_new(s, User, in);                 // username, email, age: by name
 *     user->password_hash = hash(given->password);
 *     ath_commit(s);
 *     ath_input_free(in);
 *
 * Any model or projection is an input schema; the columns' own rules hold (.min_length, .max_length, .min, .max, .pattern,
 * .nullable, the type with its length, digits and labels).  Malformed text and broken rules are problems of the input, not
 * errors of the call: all of them are reported, none of them repeats a value that came in.
 *
 * Values are strict.  Text is a string; true and false are booleans; integers are numbers without a fraction within the
 * field's range, all 64 bits exact; decimals are strings, or numbers of at most 15 digits; bytes are base64 (RFC 4648,
 * padded); dates "2024-01-31", times "12:34:56.5", naive datetimes "2024-01-31T12:34:56", timestamps the same with Z or
 * +hh:mm (RFC 3339); intervals ISO 8601; uuids with their hyphens; an enum is its label; an ath_json takes any value.  null
 * is NULL.  The same key twice in an object is a problem, and so is a NUL in text.
 *
 * A field is required when it is not nullable, has no default and no server default, and is no key that the database
 * numbers.  What the database or the library fills (.read_only, .version, .computed, .expression, a discriminator) may not
 * come in.  Literal defaults are applied.
 *
 * A relation of a projection takes an object or a list of objects of its own schema (pointers "/tags/2/name"); no foreign key
 * is needed.  Relations of a model come in only where .include names them; the columns that refer to it are not required then.
 *
 * An ath_input belongs to one thread at a time.  What it gives lives until ath_input_free.
 */
#ifndef ATHANOR_INPUT_H
#define ATHANOR_INPUT_H

#include <athanor/json.h>
#include <athanor/orm.h>
#include <athanor/rules.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct ath_input ath_input;

/* ---- what a body says besides its columns ------------------------------------------------------------------------ */

/* Whether a field must be there.  DEFAULT: as its column says, see above; relations and lists need not be there. */
typedef enum ath_required { ATH_REQUIRED_DEFAULT = 0, ATH_REQUIRED_YES, ATH_REQUIRED_NO } ath_required;

/* What text must look like. */
typedef enum ath_format {
    ATH_FORMAT_NONE = 0,
    ATH_FORMAT_EMAIL,     /* user@host.name: an RFC 5321 mailbox with a dot-atom in front and a DNS name behind; no
                             quoted part, no address literal */
    ATH_FORMAT_URI,       /* RFC 3986, absolute: "https://example.org/a?b#c" */
    ATH_FORMAT_UUID,      /* 8-4-4-4-12 hexadecimal digits */
    ATH_FORMAT_DATE,      /* "2024-01-31" */
    ATH_FORMAT_TIME,      /* "12:34:56", "12:34:56.789" */
    ATH_FORMAT_DATE_TIME, /* RFC 3339, with Z or an offset */
    ATH_FORMAT_HOSTNAME,  /* labels of letters, digits and inner hyphens, at most 63 each and 253 in all */
    ATH_FORMAT_IPV4,      /* four decimal bytes */
    ATH_FORMAT_IPV6       /* RFC 4291 text */
} ath_format;

/* A check of one field's value that has passed all others and is not NULL: `field` points to it, in its C type.  Refuses by
 * ath_invalid(error, NULL, "why"); anything but ATH_OK refuses. */
typedef ath_status (*ath_field_check_fn)(const void *field, ath_error *error);
/* A check of a whole object whose fields are all right.  Refuses by ath_input_refuse_of(in, object, ...), as often as it
 * likes. */
typedef void (*ath_input_check_fn)(ath_input *in, const void *object);

/* Zero fields leave what was said before. */
typedef struct ath_input_field_opts {
    size_t struct_size;
    ath_required required;
    ath_format format;        /* of text */
    const char *alias;        /* its name in JSON; default: the field's, of an embedded struct's field the column's */
    ath_field_check_fn check; /* of columns, and of each item of a list */
    bool strip;               /* white space (ASCII) before and behind the text is taken away first */
    bool lower;               /* then A to Z become a to z */
    bool aside; /* of a projection: the program uses it by itself; ath_input_apply and _new pass it over */
    uint32_t min_items, max_items; /* of lists, and relations to many; 0: none */
} ath_input_field_opts;

/* In a body, behind the field's ath_column (or ath_has_many, ath_has_one, ath_belongs_to, ath_input_list). */
#define ath_input_field(...) ATH_INPUT_FIELD_(__VA_ARGS__, .struct_size = sizeof(ath_input_field_opts))
#define ATH_INPUT_FIELD_(field, ...)                                                                                   \
    ath_mapper_input_field(ath_m, #field, ATH_OFFSET_(field), &(const ath_input_field_opts){__VA_ARGS__})

/* In a projection's body: a list of plain values.  The field is a pointer to them: `const char **tags`, `int64_t *ids`;
 * ath_len(v) of them, NULL when it was absent or null.  Further words are those of ath_column, for each value:
 * ath_input_list(tags, .min_length = 1, .max_length = 20). */
#define ath_input_list(...) ATH_INPUT_LIST_(__VA_ARGS__, .struct_size = sizeof(ath_column_opts))
#define ATH_INPUT_LIST_(field, ...)                                                                                    \
    ath_mapper_input_list(ath_m, #field, ATH_OFFSET_(field), sizeof *ath_self->field, ATH_CTYPE(*ath_self->field),     \
                          &(const ath_column_opts){__VA_ARGS__})

typedef enum ath_unknown { ATH_UNKNOWN_DEFAULT = 0, ATH_UNKNOWN_REFUSED, ATH_UNKNOWN_IGNORED } ath_unknown;

/* Zero fields leave what was said before. */
typedef struct ath_input_model_opts {
    size_t struct_size;
    ath_unknown unknown; /* names in JSON that are no field; default: refused */
    ath_input_check_fn check;
} ath_input_model_opts;

/* In a body. */
#define ath_input_options(...)                                                                                         \
    ath_mapper_input_options(ath_m,                                                                                    \
                             &(const ath_input_model_opts){.struct_size = sizeof(ath_input_model_opts), __VA_ARGS__})

/* What the macros expand to, for bindings.  As ath_mapper_column. */
ATH_API void ath_mapper_input_field(ath_mapper *mapper, const char *field, size_t offset,
                                    const ath_input_field_opts *opts);
ATH_API void ath_mapper_input_list(ath_mapper *mapper, const char *field, size_t offset, size_t size, int ctype,
                                   const ath_column_opts *opts);
ATH_API void ath_mapper_input_options(ath_mapper *mapper, const ath_input_model_opts *opts);

/* ---- reading ------------------------------------------------------------------------------------------------------ */

/* Zero fields are the defaults. */
typedef struct ath_input_opts {
    size_t struct_size;
    /* Which fields may come in, by their names in the struct; dots reach into relations ("tags.name"), and a relation's name
     * alone means all of it.  What may not come in is unknown, and not asked for.  A name that is no field is ATH_ARGUMENT. */
    ath_name_list include, exclude;
    ath_rename_list
        rename;   /* what fields are called in JSON, instead of .alias; of a schema that contains itself, everywhere */
    bool partial; /* no field is required and no default applied: ath_input_has tells what was there (Pydantic's
                            exclude_unset).  Objects of relations are whole all the same */
    ath_unknown unknown; /* instead of what the body says; of all nested objects, too */
    size_t max_size;     /* bytes of text; 0: 1 MiB */
    unsigned max_depth;  /* objects and lists in each other; 0: 32 */
    size_t max_problems; /* so many are kept, and one that says there are more; 0: 100 */
    const ath_allocator
        *allocator;   /* must live as long as the input; NULL: malloc.  The parser's own memory is malloc's */
    ath_error *error; /* receives why NULL was returned */
} ath_input_opts;

/* Reads an object: ath_from_json(UserIn, text, size, .partial = true).  NULL only when memory ran out (ATH_NO_MEMORY) or the
 * schema or an option is wrong (ATH_ARGUMENT); what is wrong with the text is a problem of the input.  Free it by
 * ath_input_free. */
#define ath_from_json(...) ATH_FROM_JSON_(__VA_ARGS__, .struct_size = sizeof(ath_input_opts))
#define ATH_FROM_JSON_(M, text, size, ...)                                                                             \
    ath_input_read(&ath_model_##M, text, size, false, &(const ath_input_opts){__VA_ARGS__})
/* Reads a list of objects. */
#define ath_list_from_json(...) ATH_LIST_FROM_JSON_(__VA_ARGS__, .struct_size = sizeof(ath_input_opts))
#define ATH_LIST_FROM_JSON_(M, text, size, ...)                                                                        \
    ath_input_read(&ath_model_##M, text, size, true, &(const ath_input_opts){__VA_ARGS__})
ATH_API ath_input *ath_input_read(const ath_model *schema, const char *text, size_t size, bool list,
                                  const ath_input_opts *opts);
/* NULL is fine. */
ATH_API void ath_input_free(ath_input *input);

/* ---- what came --------------------------------------------------------------------------------------------------- */

/* The struct: a const M *, NULL when there are problems (or the input is of another schema, or a list).  Fields that were
 * not there have their literal defaults, or are zero. */
#define ath_input_value(input, M) ((const M *)ath_input_object(input, &ath_model_##M))
ATH_API const void *ath_input_object(const ath_input *input, const ath_model *schema);
/* Of a list: a vector, ath_len(v) of const M *; NULL when there are problems. */
#define ath_input_values(input, M) ((const M *const *)ath_input_objects(input, &ath_model_##M))
ATH_API const void *const *ath_input_objects(const ath_input *input, const ath_model *schema);

/* Whether a field was there, as null too: ath_input_has(in, UserIn, age).  Of a list, and inside of relations:
 * ath_input_has_of(in, tag, TagIn, name), `tag` being a struct that the input gave. */
#define ath_input_has(input, M, field) ath_input_has_of(input, NULL, M, field)
#define ath_input_has_of(input, object, M, field)                                                                      \
    ath_input_has_at(input, &ath_model_##M, (1 ? (object) : (const M *)0), offsetof(M, field))
ATH_API bool ath_input_has_at(const ath_input *input, const ath_model *schema, const void *object, size_t offset);

/* ---- problems ---------------------------------------------------------------------------------------------------- */

/* One thing that is wrong.  `pointer` says where (RFC 6901, "" is the whole), by JSON's names.  `code` is one of these, or a
 * check's own:
 *
 *     missing           a required field is not there
 *     null              it is null and may not be
 *     type              a string where a number belongs, and the like
 *     unknown_field     no field is called so, or it may not come in
 *     read_only         the database or the library fills this field
 *     duplicate_key     the object has this key twice
 *     too_short too_long        text in characters, bytes in bytes
 *     too_few too_many          items of a list
 *     too_small too_big         beyond .min, .max
 *     out_of_range      a number beyond what the field's type holds
 *     fraction          a number with a fraction where an integer belongs
 *     digits            a decimal with more digits than its column, or a number of more than 15
 *     pattern           .pattern
 *     format            .format, or no date, time, uuid, base64 ... in its form
 *     enum              no label; the message has them
 *     nul               a NUL inside text
 *     check             a check refused it
 *     invalid_json      the text is no JSON, not UTF-8, or has something behind its value; the message says where
 *     text_too_large nested_too_deep    beyond .max_size, .max_depth
 *     too_many_problems         there are more than are told
 */
typedef struct ath_problem {
    const char *pointer, *code, *message;
} ath_problem;

/* 0: the input is sound.  NULL has none. */
ATH_API size_t ath_input_problem_count(const ath_input *input);
/* In the order of the text, what is missing behind what is there; NULL beyond the last. */
ATH_API const ath_problem *ath_input_problem(const ath_input *input, size_t i);
/* [{"pointer":"/email","code":"missing","message":"it is required"}]: the caller's, to be freed by ath_json_free (json.h).
 * NULL when memory ran out. */
ATH_API char *ath_input_problems_json(const ath_input *input);

/* Adds a problem that the program found ("taken", say).  `field` is the struct's name of a field of the object, NULL: the
 * object as a whole; `object` is a struct that the input gave, or gives to the check that runs.  All text is copied. */
#define ath_input_refuse(input, field, code, message) ath_input_refuse_of(input, NULL, field, code, message)
ATH_API ath_status ath_input_refuse_of(ath_input *input, const void *object, const char *field, const char *code,
                                       const char *message);

/* ---- into a session ---------------------------------------------------------------------------------------------- */

/* Gives an object of a session the fields that were there, a null as NULL, and no others: the UPDATE names those that differ.
 * Fields are matched by their names in the structs; values are copied, and made to fit.  A field of the schema that the
 * object's model does not have is ATH_ARGUMENT, unless it is said to be .aside.  Relations and lists are the program's.
 * ATH_DATA when the input has problems, a value does not fit the object's column, or another primary key was given for an
 * object that has a row.  The object is changed wholly or not at all. */
ATH_API ath_status ath_input_apply(ath_session *session, void *object, const ath_input *input);
/* A new object of model M from it, as ath_new makes one: fields that were there, and defaults of both.  NULL on failure;
 * ath_error(session) says why, and the session stands still until ath_rollback, as after ath_new. */
#define ath_input_new(session, M, input) ((M *)ath_input_make(session, &ath_model_##M, input))
ATH_API void *ath_input_make(ath_session *session, const ath_model *model, const ath_input *input);
/* The same for each object of a list: a vector of M *. */
#define ath_input_new_all(session, M, input) ((M **)ath_input_make_all(session, &ath_model_##M, input))
ATH_API void **ath_input_make_all(ath_session *session, const ath_model *model, const ath_input *input);

#ifdef __cplusplus
}
#endif

#endif
