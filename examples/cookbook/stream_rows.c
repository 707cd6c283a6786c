/* SPDX-License-Identifier: Apache-2.0
 *
 * Many rows, one after another, in constant memory. */
#include "blog.h"

enum { MANY = 5000 };

/* session.execute(insert(Comment), [{...} for i in range(5000)]) */
static bool fill(ath_session *db) {
    for (int i = 0; i < MANY; i++)
        ath_new(db, Comment, .post_id = 1, .user_id = 1 + i % 4, .content = i % 100 ? "one of many" : "a round one");
    return ath_commit(db) == ATH_OK;
}

/* for comment in session.scalars(select(Comment).execution_options(yield_per=100)): ...
 *
 * Each object lives until the next; what is to be kept is copied. */
static bool objects(ath_session *db) {
    int64_t all = 0, round = 0;
    ath_stream *rows = ath_stream_open(db, Comment, .where = ath_eq(ath_col(Comment, post_id), 1));
    for (const Comment *comment; (comment = ath_stream_next(rows)) != NULL; all++)
        round += comment->content[0] == 'a';
    if (!rows || ath_stream_close(rows) != ATH_OK)
        return false;
    printf("%" PRId64 " objects, %" PRId64 " of them round\n", all, round);
    return true;
}

/* with engine.connect().execution_options(stream_results=True) as connection:
 *     for row in connection.execute(select(Comment.user_id, Comment.content)): ... */
static bool rows_of(ath_engine *engine) {
    ath_connection *connection = ath_connect(engine);
    ath_result *result =
        connection ? ath_execute(connection, ath_select(.columns = ath_cols(ath_col(Comment, user_id)),
                                                        .where = ath_eq(ath_col(Comment, content), "a round one")))
                   : NULL;
    int64_t sum = 0;
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;)
        sum += ath_row_int(row, 0);
    bool ok = result && ath_error(result)->status == ATH_OK;
    ath_result_close(result);
    ath_connection_close(connection);
    printf("the sum of a column: %" PRId64 "\n", sum);
    return ok;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    bool ok = fill(db) && objects(db);
    ath_commit(db); /* gives the connection back: a database in memory has just the one */
    ok = rows_of(engine) && ok;
    return blog_close(engine, db, ok);
}
