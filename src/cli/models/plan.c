/* SPDX-License-Identifier: Apache-2.0
 *
 * `athanor models`: which tables become models, and how their structs and fields are called.
 *
 * Everything goes by schema and name, so that the same database gives the same text, whatever order it was made in.
 */
#include "cli/models/models.h"

#include "engine/engine.h"

ath_status models_no_memory(models_plan *plan) {
    return plan->error.status == ATH_OK ? ath__fail_memory(&plan->error) : plan->error.status;
}

static void *zeros(models_plan *plan, size_t count, size_t size) {
    void *made = ath__arena_zero(&plan->arena, (count + 1) * size);
    if (!made)
        models_no_memory(plan);
    return made;
}

/* ---- what is read ---- */

static ath_inspector *inspect(models_plan *plan, ath_connection *c, const char *schema) {
    ath_inspector *there = ath_inspect(c, .schema = schema, .tables = plan->choice->tables);
    if (!there)
        plan->error = *ath_connection_error(c);
    else
        plan->inspectors[plan->inspector_count++] = there;
    return there;
}

static ath_status read_all(models_plan *plan, ath_connection *c) {
    ath_name_list schemas = plan->choice->schemas;
    plan->inspectors = zeros(plan, schemas.count + 1, sizeof(ath_inspector *));
    if (!plan->inspectors)
        return plan->error.status;
    for (size_t i = 0; i < schemas.count; i++)
        if (!inspect(plan, c, schemas.names[i]))
            return plan->error.status;
    if (!schemas.count && !inspect(plan, c, NULL))
        return plan->error.status;
    return ATH_OK;
}

/* ---- which tables ---- */

static const char *option(const ath_reflected_table *t, const char *name) {
    for (size_t i = 0; i < t->option_count; i++)
        if (strcmp(t->options[i].name, name) == 0)
            return t->options[i].value;
    return NULL;
}

/* Tables that SQLite's modules keep their own things in: "docs_idx" of the virtual table "docs". */
static bool is_shadow(const ath_inspector *there, const ath_reflected_table *t) {
    static const char *const ends[] = {"content", "data", "idx",  "docsize", "config", "segments",
                                       "segdir",  "stat", "node", "rowid",   "parent"};
    for (size_t i = 0; i < ATH_COUNT_OF(ends); i++) {
        size_t size = strlen(t->name), end = strlen(ends[i]) + 1;
        if (size <= end || t->name[size - end] != '_' || strcmp(t->name + size - end + 1, ends[i]) != 0)
            continue;
        char name[256];
        snprintf(name, sizeof name, "%.*s", (int)(size - end < 255 ? size - end : 255), t->name);
        const ath_reflected_table *of = ath_inspector_table(there, name);
        if (of && option(of, "module"))
            return true;
    }
    return false;
}

/* Why a table is no model; NULL: it is one. */
static const char *why_not(const models_plan *plan, const ath_inspector *there, const ath_reflected_table *t) {
    if (t->mistake)
        return "cannot be read";
    if (!t->column_count)
        return "has no columns";
    if (t->kind != ATH_RELATION_TABLE)
        return plan->choice->views                         ? NULL
               : t->kind == ATH_RELATION_FOREIGN_TABLE     ? "foreign table"
               : t->kind == ATH_RELATION_MATERIALIZED_VIEW ? "materialized view"
                                                           : "view";
    if (option(t, "module"))
        return "virtual table";
    if (is_shadow(there, t))
        return "of a virtual table";
    return option(t, "partition of") ? "partition" : NULL;
}

static void leave_out(models_plan *plan, const ath_reflected_table *t, const char *why) {
    plan->left_out[plan->left_out_count++] =
        models_text(plan, "%s%s%s (%s)", t->schema ? t->schema : "", t->schema ? "." : "", t->name, why);
}

static void take_table(models_plan *plan, const ath_inspector *there, const ath_reflected_table *t, bool views) {
    const char *why = why_not(plan, there, t);
    bool is_view = t->kind != ATH_RELATION_TABLE;
    if (is_view != views)
        return;
    if (why)
        leave_out(plan, t, why);
    else
        plan->models[plan->count++] = (models_model){.table = t, .is_view = is_view};
}

static ath_status choose_tables(models_plan *plan) {
    size_t all = 0, count;
    for (size_t i = 0; i < plan->inspector_count; i++) {
        ath_inspector_tables(plan->inspectors[i], &count);
        all += count;
    }
    plan->models = zeros(plan, all, sizeof *plan->models);
    plan->left_out = zeros(plan, all, sizeof *plan->left_out);
    if (!plan->models || !plan->left_out)
        return plan->error.status;
    for (int views = 0; views < 2; views++)
        for (size_t i = 0; i < plan->inspector_count; i++) {
            const ath_reflected_table *tables = ath_inspector_tables(plan->inspectors[i], &count);
            for (size_t k = 0; k < count; k++)
                take_table(plan, plan->inspectors[i], &tables[k], views == 1);
        }
    return plan->error.status;
}

