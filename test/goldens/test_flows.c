/* SPDX-License-Identifier: Apache-2.0
 *
 * The goldens of kind "flow": sessions at work, on each database.  Effects are compared, not how statements are batched; a
 * test is named after its golden, without "seed_flow_".  What SQLAlchemy's relations do is said with queries.
 */
#include "goldens.h"

#include "servers.h"

static ath_engine *db;
static ath_session *s;

/* Two members, the first with two posts, the second with one, in one category. */
static void fill(void) {
    Category *c = ath_new(s, Category, .name = "cat");
    Member *a = ath_new(s, Member, .username = "u1", .email = "u1@x", .name = "One", .balance = ath_some(100.0f));
    Member *b = ath_new(s, Member, .username = "u2", .email = "u2@x", .is_active = false, .balance = ath_some(5.0f));
    CHECK_INT(ath_flush(s), ATH_OK);
    for (int i = 0; a && b && c && i < 3; i++)
        ath_new(s, Post, .title = "t", .content = "c", .user_id = ath_some(i < 2 ? a->id : b->id),
                .category_id = ath_some(c->id));
    CHECK_INT(ath_commit(s), ATH_OK);
    ath_session_close(s);
    s = ath_session_open(db);
}

static void begin(void) {
    db = ath_engine_open(test_fresh_url(test_on));
    ath_error error = {.status = ATH_OK};
    if (!db || ath_create_all(db, &Blog, &error) != ATH_OK)
        test_failed_(__FILE__, __LINE__, "no tables: %s", error.message);
    s = ath_session_open(db);
    fill();
}

static void end(void) {
    ath_session_close(s);
    ath_engine_close(db);
}

static uint64_t sent(void) {
    return ath_engine_statistics(db).statements;
}

/* The member as a session of its own sees it, which end_look closes. */
static ath_session *other;

static Member *look(int32_t id) {
    other = ath_session_open(db);
    return ath_get(other, Member, id);
}

static void end_look(void) {
    ath_session_close(other);
}

#define M(f) ath_col(Member, f)
#define P(f) ath_col(Post, f)

TEST(create_user) {
    begin();
    Member *u = ath_new(s, Member, .email = "a@b.c", .name = "Ann", .username = "ann");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_refresh(s, u), ATH_OK);
    CHECK(u->id > 2 && u->is_active && u->created_at.us > 0 && u->updated_at.us > 0 && !u->balance.has);
    CHECK_STR(u->name, "Ann");
    end();
}

TEST(update_user) {
    begin();
    Member *u = ath_first(s, Member, .where = ath_eq(M(username), "u1"));
    const ath_datetime before = u->updated_at;
    u->name = "New";
    CHECK_INT(ath_commit(s), ATH_OK);
    Member *seen = look(u->id);
    CHECK_STR(seen->name, "New");
    CHECK_STR(seen->email, "u1@x");
    CHECK(seen->updated_at.us >= before.us);
    end_look();
    end();
}

TEST(update_refresh) {
    begin();
    Member *u = ath_one_or_none(s, Member, .where = ath_eq(M(id), 1));
    u->name = "New";
    u->status = "x";
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_refresh(s, u), ATH_OK);
    CHECK_STR(u->name, "New");
    CHECK_STR(u->status, "x");
    end();
}

/* The posts stay, without an author. */
TEST(delete_user) {
    begin();
    Member *u = ath_first(s, Member, .where = ath_eq(M(id), 1));
    CHECK_INT(ath_update(s, Post, .set = ath_set(ath_to(Post, user_id, NULL)), .where = ath_eq(P(user_id), u->id)), 2);
    CHECK_INT(ath_delete(s, u), ATH_OK);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, Member), 1);
    CHECK_INT(ath_count(s, Post, .where = ath_eq(P(user_id), NULL)), 2);
    end();
}

TEST(create_bulk) {
    begin();
    const Member many[] = {{.username = "u3", .email = "u3@example.com"},
                           {.username = "u4", .email = "u4@example.com"}};
    Member *a = ath_add(s, Member, &many[0]), *b = ath_add(s, Member, &many[1]);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(a->id != b->id && a->id > 2 && b->id > 2);
    CHECK_INT(ath_count(s, Member), 4);
    end();
}

