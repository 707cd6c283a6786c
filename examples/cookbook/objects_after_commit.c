/* SPDX-License-Identifier: Apache-2.0
 *
 * Objects stay readable after a commit; closing the session frees them.
 */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* expire_on_commit=False is how it always is here: a commit expires nothing, and no read sends SQL. */
    User *user = ath_get(db, User, 1);
    user->status = "gold";
    ath_commit(db);
    uint64_t before = ath_engine_statistics(engine).statements;
    printf("%s is %s\n", user->username, user->status);
    printf("statements sent by reading: %d\n", (int)(ath_engine_statistics(engine).statements - before));
    char kept[20]; /* what must outlive the session is copied out of it */
    snprintf(kept, sizeof kept, "%s", user->username);
    ath_session_close(db);
    printf("%s\n", kept);
    db = ath_session_open(engine);
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
