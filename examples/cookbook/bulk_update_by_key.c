/* SPDX-License-Identifier: Apache-2.0
 *
 * Many rows changed, each to values of its own. */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    User *alice = ath_get(db, User, 1);
    if (!alice)
        return blog_close(engine, db, false);

    /* session.bulk_update_mappings(User, [{"id": 1, "balance": 11}, {"id": 2, "balance": 12}, {"id": 3, "balance": 13}])
     * session.execute(update(User), [{"id": 1, "balance": 11}, ...])
     *
     * By the primary keys; the columns are named, for in C every field has a value.  One statement for 1,000 rows on
     * PostgreSQL and MariaDB. */
    const User changed[] = {{.id = 1, .balance = 11}, {.id = 2, .balance = 12}, {.id = 3, .balance = 13}};
    int64_t rows = ath_update_many(db, User, changed, 3, ath_names("balance"));
    if (rows < 0 || ath_commit(db) != ATH_OK)
        return blog_close(engine, db, false);
    printf("rows: %" PRId64 "; %s has %.0f\n", rows, alice->username, alice->balance); /* objects are in step */

    /* A row that is not there is an error, not a row less. */
    const User nobody[] = {{.id = 2, .balance = 1}, {.id = 99, .balance = 1}};
    rows = ath_update_many(db, User, nobody, 2, ath_names("balance"));
    printf("with nobody: %" PRId64 ", %s\n", rows, ath_status_name(ath_error(db)->status));
    ath_rollback(db);

    /* What is one rule for all rows is said once: update_bulk.c */
    rows = ath_update(db, User, .set = ath_set(ath_to(User, balance, ath_plus(ath_col(User, balance), 1))),
                      .where = ath_le(ath_col(User, id), 3));
    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)));
    ath_each(User, user, users)
        printf("%s %.1f\n", user->username, user->balance);
    return blog_close(engine, db, rows == 3 && users && ath_commit(db) == ATH_OK);
}
