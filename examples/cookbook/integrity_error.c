/* SPDX-License-Identifier: Apache-2.0
 *
 * What went wrong, by kind, table and column: not every integrity error is a duplicate.
 */
#include "blog.h"

static void try_to(ath_session *s, const char *what) {
    /* except IntegrityError: await db.rollback(); raise ValueError("the name is taken") */
    if (ath_commit(s) == ATH_INTEGRITY) {
        const ath_error *e = ath_error(s);
        const char *kind = e->integrity == ATH_INTEGRITY_UNIQUE     ? "taken already"
                           : e->integrity == ATH_INTEGRITY_NOT_NULL ? "missing"
                                                                    : "refused";
        printf("%s: %s.%s is %s (%s)\n", what, e->table, e->column, kind, e->sqlstate);
    }
    ath_rollback(s);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    ath_new(db, User, .username = "alice", .email = "again@example.org");
    try_to(db, "a second alice");
    ath_new(db, User, .username = "dave", .email = NULL);
    try_to(db, "no address");
    ath_new(db, Post, .user_id = 99, .title = "whose?");
    printf("a post of nobody: %s\n", ath_commit(db) == ATH_INTEGRITY ? ath_error(db)->message : "accepted");
    ath_rollback(db);
    printf("%" PRId64 " users, as before\n", ath_count(db, User));
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
