/* SPDX-License-Identifier: Apache-2.0
 *
 * The scratch place: tables that seem to differ are made there and read back, so that the database itself says what it
 * makes of a default, a condition, a type.  Nothing stays.
 *
 * Where DDL rolls back they are temporary tables behind a savepoint, which need no right to create anything that others
 * could see.  Elsewhere the backend opens a schema of its own.  Foreign keys are left out: what they say is compared
 * without.  A table that cannot be made (a function is missing, a right) is compared by its texts alone.
 */
#include "migrate/comparing.h"

#include "engine/scratch.h"

/* ---- the table as it is made there ---- */

/* A copy whose constraints all have names, by which they are found again; without what ties it to its place. */
static ath_table *copy_for(ath__comparing *c, const ath_table *t, const char *schema) {
    static const char *const temporary[] = {"TEMPORARY"};
    ath_table *copy = ath__arena_copy(c->arena, t, sizeof *t);
    ath__constraint *constraints = ath__arena_zero(c->arena, (t->constraint_count + 1) * sizeof *constraints);
    ath__column *columns = ath__arena_copy(c->arena, t->columns, t->column_count * sizeof *columns);
    ath__constraint *primary = t->primary ? ath__arena_copy(c->arena, t->primary, sizeof *primary) : NULL;
    if (!copy || !constraints || !columns || (t->primary && !primary)) {
        ath__fail_memory(c->error);
        return NULL;
    }
    if (t->constraint_count)
        memcpy(constraints, t->constraints, t->constraint_count * sizeof *constraints);
    copy->constraints = constraints;
    copy->columns = columns;
    copy->primary = primary;
    if (primary)
        primary->name = NULL;
    copy->opts.schema = schema;
    copy->opts.prefixes = schema ? (ath_name_list){0} : (ath_name_list){1, temporary};
    copy->opts.postgresql_inherits = (ath_name_list){0};
    copy->opts.postgresql_tablespace = copy->opts.postgresql_partition_by = NULL;
    copy->opts.mysql_partition_by = copy->opts.mysql_partitions = NULL;
    return copy;
}

/* As compare_part.c looks for them. */
static ath_status name_parts(ath__comparing *c, const ath_table *t, ath_table *copy) {
    ath__pieces parts;
    ATH_TRY(ath__pieces_of(c, c->again ? &c->found : &c->model, t, &parts));
    for (size_t i = 0; i < parts.count; i++) {
        const ath__piece *part = &parts.items[i];
        if (part->constraint >= t->constraints && part->constraint < t->constraints + t->constraint_count)
            copy->constraints[part->constraint - t->constraints].name = part->label;
    }
    for (size_t i = 0, k = 0; i < parts.count; i++) {
        const ath__piece *part = &parts.items[i];
        if (part->kind != ATH__CHECK || !part->constraint ||
            (part->constraint >= t->constraints && part->constraint < t->constraints + t->constraint_count))
            continue;
        while (k < t->column_count && (!t->columns[k].check || t->columns[k].expression))
            k++;
        if (k < t->column_count)
            copy->columns[k++].check_name = part->label;
    }
    return ATH_OK;
}

typedef ath_status (*write_fn)(ath__ddl *w, const ath_table *copy, const void *of);

static ath_status write_table(ath__ddl *w, const ath_table *copy, const void *left_out) {
    return ath__ddl_create_table(w, copy, left_out, false);
}

static ath_status write_index(ath__ddl *w, const ath_table *copy, const void *of) {
    return ath__ddl_create_index(w, copy, of, false);
}

static ath_status run(ath__comparing *c, write_fn fn, const ath_table *copy, const void *of) {
    ath__buf text;
    ath__buf_init(&text, c->arena->allocator);
    ath__ddl w = {.dialect = c->dialect, .metadata = c->metadata, .out = &text, .error = c->error};
    ath_status status = fn(&w, copy, of);
    if (status == ATH_OK && text.failed)
        status = ath__fail_memory(c->error);
    if (status == ATH_OK && ath__run_text(c->connection, ath__buf_text(&text), NULL) != ATH_OK) {
        *c->error = *ath_connection_error(c->connection);
        status = ath__failed(c->error);
    }
    ath__buf_done(&text);
    return status;
}

