/* SPDX-License-Identifier: Apache-2.0
 *
 * Hop 2, SELECT: its clauses but FROM and the locks, compounds of several, VALUES, and the common table expressions before any statement.
 */
#include "sql/compiler.h"

static const ath_type number_type = {.sql = ATH_SQL_INFER};

static void str(ath__compiler *c, const char *text) {
    ath__buf_str(&c->out, text);
}

static void fail(ath__compiler *c, ath_status status, const char *message) {
    if (c->error->status == ATH_OK)
        ath__fail(c->error, status, "%s", message);
}

static bool can(const ath__compiler *c, uint64_t ability) {
    return ath__dialect_can(c->dialect, ability);
}

/* ---- WHERE, ORDER BY, LIMIT ---- */

void ath__render_where(ath__compiler *c, const char *keyword, const ath_expr *condition) {
    if (ath__condition_is_empty(condition))
        return;
    str(c, keyword);
    ath__render_condition(c, condition);
}

void ath__render_order_by(ath__compiler *c, ath_expr_list order) {
    for (size_t i = 0; i < order.count; i++)
        if (order.items[i])
            ath__check_order(c, order.items[i]);
    str(c, order.count ? " ORDER BY " : "");
    ath__render_list(c, order, ", ");
}

void ath__render_number(ath__compiler *c, const int64_t *number) {
    ath__render_bind(c, ath__value_of(c, number), &number_type, ATH__BIND_AS_IS);
}

/* LIMIT offset, count. */
static void limit_with_comma(ath__compiler *c, const ath_select_stmt *s) {
    str(c, " LIMIT ");
    if (s->offset) {
        ath__render_number(c, &s->offset);
        str(c, ", ");
    }
    if (s->limit)
        ath__render_number(c, &s->limit);
    else
        str(c, c->dialect->limit_none);
}

static void limit_with_ties(ath__compiler *c, const ath_select_stmt *s) {
    if (!can(c, ATH__CAN_TIES)) {
        ath__cannot(c, "FETCH ... WITH TIES");
        return;
    }
    if (s->offset) {
        str(c, " OFFSET ");
        ath__render_number(c, &s->offset);
        str(c, " ROWS");
    }
    str(c, " FETCH FIRST ");
    ath__render_number(c, &s->limit);
    str(c, " ROWS WITH TIES");
}

static void limit(ath__compiler *c, const ath_select_stmt *s) {
    static const ath_value zero = {.kind = ATH_KIND_INT}, none = {.kind = ATH_KIND_INT, .as.i = -1};
    str(c, " LIMIT ");
    if (s->limit)
        ath__render_number(c, &s->limit);
    else if (c->dialect->limit_needs_offset && c->key)
        ath__render_constant(c, &none, &number_type);
    else
        str(c, c->dialect->limit_none ? c->dialect->limit_none : "ALL");
    if (!s->offset && !c->dialect->limit_needs_offset)
        return;
    str(c, " OFFSET ");
    if (s->offset)
        ath__render_number(c, &s->offset);
    else if (c->key)
        ath__render_constant(c, &zero, &number_type);
    else
        str(c, "0");
}

static void any_limit(ath__compiler *c, const ath_select_stmt *s) {
    if (s->limit < 0 || s->offset < 0)
        fail(c, ATH_ARGUMENT, "LIMIT and OFFSET cannot be negative");
    else if (s->with_ties && s->limit)
        limit_with_ties(c, s);
    else if (!s->limit && !s->offset)
        return;
    else if (c->dialect->limit_comma)
        limit_with_comma(c, s);
    else
        limit(c, s);
}

/* ---- common table expressions ---- */

void ath__render_names(ath__compiler *c, ath_name_list list) {
    for (size_t i = 0; i < list.count; i++) {
        str(c, i ? ", " : "(");
        ath__dialect_name(c->dialect, &c->out, list.names[i]);
    }
    str(c, list.count ? ")" : "");
}

/* A statement inside another: its columns are nobody's result. */
static void inner_stmt(ath__compiler *c, ath_stmt stmt) {
    size_t columns = c->column_count;
    bool open = c->open_columns;
    const ath__scope *scope = c->scope;
    c->scope = NULL;
    if (stmt.kind == ATH_STMT_SELECT)
        ath__render_select(c, stmt.of);
    else
        ath__render_change(c, stmt);
    c->scope = scope;
    c->column_count = columns;
    c->open_columns = open;
}

