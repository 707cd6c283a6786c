/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations with a condition of their own, and without a foreign key. */
#include "cookbook.h"

typedef struct User User;
typedef struct Post Post;
typedef struct Country Country;
struct User {
    int64_t id;
    const char *name, *country_code;
    Post **posts, **published;
    Country *country;
};
struct Post {
    int64_t id, user_id;
    const char *title;
    bool is_published;
};
struct Country {
    int64_t id;
    const char *code, *name;
};
ATH_DECLARE(Post);
ATH_DECLARE(Country);

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_column(country_code, .type = ATH_STRING(2), .nullable = true);
    ath_has_many(posts, Post, .order_by = ath_by(ath_col(Post, id)));
    /* published = relationship("Post", viewonly=True,
     *     primaryjoin="and_(User.id == Post.user_id, Post.is_published)") */
    ath_has_many(published, Post, .where = ath_col(Post, is_published), .viewonly = true,
                 .order_by = ath_by(ath_col(Post, id)));
    /* country = relationship("Country", primaryjoin="foreign(User.country_code) == Country.code")
     *
     * No FOREIGN KEY in the schema: the columns are named. */
    ath_belongs_to(country, Country, .foreign_key = ath_names("country_code"), .references = ath_names("code"));
}
ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(user_id, .foreign_key = "users.id");
    ath_column(title, .type = ATH_STRING(50));
    ath_column(is_published);
}
ATH_MODEL(Country, "countries") {
    ath_column(id, .primary_key = true);
    ath_column(code, .type = ATH_STRING(2), .unique = true);
    ath_column(name, .type = ATH_STRING(50));
}
ATH_METADATA(App, User, Post, Country);

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    Country *fr = ath_new(db, Country, .code = "FR", .name = "France");
    User *ann = ath_new(db, User, .name = "ann", .country = fr); /* country_code becomes FR */
    ath_append(db, ann, posts, ath_new(db, Post, .title = "draft"));
    ath_append(db, ann, posts, ath_new(db, Post, .title = "out", .is_published = true));
    ath_new(db, User, .name = "ben", .country_code = "XX"); /* a code that nobody has */
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    ath_session_close(db);

    db = ath_session_open(engine);
    User **users =
        ath_all(db, User, .order_by = ath_by(ath_col(User, id)),
                .load = ath_load(ath_joined(User, country), ath_selectin(User, posts), ath_selectin(User, published)));
    ath_each(User, user, users)
        printf("%s (%s: %s): %zu posts, %zu published\n", user->name, user->country_code,
               user->country ? user->country->name : "unknown", ath_len(user->posts), ath_len(user->published));

    /* User.published.any(): the condition counts */
    printf("with published ones: %" PRId64 "\n", ath_count(db, User, .where = ath_rel_any(User, published)));
    return cookbook_close(engine, db, users && ath_error(db)->status == ATH_OK);
}
