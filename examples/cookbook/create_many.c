/* SPDX-License-Identifier: Apache-2.0
 *
 * Several new objects, one commit. */
#include "blog.h"

/* async def create_users_bulk(db: AsyncSession, users_data: list[dict]): */
static ath_status create_users_bulk(ath_session *db, const User *data, size_t count, User **users) {
    /* users = [User(**data) for data in users_data]
     * db.add_all(users) */
    for (size_t i = 0; i < count; i++)
        users[i] = ath_new(db, User, .username = data[i].username, .email = data[i].email);
    /* await db.commit() */
    return ath_commit(db);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    const User data[] = {{.username = "eve", .email = "eve@example.org"},
                         {.username = "tom", .email = "tom@example.org"}};
    User *users[2];
    if (create_users_bulk(db, data, 2, users) != ATH_OK)
        return blog_close(engine, db, false);
    for (int i = 0; i < 2; i++)
        printf("%s\n", users[i]->username);

    /* One that is refused takes all of its transaction with it. */
    const User more[] = {{.username = "ida", .email = "ida@example.org"},
                         {.username = "eve", .email = "eve@example.com"}};
    printf("%s\n", ath_status_name(create_users_bulk(db, more, 2, users)));
    ath_rollback(db);
    printf("%" PRId64 " users\n", ath_count(db, User));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