static void cte_body(ath__compiler *c, const ath_cte *cte) {
    if (!cte->statement.of) {
        inner_stmt(c, (ath_stmt){ATH_STMT_SELECT, cte->query});
    } else if (cte->statement.kind != ATH_STMT_SELECT && !can(c, ATH__CAN_CTE_DML)) {
        ath__cannot(c, "common table expressions that change rows");
    } else {
        inner_stmt(c, cte->statement);
    }
    if (!cte->recursive)
        return;
    str(c, cte->union_all ? " UNION ALL " : " UNION ");
    inner_stmt(c, (ath_stmt){ATH_STMT_SELECT, cte->recursive});
}

static void cte_head(ath__compiler *c, const ath_cte *cte) {
    ath__dialect_name(c->dialect, &c->out, cte->name ? cte->name : "");
    ath__render_names(c, cte->columns);
    str(c, " AS ");
    if (cte->materialized && !can(c, ATH__CAN_MATERIALIZED)) {
        ath__cannot(c, "[NOT] MATERIALIZED for common table expressions");
        return;
    }
    if (cte->materialized)
        str(c, cte->materialized == ATH_MATERIALIZED ? "MATERIALIZED " : "NOT MATERIALIZED ");
}

void ath__render_with(ath__compiler *c, ath_cte_list list) {
    bool recursive = false, labelled = c->label_all;
    for (size_t i = 0; i < list.count; i++)
        recursive = recursive || list.items[i].recursive;
    c->label_all = true;
    for (size_t i = 0; i < list.count; i++) {
        str(c, i ? ", " : recursive ? "WITH RECURSIVE " : "WITH ");
        cte_head(c, &list.items[i]);
        str(c, "(");
        cte_body(c, &list.items[i]);
        str(c, ")");
    }
    str(c, list.count ? " " : "");
    c->label_all = labelled;
}

/* ---- VALUES ---- */

static void values_row(ath__compiler *c, ath_expr_list row, bool parentheses, bool named) {
    for (size_t i = 0; i < row.count; i++) {
        str(c, i ? ", " : parentheses ? "(" : "");
        ath__render_grouped(c, row.items[i], NULL);
        if (named)
            ath__buf_printf(&c->out, " AS column%zu", i + 1);
    }
    str(c, parentheses ? ")" : "");
}

/* Where VALUES is no query, SELECT ... UNION ALL SELECT ... is the same; its columns have names when they are ordered. */
static void values(ath__compiler *c, ath_row_list rows, bool ordered) {
    bool native = can(c, ATH__CAN_VALUES);
    str(c, native ? "VALUES " : "");
    for (size_t i = 0; i < rows.count; i++) {
        if (rows.items[i].count != rows.items[0].count || !rows.items[i].count) {
            fail(c, ATH_ARGUMENT, "the rows of VALUES have not all the same number of values");
            return;
        }
        str(c, native ? i ? ", " : "" : i ? " UNION ALL SELECT " : "SELECT ");
        values_row(c, rows.items[i], native, !native && ordered && i == 0);
    }
    for (size_t i = 0; i < rows.items[0].count; i++)
        ath__add_result(c, ath__arena_printf(c->arena, "column%zu", i + 1), ath__expr_type(c, rows.items[0].items[i]),
                        NULL);
}

/* Its order speaks of columns by name alone: column1, column2. */
static void values_body(ath__compiler *c, const ath_select_stmt *s) {
    const ath__scope *scope = c->scope;
    bool wrapped = c->dialect->values_bare && (s->order_by.count || s->limit || s->offset);
    str(c, wrapped ? "SELECT * FROM (" : "");
    values(c, s->values, s->order_by.count != 0);
    str(c, wrapped ? ")" : "");
    c->scope = NULL;
    c->unqualified = true;
    ath__render_order_by(c, s->order_by);
    c->scope = scope;
}

/* ---- compounds ---- */

static bool is_plain_member(const ath_select_stmt *s) {
    return s && !s->set && !s->order_by.count && !s->limit && !s->offset && !s->with.count && !s->lock.strength;
}

static void select_inside(ath__compiler *c, const ath_select_stmt *s);

static void member(ath__compiler *c, const ath_select_stmt *s) {
    bool plain = is_plain_member(s), nested = can(c, ATH__CAN_NESTED_SETS), labelled = c->label_all;
    bool wrapped = s && s->with.count && c->dialect->member_with_wrapped;
    c->label_all = labelled || wrapped;
    str(c, plain ? "" : nested && !wrapped ? "(" : "SELECT * FROM (");
    select_inside(c, s);
    str(c, plain ? "" : ")");
    if (wrapped)
        ath__buf_printf(&c->out, " AS anon_%u", ++c->anonymous);
    c->label_all = labelled;
}

