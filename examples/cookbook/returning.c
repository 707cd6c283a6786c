/* SPDX-License-Identifier: Apache-2.0
 *
 * RETURNING: the rows that a statement wrote or deleted. */
#include "blog.h"

/* stmt = insert(User).values([{...}, {...}]).returning(User.username, User.status)
 *
 * What the database, or a default, made of the rows.  MySQL has no RETURNING at all, and is refused it: ATH_NOT_SUPPORTED. */
static bool inserted(ath_session *db) {
    ath_result *result = ath_execute(
        db, ath_insert(.model = ath_model_of(User), .columns = ath_names("username", "email", "balance"),
                       .values = ath_rows(ath_vals("zoe", "zoe@example.com", 1.5), ath_vals("yan", "y@example.com", 2)),
                       .returning = ath_cols(ath_col(User, username), ath_col(User, status), ath_col(User, balance))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        printf("written: %s, %s, %.1f\n", ath_row_text(row, 0), ath_row_text(row, 1), ath_row_real(row, 2));
    ath_result_close(result);
    return result != NULL;
}

/* stmt = delete(User).where(User.username == "zoe").returning(User.email) */
static bool deleted(ath_session *db) {
    ath_result *result =
        ath_execute(db, ath_delete_of(.model = ath_model_of(User), .where = ath_eq(ath_col(User, username), "zoe"),
                                      .returning = ath_cols(ath_col(User, email))));
    const ath_value *email = ath_result_scalar(result);
    if (email)
        printf("deleted: %.*s\n", (int)email->as.text.size, email->as.text.data);
    ath_result_close(result);
    return email != NULL;
}

/* stmt = update(User).where(User.username == "yan").values(balance=User.balance + 1).returning(User.balance)
 *
 * MariaDB returns the rows of INSERT and DELETE, not those of UPDATE.  What it refuses did not happen, so that the two
 * statements can take its place. */
static bool updated(ath_session *db) {
    ath_result *result =
        ath_execute(db, ath_update_of(.model = ath_model_of(User), .where = ath_eq(ath_col(User, username), "yan"),
                                      .set = ath_set(ath_to(User, balance, ath_plus(ath_col(User, balance), 1.0))),
                                      .returning = ath_cols(ath_col(User, balance))));
    double balance = 0;
    if (result) {
        const ath_row *row = ath_result_one(result);
        balance = row ? ath_row_real(row, 0) : 0;
        ath_result_close(result);
    } else if (ath_error(db)->status == ATH_NOT_SUPPORTED &&
               ath_update(db, User, .set = ath_set(ath_to(User, balance, ath_plus(ath_col(User, balance), 1.0))),
                          .where = ath_eq(ath_col(User, username), "yan")) == 1) {
        const User *user = ath_one(db, User, .where = ath_eq(ath_col(User, username), "yan"));
        balance = user ? user->balance : 0;
    }
    printf("updated: %.1f\n", balance);
    return balance > 0;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    bool ok = inserted(db) && deleted(db) && updated(db) && ath_commit(db) == ATH_OK;
    return blog_close(engine, db, ok);
}
