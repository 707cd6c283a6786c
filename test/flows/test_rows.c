/* SPDX-License-Identifier: Apache-2.0
 *
 * What programs do with SQLAlchemy's relations and sessions, one test per way: docs/orm-coverage.md says which.  Effects are
 * compared, and how many statements it takes.
 */
#include "../servers.h"

#include <athanor/athanor.h>

typedef struct User User;
typedef struct Post Post;
typedef struct Category Category;
typedef struct Profile Profile;
typedef struct Role Role;
typedef struct UserRole UserRole;
typedef struct Comment Comment;
struct User {
    int64_t id;
    const char *name;
    bool active;
    int64_t balance;
    Post **posts;
    Profile *profile;
    Role **roles;
};
struct Post {
    int64_t id;
    ath_opt_i64 user_id, category_id;
    const char *title;
    User *author;
    Category *category;
    Comment **comments;
};
struct Category {
    int64_t id;
    const char *name;
};
struct Profile {
    int64_t id;
    ath_opt_i64 user_id;
    const char *text;
};
struct Role {
    int64_t id;
    const char *name;
};
struct UserRole {
    int64_t user_id, role_id;
};
struct Comment {
    int64_t id, post_id;
    const char *text;
};
ATH_DECLARE(Post);
ATH_DECLARE(Category);
ATH_DECLARE(Profile);
ATH_DECLARE(Role);
ATH_DECLARE(UserRole);
ATH_DECLARE(Comment);
ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40));
    ath_column(active, .default_value = ath_bool(true));
    ath_column(balance);
    ath_has_many(posts, Post, .back_populates = "author", .order_by = ath_by(ath_col(Post, id)));
    ath_has_one(profile, Profile);
    ath_has_many(roles, Role, .secondary = ath_model_of(UserRole), .order_by = ath_by(ath_col(Role, id)));
}
ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .nullable = true, .foreign_key = "users.id");
    ath_column(category_id, .nullable = true, .foreign_key = "categories.id");
    ath_column(title, .type = ATH_STRING(40));
    ath_belongs_to(author, User, .back_populates = "posts");
    ath_belongs_to(category, Category);
    ath_has_many(comments, Comment);
}
ATH_MODEL(Category, "categories") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40));
}
ATH_MODEL(Profile, "profiles") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .nullable = true, .foreign_key = "users.id");
    ath_column(text, .type = ATH_STRING(40));
}
ATH_MODEL(Role, "roles") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40));
}
ATH_MODEL(UserRole, "user_role") {
    ath_column(user_id, .primary_key = true, .foreign_key = "users.id");
    ath_column(role_id, .primary_key = true, .foreign_key = "roles.id");
}
ATH_MODEL(Comment, "comments") {
    ath_column(id, .primary_key = true);
    ath_column(post_id, .foreign_key = "posts.id");
    ath_column(text, .type = ATH_STRING(40));
}
ATH_METADATA(Rows, User, Post, Category, Profile, Role, UserRole, Comment);

static ath_engine *db;
static ath_session *s;
static uint64_t before;

#define U(f) ath_col(User, f)
#define P(f) ath_col(Post, f)

#define CHECK_OK(call)                                                                                                 \
    do {                                                                                                               \
        CHECK_INT(call, ATH_OK);                                                                                       \
        CHECK_STR(ath_error(s)->message, "");                                                                          \
    } while (0)
/* How many statements since the last time. */
#define CHECK_SENT(count)                                                                                              \
    do {                                                                                                               \
        CHECK_INT(ath_session_statements(s) - before, count);                                                          \
        before = ath_session_statements(s);                                                                            \
    } while (0)

static void start(void) {
    ath_session_close(s);
    s = ath_session_open(db);
    before = 0;
}

static int64_t number(const char *sql) {
    ath_result *r = ath_execute(s, ath_text(sql));
    const ath_value *v = r ? ath_result_scalar(r) : NULL;
    int64_t n = v && v->kind == ATH_KIND_INT ? v->as.i : -1;
    ath_result_close(r);
    return n;
}

