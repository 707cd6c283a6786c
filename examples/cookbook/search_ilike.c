/* SPDX-License-Identifier: Apache-2.0
 *
 * A search that ignores case. */
#include "blog.h"

/* async def search_users(db: AsyncSession, keyword: str): */
static User **search_users(ath_session *db, const char *keyword) {
    /* stmt = select(User).where(
     *     or_(
     *         User.username.ilike(f"%{keyword}%"),
     *         User.email.ilike(f"%{keyword}%")
     *     )
     * )
     *
     * The pattern is the program's: a % or _ in the keyword is a wildcard too, as in Python. */
    char pattern[64];
    snprintf(pattern, sizeof pattern, "%%%s%%", keyword);
    return ath_all(db, User,
                   .where =
                       ath_or(ath_ilike(ath_col(User, username), pattern), ath_ilike(ath_col(User, email), pattern)),
                   .order_by = ath_by(ath_col(User, id)));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    User **users = search_users(db, "EXAMPLE.ORG");
    ath_each(User, user, users)
        printf("%s %s\n", user->username, user->email);
    if (!users || !(users = search_users(db, "JO")))
        return blog_close(engine, db, false);
    printf("%zu like JO\n", ath_len(users));
    return blog_close(engine, db, true);
}
