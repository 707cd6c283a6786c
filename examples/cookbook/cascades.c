/* SPDX-License-Identifier: Apache-2.0
 *
 * What becomes of the posts when their user is deleted, or they are taken away from him. */
#include "cookbook.h"

typedef struct User User;
typedef struct Post Post;
typedef struct Address Address;
typedef struct Event Event;

struct User {
    int64_t id;
    const char *name;
    Post **posts;
    Address **addresses;
    Event **events;
};
struct Post {
    int64_t id;
    ath_opt_i64 user_id;
    const char *title;
};
struct Address {
    int64_t id, user_id;
    const char *email;
};
struct Event {
    int64_t id, user_id;
    const char *what;
};
ATH_DECLARE(Post);
ATH_DECLARE(Address);
ATH_DECLARE(Event);

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    /* relationship("Post"): cascade="save-update, merge".  They stay, without a user. */
    ath_has_many(posts, Post);
    /* relationship("Address", cascade="all, delete-orphan"): they are nothing without him. */
    ath_has_many(addresses, Address, .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN,
                 .order_by = ath_by(ath_col(Address, id)));
    /* relationship("Event", cascade="all", passive_deletes=True): the same, left to ON DELETE CASCADE.  For many. */
    ath_has_many(events, Event, .cascade = ATH_CASCADE_ALL, .passive_deletes = ATH_PASSIVE_DELETES);
}
ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .nullable = true, .foreign_key = "users.id");
    ath_column(title, .type = ATH_STRING(50));
}
ATH_MODEL(Address, "addresses") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id");
    ath_column(email, .type = ATH_STRING(50));
}
ATH_MODEL(Event, "events") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id", .ondelete = "CASCADE");
    ath_column(what, .type = ATH_STRING(50));
}
ATH_METADATA(App, User, Post, Address, Event);

static void show(ath_session *db, const char *when) {
    printf("%s: %" PRId64 " posts (%" PRId64 " of nobody), %" PRId64 " addresses, %" PRId64 " events\n", when,
           ath_count(db, Post), ath_count(db, Post, .where = ath_is_null(ath_col(Post, user_id))),
           ath_count(db, Address), ath_count(db, Event));
}

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    User *alice = ath_new(db, User, .name = "alice");
    for (int i = 0; i < 3; i++) {
        ath_append(db, alice, posts, ath_new(db, Post, .title = "a post"));
        ath_append(db, alice, addresses, ath_new(db, Address, .email = "alice@example.org"));
        ath_append(db, alice, events, ath_new(db, Event, .what = "logged in"));
    }
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    show(db, "made");
    ath_session_close(db);

    /* user.posts.remove(post): it has no user any more.  user.addresses.remove(address): an orphan is deleted. */
    db = ath_session_open(engine);
    alice = ath_first(db, User, .load = ath_load(ath_selectin(User, posts), ath_selectin(User, addresses)));
    if (!alice)
        return cookbook_close(engine, db, false);
    ath_remove(db, alice, posts, alice->posts[0]);
    ath_remove(db, alice, addresses, alice->addresses[0]);
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    show(db, "taken away");

    /* db.delete(user) */
    ath_delete(db, alice);
    bool ok = ath_commit(db) == ATH_OK;
    show(db, "deleted");
    return cookbook_close(engine, db, ok && ath_error(db)->status == ATH_OK);
}
