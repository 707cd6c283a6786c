/* SPDX-License-Identifier: Apache-2.0
 *
 * A program for the models generated from ugly/names.*.sql: rows are made, joined, parted and deleted through the
 * relations.  Usage: change URL; the database holds the schema's rows.  Exits with 1 when something is not as it should be.
 */
#include "test.h"

#include "names.h"

static int failures;

#define EXPECT(condition)                                                                                              \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            printf("FAILED line %d: %s (%s)\n", __LINE__, #condition, ath_error(s)->message);                          \
            failures++;                                                                                                \
        }                                                                                                              \
    } while (0)

static void make(ath_session *s) {
    Tag *tag = ath_get(s, Tag, 1);
    Post *old = ath_get(s, Post, 2);
    User *ann = ath_get(s, User, 1);
    User *carol = ath_new(s, User, .id = 10, .name = "carol", .active = true);
    Post *post = ath_new(s, Post, .id = 10, .title = "new");
    EXPECT(ath_append(s, carol, posts, post) == ATH_OK && post->author == carol);
    EXPECT(ath_append(s, old, tags, tag) == ATH_OK);
    EXPECT(ath_append(s, carol, friends, ann) == ATH_OK);
    EXPECT(ath_set_rel(s, carol, profile, ath_new(s, Profile, .id = 10)) == ATH_OK);
    EXPECT(ath_commit(s) == ATH_OK);
    EXPECT(post->author_id == 10 && carol->profile && carol->profile->user_id == 10);
    EXPECT(ath_count(s, PostTag, .where = ath_eq(ath_col(PostTag, post_id), 2)) == 1);
    EXPECT(ath_count(s, Friendship, .where = ath_eq(ath_col(Friendship, user_id), 10)) == 1);
}

/* Posts go with their author by ON DELETE CASCADE, children of a category stay. */
static void unmake(ath_session *s) {
    User *carol = ath_get(s, User, 10);
    EXPECT(carol && ath_load_rel(s, carol, profile) == ATH_OK && ath_load_rel(s, carol, friends) == ATH_OK);
    EXPECT(ath_delete(s, carol->profile) == ATH_OK && ath_remove(s, carol, friends, carol->friends[0]) == ATH_OK);
    EXPECT(ath_commit(s) == ATH_OK);
    EXPECT(ath_delete(s, carol) == ATH_OK && ath_commit(s) == ATH_OK);
    EXPECT(ath_count(s, Post, .where = ath_eq(ath_col(Post, id), 10)) == 0);
    Category *root = ath_get(s, Category, 1);
    EXPECT(root && ath_delete(s, root) == ATH_OK && ath_commit(s) == ATH_OK);
    EXPECT(ath_count(s, Category, .where = ath_is_null(ath_col(Category, parent_id))) == 2);
}

int main(int argc, char **argv) {
    setvbuf(stdout, NULL, _IOLBF, 0);
    ath_engine *db = argc == 2 ? ath_engine_open(argv[1]) : NULL;
    for (int turn = 0; turn < 2 && !failures; turn++) {
        ath_session *s = ath_session_open(db);
        if (turn == 0)
            make(s);
        else
            unmake(s);
        ath_session_close(s);
    }
    ath_engine_close(db);
    return failures || !db;
}
