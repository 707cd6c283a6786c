/* SPDX-License-Identifier: Apache-2.0
 *
 * The models and dialects behind compiling.h.
 */
#include "compiling.h"

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_column(fullname, .type = ATH_STRING(100), .nullable = true);
    ath_column(email, .type = ATH_STRING(100), .nullable = true, .unique = true);
    ath_column(age, .nullable = true);
    ath_column(balance, .type = ATH_NUMERIC(10, 2), .nullable = true);
    ath_column(is_active);
    ath_column(status);
    ath_column(created_at, .nullable = true);
    ath_column(manager_id, .nullable = true, .foreign_key = "users.id");
}

ATH_MODEL(Address, "addresses") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id");
    ath_column(email_address, .type = ATH_STRING(100));
    ath_column(city, .type = ATH_STRING(40), .nullable = true);
}

ATH_MODEL(Order, "orders") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .nullable = true, .foreign_key = "users.id");
    ath_column(placed_on, .nullable = true);
    ath_column(total, .type = ATH_NUMERIC(12, 2), .nullable = true);
    ath_column(state, .type = ATH_STRING(10), .nullable = true);
}

ATH_MODEL(Item, "order_items") {
    ath_column(order_id, .primary_key = true, .foreign_key = "orders.id");
    ath_column(product_id, .primary_key = true, .foreign_key = "products.id");
    ath_column(qty);
    ath_column(unit_price, .type = ATH_NUMERIC(10, 2), .nullable = true);
}

ATH_MODEL(Product, "products") {
    ath_column(id, .primary_key = true);
    ath_column(sku, .type = ATH_STRING(20), .unique = true);
    ath_column(title, .type = ATH_STRING(80));
    ath_column(price, .type = ATH_NUMERIC(10, 2), .nullable = true);
    ath_column(qty, .nullable = true);
}

ATH_MODEL(Node, "nodes") {
    ath_column(id, .primary_key = true);
    ath_column(parent_id, .nullable = true, .foreign_key = "nodes.id");
    ath_column(label, .type = ATH_STRING(30), .nullable = true);
}

ATH_MODEL(Counter, "counters") {
    ath_column(key, .type = ATH_STRING(30), .primary_key = true);
    ath_column(n);
    ath_column(note, .type = ATH_STRING(50), .nullable = true);
}

ATH_MODEL(Weird, "Order Details") {
    ath_column(id, .name = "Id", .primary_key = true);
    ath_column(select);
    ath_column(from);
    ath_column(mixed, .name = "mixedCase");
    ath_column(pct, .name = "100pct");
    ath_column(said, .name = "say \"hi\"");
    ath_column(tick, .name = "back`tick");
    ath_column(user);
}

ATH_MODEL(Draft, "drafts") {
    ath_column(id, .primary_key = true);
    ath_column(title, .type = ATH_STRING(50));
    ath_column(state, .type = ATH_STRING(10), .default_value = ath_str("new"));
    ath_column(version, .default_value = ath_int(1), .onupdate = ath_value_of(ath_plus(ath_col(Draft, version), 1)));
    ath_column(changed, .default_value = ath_now(), .onupdate = ath_now());
}

ATH_MODEL(Transfer, "transfers") {
    ath_column(id, .primary_key = true);
    ath_column(sender_id, .foreign_key = "users.id");
    ath_column(receiver_id, .foreign_key = "users.id");
}

ATH_MODEL(Parcel, "parcels") {
    ath_column(id, .primary_key = true);
    ath_column(order_id);
    ath_column(product_id);
    ath_foreign_key(.columns = ath_names("order_id", "product_id"), .target = "order_items",
                    .target_columns = ath_names("order_id", "product_id"));
}

ATH_PROJECTION(Shape) {
    ath_column(id);
}

ATH_MODEL(Broken, "broken") {
    ath_column(id);
}

/* ---- dialects ---- */

static const char *const few_words[] = {"from", "key", "order", "select"};
static const char *const rich_words[] = {"nodes", "sku", "user"};

const ath_dialect dialect_plain = {
    .name = "plain",
    .can = ATH__CAN_RETURNING | ATH__CAN_MULTI_VALUES | ATH__CAN_DEFAULT_VALUES | ATH__INSERT_ID_IS_KEY,
    .reserved = few_words,
    .reserved_count = TEST_COUNT(few_words),
    .max_binds = 20,
};

const ath_dialect dialect_golden = {
    .name = "golden",
    .can = ATH__CAN_RETURNING | ATH__CAN_MULTI_VALUES | ATH__CAN_NULLS_ORDER | ATH__CAN_DEFAULT_VALUES,
    .reserved = few_words,
    .reserved_count = TEST_COUNT(few_words),
    .limit_none = "-1",
};

static bool rich_node(ath__compiler *c, const ath_expr *e) {
    if (e->node != ATH_NODE_OPERATOR || e->op != ATH_OP_STARTS_WITH)
        return false;
    ath__buf_str(&c->out, "starts_with(");
    ath__render(c, e->args[0], NULL);
    ath__buf_str(&c->out, ", ");
    ath__render(c, e->args[1], NULL);
    ath__buf_str(&c->out, ")");
    return true;
}

static ath_status rich_autoincrement(const ath_dialect *d, const ath_table *table, const ath__column *column,
                                     ath__buf *out, ath_error *error) {
    (void)table;
    ATH_TRY(ath__dialect_type(d, &column->type, out, error));
    ath__buf_str(out, " SERIAL");
    return ATH_OK;
}

