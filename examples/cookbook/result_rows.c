/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of a result: first, one, scalar, all, by index and by name.
 */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* result = await db.execute(select(User.id, User.username)) ... result.first(), .scalar(), .all()
     * A result can be read once; another question is another execute. */
    const ath_select_stmt *query = ath_select(.columns = ath_cols(ath_col(User, id), ath_col(User, username)),
                                              .order_by = ath_by(ath_col(User, id)));
    ath_result *r = ath_execute(db, query);
    const ath_row *first = ath_result_first(r);
    printf("first: %" PRId64 " %s\n", ath_row_int(first, 0), ath_row_text(first, 1));
    ath_result_close(r);

    r = ath_execute(db, query);
    for (const ath_row *row; (row = ath_fetch(r)) != NULL;)
        printf("%" PRId64 " %s\n", ath_row_get(row, "id")->as.i, ath_row_text(row, 1));
    ath_result_close(r);

    r = ath_execute(db, query);
    const ath_row **all = ath_result_all(r);
    printf("all: %zu rows, the last is %s\n", ath_len(all), ath_row_text(all[2], 1));
    ath_result_close(r);

    /* user_id = await db.execute(select(User.id).where(User.username == "john")); user_id.scalar() */
    const ath_value *id = ath_scalar(
        db, ath_select(.columns = ath_cols(ath_col(User, id)), .where = ath_eq(ath_col(User, username), "john")));
    printf("%s\n", id ? "john is here" : "no john");
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
