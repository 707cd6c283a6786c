/* SPDX-License-Identifier: Apache-2.0
 *
 * Comments of posts, and the tags that there are.
 */
#include "handlers.h"
#include "schemas.h"

static bool is_post(Request *r) {
    if (ath_get(r->session, Post, r->id))
        return true;
    if (ath_error(r->session)->status != ATH_OK)
        refuse_failure(r);
    else
        refuse_missing(r, "post", r->id);
    return false;
}

/* GET /posts/{id}/comments */
void comments_list(Request *r) {
    Page page;
    if (!page_of(r, &page) || !is_post(r))
        return;
    int64_t total = ath_count(r->session, Comment, .where = ath_eq(ath_col(Comment, post_id), r->id));
    char *items = total < 0
                      ? NULL
                      : ath_query_json_with(r->session, Comment, ath_json_options(.exclude = ath_names("author.email")),
                                            .where = ath_eq(ath_col(Comment, post_id), r->id),
                                            .order_by = ath_by(ath_col(Comment, id)), .limit = page.limit,
                                            .offset = page.offset, .load = ath_load(ath_joined(Comment, author)));
    answer_page(r, items, total, &page);
}

/* POST /posts/{id}/comments */
void comments_create(Request *r) {
    if (!input_read(r, CommentIn) || !is_post(r))
        return;
    const CommentIn *given = ath_input_value(r->input, CommentIn);
    const User *author = ath_get(r->session, User, given->author_id);
    if (!author && ath_error(r->session)->status == ATH_OK) {
        refuse(r, 422, "no_such_reference", "author_id", "there is no such user");
        return;
    }
    Comment *comment = author ? ath_input_new(r->session, Comment, r->input) : NULL;
    if (comment)
        comment->post_id = r->id;
    if (!comment || ath_flush(r->session) != ATH_OK) {
        refuse_failure(r);
        return;
    }
    answer_json(r, 201, ath_to_json(r->session, Comment, comment, .exclude = ath_names("author.email")));
    answer_created(r, "/comments", comment->id);
}

/* DELETE /comments/{id} */
void comments_delete(Request *r) {
    int64_t rows = ath_delete_where(r->session, Comment, .where = ath_eq(ath_col(Comment, id), r->id));
    if (rows < 0)
        refuse_failure(r);
    else if (rows == 0)
        refuse_missing(r, "comment", r->id);
    else
        answer_nothing(r);
}

/* GET /tags: each with the number of its posts.  A query of its own, its rows straight to JSON. */
void tags_list(Request *r) {
    answer_json(
        r, 200,
        ath_rows_to_json(
            r->session,
            ath_select(.columns = ath_cols(ath_col(Tag, name), ath_label(ath_count(ath_col(Post, id)), "posts")),
                       .joins =
                           ath_joins(ath_outer_join(PostTag, .on = ath_eq(ath_col(PostTag, tag_id), ath_col(Tag, id))),
                                     ath_outer_join(Post, .on = ath_eq(ath_col(Post, id), ath_col(PostTag, post_id)))),
                       .group_by = ath_by(ath_col(Tag, id), ath_col(Tag, name)),
                       .order_by = ath_by(ath_col(Tag, name)))));
}
