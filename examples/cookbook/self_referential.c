/* SPDX-License-Identifier: Apache-2.0
 *
 * A tree: categories that have categories. */
#include "cookbook.h"

typedef struct Node Node;
struct Node {
    int64_t id;
    ath_opt_i64 parent_id;
    const char *name;
    Node *parent, **children;
};

/* class Node(Base):
 *     parent_id = mapped_column(Integer, ForeignKey("nodes.id"))
 *     children = relationship("Node", back_populates="parent", cascade="all, delete-orphan")
 *     parent = relationship("Node", back_populates="children", remote_side=[id])
 *
 * remote_side says which of the two is "the other"; here the macros say it. */
ATH_MODEL(Node, "nodes") {
    ath_column(id, .primary_key = true);
    ath_column(parent_id, .nullable = true, .foreign_key = "nodes.id");
    ath_column(name, .type = ATH_STRING(50));
    ath_has_many(children, Node, .back_populates = "parent", .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN,
                 .order_by = ath_by(ath_col(Node, name)));
    ath_belongs_to(parent, Node, .back_populates = "children");
}
ATH_METADATA(App, Node);

static Node *add(ath_session *db, Node *parent, const char *name) {
    return ath_new(db, Node, .name = name, .parent = parent);
}

static void show(const Node *node, int depth) {
    printf("%*s%s\n", 2 * depth, "", node->name);
    ath_each(Node, child, node->children)
        show(child, depth + 1);
}

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    Node *root = add(db, NULL, "all"), *code = add(db, root, "code");
    add(db, code, "C");
    add(db, code, "Python");
    add(db, add(db, root, "cooking"), "soups");
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    ath_session_close(db);

    /* select(Node).where(Node.parent_id == None)
     *     .options(selectinload(Node.children).selectinload(Node.children)): a SELECT for each level */
    db = ath_session_open(engine);
    uint64_t before = ath_session_statements(db);
    root = ath_one(db, Node, .where = ath_rel_is(Node, parent, NULL),
                   .load = ath_load(ath_selectin(Node, children, .then = ath_load(ath_selectin(Node, children)))));
    if (!root)
        return cookbook_close(engine, db, false);
    show(root, 0);
    printf("statements: %d\n", (int)(ath_session_statements(db) - before));

    /* A subtree is moved by its parent, and deleted by its root: what is below goes first. */
    ath_set_rel(db, root->children[1], parent, root->children[0]);
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    show(root, 0);
    ath_delete(db, root->children[0]);
    bool ok = ath_commit(db) == ATH_OK;
    printf("left: %" PRId64 "\n", ath_count(db, Node));
    return cookbook_close(engine, db, ok && ath_error(db)->status == ATH_OK);
}
