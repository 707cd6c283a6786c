/* SPDX-License-Identifier: Apache-2.0
 *
 * The version table: one row for each head that the database has.
 */
#include "migrate/run.h"

/* ---- reading ---- */

static ath_status take_rows(ath__run *run, ath_result *r, ath_name_list *heads) {
    size_t count = 0, capacity = 4;
    const char **names = ath__arena_alloc(&run->arena, capacity * sizeof(char *));
    for (const ath_row *row; names && (row = ath_fetch(r));) {
        if (count == capacity) {
            const char **more = ath__arena_alloc(&run->arena, 2 * capacity * sizeof(char *));
            if (more)
                memcpy(more, names, count * sizeof(char *));
            names = more;
            capacity *= 2;
        }
        const char *id = ath_row_text(row, 0);
        if (names && !(names[count++] = ath__arena_str(&run->arena, id ? id : "")))
            names = NULL;
    }
    if (!names)
        return ath__fail_memory(run->error);
    *heads = (ath_name_list){count, names};
    return ath_result_error(r)->status == ATH_OK ? ATH_OK : ath__run_failed(run);
}

ath_status ath__version_read(ath__run *run, ath_name_list *heads) {
    ath_result *r = NULL;
    *heads = (ath_name_list){0, NULL};
    if (!run->has_version)
        return ATH_OK;
    const char *sql = ath__arena_printf(&run->arena, "SELECT version_num FROM %s ORDER BY version_num", run->version);
    if (!sql)
        return ath__fail_memory(run->error);
    ATH_TRY(ath__run_query(run, ath_text(sql), &r));
    ath_status status = take_rows(run, r, heads);
    ath_result_close(r);
    return status;
}

/* ---- changing ---- */

/* A table that was adopted may hold no more than 32 characters. */
static ath_status widen(ath__run *run, const char *id) {
    ath_inspector *live;
    const ath_reflected_table *t;
    ath_status status = ATH_OK;
    if (strlen(id) <= 32)
        return ATH_OK;
    if (!(live = ath_inspect(run->c, .schema = run->migration.version_table_schema,
                             .tables = ath_names(run->version_table))))
        return ath__run_failed(run);
    t = ath_inspector_table(live, run->version_table);
    for (size_t i = 0; t && status == ATH_OK && i < t->column_count; i++)
        if (strcmp(t->columns[i].name, "version_num") == 0 && t->columns[i].type.length > 0 &&
            (size_t)t->columns[i].type.length < strlen(id)) {
            ath_op_alter_column(run->ops, run->version_table, "version_num", .type = ATH_STRING(ATH__ID),
                                .schema = run->migration.version_table_schema);
            status = ath__ops_finish(run->ops, run->error);
        }
    ath_inspector_free(live);
    return status;
}

static ath_status not_one(ath__run *run, const ath__row_change *change, int64_t found) {
    const char *table = run->version_table;
    if (!change->from)
        return ath__fail(run->error, ATH_STATE, "the row %s of '%s' was not written", change->to, table);
    if (!change->to)
        return ath__fail(run->error, ATH_STATE,
                         "Online migration expected to match one row when deleting '%s' in '%s'; %lld found",
                         change->from, table, (long long)found);
    return ath__fail(run->error, ATH_STATE,
                     "Online migration expected to match one row when updating '%s' to '%s' in '%s'; %lld found",
                     change->from, change->to, table, (long long)found);
}

static ath_status change_row(ath__run *run, const ath__row_change *change) {
    int64_t found = 0;
    const char *sql = !change->from ? "INSERT INTO %s (version_num) VALUES (:to)"
                      : change->to  ? "UPDATE %s SET version_num = :to WHERE version_num = :from"
                                    : "DELETE FROM %s WHERE version_num = :from";
    ath__buf text;
    ath__buf_init(&text, run->arena.allocator);
    ath__buf_add(&text, sql, (size_t)(strstr(sql, "%s") - sql));
    ath__buf_str(&text, run->version);
    ath__buf_str(&text, strstr(sql, "%s") + 2);
    sql = text.failed ? NULL : ath__buf_text(&text);
    ath_status status =
        !sql            ? ath__fail_memory(run->error)
        : !change->from ? ath__run_change(run, ath_text(sql, ath_bind("to", change->to)), &found)
        : !change->to
            ? ath__run_change(run, ath_text(sql, ath_bind("from", change->from)), &found)
            : ath__run_change(run, ath_text(sql, ath_bind("to", change->to), ath_bind("from", change->from)), &found);
    ath__buf_done(&text);
    return status == ATH_OK && found != 1 ? not_one(run, change, found) : status;
}

ath_status ath__version_change(ath__run *run, const ath__graph_step *step) {
    for (size_t i = 0; i < step->row_count; i++)
        ATH_TRY(change_row(run, &step->rows[i]));
    return ATH_OK;
}

ath_status ath__version_widen(ath__run *run, const ath__graph_step *step) {
    for (size_t i = 0; i < step->row_count; i++)
        if (step->rows[i].to)
            ATH_TRY(widen(run, step->rows[i].to));
    return ATH_OK;
}

/* ---- as text ---- */

static ath_status literal(ath__run *run, const ath_dialect *dialect, const char *id, ath__buf *out) {
    ath_value value = {.kind = ATH_KIND_TEXT, .as.text = {id, strlen(id)}};
    return ath__dialect_literal(dialect, out, &value, run->error);
}

ath_status ath__version_sql(ath__run *run, const ath_dialect *dialect, const ath__row_change *change, ath__buf *out) {
    if (!change->from) {
        ath__buf_printf(out, "INSERT INTO %s (version_num) VALUES (", run->version);
        ATH_TRY(literal(run, dialect, change->to, out));
        ath__buf_char(out, ')');
        return ATH_OK;
    }
    if (change->to) {
        ath__buf_printf(out, "UPDATE %s SET version_num=", run->version);
        ATH_TRY(literal(run, dialect, change->to, out));
    } else {
        ath__buf_printf(out, "DELETE FROM %s", run->version);
    }
    ath__buf_printf(out, " WHERE %s.version_num = ", run->version);
    return literal(run, dialect, change->from, out);
}

static void names(ath_name_list list, ath__buf *out) {
    for (size_t i = 0; i < list.count; i++) {
        ath__buf_str(out, i ? ", " : "");
        ath__buf_str(out, list.names[i]);
    }
}

void ath__version_text(const ath__graph_step *step, ath__buf *out) {
    static const char *const words[] = {"downgrade", "stamp_revision", "upgrade"};
    ath__buf_str(out, "Running ");
    ath__buf_str(out, words[step->way + 1]);
    ath__buf_char(out, ' ');
    names(step->from, out);
    ath__buf_str(out, " -> ");
    names(step->to, out);
}