TEST(bulk_insert_mappings) {
    begin();
    ath_result *r =
        ath_execute(s, ath_insert(.model = ath_model_of(Member), .columns = ath_names("name", "email", "username"),
                                  .values = ath_rows(ath_vals("user1", "user1@example.com", "user1"),
                                                     ath_vals("user2", "user2@example.com", "user2"))));
    CHECK_INT(ath_result_rowcount(r), 2);
    ath_result_close(r);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, Member, .where = ath_like(M(name), "user%")), 2);
    end();
}

/* What selectinload and joinedload come to: the posts of all members by one statement. */
TEST(posts_of_all) {
    begin();
    int32_t ids[8];
    Member **members = ath_all(s, Member, .order_by = ath_by(M(id)));
    for (size_t i = 0; i < ath_len(members); i++)
        ids[i] = members[i]->id;
    uint64_t before = sent();
    Post **posts = ath_all(s, Post, .where = ath_in_array(P(user_id), ids, ath_len(members)));
    CHECK_INT(ath_len(posts), 3);
    CHECK_INT(sent() - before, 1);
    end();
}

TEST(lazy) {
    begin();
    Member *u = ath_get(s, Member, 1);
    CHECK_INT(ath_len(ath_all(s, Post, .where = ath_eq(P(user_id), u->id))), 2);
    Post *p = ath_get(s, Post, 1);
    uint64_t before = sent();
    CHECK(ath_get(s, Member, p->user_id.value) == u); /* in the session already */
    CHECK_INT(sent() - before, 0);
    CHECK_STR(ath_get(s, Category, p->category_id.value)->name, "cat");
    end();
}

TEST(transfer) {
    begin();
    Member *a = ath_get(s, Member, 1), *b = ath_get(s, Member, 2);
    a->balance.value -= 10;
    b->balance.value += 10;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK(look(1)->balance.value == 90.0f);
    end_look();
    CHECK(look(2)->balance.value == 15.0f);
    end_look();
    end();
}

TEST(add_graph) {
    begin();
    Category *c = ath_new(s, Category, .name = "other");
    Member *u = ath_new(s, Member, .username = "g", .email = "g@x");
    CHECK_INT(ath_flush(s), ATH_OK);
    ath_new(s, Post, .title = "t1", .content = "c1", .user_id = ath_some(u->id), .category_id = ath_some(c->id));
    ath_new(s, Post, .title = "t2", .content = "c2", .user_id = ath_some(u->id));
    CHECK_INT(ath_commit(s), ATH_OK);
    Post **posts = ath_all(s, Post, .where = ath_eq(P(user_id), u->id), .order_by = ath_by(P(title)));
    CHECK_INT(ath_len(posts), 2);
    CHECK(posts[0]->category_id.has && !posts[1]->category_id.has);
    CHECK_STR(posts[1]->status, "draft");
    end();
}

TEST(crud_get) {
    begin();
    CHECK(ath_one_or_none(s, Member, .where = ath_eq(M(id), 99)) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_OK);
    end();
}

TEST(crud_update) {
    begin();
    Member *u = ath_get(s, Member, 2);
    u->name = "N2";
    u->email = "b@x";
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_refresh(s, u), ATH_OK);
    CHECK_STR(u->email, "b@x");
    end();
}

TEST(no_change) {
    begin();
    Member *u = ath_get(s, Member, 2);
    const ath_datetime before = u->updated_at;
    u->email = "u2@x"; /* as it is */
    uint64_t statements = sent();
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(sent() - statements, 1); /* COMMIT */
    CHECK_INT(look(2)->updated_at.us, before.us);
    end_look();
    end();
}

TEST(rollback) {
    begin();
    ath_new(s, Member, .username = "u1", .email = "dup");
    CHECK_INT(ath_commit(s), ATH_INTEGRITY);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_count(s, Member), 2);
    end();
}