static void run(const char *sql) {
    ath_result *r = ath_execute(s, ath_text(sql));
    CHECK_STR(r ? "" : ath_error(s)->message, "");
    ath_result_close(r);
}

/* Users one and two, who is not active; two posts of the first and one of the second, all in one category. */
static int64_t one, two;

static void begin(void) {
    ath_error error = {0};
    s = NULL;
    db = ath_engine_open(test_on == TEST_SQLITE ? "sqlite://" : test_url(test_on), .error = &error);
    CHECK_INT(ath_drop_all(db, &Rows, &error), ATH_OK);
    CHECK_INT(ath_create_all(db, &Rows, &error), ATH_OK);
    start();
    Category *c = ath_new(s, Category, .name = "cat");
    User *u1 = ath_new(s, User, .name = "u1", .balance = 100);
    User *u2 = ath_new(s, User, .name = "u2", .balance = 5, .active = false);
    const char *const titles[] = {"p1", "p2", "p3"};
    for (int i = 0; i < 3; i++)
        ath_new(s, Post, .title = titles[i], .author = i < 2 ? u1 : u2, .category = c);
    CHECK_OK(ath_commit(s));
    one = u1->id;
    two = u2->id;
    start();
}

static void end(void) {
    ath_session_close(s);
    ath_engine_close(db);
}

static Post *post(const char *title) {
    return ath_one(s, Post, .where = ath_eq(P(title), title));
}

/* ---- relations ---- */

TEST(a_foreign_key_follows_at_the_flush) {
    begin();
    Post *p = ath_new(s, Post, .title = "new");
    User *u = ath_get(s, User, one);
    p->author = u;
    CHECK(!p->user_id.has);
    CHECK_OK(ath_flush(s));
    CHECK_INT(p->user_id.value, one);
    p->author = NULL;
    CHECK_OK(ath_commit(s));
    CHECK(!p->user_id.has);
    CHECK_INT(number("SELECT count(*) FROM posts WHERE user_id IS NULL"), 1);
    end();
}

TEST(one_of_one_is_replaced) {
    begin();
    User *u = ath_get(s, User, one);
    CHECK_OK(ath_set_rel(s, u, profile, ath_new(s, Profile, .text = "first")));
    CHECK_OK(ath_commit(s));
    Profile *first = u->profile;
    CHECK_OK(ath_set_rel(s, u, profile, ath_new(s, Profile, .text = "second")));
    CHECK_OK(ath_commit(s));
    CHECK(!first->user_id.has);
    CHECK_INT(number("SELECT count(*) FROM profiles WHERE user_id IS NULL AND text = 'first'"), 1);
    CHECK_INT(number("SELECT count(*) FROM profiles WHERE user_id IS NOT NULL AND text = 'second'"), 1);
    /* Nothing holds the database to one: of several the first is taken. */
    run("UPDATE profiles SET user_id = (SELECT max(id) FROM users WHERE name = 'u1')");
    CHECK_OK(ath_commit(s));
    start();
    u = ath_get(s, User, one);
    CHECK_OK(ath_load_rel(s, u, profile));
    CHECK(u->profile != NULL);
    end();
}

TEST(pairs_come_and_go) {
    begin();
    User *u = ath_get(s, User, one);
    Role *admin = ath_new(s, Role, .name = "admin"), *editor = ath_new(s, Role, .name = "editor");
    CHECK_OK(ath_append(s, u, roles, admin));
    CHECK_OK(ath_append(s, u, roles, editor));
    CHECK_OK(ath_commit(s));
    CHECK_INT(number("SELECT count(*) FROM user_role"), 2);
    start();
    u = ath_get(s, User, one);
    CHECK_SENT(1);
    CHECK_OK(ath_load_rel(s, u, roles));
    CHECK_SENT(1);
    CHECK_INT(ath_len(u->roles), 2);
    CHECK_OK(ath_remove(s, u, roles, u->roles[0]));
    CHECK_OK(ath_flush(s));
    CHECK_SENT(1); /* DELETE FROM user_role */
    CHECK_INT(number("SELECT count(*) FROM user_role"), 1);
    CHECK_OK(ath_delete(s, u));
    CHECK_OK(ath_commit(s));
    CHECK_INT(number("SELECT count(*) FROM user_role"), 0);
    CHECK_INT(number("SELECT count(*) FROM roles"), 2);
    end();
}

