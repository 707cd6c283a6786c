/* SPDX-License-Identifier: Apache-2.0
 *
 * Many rows at once from plain structs. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* db.bulk_insert_mappings(User, [
     *     {"name": "user1", "email": "user1@example.com"},
     *     {"name": "user2", "email": "user2@example.com"}
     * ])
     *
     * A bulk call of its own is not needed: what is pending is written at the commit, in one transaction; from ten
     * rows on, by INSERTs of many rows each.
     * ath_add takes a copy of a struct; every field of it counts as set, but for the generated key. */
    static const User users[] = {
        {.username = "user1", .email = "user1@example.com", .status = "new", .is_active = true},
        {.username = "user2", .email = "user2@example.com", .status = "new", .is_active = true},
        {.username = "user3", .email = "user3@example.com", .status = "new", .is_active = true},
    };
    uint64_t before = ath_engine_statistics(engine).statements;
    for (size_t i = 0; i < sizeof users / sizeof *users; i++)
        ath_add(db, User, &users[i]);
    if (ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);

    /* BEGIN, an INSERT for each of so few rows (one for all on PostgreSQL and MariaDB), COMMIT */
    printf("%s\n", ath_engine_statistics(engine).statements - before <= 5 ? "few statements" : "many statements");
    printf("%" PRId64 " users\n", ath_count(db, User, .where = ath_startswith(ath_col(User, username), "user")));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
