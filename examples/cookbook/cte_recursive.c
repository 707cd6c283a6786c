/* SPDX-License-Identifier: Apache-2.0
 *
 * Common table expressions, and the recursive ones that walk a tree. */
#include "blog.h"

typedef struct Category {
    int64_t id;
    const char *name;
    ath_opt_i64 parent_id;
} Category;

ATH_MODEL(Category, "categories") {
    ath_column(id, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO);
    ath_column(name, .type = ATH_STRING(50));
    ath_column(parent_id, .foreign_key = "categories.id", .nullable = true);
}
ATH_METADATA(Shop, Category);

static bool fill(ath_session *db) {
    ath_new(db, Category, .id = 1, .name = "everything");
    ath_new(db, Category, .id = 2, .name = "books", .parent_id = ath_some(1));
    ath_new(db, Category, .id = 3, .name = "music", .parent_id = ath_some(1));
    ath_new(db, Category, .id = 4, .name = "novels", .parent_id = ath_some(2));
    ath_new(db, Category, .id = 5, .name = "crime", .parent_id = ath_some(4));
    return ath_commit(db) == ATH_OK;
}

/* tree = select(Category.id, Category.name, literal(0).label("depth")).where(Category.id == root)
 *     .cte("tree", recursive=True)
 * tree = tree.union_all(select(Category.id, Category.name, tree.c.depth + 1)
 *     .join(tree, Category.parent_id == tree.c.id))
 * session.execute(select(tree.c.name, tree.c.depth).order_by(tree.c.depth, tree.c.id)) */
static bool walk(ath_session *db, int64_t root) {
    const ath_select_stmt *start =
        ath_select(.columns = ath_cols(ath_col(Category, id), ath_col(Category, name), ath_label(ath_int(0), "depth")),
                   .where = ath_eq(ath_col(Category, id), root));
    const ath_select_stmt *below =
        ath_select(.columns =
                       ath_cols(ath_col(Category, id), ath_col(Category, name), ath_plus(ath_name("tree", "depth"), 1)),
                   .from = ath_from(ath_model_source(Category)),
                   .joins = ath_joins(ath_join_to(ath_table_ref("tree"),
                                                  .on = ath_eq(ath_col(Category, parent_id), ath_name("tree", "id")))));
    ath_result *result =
        ath_execute(db, ath_select(.with = ath_with("tree", ath_names("id", "name", "depth"), start, .recursive = below,
                                                    .union_all = true),
                                   .columns = ath_cols(ath_name("tree", "name"), ath_name("tree", "depth")),
                                   .from = ath_from(ath_table_ref("tree")),
                                   .order_by = ath_by(ath_name("tree", "depth"), ath_name("tree", "id"))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("%*s%s\n", (int)ath_row_int(row, 1) * 2, "", ath_row_text(row, 0));
    ath_result_close(result);
    return result != NULL;
}

/* rich = select(User.id).where(User.balance > 10).cte("rich")
 * session.scalar(select(func.count()).select_from(rich)) */
static bool count_by_name(ath_session *db) {
    const ath_value *count =
        ath_scalar(db, ath_select(.with = ath_with("rich", ath_names("id"),
                                                   ath_select(.columns = ath_cols(ath_col(User, id)),
                                                              .where = ath_gt(ath_col(User, balance), 10))),
                                  .columns = ath_cols(ath_count_all()), .from = ath_from(ath_table_ref("rich"))));
    if (count)
        printf("%" PRId64 " have more than 10\n", count->as.i);
    return count != NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_error error = {0};
    if (!engine || ath_create_all(engine, &Shop, &error) != ATH_OK)
        fprintf(stderr, "%s\n", error.message);
    ath_session *db = ath_session_open(engine);
    bool ok = fill(db) && walk(db, 1) && walk(db, 4) && count_by_name(db);
    return blog_close(engine, db, ok);
}