/* A table that was asked for by name must be there. */
static ath_status check_asked(models_plan *plan) {
    ath_name_list asked = plan->choice->tables;
    for (size_t i = 0; i < asked.count; i++) {
        bool there = false;
        for (size_t k = 0; k < plan->inspector_count; k++)
            there = there || ath_inspector_table(plan->inspectors[k], asked.names[i]);
        if (!there)
            return ath__fail(&plan->error, ATH_ARGUMENT, "there is no table %s", asked.names[i]);
    }
    if (!plan->count)
        return ath__fail(&plan->error, ATH_ARGUMENT, "there are no tables%s",
                         plan->left_out_count ? " but such as cannot be models" : "");
    return ATH_OK;
}

/* ---- structs ---- */

static bool is_taken(const models_plan *plan, const models_model *but, const char *name) {
    for (size_t i = 0; i < plan->count; i++)
        if (&plan->models[i] != but && plan->models[i].name && strcmp(plan->models[i].name, name) == 0)
            return true;
    return false;
}

static const char *struct_name(models_plan *plan, const char *snake) {
    const char *name = models_camel(plan, snake);
    if (!*name)
        return "Unnamed";
    if (*name >= '0' && *name <= '9')
        return models_text(plan, "T%s", name);
    return strcmp(name, "I") == 0 ? "I_" : name; /* of <complex.h> */
}

/* The singular; then the name as it is, then with its schema, then numbered. */
static void name_model(models_plan *plan, models_model *m) {
    const char *snake = models_snake(plan, m->table->name);
    const char *name = struct_name(plan, models_singular(plan, snake));
    if (is_taken(plan, m, name))
        name = struct_name(plan, snake);
    if (is_taken(plan, m, name) && m->table->schema)
        name = struct_name(
            plan, models_text(plan, "%s_%s", models_snake(plan, m->table->schema), models_singular(plan, snake)));
    const char *base = name;
    for (int n = 2; is_taken(plan, m, name) && plan->error.status == ATH_OK; n++)
        name = models_text(plan, "%s%d", base, n);
    m->name = name;
}

static void name_metadata(models_plan *plan) {
    const char *base = struct_name(plan, models_snake(plan, plan->choice->name)), *name = base;
    for (int n = 1; is_taken(plan, NULL, name) && plan->error.status == ATH_OK; n++)
        name = n == 1 ? models_text(plan, "%sSchema", base) : models_text(plan, "%sSchema%d", base, n);
    plan->metadata = name;
}

/* ---- fields ---- */

bool models_has_field(const models_model *m, const char *name) {
    for (size_t i = 0; i < m->field_count; i++)
        if (strcmp(m->fields[i].name, name) == 0)
            return true;
    for (size_t i = 0; i < m->relation_count; i++)
        if (strcmp(m->relations[i].field, name) == 0)
            return true;
    return false;
}

const char *models_field_of(const models_model *m, const char *column) {
    for (size_t i = 0; i < m->field_count; i++)
        if (strcmp(m->fields[i].item->name, column) == 0)
            return m->fields[i].name;
    return NULL;
}

static void name_field(models_plan *plan, const models_model *m, models_field *f) {
    const char *base = models_safe(plan, models_snake(plan, f->item->name), "column"), *name = base;
    for (int n = 2; models_has_field(m, name) && plan->error.status == ATH_OK; n++)
        name = models_text(plan, "%s_%d", base, n);
    f->name = name;
}

/* Columns that are called as the field would be come first: another one must not take their name. */
static ath_status name_fields(models_plan *plan, models_model *m) {
    m->fields = zeros(plan, m->described.count, sizeof *m->fields);
    for (size_t i = 0; m->fields && i < m->described.count; i++) {
        const ath_table_item *item = &m->described.items[i];
        if (!item->column)
            continue;
        bool nullable = item->column->nullable;
        m->fields[m->field_count++] = (models_field){"", ath__c_field(&item->column->type, nullable), item, nullable};
    }
    for (int turn = 0; turn < 2; turn++)
        for (size_t i = 0; i < m->field_count; i++) {
            models_field *f = &m->fields[i];
            bool exact = strcmp(models_snake(plan, f->item->name), f->item->name) == 0;
            if (exact == (turn == 0))
                name_field(plan, m, f);
        }
    return plan->error.status;
}

/* ---- sequences ---- */

