/* SPDX-License-Identifier: Apache-2.0
 *
 * SQL as text, with named parameters.
 */
#include "blog.h"

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* session.execute("SELECT * FROM users WHERE id = 1").fetchall()
     * (SQLAlchemy 2 wants text() around it.)  Values are bound, never written into the text. */
    ath_result *r = ath_execute(db, ath_text("SELECT id, username FROM users WHERE id = :id OR username = :name",
                                             ath_bind("id", 1), ath_bind("name", "bob'; DROP TABLE users; --")));
    const ath_row **rows = ath_result_all(r);
    printf("%zu row: %s\n", ath_len(rows), ath_row_text(rows[0], 1));
    ath_result_close(r);
    return blog_close(engine, db, ath_error(db)->status == ATH_OK);
}