/* Stale data to SQLAlchemy; here it is what the program wants, as a DELETE of an object whose row is gone already is. */
TEST(a_pair_that_is_gone_already) {
    begin();
    User *u = ath_get(s, User, one);
    CHECK_OK(ath_append(s, u, roles, ath_new(s, Role, .name = "admin")));
    CHECK_OK(ath_commit(s));
    CHECK_OK(ath_load_rel(s, u, roles));
    run("DELETE FROM user_role");
    CHECK_OK(ath_remove(s, u, roles, u->roles[0]));
    CHECK_OK(ath_commit(s));
    CHECK_INT(ath_len(u->roles), 0);
    end();
}

TEST(a_parent_that_is_deleted_lets_go) {
    begin();
    User *u = ath_get(s, User, one);
    CHECK_SENT(1);
    CHECK_OK(ath_delete(s, u));
    CHECK_SENT(0);
    CHECK_OK(ath_flush(s));
    CHECK_INT(number("SELECT count(*) FROM posts WHERE user_id IS NULL"), 2);
    CHECK_INT(number("SELECT count(*) FROM posts"), 3);
    CHECK_INT(number("SELECT count(*) FROM users"), 1);
    CHECK_OK(ath_commit(s));
    end();
}

TEST(a_parent_that_is_deleted_with_children_loaded) {
    begin();
    User *u = ath_get(s, User, one);
    CHECK_OK(ath_load_rel(s, u, posts));
    Post *p = u->posts[0];
    CHECK_OK(ath_delete(s, u));
    CHECK_OK(ath_commit(s));
    CHECK(!p->user_id.has && !p->author);
    CHECK_INT(number("SELECT count(*) FROM posts WHERE user_id IS NULL"), 2);
    end();
}

/* Said before anything is sent. */
TEST(a_foreign_key_that_may_not_be_null) {
    begin();
    Post *p = post("p1");
    CHECK_OK(ath_append(s, p, comments, ath_new(s, Comment, .text = "c")));
    CHECK_OK(ath_commit(s));
    CHECK_OK(ath_delete(s, p));
    CHECK_INT(ath_commit(s), ATH_INTEGRITY);
    CHECK(strstr(ath_error(s)->message, "post_id") != NULL);
    CHECK_OK(ath_rollback(s));
    CHECK_INT(ath_session_state(s, p), ATH_STATE_PERSISTENT);
    CHECK_INT(number("SELECT count(*) FROM posts"), 3);
    end();
}

TEST(children_without_loading) {
    begin();
    User *u = ath_get(s, User, one);
    Post **found = ath_rel_query(s, u, posts, .where = ath_eq(P(title), "p2"));
    CHECK_INT(ath_len(found), 1);
    CHECK_INT(ath_rel_count(s, u, posts), 2);
    CHECK_OK(ath_append(s, u, posts, ath_new(s, Post, .title = "p4")));
    CHECK_OK(ath_flush(s));
    CHECK(!ath_is_loaded(s, u, posts));
    CHECK_INT(ath_rel_count(s, u, posts), 3);
    /* and the same relation is loaded with a query, which lazy="dynamic" refuses */
    User **all = ath_all(s, User, .where = ath_eq(U(id), one), .load = ath_load(ath_selectin(User, posts)));
    CHECK_INT(ath_len(all[0]->posts), 3);
    end();
}

TEST(joined_load) {
    begin();
    User **all = ath_all(s, User, .order_by = ath_by(U(id)), .load = ath_load(ath_joined(User, posts)));
    CHECK_SENT(1);
    CHECK_INT(ath_len(all), 2); /* each once */
    CHECK_INT(ath_len(all[0]->posts), 2);
    CHECK_INT(ath_len(all[1]->posts), 1);
    end();
}

