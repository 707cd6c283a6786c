/* SPDX-License-Identifier: Apache-2.0
 *
 * Rows of any statement as JSON, without models for them. */
#include "../blog.h"

static bool print_json(char *json) {
    printf("%s\n", json ? json : "");
    ath_json_free(json);
    return json != NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    /* result = await db.execute(select(User.username, func.count(Post.id).label("posts")).join(...).group_by(...))
     * return [dict(row._mapping) for row in result] */
    bool ok = print_json(ath_rows_to_json(
        db, ath_select(.columns = ath_cols(ath_col(User, username), ath_label(ath_count(ath_col(Post, id)), "posts")),
                       .from = ath_from(ath_model_source(User)), .joins = ath_joins(ath_outer_join(Post)),
                       .group_by = ath_by(ath_col(User, username)), .order_by = ath_by(ath_col(User, username)))));

    /* Columns that would have the same name get a number; .rename gives them a better one. */
    const ath_select_stmt *both =
        ath_select(.columns = ath_cols(ath_col(Post, id), ath_col(Post, title), ath_col(User, id)),
                   .joins = ath_joins(ath_join(User)), .order_by = ath_by(ath_col(Post, id)), .limit = 2);
    ok = ok && print_json(ath_rows_to_json(db, both)) &&
         print_json(ath_rows_to_json(db, both, .rename = ath_renames({"id_1", "author"})));

    /* The type of a column says what its values look like: true, not 1, on every database; a date in RFC 3339. */
    ok = ok && print_json(ath_rows_to_json(
                   db, ath_select(.columns = ath_cols(ath_col(User, username), ath_col(User, is_active),
                                                      ath_col(User, deleted_at)),
                                  .where = ath_eq(ath_col(User, username), "mary"))));

    /* SQL as text, on a connection: nothing is known of the columns but what the database says. */
    ath_commit(db); /* a database in memory has one connection */
    ath_connection *connection = ath_connect(engine);
    ok = ok && print_json(ath_rows_to_json(connection,
                                           ath_text("SELECT id, title FROM posts WHERE title LIKE :like ORDER BY id",
                                                    ath_bind("like", "%python%")),
                                           .indent = 2));
    ath_connection_close(connection);
    return blog_close(engine, db, ok);
}
