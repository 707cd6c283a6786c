/* SPDX-License-Identifier: Apache-2.0
 *
 * Page by page. */
#include "blog.h"

/* async def get_users_paginated(db: AsyncSession, offset: int, limit: int): */
static User **get_users_paginated(ath_session *db, int64_t offset, int64_t limit) {
    /* stmt = select(User).offset(offset).limit(limit)
     *
     * Without an order a page may show any rows; the Python line lacks it. */
    return ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .offset = offset, .limit = limit);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    for (int64_t offset = 0;; offset += 3) {
        User **page = get_users_paginated(db, offset, 3);
        if (!page || !ath_len(page))
            return blog_close(engine, db, page != NULL);
        printf("from %" PRId64 ":", offset);
        ath_each(User, user, page)
            printf(" %s", user->username);
        printf("\n");
    }
}
