/* SPDX-License-Identifier: Apache-2.0
 *
 * Many to many: posts and tags, by a table between them. */
#include "cookbook.h"

typedef struct Post Post;
typedef struct Tag Tag;

struct Post {
    int64_t id;
    const char *title;
    Tag **tags;
};
struct Tag {
    int64_t id;
    const char *name;
    Post **posts;
};
typedef struct PostTag {
    int64_t post_id, tag_id;
} PostTag;
ATH_DECLARE(Tag);

/* post_tags = Table("post_tags", Base.metadata,
 *     Column("post_id", ForeignKey("posts.id"), primary_key=True),
 *     Column("tag_id", ForeignKey("tags.id"), primary_key=True)) */
ATH_MODEL(PostTag, "post_tags") {
    ath_column(post_id, .primary_key = true, .foreign_key = "posts.id");
    ath_column(tag_id, .primary_key = true, .foreign_key = "tags.id");
}
/* class Post(Base):
 *     tags: Mapped[list["Tag"]] = relationship(secondary=post_tags, back_populates="posts") */
ATH_MODEL(Post, "posts") {
    ath_column(id, .primary_key = true);
    ath_column(title, .type = ATH_STRING(100));
    ath_has_many(tags, Tag, .secondary = ath_model_of(PostTag), .back_populates = "posts",
                 .order_by = ath_by(ath_col(Tag, name)));
}
/* class Tag(Base):
 *     posts: Mapped[list["Post"]] = relationship(secondary=post_tags, back_populates="tags") */
ATH_MODEL(Tag, "tags") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(30), .unique = true);
    ath_has_many(posts, Post, .secondary = ath_model_of(PostTag), .back_populates = "tags",
                 .order_by = ath_by(ath_col(Post, id)));
}
ATH_METADATA(App, Post, Tag, PostTag);

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    Tag *python = ath_new(db, Tag, .name = "python"), *c = ath_new(db, Tag, .name = "C");
    Post *both = ath_new(db, Post, .title = "C for pythonists"), *one = ath_new(db, Post, .title = "pointers");

    /* post.tags.append(tag): the rows between are the session's affair; from either side, each pair once */
    ath_append(db, both, tags, python);
    ath_append(db, both, tags, c);
    ath_append(db, c, posts, one);
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    printf("rows between: %" PRId64 "\n", ath_count(db, PostTag));

    /* select(Post).options(selectinload(Post.tags)): two SELECTs */
    ath_session_close(db);
    db = ath_session_open(engine);
    Post **posts = ath_all(db, Post, .order_by = ath_by(ath_col(Post, id)), .load = ath_load(ath_selectin(Post, tags)));
    ath_each(Post, post, posts) {
        printf("%s:", post->title);
        ath_each(Tag, tag, post->tags)
            printf(" %s", tag->name);
        printf("\n");
    }

    /* select(Post).where(Post.tags.any(Tag.name == "python")) */
    printf("about python: %" PRId64 "\n",
           ath_count(db, Post, .where = ath_rel_any(Post, tags, ath_eq(ath_col(Tag, name), "python"))));

    /* post.tags.remove(tag); session.delete(tag): rows between go, posts stay */
    c = ath_one(db, Tag, .where = ath_eq(ath_col(Tag, name), "C"));
    if (!posts || !c)
        return cookbook_close(engine, db, false);
    ath_remove(db, posts[0], tags, c);
    ath_delete(db, c);
    bool ok = ath_commit(db) == ATH_OK;
    printf("left: %" PRId64 " posts, %" PRId64 " rows between\n", ath_count(db, Post), ath_count(db, PostTag));
    return cookbook_close(engine, db, ok && ath_error(db)->status == ATH_OK);
}