static bool is_mentioned(const models_plan *plan, const char *sequence) {
    for (size_t i = 0; i < plan->count; i++)
        for (size_t k = 0; k < plan->models[i].field_count; k++) {
            const ath_expr *value = plan->models[i].fields[k].item->column->server_default;
            if (value && value->node == ATH_NODE_TEXT && strstr(value->u.text, sequence))
                return true;
        }
    return false;
}

static void usual_counts(ath_count_opts *c, ath_sql_type type) {
    int64_t most = type == ATH_SQL_SMALLINT ? INT16_MAX : type == ATH_SQL_INTEGER ? INT32_MAX : INT64_MAX - 1;
    bool up = !c->increment.has || c->increment.value > 0;
    c->start.has = c->start.has && c->start.value != (up ? 1 : -1);
    c->increment.has = c->increment.has && c->increment.value != 1;
    c->minvalue.has = c->minvalue.has && !(up && c->minvalue.value == 1);
    c->maxvalue.has = c->maxvalue.has && !(up && (c->maxvalue.value == most || c->maxvalue.value == INT64_MAX));
    c->cache.has = c->cache.has && c->cache.value != 1;
}

/* Those that no column owns, and those that a default still names. */
static ath_status take_sequences(models_plan *plan) {
    ath_sequence *kept = zeros(plan, plan->d.sequence_count, sizeof *kept);
    for (size_t i = 0; kept && i < plan->d.sequence_count; i++) {
        const ath_reflected_sequence *s = plan->d.sequences[i];
        bool free = !s->owner_table && !plan->choice->tables.count;
        if (s->is_identity || (!free && !is_mentioned(plan, s->name)))
            continue;
        ath_sequence *one = &kept[plan->sequence_count++];
        const char *schema = plan->choice->schemas.count ? s->schema : NULL;
        *one = (ath_sequence){.name = s->name, .schema = schema, .type = s->type, .counting = s->counting};
        usual_counts(&one->counting, one->type.sql);
        if (one->type.sql == ATH_SQL_BIGINT)
            one->type = (ath_type){.sql = ATH_SQL_INFER};
    }
    plan->sequences = kept;
    return plan->error.status;
}

static ath_status gather_for_describing(models_plan *plan, ath_connection *c) {
    const ath_reflected_table **tables = zeros(plan, plan->count, sizeof *tables);
    size_t all = 0, count;
    for (size_t i = 0; i < plan->inspector_count; i++) {
        ath_inspector_sequences(plan->inspectors[i], &count);
        all += count;
    }
    const ath_reflected_sequence **sequences = zeros(plan, all, sizeof *sequences);
    if (!tables || !sequences)
        return plan->error.status;
    plan->d = (ath__describing){.dialect = c->dialect, .arena = &plan->arena, .error = &plan->error};
    for (size_t i = 0; i < plan->count; i++)
        if (!plan->models[i].is_view)
            tables[plan->d.table_count++] = plan->models[i].table;
    for (size_t i = 0; i < plan->inspector_count; i++) {
        const ath_reflected_sequence *list = ath_inspector_sequences(plan->inspectors[i], &count);
        for (size_t k = 0; k < count; k++)
            sequences[plan->d.sequence_count++] = &list[k];
    }
    plan->d.tables = tables;
    plan->d.sequences = sequences;
    plan->d.default_schema = ath_inspector_default_schema(plan->inspectors[0]);
    return ATH_OK;
}

/* ---- the whole ---- */

models_model *models_of(const models_plan *plan, const ath_reflected_table *table) {
    for (size_t i = 0; i < plan->count; i++)
        if (plan->models[i].table == table)
            return &plan->models[i];
    return NULL;
}

ath_status models_plan_make(models_plan *plan, ath_connection *c, const models_choice *choice) {
    *plan = (models_plan){.choice = choice};
    ath__arena_init(&plan->arena, &ath__malloc_allocator);
    ATH_TRY(read_all(plan, c));
    ATH_TRY(choose_tables(plan));
    ATH_TRY(check_asked(plan));
    for (size_t i = 0; i < plan->count; i++)
        name_model(plan, &plan->models[i]);
    name_metadata(plan);
    ATH_TRY(gather_for_describing(plan, c));
    for (size_t i = 0; i < plan->count; i++) {
        ATH_TRY(ath__describe(&plan->d, plan->models[i].table, &plan->models[i].described));
        ATH_TRY(name_fields(plan, &plan->models[i]));
    }
    ATH_TRY(take_sequences(plan));
    if (!choice->no_relations)
        ATH_TRY(models_relate(plan));
    return plan->error.status;
}

void models_plan_done(models_plan *plan) {
    for (size_t i = 0; i < plan->inspector_count; i++)
        ath_inspector_free(plan->inspectors[i]);
    ath__arena_done(&plan->arena);
}