static ath_status make_indexes(ath__comparing *c, const ath_table *t, const ath_table *copy) {
    for (size_t i = 0; i < t->index_count; i++) {
        ath__index x = t->indexes[i];
        ATH_TRY(ath__final_index_name(c->again ? &c->found : &c->model, t, &x, &x.name));
        x.generated = false;
        x.opts.postgresql_concurrently = false;
        x.opts.postgresql_tablespace = NULL;
        ATH_TRY(run(c, write_index, copy, &x));
    }
    return ATH_OK;
}

static ath_status make(ath__comparing *c, const ath_table *t, const char *schema) {
    bool *left_out = ath__arena_zero(c->arena, t->constraint_count + 1);
    ath_table *copy = copy_for(c, t, schema);
    if (!copy || !left_out)
        return ath__fail_memory(c->error);
    for (size_t i = 0; i < t->constraint_count; i++)
        left_out[i] = t->constraints[i].kind == ATH__FOREIGN_KEY || !ath__ddl_wants(c->dialect, t, &t->constraints[i]);
    ATH_TRY(name_parts(c, t, copy));
    ATH_TRY(run(c, write_table, copy, left_out));
    return make_indexes(c, t, copy);
}

/* ---- what the tables need ---- */

static bool is_grave(const ath_error *error) {
    return error->status == ATH_NO_MEMORY || error->status == ATH_DISCONNECT;
}

/* Types and sequences that are to come; they go with the savepoint.  What cannot be made is missed later. */
static ath_status make_type(ath__comparing *c, const ath_type *type) {
    bool there;
    const ath_ddl ddl = {.kind = ATH_DDL_CREATE_TYPE, .type = type};
    ath_connection *connection = c->connection;
    if (ath__exists(connection, ATH__OBJECT_TYPE, type->details->schema, type->details->name, &there) != ATH_OK ||
        there)
        return ATH_OK;
    ATH_TRY(ath_connection_savepoint(connection));
    if (ath_connection_run_ddl(connection, ddl) == ATH_OK)
        return ath_connection_release(connection);
    return ath_connection_rollback_to(connection);
}

static ath_status make_types(ath__comparing *c, const ath_table *t) {
    for (size_t i = 0; i < t->column_count; i++) {
        const ath_type *type = &t->columns[i].type;
        if (type->sql == ATH_SQL_ARRAY && type->details && type->details->item)
            type = type->details->item;
        if (!t->columns[i].expression && ath__dialect_enum_type(c->dialect, type))
            ATH_TRY(make_type(c, type));
    }
    return ATH_OK;
}

static ath_status make_sequence(ath__comparing *c, const ath_sequence *s) {
    bool there;
    ath_connection *connection = c->connection;
    if (ath__exists(connection, ATH__OBJECT_SEQUENCE, s->schema, s->name, &there) != ATH_OK || there)
        return ATH_OK;
    ATH_TRY(ath_connection_savepoint(connection));
    if (ath_connection_run_ddl(connection, (ath_ddl){.kind = ATH_DDL_CREATE_SEQUENCE, .sequence = s}) == ATH_OK)
        return ath_connection_release(connection);
    return ath_connection_rollback_to(connection);
}

static ath_status make_needs(ath__comparing *c) {
    for (size_t i = 0; i < c->metadata->sequence_count && ath__dialect_can(c->dialect, ATH__CAN_SEQUENCES); i++)
        ATH_TRY(make_sequence(c, &c->metadata->sequences[i]));
    for (size_t i = 0; i < c->pair_count; i++)
        if (c->pairs[i].suspect)
            ATH_TRY(make_types(c, c->pairs[i].wanted));
    return ATH_OK;
}

/* ---- one round: the tables of one schema ---- */

static bool is_of_round(const ath__pair *p, const char *schema) {
    return p->suspect && ath__same_text(p->wanted->opts.schema, schema);
}

