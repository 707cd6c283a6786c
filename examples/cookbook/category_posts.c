/* SPDX-License-Identifier: Apache-2.0
 *
 * Posts that may be in a category, and stay when it goes. */
#include "cookbook.h"

typedef struct Post Post;
typedef struct Category Category;

struct Post {
    int64_t id;
    const char *title, *content;
    ath_opt_i64 category_id;
    const char *status;
    ath_datetime created_at, updated_at;
    Category *category;
};
struct Category {
    int64_t id;
    const char *name, *description; /* description may be NULL */
    Post **posts;
};
ATH_DECLARE(Category);

/* class Post(Base):
 *     category_id = Column(Integer, ForeignKey('categories.id', ondelete='SET NULL'), nullable=True, index=True)
 *     status = Column(String(20), nullable=False, default='draft')
 *     created_at = Column(DateTime, nullable=False, server_default=func.now())
 *     updated_at = Column(DateTime, nullable=False, server_default=func.now(), onupdate=func.now())
 *     category = relationship("Category", back_populates="posts") */
ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(title, .type = ATH_STRING(200), .index = true);
    ath_column(content, .type = ATH_TEXT);
    ath_column(category_id, .nullable = true, .foreign_key = "categories.id", .ondelete = "SET NULL", .index = true);
    ath_column(status, .type = ATH_STRING(20), .default_value = ath_str("draft"));
    ath_column(created_at, .server_default = ath_now());
    ath_column(updated_at, .server_default = ath_now(), .onupdate = ath_now());
    ath_belongs_to(category, Category, .back_populates = "posts");
}

/* class Category(Base):
 *     name = Column(String(100), nullable=False, unique=True)
 *     description = Column(Text, nullable=True)
 *     posts = relationship("Post", back_populates="category")
 *
 * Without passive_deletes=True SQLAlchemy does what ON DELETE SET NULL is there for: it loads all posts of a category that
 * is deleted, and updates them one by one. */
ATH_MODEL(Category, "categories") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(100), .unique = true);
    ath_column(description, .type = ATH_TEXT, .nullable = true);
    ath_has_many(posts, Post, .back_populates = "category", .passive_deletes = ATH_PASSIVE_DELETES);
}
ATH_METADATA(App, Post, Category);

static void show(const Post *post) {
    printf("%s (%s) is in %s\n", post->title, post->status, post->category ? post->category->name : "no category");
}

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    Category *news = ath_new(db, Category, .name = "news");
    ath_new(db, Post, .title = "hello", .content = "...", .category = news);
    ath_new(db, Post, .title = "again", .content = "...", .category = news);
    ath_new(db, Post, .title = "loose", .content = "...");
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    ath_session_close(db);

    db = ath_session_open(engine);
    Post *hello = ath_first(db, Post, .where = ath_eq(ath_col(Post, title), "hello"),
                            .load = ath_load(ath_joined(Post, category)));
    if (!hello)
        return cookbook_close(engine, db, false);
    show(hello);

    /* db.delete(post.category): one DELETE, and an UPDATE of the post that the session holds; the database does the rest. */
    ath_delete(db, hello->category);
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    show(hello);
    printf("without a category: %" PRId64 "\n", ath_count(db, Post, .where = ath_rel_is(Post, category, NULL)));
    return cookbook_close(engine, db, ath_error(db)->status == ATH_OK);
}