TEST(selectin_load) {
    begin();
    User **all = ath_all(s, User, .order_by = ath_by(U(id)), .load = ath_load(ath_selectin(User, posts)));
    CHECK_SENT(2);
    CHECK_INT(ath_len(all[0]->posts) + ath_len(all[1]->posts), 3);
    end();
}

/* user.posts in a loop: one SELECT for all, where SQLAlchemy sends one for each. */
TEST(loads_in_a_loop) {
    begin();
    User **all = ath_all(s, User);
    size_t posts = 0;
    ath_each(User, u, all) {
        CHECK_OK(ath_load_rel(s, u, posts));
        posts += ath_len(u->posts);
    }
    CHECK_INT(posts, 3);
    CHECK_SENT(2);
    end();
}

TEST(loads_of_one) {
    begin();
    User *u = ath_get(s, User, one);
    CHECK_OK(ath_load_rel(s, u, posts));
    CHECK_SENT(2);
    CHECK_INT(ath_len(u->posts), 2);
    CHECK_OK(ath_load_rel(s, u, posts));
    CHECK_OK(ath_load_rel(s, u->posts[0], author)); /* known */
    CHECK_SENT(0);
    end();
}

TEST(loads_of_many_to_one) {
    begin();
    Post *p = post("p1");
    CHECK_OK(ath_load_rel(s, p, author));
    CHECK_OK(ath_load_rel(s, p, category));
    CHECK_SENT(3);
    CHECK_STR(p->author->name, "u1");
    CHECK_STR(p->category->name, "cat");
    Post *q = post("p2");
    CHECK_OK(ath_load_rel(s, q, author)); /* the session has him */
    CHECK_SENT(1);
    CHECK(q->author == p->author);
    end();
}

TEST(a_child_is_taken_out) {
    begin();
    User *u = ath_get(s, User, one);
    CHECK_OK(ath_load_rel(s, u, posts));
    Post *p = u->posts[0];
    CHECK_OK(ath_remove(s, u, posts, p));
    CHECK_SENT(2);
    CHECK_OK(ath_flush(s));
    CHECK_SENT(1);
    CHECK(!p->user_id.has && !p->author);
    CHECK_OK(ath_commit(s));
    CHECK_INT(number("SELECT count(*) FROM posts WHERE user_id IS NULL"), 1);
    end();
}

TEST(a_child_is_moved) {
    begin();
    Post *p = post("p1");
    User *u = ath_get(s, User, two);
    p->author = u;
    CHECK_SENT(2);
    CHECK_OK(ath_flush(s));
    CHECK_SENT(1);
    CHECK_INT(p->user_id.value, two);
    CHECK_OK(ath_load_rel(s, u, posts));
    CHECK_INT(ath_len(u->posts), 2);
    end();
}

TEST(a_graph_is_added) {
    begin();
    User *u = ath_new(s, User, .name = "g");
    Post *t1 = ath_new(s, Post, .title = "t1"), *t2 = ath_new(s, Post, .title = "t2");
    t1->category = ath_new(s, Category, .name = "another");
    CHECK_OK(ath_append(s, u, posts, t1));
    CHECK_OK(ath_append(s, u, posts, t2));
    CHECK_SENT(0);
    CHECK_OK(ath_commit(s));
    CHECK(t1->user_id.value == u->id && t2->user_id.value == u->id && !t2->category_id.has);
    CHECK_INT(t1->category_id.value, t1->category->id);
    CHECK_INT(number("SELECT count(*) FROM posts p JOIN users u ON u.id = p.user_id WHERE u.name = 'g'"), 2);
    end();
}

/* ---- sessions ---- */