static ath_status read_back(ath__comparing *c, const char *schema, const char *place) {
    const char *names[] = {place};
    ath__live *there = ath__arena_zero(c->arena, sizeof *there);
    if (!there)
        return ath__fail_memory(c->error);
    ath__live **last = &c->out->scratch;
    while (*last)
        last = &(*last)->next;
    *last = there; /* freed with the changes */
    ATH_TRY(ath__live_read(there, c->connection,
                           &(ath__live_opts){.schemas = {1, names}, .temporary = !place, .own_schema = place},
                           c->error));
    for (size_t i = 0; i < c->pair_count; i++) {
        ath__pair *p = &c->pairs[i];
        const ath__live_table *t = is_of_round(p, schema) ? ath__live_find(there, place, p->wanted->name) : NULL;
        if (t && c->again)
            p->again = t->table;
        else if (t)
            p->kept = t->table;
    }
    return ATH_OK;
}

/* A table that cannot be made is none; the others are. */
static ath_status make_or_not(ath__comparing *c, const ath_table *t, const char *place) {
    if (place) {
        ath_status status = make(c, t, place);
        if (status != ATH_OK && is_grave(c->error))
            return status;
        ath_error_clear(c->error);
        return ATH_OK;
    }
    ATH_TRY(ath_connection_savepoint(c->connection));
    if (make(c, t, NULL) == ATH_OK)
        return ath_connection_release(c->connection);
    if (is_grave(c->error))
        return c->error->status;
    ath_error_clear(c->error);
    return ath_connection_rollback_to(c->connection);
}

static ath_status make_round(ath__comparing *c, const char *schema, const char *place) {
    for (size_t i = 0; i < c->pair_count; i++)
        if (is_of_round(&c->pairs[i], schema) && (!c->again || c->pairs[i].kept))
            ATH_TRY(make_or_not(c, c->again ? c->pairs[i].kept : c->pairs[i].wanted, place));
    return read_back(c, schema, place);
}

/* ---- the two ways ---- */

static ath_status by_savepoint(ath__comparing *c, const char *schema) {
    if (ath_connection_savepoint(c->connection) != ATH_OK)
        return ATH_OK; /* then without */
    int depth = c->connection->savepoints;
    ath_status status = make_needs(c);
    if (status == ATH_OK)
        status = make_round(c, schema, NULL);
    while (c->connection->savepoints > depth)
        ATH_TRY(ath_connection_rollback_to(c->connection));
    if (ath_connection_rollback_to(c->connection) != ATH_OK && status == ATH_OK) {
        *c->error = *ath_connection_error(c->connection);
        return ath__failed(c->error);
    }
    return status;
}

static ath_status by_schema(ath__comparing *c, const ath__scratcher *scratcher, const char *schema) {
    char place[ATH__SCRATCH_NAME];
    ath_error closing;
    if (scratcher->open(c->connection, place, c->error) != ATH_OK) {
        if (is_grave(c->error))
            return c->error->status;
        ath_error_clear(c->error);
        return ATH_OK; /* then without */
    }
    const char *kept = ath__arena_str(c->arena, place);
    ath_status status = kept ? make_round(c, schema, kept) : ath__fail_memory(c->error);
    if (scratcher->close(c->connection, place, &closing) != ATH_OK && status == ATH_OK) {
        *c->error = closing;
        return closing.status;
    }
    return status;
}

static ath_status round_of(ath__comparing *c, const char *schema) {
    const ath__scratcher *scratcher = c->connection->engine->backend->scratcher;
    if (scratcher)
        return c->is_inside ? ATH_OK : by_schema(c, scratcher, schema);
    return ath__dialect_can(c->dialect, ATH__CAN_TRANSACTIONAL_DDL) ? by_savepoint(c, schema) : ATH_OK;
}

ath_status ath__keep_suspects(ath__comparing *c, bool again) {
    c->again = again;
    for (size_t i = 0; i < c->pair_count && !c->opts->no_scratch; i++) {
        const char *schema = c->pairs[i].wanted->opts.schema;
        bool done = !c->pairs[i].suspect;
        for (size_t k = 0; k < i && !done; k++)
            done = is_of_round(&c->pairs[k], schema);
        if (!done)
            ATH_TRY(round_of(c, schema));
    }
    return ATH_OK;
}