static void compound(ath__compiler *c, const ath_select_stmt *s) {
    static const char *const words[] = {"", "UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL"};
    bool rare = s->set >= ATH_SET_INTERSECT, all = s->set == ATH_SET_INTERSECT_ALL || s->set == ATH_SET_EXCEPT_ALL;
    if ((rare && !can(c, ATH__CAN_INTERSECT)) || (all && !can(c, ATH__CAN_INTERSECT_ALL))) {
        ath__cannot(c, all ? "INTERSECT ALL and EXCEPT ALL" : "INTERSECT and EXCEPT");
        return;
    }
    if (s->member_count < 1)
        fail(c, ATH_ARGUMENT, "a compound SELECT has no members");
    size_t first = c->column_count, columns = first;
    for (size_t i = 0; i < s->member_count && c->error->status == ATH_OK; i++) {
        if (i)
            ath__buf_printf(&c->out, " %s ", words[s->set]);
        member(c, s->members[i]);
        columns = i ? columns : c->column_count;
        for (size_t at = first; i && at < columns && columns - first + at < c->column_count; at++)
            if (i == 1 || c->columns[at].type.sql != ATH_SQL_INFER) /* which members before may have been unlike */
                c->columns[at].type = ath__united_type(c, c->columns[at].type, c->columns[columns - first + at].type);
        c->column_count = columns; /* the first member's names are the whole's */
    }
}

/* ---- SELECT ---- */

static void select_list(ath__compiler *c, const ath_select_stmt *s) {
    const ath__appended *appended = c->appended;
    c->appended = NULL;
    if (s->columns.count)
        ath__render_results(c, s->columns);
    else if (s->model)
        ath__render_model_columns(c, s->model);
    else
        fail(c, ATH_ARGUMENT, "a SELECT needs columns or a model");
    if (appended)
        ath__render_default_values(c, appended, true);
}

/* Clauses that would be left out without a word. */
static void check_clauses(ath__compiler *c, const ath_select_stmt *s) {
    bool others = s->where_ || s->group_by.count || s->having_ || s->distinct || s->distinct_on.count || s->joins.count;
    if ((s->set || s->values.count) && others)
        fail(c, ATH_ARGUMENT,
             s->set ? "a compound SELECT has members, .order_by, .limit and .offset; conditions stand in its members"
                    : "VALUES has .order_by, .limit and .offset alone");
}

static void select_head(ath__compiler *c, const ath_select_stmt *s) {
    str(c, "SELECT ");
    if (s->prefix)
        ath__buf_printf(&c->out, "%s ", s->prefix);
    if (s->distinct_on.count && !can(c, ATH__CAN_DISTINCT_ON)) {
        ath__cannot(c, "DISTINCT ON");
    } else if (s->distinct_on.count) {
        str(c, "DISTINCT ON (");
        ath__render_list(c, s->distinct_on, ", ");
        str(c, ") ");
    } else if (s->distinct) {
        str(c, "DISTINCT ");
    }
}

static void group_by(ath__compiler *c, const ath_select_stmt *s) {
    str(c, s->group_by.count ? " GROUP BY " : "");
    for (size_t i = 0; i < s->group_by.count; i++)
        if (s->group_by.items[i] && s->group_by.items[i]->node == ATH_NODE_GROUPING && s->group_by.count > 1 &&
            !can(c, ATH__CAN_GROUPING_SETS))
            ath__cannot(c, "ROLLUP beside other grouping");
    ath__render_list(c, s->group_by, ", ");
    ath__render_where(c, " HAVING ", s->having_);
}

/* ---- ORDER BY outside of a ROLLUP ---- */

static bool ordered_outside(const ath__compiler *c, const ath_select_stmt *s) {
    bool rollup = false;
    for (size_t i = 0; i < s->group_by.count; i++)
        rollup = rollup || (s->group_by.items[i] && s->group_by.items[i]->node == ATH_NODE_GROUPING);
    return rollup && s->order_by.count && c->dialect->rollup_unordered;
}

/* What the result column that an expression stands for is called; NULL: it stands for none. */
static const char *result_called(ath__compiler *c, const ath_select_stmt *s, size_t first, const ath_expr *e) {
    if (e->node == ATH_NODE_NAME && !e->u.name.table)
        return e->u.name.name;
    const ath_expr *bare = e->node == ATH_NODE_LABEL ? e->args[0] : e;
    for (size_t i = 0; i < s->columns.count && first + i < c->column_count; i++) {
        const ath_expr *item = s->columns.items[i];
        if (item->node == ATH_NODE_STAR || item->node == ATH_NODE_TEXT)
            return NULL;
        if (ath__same_expr(c, item->node == ATH_NODE_LABEL ? item->args[0] : item, bare))
            return c->columns[first + i].name;
    }
    return NULL;
}

