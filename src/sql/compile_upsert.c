/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, the upsert: what INSERT does when it meets a row with the same key, one form for all databases.
 *
 * ON CONFLICT where there is one; ON DUPLICATE KEY UPDATE on MySQL and MariaDB, which watch every unique key and have no
 * condition: to leave the row as it is, a column is set to itself.  The server counts that as if the row were written, so
 * on a connection a single row says by LAST_INSERT_ID that it was kept.
 */
#include "sql/compiler.h"

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static void conflict_target(ath__compiler *c, const ath_conflict *on) {
    if (on->constraint) {
        str(c, " ON CONSTRAINT ");
        ath__dialect_name(c->dialect, &c->out, on->constraint);
        return;
    }
    if (!on->columns.count)
        return;
    str(c, " ");
    ath__render_names(c, on->columns);
    const ath__key *key = c->key;
    bool unqualified = c->unqualified;
    c->unqualified = true;
    c->key = NULL; /* written: that a parameter meets the condition of an index cannot be known beforehand */
    ath__render_where(c, " WHERE ", on->where_);
    c->key = key;
    c->unqualified = unqualified;
}

static void on_conflict(ath__compiler *c, const ath_conflict *on, const ath__from *target) {
    if (on->set.count && !on->columns.count && !on->constraint && c->error->status == ATH_OK) {
        ath__fail(c->error, ATH_ARGUMENT, "an upsert that updates must name the key: .columns or .constraint");
        return;
    }
    if (on->constraint && c->dialect->conflict_needs_where) { /* SQLite */
        ath__cannot(c, "ON CONFLICT ON CONSTRAINT (name the columns)");
        return;
    }
    str(c, " ON CONFLICT");
    conflict_target(c, on);
    if (!on->set.count) {
        str(c, " DO NOTHING");
        return;
    }
    str(c, " DO UPDATE SET ");
    c->unqualified = false;
    ath__render_assignments(c, target, on->set, " = ", false);
    ath__render_where(c, " WHERE ", on->update_where_);
    c->unqualified = true;
}

/* A column of the table to set to itself. */
static const char *any_column(const ath_insert_stmt *s, const ath__from *target) {
    if (s->on_conflict.columns.count)
        return s->on_conflict.columns.names[0];
    if (target->table)
        return target->table->columns[target->table->key_count ? target->table->key[0] : 0].name;
    if (s->columns.count)
        return s->columns.names[0];
    const ath_expr *first = s->set.count ? s->set.items[0].column : NULL;
    return first && first->node == ATH_NODE_NAME ? first->u.name.name : NULL;
}

static void own_column(ath__compiler *c, const ath__from *target, const char *column) {
    ath__render_table(c, NULL, NULL, target->name);
    str(c, ".");
    ath__dialect_name(c->dialect, &c->out, column);
}

static void on_duplicate_key(ath__compiler *c, const ath_insert_stmt *s, const ath__from *target) {
    const ath_conflict *on = &s->on_conflict;
    if (on->where_ || on->update_where_) {
        ath__cannot(c, "upsert with a condition");
        return;
    }
    if (s->returning.count && !on->set.count && ath__dialect_can(c->dialect, ATH__CAN_INSERT_RETURNING)) {
        ath__cannot(c, "RETURNING that leaves out rows an upsert has not written (give it .set)");
        return;
    }
    str(c, " ON DUPLICATE KEY UPDATE ");
    if (on->set.count) {
        c->unqualified = false;
        ath__render_assignments(c, target, on->set, " = ", false);
        c->unqualified = true;
        return;
    }
    const char *column = any_column(s, target);
    if (!column) {
        if (c->error->status == ATH_OK)
            ath__fail(c->error, ATH_ARGUMENT, "an upsert must name a column of the key");
        return;
    }
    bool told = c->dialect->kept_row_told && !s->select && s->values.count < 2;
    ath__dialect_name(c->dialect, &c->out, column);
    ath__buf_printf(&c->out, " = %s", told ? "if(last_insert_id(18446744073709551615) = 0, " : "");
    own_column(c, target, column);
    if (told) {
        str(c, ", ");
        own_column(c, target, column);
        str(c, ")");
    }
}

void ath__render_conflict(ath__compiler *c, const ath_insert_stmt *s, const ath__from *target) {
    if (!s->on_conflict.is_set)
        return;
    if (c->depth == 0)
        c->upsert = s->on_conflict.set.count ? ATH__UPSERT_SETS
                    : s->select              ? ATH__UPSERT_KEEPS_FROM_SELECT
                                             : ATH__UPSERT_KEEPS;
    if (ath__dialect_can(c->dialect, ATH__CAN_ON_CONFLICT))
        on_conflict(c, &s->on_conflict, target);
    else if (ath__dialect_can(c->dialect, ATH__CAN_ON_DUPLICATE_KEY))
        on_duplicate_key(c, s, target);
    else
        ath__cannot(c, "upsert");
}