const ath_dialect dialect_rich = {
    .name = "rich",
    .can = ATH__CAN_ILIKE | ATH__CAN_BOOLEAN | ATH__CAN_NULLS_ORDER,
    .quote = '`',
    .placeholder = ATH__PLACEHOLDER_DOLLAR,
    .reserved = rich_words,
    .reserved_count = TEST_COUNT(rich_words),
    .now = "sysdate()",
    .limit_none = "everything",
    .limit_needs_offset = true,
    .op_sql = {[ATH_OP_NE] = "<>", [ATH_OP_ILIKE] = "~~*", [ATH_OP_AND] = "&&", [ATH_OP_CONTAINS] = "SIMILAR"},
    .type_sql = {[ATH_SQL_STRING] = "NVARCHAR", [ATH_SQL_INTEGER] = "INT4"},
    .render_autoincrement = rich_autoincrement,
    .render_node = rich_node,
};

/* ---- a statement as one string ---- */

void product_make(product *p, const ath_dialect *dialect, const ath_allocator *a, ath_stmt stmt) {
    memset(&p->compiled, 0, sizeof p->compiled);
    ath_error_clear(&p->error);
    ath__key_init(&p->key, a);
    p->key.shares = ath__dialect_shares(dialect);
    p->status = ath__key_stmt(&p->key, stmt, &p->error);
    if (p->status == ATH_OK)
        p->status = ath__compile(dialect, a, stmt, &p->key, &p->compiled, &p->error);
}

void product_done(product *p) {
    if (p->status == ATH_OK)
        ath__compiled_done(&p->compiled);
    ath__key_done(&p->key);
}

enum { TEXTS = 4, TEXT_SIZE = 8192 };
static char texts[TEXTS][TEXT_SIZE];
static int next_text;

static char *text_space(void) {
    next_text = (next_text + 1) % TEXTS;
    texts[next_text][0] = '\0';
    return texts[next_text];
}

static bool refused(const product *p, char *out) {
    if (p->status == ATH_OK)
        return false;
    CHECK_INT(p->error.status, p->status);
    snprintf(out, TEXT_SIZE, "%s: %s", ath_status_name(p->status), p->error.message);
    return true;
}

const char *sql_of(const ath_dialect *dialect, ath_stmt stmt) {
    product p;
    char *out = text_space();
    product_make(&p, dialect, &ath__malloc_allocator, stmt);
    if (!refused(&p, out)) {
        CHECK_INT(p.compiled.sql_size, strlen(p.compiled.sql));
        snprintf(out, TEXT_SIZE, "%s", p.compiled.sql);
    }
    product_done(&p);
    return out;
}

const char *where_of(const ath_dialect *dialect, const ath_expr *condition) {
    const char *sql =
        sql_of(dialect, ath_stmt_of(ath_select(.columns = ath_cols(ath_col(User, id)), .where = condition)));
    const char *where = strstr(sql, " WHERE ");
    return where ? where + strlen(" WHERE ") : sql;
}

static void append(char *out, const char *text) {
    size_t used = strlen(out);
    snprintf(out + used, TEXT_SIZE - used, "%s", text);
}

const char *binds_of(const ath_dialect *dialect, ath_stmt stmt) {
    product p;
    char *out = text_space();
    product_make(&p, dialect, &ath__malloc_allocator, stmt);
    bool bad = refused(&p, out);
    for (size_t i = 0; !bad && i < p.compiled.bind_count; i++) {
        const ath__bind *bind = &p.compiled.binds[i];
        ath_value value = bind->constant ? *bind->constant : p.key.values[bind->value];
        ath__buf shown;
        ath__buf_init(&shown, &ath__malloc_allocator);
        ath__value_measure(&value);
        ath__value_print(&shown, &value, 40);
        append(out, i ? ", " : "");
        append(out, bind->type.sql ? ath__sql_type_name(bind->type.sql) : "?");
        append(out, bind->type.length ? "(n) " : " ");
        append(out, bind->how == ATH__BIND_LIKE_ESCAPED ? "like " : "");
        append(out, ath__buf_text(&shown));
        append(out, bind->constant ? " constant" : "");
        ath__buf_done(&shown);
    }
    product_done(&p);
    return out;
}

const char *columns_of(const ath_dialect *dialect, ath_stmt stmt) {
    product p;
    char *out = text_space();
    product_make(&p, dialect, &ath__malloc_allocator, stmt);
    bool bad = refused(&p, out);
    for (size_t i = 0; !bad && i < p.compiled.column_count; i++) {
        const ath__result_column *column = &p.compiled.columns[i];
        append(out, i ? ", " : "");
        append(out, column->name);
        append(out, " ");
        append(out, column->type.sql ? ath__sql_type_name(column->type.sql) : "?");
        append(out, column->column ? "*" : "");
    }
    product_done(&p);
    return out;
}

void check_statements(const statement_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        test_context("row %zu", i);
        if (rows[i].plain)
            CHECK_STR(sql_of(&dialect_plain, rows[i].stmt), rows[i].plain);
        if (rows[i].rich)
            CHECK_STR(sql_of(&dialect_rich, rows[i].stmt), rows[i].rich);
    }
    test_context("%s", "");
}
