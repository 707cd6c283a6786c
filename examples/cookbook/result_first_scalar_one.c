/* SPDX-License-Identifier: Apache-2.0
 *
 * What a result gives: rows, the first, the only one, one value, all.  On a bare connection, without objects. */
#include "blog.h"

static ath_result *users(ath_connection *c, const ath_expr *where) {
    /* result = await db.execute(select(User.id, User.username).where(...))
     *
     * A result is read once; in Python too the second scalar_one() on the same one fails. */
    return ath_execute(c, ath_select(.columns = ath_cols(ath_col(User, id), ath_col(User, username)), .where = where,
                                     .order_by = ath_by(ath_col(User, id))));
}

static void show(ath_connection *c) {
    /* user = result.first()  # a tuple, or None */
    ath_result *r = users(c, NULL);
    const ath_row *row = ath_result_first(r);
    if (row)
        printf("first: %" PRId64 " %s\n", ath_row_int(row, 0), ath_row_text(row, 1));
    ath_result_close(r);

    /* user_id.scalar()  # the first column of the first row */
    r = users(c, ath_eq(ath_col(User, username), "john"));
    const ath_value *id = ath_result_scalar(r);
    if (id)
        printf("scalar: %" PRId64 "\n", id->as.i);
    ath_result_close(r);

    /* result.one()  # exactly one row, else an exception */
    r = users(c, NULL);
    if (!ath_result_one(r))
        printf("one of all: %s\n", ath_status_name(ath_error(r)->status));
    ath_result_close(r);

    /* result.one_or_none() */
    r = users(c, ath_eq(ath_col(User, id), 99));
    row = ath_result_one_or_none(r);
    printf("one or none: %s, %s\n", row ? "one" : "none", ath_status_name(ath_error(r)->status));
    ath_result_close(r);

    /* result.all() */
    r = users(c, NULL);
    const ath_row **rows = ath_result_all(r);
    printf("all: %zu, the last is %s\n", ath_len(rows), rows ? ath_row_text(rows[ath_len(rows) - 1], 1) : "");
    ath_result_close(r);

    /* for user in users: print(user)  # a Row, no User */
    r = users(c, ath_is(ath_col(User, is_active)));
    while ((row = ath_fetch(r)) != NULL) {
        const ath_value *name = ath_row_get(row, "username"); /* row.username */
        if (name)
            printf("%" PRId64 ": %.*s\n", ath_row_int(row, 0), (int)name->as.text.size, name->as.text.data);
    }
    ath_result_close(r);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_error why;
    ath_connection *c = ath_connect(engine, &why);
    if (c)
        show(c);
    else
        fprintf(stderr, "%s\n", why.message);
    ath_connection_close(c);
    ath_engine_close(engine);
    return c ? 0 : 1;
}
