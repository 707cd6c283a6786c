/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2: a statement becomes SQL with its bind and result plans.  Here is the compiler's life; SELECT, changes, sources,
 * expressions, operators, functions, types and text have files of their own beside it.
 *
 * The product owns an arena for its plans and text; what it names (columns, types) belongs to the models' tables, which
 * live as long as the process.
 */
#include "sql/compiler.h"

/* ---- the compiler's life ---- */

void ath__compiler_init(ath__compiler *c, const ath_dialect *dialect, const ath_allocator *a, ath__compiled *out,
                        ath_error *error) {
    memset(out, 0, sizeof *out);
    memset(c, 0, sizeof *c);
    ath__arena_init(&out->arena, a);
    ath__buf_init(&c->out, a);
    c->dialect = dialect;
    c->arena = &out->arena;
    c->error = error;
    ath_error_clear(error);
}

bool ath__compiler_failed(const ath__compiler *c) {
    return c->error->status != ATH_OK || c->out.failed;
}

void ath__compiled_done(ath__compiled *compiled) {
    ath__arena_done(&compiled->arena);
    memset(compiled, 0, sizeof *compiled);
}

ath_status ath__compiler_finish(ath__compiler *c, ath_stmt_kind kind, ath__compiled *out) {
    out->kind = kind;
    out->sql_size = c->out.size;
    out->sql = ath__compiler_failed(c) ? NULL : ath__arena_strn(c->arena, ath__buf_text(&c->out), c->out.size);
    out->binds = c->binds;
    out->bind_count = c->bind_count;
    out->columns = c->columns;
    out->column_count = c->open_columns ? 0 : c->column_count;
    out->target = c->target && !ath__compiler_failed(c) ? ath__arena_str(c->arena, c->target) : NULL;
    out->target_table = c->target_table;
    out->returns_key = c->returns_key;
    out->upsert = c->upsert;
    if (c->error->status == ATH_OK && !out->sql)
        ath__fail_memory(c->error);
    ath__buf_done(&c->out);
    if (c->error->status != ATH_OK)
        ath__compiled_done(out);
    return c->error->status;
}

ath_status ath__compile(const ath_dialect *dialect, const ath_allocator *a, ath_stmt stmt, const ath__key *key,
                        ath__compiled *out, ath_error *error) {
    ath__compiler c;
    ath_error local;
    ath__compiler_init(&c, dialect, a, out, error ? error : &local);
    c.key = key;
    c.values_written = !key;
    switch (stmt.kind) {
    case ATH_STMT_SELECT:
        ath__render_select(&c, stmt.of);
        break;
    case ATH_STMT_TEXT:
        c.open_columns = true;
        ath__render(&c, stmt.of, NULL);
        break;
    default:
        ath__render_change(&c, stmt);
        break;
    }
    return ath__compiler_finish(&c, stmt.kind, out);
}
