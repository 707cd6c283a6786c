/* SPDX-License-Identifier: Apache-2.0
 *
 * Creating tables that are there already. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open(); /* has created the tables and filled them */
    ath_session *db = ath_session_open(engine);
    ath_error why;

    /* Base.metadata.create_all(bind=engine)  # tables that exist are skipped */
    if (ath_create_all(engine, &Blog, &why) != ATH_OK)
        return blog_close(engine, db, false);
    printf("still %" PRId64 " users\n", ath_count(db, User));
    ath_commit(db);

    /* Only what is missing is made ... */
    ath_result *r = ath_execute(db, ath_text("DROP TABLE comments"));
    bool ok = r != NULL;
    ath_result_close(r);
    ok = ok && ath_commit(db) == ATH_OK && ath_create_all(engine, &Blog, &why) == ATH_OK;
    printf("%" PRId64 " comments, %" PRId64 " users\n", ath_count(db, Comment), ath_count(db, User));
    ath_commit(db);

    /* ... and a table that is there is never altered: a column new in the model stays missing in it. */
    r = ath_execute(db, ath_text("ALTER TABLE posts DROP COLUMN content"));
    ok = ok && r;
    ath_result_close(r);
    ok = ok && ath_commit(db) == ATH_OK && ath_create_all(engine, &Blog, &why) == ATH_OK;
    if (!ath_all(db, Post))
        printf("%s\n", ath_status_name(ath_error(db)->status));
    ath_rollback(db);
    return blog_close(engine, db, ok);
}
