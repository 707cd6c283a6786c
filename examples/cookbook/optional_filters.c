/* SPDX-License-Identifier: Apache-2.0
 *
 * Filters that may be left out: a NULL among the conditions counts for nothing.
 */
#include "blog.h"

static void search(ath_session *s, const char *keyword, const char *status) {
    User **users = ath_all(s, User,
                           .where = ath_and(keyword ? ath_contains(ath_col(User, email), keyword) : NULL,
                                            status ? ath_eq(ath_col(User, status), status) : NULL),
                           .order_by = ath_by(ath_col(User, id)));
    printf("%s, %s:", keyword ? keyword : "any", status ? status : "any");
    ath_each(User, user, users)
        printf(" %s", user->username);
    printf("\n");
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    search(db, NULL, NULL);
    search(db, "example.org", NULL);
    search(db, "example", "gold");
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