TEST(autoflush) {
    begin();
    Member *u = ath_new(s, Member, .username = "af", .email = "af@x");
    const ath_value *id = ath_scalar(s, ath_select(.columns = ath_cols(M(id)), .where = ath_eq(M(username), "af")));
    CHECK(id && id->as.i == u->id && u->id > 2);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_count(s, Member), 2);
    end();
}

TEST(identity_map) {
    begin();
    Member *u = ath_get(s, Member, 1);
    uint64_t before = sent();
    CHECK(ath_get(s, Member, 1) == u);
    CHECK_INT(sent() - before, 0);
    end();
}

/* After a commit the object holds what it wrote; SQLAlchemy reads it again. */
TEST(after_commit) {
    begin();
    Member *u = ath_get(s, Member, 1);
    u->name = "zz";
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(u->name, "zz");
    CHECK_STR(look(1)->name, "zz");
    end_look();
    end();
}

TEST(remove_child) {
    begin();
    Post *p = ath_first(s, Post, .where = ath_eq(P(user_id), 1), .order_by = ath_by(P(id)));
    p->user_id.has = false;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, Post, .where = ath_eq(P(user_id), 1)), 1);
    CHECK_INT(ath_count(s, Post, .where = ath_eq(P(user_id), NULL)), 1);
    end();
}

TEST(move_child) {
    begin();
    Post *p = ath_get(s, Post, 1);
    p->user_id = (ath_opt_i32)ath_some(ath_get(s, Member, 2)->id);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, Post, .where = ath_eq(P(user_id), 2)), 2);
    end();
}

TEST(bulk_update_orm) {
    begin();
    Member *u = ath_get(s, Member, 1);
    CHECK_INT(
        ath_update(s, Member, .set = ath_set(ath_to(Member, status, "active")), .where = ath_eq(M(is_active), true)),
        1);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(u->status, "active");
    CHECK_STR(look(1)->status, "active");
    end_look();
    end();
}

/* The inactive member has a post, so that the database refuses. */
TEST(delete_orm) {
    begin();
    CHECK_INT(ath_delete_where(s, Member, .where = ath_eq(M(is_active), false)), -1);
    CHECK_INT(ath_error(s)->status, ATH_INTEGRITY);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_count(s, Member), 2);
    end();
}

TEST(scalar_one) {
    begin();
    CHECK(ath_one(s, Member, .where = ath_eq(M(id), 99)) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_NO_RESULT);
    CHECK(ath_one(s, Member) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_MULTIPLE_RESULTS);
    end();
}

/* What merge comes to: the object of that key takes the values that were given. */
TEST(orm_merge) {
    begin();
    Member *u = ath_get(s, Member, 1);
    u->username = "u1";
    u->email = "merged";
    CHECK_INT(ath_commit(s), ATH_OK);
    Member *seen = look(1);
    CHECK_STR(seen->email, "merged");
    CHECK_STR(seen->name, "One");
    end_look();
    end();
}

TEST(orm_delete_child) {
    begin();
    CHECK_INT(ath_delete(s, ath_get(s, Post, 2)), ATH_OK);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_count(s, Post), 2);
    CHECK_INT(ath_count(s, Member), 2);
    end();
}

static const test_case cases[] = {
    {"create_user", create_user},
    {"update_user", update_user},
    {"update_refresh", update_refresh},
    {"delete_user", delete_user},
    {"create_bulk", create_bulk},
    {"bulk_insert_mappings", bulk_insert_mappings},
    {"posts_of_all", posts_of_all},
    {"lazy", lazy},
    {"transfer", transfer},
    {"add_graph", add_graph},
    {"crud_get", crud_get},
    {"crud_update", crud_update},
    {"no_change", no_change},
    {"rollback", rollback},
    {"autoflush", autoflush},
    {"identity_map", identity_map},
    {"after_commit", after_commit},
    {"remove_child", remove_child},
    {"move_child", move_child},
    {"bulk_update_orm", bulk_update_orm},
    {"delete_orm", delete_orm},
    {"scalar_one", scalar_one},
    {"orm_merge", orm_merge},
    {"orm_delete_child", orm_delete_child},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