TEST(what_is_added_is_pending) {
    begin();
    User *u = ath_new(s, User, .name = "new");
    CHECK_INT(ath_session_state(s, u), ATH_STATE_PENDING);
    CHECK(u->id == 0 && u->active); /* what was not said has its default at once */
    CHECK_SENT(0);
    ath_session *other = ath_session_open(db);
    Post *p = ath_new(s, Post, .title = "new");
    CHECK_INT(ath_append(other, u, posts, p), ATH_ARGUMENT); /* it is another session's */
    ath_session_close(other);
    CHECK_OK(ath_flush(s));
    CHECK(u->id != 0);
    CHECK_INT(ath_session_state(s, u), ATH_STATE_PERSISTENT);
    end();
}

TEST(many_are_added) {
    begin();
    User *made[3];
    const char *const names[] = {"a", "b", "c"};
    for (int i = 0; i < 3; i++)
        made[i] = ath_new(s, User, .name = names[i]);
    CHECK_OK(ath_flush(s));
    CHECK(made[0]->id < made[1]->id && made[1]->id < made[2]->id);
    CHECK(ath_session_statements(s) - before <= 3);
    CHECK_OK(ath_commit(s));
    CHECK_INT(number("SELECT count(*) FROM users"), 5);
    end();
}

TEST(refreshed) {
    begin();
    User *u = ath_get(s, User, one);
    CHECK_OK(ath_load_rel(s, u, posts));
    run("UPDATE users SET name = 'theirs' WHERE name = 'u1'");
    before = ath_session_statements(s);
    CHECK_OK(ath_refresh(s, u));
    CHECK_SENT(1);
    CHECK_STR(u->name, "theirs");
    CHECK(ath_is_loaded(s, u, posts)); /* relations are left alone without a cascade */
    User *fresh = ath_new(s, User, .name = "x");
    CHECK_INT(ath_refresh(s, fresh), ATH_OK); /* flushed first */
    User stranger = {.id = one};
    CHECK_INT(ath_refresh(s, &stranger), ATH_ARGUMENT);
    run("DELETE FROM users WHERE name = 'x'");
    CHECK_INT(ath_refresh(s, fresh), ATH_NO_RESULT);
    end();
}

TEST(only_what_changed_is_written) {
    begin();
    User *u = ath_get(s, User, one);
    u->name = "u1"; /* an equal text */
    before = ath_session_statements(s);
    CHECK_OK(ath_flush(s));
    CHECK_SENT(0);
    run("UPDATE users SET balance = 7"); /* by somebody else */
    u->name = "mine";
    CHECK_OK(ath_commit(s));
    CHECK_INT(number("SELECT balance FROM users WHERE name = 'mine'"), 7);
    end();
}

/* SQLAlchemy must read an expired object's key before it can write it. */
TEST(expired_and_written) {
    begin();
    User *u = ath_get(s, User, one);
    CHECK_OK(ath_expire(s, u));
    u->name = "late";
    before = ath_session_statements(s);
    CHECK_OK(ath_flush(s));
    CHECK_SENT(1);
    CHECK_INT(number("SELECT count(*) FROM users WHERE name = 'late' AND balance = 100"), 1);
    end();
}

TEST(deleted) {
    begin();
    Post *p = post("p3");
    CHECK_OK(ath_delete(s, p));
    CHECK_INT(ath_session_state(s, p), ATH_STATE_DELETED);
    before = ath_session_statements(s);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_session_state(s, p), ATH_STATE_NONE);
    CHECK_INT(ath_delete(s, p), ATH_STATE);
    User *u = ath_new(s, User, .name = "new");
    CHECK_OK(ath_delete(s, u)); /* a new one just leaves */
    Post stranger = {.id = 1};
    CHECK_INT(ath_delete(s, &stranger), ATH_ARGUMENT);
    CHECK_INT(number("SELECT count(*) FROM posts"), 2);
    CHECK_INT(number("SELECT count(*) FROM users"), 2);
    end();
}

TEST(rows_without_objects) {
    begin();
    const User rows[] = {{.name = "a", .balance = 1}, {.name = "b", .balance = 2}};
    CHECK_INT(ath_insert_many(s, User, rows, 2), 2);
    CHECK_OK(ath_commit(s));
    CHECK_INT(number("SELECT count(*) FROM users WHERE balance IN (1, 2)"), 2);
    end();
}