enum { ORDER_WORDS = 4 };

/* ASC, DESC and NULLS FIRST stay; the expression in them becomes a column's name. */
static void order_item_outside(ath__compiler *c, const ath_select_stmt *s, size_t first, const ath_expr *e) {
    ath_expr nodes[ORDER_WORDS + 1];
    const ath_expr *args[ORDER_WORDS];
    int count = 0;
    for (; e && e->node == ATH_NODE_OPERATOR && e->op >= ATH_OP_ASC && count < ORDER_WORDS; e = e->args[0])
        nodes[count++] = *e;
    const char *name = e ? result_called(c, s, first, e) : NULL;
    if (!name) {
        ath__cannot(c, "ROLLUP ordered by what is not among the columns");
        return;
    }
    nodes[count] = (ath_expr){.node = ATH_NODE_NAME, .u.name = {.name = name}};
    for (int i = 0; i < count; i++) {
        args[i] = &nodes[i + 1];
        nodes[i].args = &args[i];
    }
    ath__render(c, nodes, NULL);
}

static void order_outside(ath__compiler *c, const ath_select_stmt *s, size_t first) {
    const ath__scope *scope = c->scope;
    ath__buf_printf(&c->out, ") AS anon_%u ORDER BY ", ++c->anonymous);
    c->scope = NULL;
    for (size_t i = 0; i < s->order_by.count && c->error->status == ATH_OK; i++) {
        str(c, i ? ", " : "");
        order_item_outside(c, s, first, s->order_by.items[i]);
    }
    c->scope = scope;
}

/* ---- SELECT as a whole ---- */

static void select_body(ath__compiler *c, const ath_select_stmt *s, const ath__scope *scope) {
    bool needs_where = c->needs_where, outside = ordered_outside(c, s);
    size_t first = c->column_count;
    ath__anchors anchors;
    const ath__anchors *outer = c->anchors, *own = ath__share_anchors(c, s, &anchors);
    c->needs_where = false;
    c->anchors = own;
    str(c, outside ? "SELECT * FROM (" : "");
    c->label_all = c->label_all || outside;
    select_head(c, s);
    select_list(c, s);
    c->label_all = false;
    c->anchors = outer;
    ath__render_from(c, s, scope);
    ath__render_where(c, " WHERE ", s->where_);
    if (needs_where && ath__condition_is_empty(s->where_))
        str(c, " WHERE 1 = 1");
    c->anchors = own;
    group_by(c, s);
    if (outside)
        order_outside(c, s, first);
    else
        ath__render_order_by(c, s->order_by);
    c->anchors = outer;
}

/* A compound's order speaks of its columns by name alone. */
static void compound_body(ath__compiler *c, const ath_select_stmt *s) {
    const ath__scope *scope = c->scope;
    compound(c, s);
    c->scope = NULL;
    c->unqualified = true;
    ath__render_order_by(c, s->order_by);
    c->scope = scope;
}

static void select_in_scope(ath__compiler *c, const ath_select_stmt *s) {
    ath__scope scope = {.outer = c->scope};
    ath__scope_of_select(c, s, &scope);
    if (ath__compiler_failed(c))
        return;
    c->scope = &scope;
    c->unqualified = false;
    select_body(c, s, &scope);
    c->scope = scope.outer;
}

/* Its result columns stay in the plan: the caller drops them where they are nobody's. */
static void select_inside(ath__compiler *c, const ath_select_stmt *s) {
    if (c->depth >= ATH__COMPILE_DEPTH || !s) {
        fail(c, ATH_ARGUMENT, s ? "the statement is nested too deep" : "a subquery is missing");
        return;
    }
    bool unqualified = c->unqualified, labelled = c->label_all, table_labels = c->table_labels;
    c->depth++;
    c->table_labels = s->table_labels;
    check_clauses(c, s);
    ath__render_with(c, s->with);
    if (s->values.count)
        values_body(c, s);
    else if (s->set)
        compound_body(c, s);
    else
        select_in_scope(c, s);
    any_limit(c, s);
    ath__render_lock(c, s);
    if (s->suffix)
        ath__buf_printf(&c->out, " %s", s->suffix);
    c->unqualified = unqualified;
    c->label_all = labelled;
    c->table_labels = table_labels;
    c->depth--;
}

void ath__render_select(ath__compiler *c, const ath_select_stmt *s) {
    bool outermost = c->depth == 0;
    size_t columns = c->column_count;
    bool open = c->open_columns;
    select_inside(c, s);
    if (outermost)
        return;
    c->column_count = columns;
    c->open_columns = open;
}
