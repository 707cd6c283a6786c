/* SPDX-License-Identifier: Apache-2.0
 *
 * Many rows at once from plain structs, without objects. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* db.bulk_insert_mappings(User, [
     *     {"name": "user1", "email": "user1@example.com"},
     *     {"name": "user2", "email": "user2@example.com"}
     * ])
     *
     * Batches of 1,000 rows; no keys come back.  Every field counts as set, but for the generated key and for NULLs of
     * columns with a default (status). */
    static User users[2000];
    static char names[2000][16];
    for (int i = 0; i < 2000; i++) {
        snprintf(names[i], sizeof names[i], "user%d", i + 1);
        users[i] = (User){.username = names[i], .email = "user@example.com", .is_active = true};
    }
    uint64_t before = ath_session_statements(db);
    int64_t rows = ath_insert_many(db, User, users, 2000);
    printf("%" PRId64 " rows, %d statements\n", rows, (int)(ath_session_statements(db) - before));

    /* users = [User(**data) for data in users_data]; db.add_all(users)
     *
     * Where keys are wanted, or relations: ath_add makes an object of a struct, ath_new of fields.  The flush batches them
     * as well. */
    User *one = ath_add(db, User, &(const User){.username = "one", .email = "one@example.com", .is_active = true});
    if (rows < 0 || ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);
    printf("%s: %s, %s\n", one->username, one->id ? "has a key" : "no key", one->status);

    /* A row that is refused takes the transaction with it. */
    User again[] = {{.username = "fresh", .email = "f@example.com"}, {.username = "user7", .email = "7@example.com"}};
    rows = ath_insert_many(db, User, again, 2);
    printf("user7 again: %" PRId64 ", %s\n", rows, ath_status_name(ath_error(db)->status));
    ath_rollback(db);
    printf("users: %" PRId64 "\n", ath_count(db, User));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