TEST(changes_by_condition_reach_memory) {
    begin();
    User *u = ath_get(s, User, one), *v = ath_get(s, User, two);
    CHECK_INT(
        ath_update(s, User, .set = ath_set(ath_to(User, balance, 50)), .where = ath_eq(ath_col(User, active), true)),
        1);
    CHECK_INT(u->balance, 50);
    CHECK_INT(v->balance, 5);
    CHECK_OK(ath_rollback(s));
    CHECK_INT(u->balance, 100);
    end();
}

/* No cascades but the database's own. */
TEST(deletes_by_condition_know_no_relations) {
    begin();
    CHECK_INT(ath_delete_where(s, User, .where = ath_eq(ath_col(User, active), true)), -1);
    CHECK_INT(ath_error(s)->status, ATH_INTEGRITY); /* its posts are there */
    CHECK_OK(ath_rollback(s));
    CHECK_INT(ath_delete_where(s, Post, .where = ath_eq(P(user_id), one)), 2);
    CHECK_INT(ath_delete_where(s, User, .where = ath_eq(ath_col(User, active), true)), 1);
    CHECK_OK(ath_commit(s));
    end();
}

/* Read, compare, assign: the update of somebody in between is lost.  An expression, or a lock, loses nothing. */
TEST(transfers) {
    begin();
    User *from = ath_get(s, User, one), *to = ath_get(s, User, two);
    run("UPDATE users SET balance = balance + 1000 WHERE name = 'u1'"); /* by somebody else */
    from->balance -= 10;
    to->balance += 10;
    CHECK_OK(ath_flush(s));
    CHECK_INT(number("SELECT balance FROM users WHERE name = 'u1'"), 90); /* lost, as with SQLAlchemy */
    CHECK_OK(ath_rollback(s));
    from = ath_get(s, User, one);
    run("UPDATE users SET balance = balance + 1000 WHERE name = 'u1'");
    CHECK_INT(ath_update(s, User, .set = ath_set(ath_to(User, balance, ath_minus(U(balance), 10))),
                         .where = ath_eq(U(id), one)),
              1);
    CHECK_INT(number("SELECT balance FROM users WHERE name = 'u1'"), 1090);
    CHECK_OK(ath_refresh(s, from, .lock = ath_for_update()));
    CHECK_INT(from->balance, 1090);
    CHECK_OK(ath_rollback(s));
    end();
}

static const test_case cases[] = {
    {"a_foreign_key_follows_at_the_flush", a_foreign_key_follows_at_the_flush},
    {"one_of_one_is_replaced", one_of_one_is_replaced},
    {"pairs_come_and_go", pairs_come_and_go},
    {"a_pair_that_is_gone_already", a_pair_that_is_gone_already},
    {"a_parent_that_is_deleted_lets_go", a_parent_that_is_deleted_lets_go},
    {"a_parent_that_is_deleted_with_children_loaded", a_parent_that_is_deleted_with_children_loaded},
    {"a_foreign_key_that_may_not_be_null", a_foreign_key_that_may_not_be_null},
    {"children_without_loading", children_without_loading},
    {"joined_load", joined_load},
    {"selectin_load", selectin_load},
    {"loads_in_a_loop", loads_in_a_loop},
    {"loads_of_one", loads_of_one},
    {"loads_of_many_to_one", loads_of_many_to_one},
    {"a_child_is_taken_out", a_child_is_taken_out},
    {"a_child_is_moved", a_child_is_moved},
    {"a_graph_is_added", a_graph_is_added},
    {"what_is_added_is_pending", what_is_added_is_pending},
    {"many_are_added", many_are_added},
    {"refreshed", refreshed},
    {"only_what_changed_is_written", only_what_changed_is_written},
    {"expired_and_written", expired_and_written},
    {"deleted", deleted},
    {"rows_without_objects", rows_without_objects},
    {"changes_by_condition_reach_memory", changes_by_condition_reach_memory},
    {"deletes_by_condition_know_no_relations", deletes_by_condition_know_no_relations},
    {"transfers", transfers},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
