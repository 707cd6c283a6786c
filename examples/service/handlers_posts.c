/* SPDX-License-Identifier: Apache-2.0
 *
 * Posts: list with search and filters, create with tags, read with all that belongs to one, replace, change, delete,
 * restore.
 */
#include "handlers.h"
#include "schemas.h"
#include "tags.h"

#include <ctype.h>
#include <string.h>

/* Where users write to each other is nobody else's affair. */
#define SHOWN ath_json_options(.exclude = ath_names("author.email", "comments.author.email"))

/* The post with author, tags and comments, each with their author: the database makes the JSON, in one statement. */
static void answer_post(Request *r, int status, int64_t id) {
    answer_only(r, status,
                ath_query_json_with(
                    r->session, Post, SHOWN, .where = ath_eq(ath_col(Post, id), id),
                    .load = ath_load(ath_joined(Post, author), ath_selectin(Post, tags),
                                     ath_selectin(Post, comments, .then = ath_load(ath_joined(Comment, author))))),
                "post");
}

/* ---- list ---- */

/* ?q=text&tag=name&author=7&status=published */
static bool filter(Request *r, ath_query *q, const char *search) {
    const char *tag = r->parameter(r, "tag");
    int64_t author = 0;
    int status = -1;
    if (!parameter_number(r, "author", 1, INT64_MAX, &author) ||
        !parameter_word(r, "status", (const char *const[]){"draft", "published", NULL}, &status))
        return false;
    if (search)
        ath_query_where(
            q, ath_or(ath_icontains(ath_col(Post, title), search), ath_icontains(ath_col(Post, content), search)));
    if (author)
        ath_query_where(q, ath_eq(ath_col(Post, author_id), author));
    if (tag)
        ath_query_where(q, ath_rel_any(Post, tags, ath_eq(ath_col(Tag, name), tag)));
    if (status >= 0)
        ath_query_where(q, ath_eq(ath_col(Post, status), status == 1 ? PUBLISHED : DRAFT));
    return true;
}

/* GET /posts: newest first; ?order=title.  With authors and tags, without the comments: two statements with the total, however
 * many posts there are. */
void posts_list(Request *r) {
    Page page;
    int title = -1;
    if (!page_of(r, &page) || !parameter_word(r, "order", (const char *const[]){"title", NULL}, &title))
        return;
    ath_query *q = ath_query_new(.model = ath_model_of(Post));
    if (filter(r, q, page.search)) {
        int64_t total = ath_query_count(r->session, Post, q);
        if (title == 0)
            ath_query_order_by(q, ath_by(ath_col(Post, title)));
        ath_query_order_by(q, ath_by(ath_desc(ath_col(Post, id))));
        ath_query_limit(q, page.limit);
        ath_query_offset(q, page.offset);
        ath_query_load(q, ath_joined(Post, author));
        ath_query_load(q, ath_selectin(Post, tags));
        answer_page(r, total < 0 ? NULL : ath_session_query_json(r->session, ath_query_stmt(q), SHOWN), total, &page);
    }
    ath_query_free(q);
}

/* ---- create and read ---- */

/* "Hello, World!" becomes "hello-world"; what has no letter at all, "post". */
static void slug_of(const char *title, char *out, size_t size) {
    size_t length = 0;
    for (; *title && length + 2 < size; title++)
        if (isalnum((unsigned char)*title))
            out[length++] = (char)tolower((unsigned char)*title);
        else if (length && out[length - 1] != '-')
            out[length++] = '-';
    while (length && out[length - 1] == '-')
        length--;
    out[length] = '\0';
    if (!length)
        memcpy(out, "post", sizeof "post");
}

static bool is_user(Request *r, int64_t id) {
    if (ath_get(r->session, User, id))
        return true;
    if (ath_error(r->session)->status != ATH_OK)
        refuse_failure(r);
    else
        refuse(r, 422, "no_such_reference", "author_id", "there is no such user");
    return false;
}

/* POST /posts.  The slug is unique: who does not know whether a post was made (503, outcome_unknown) sends it again, and
 * gets 409 if it was. */
void posts_create(Request *r) {
    char slug[200];
    if (!input_read(r, PostIn))
        return;
    const PostIn *given = ath_input_value(r->input, PostIn);
    if (!tags_make(r->session, given->tags)) {
        refuse_failure(r);
        return;
    }
    if (!is_user(r, given->author_id))
        return;
    Post *post = ath_input_new(r->session, Post, r->input);
    if (post && !given->slug) {
        slug_of(given->title, slug, sizeof slug);
        post->slug = slug;
    }
    if (!post || !tags_set(r->session, post, given->tags) || ath_flush(r->session) != ATH_OK) {
        refuse_failure(r);
        return;
    }
    answer_post(r, 201, post->id);
    answer_created(r, "/posts", post->id);
}

/* GET /posts/{id} */
void posts_read(Request *r) {
    answer_post(r, 200, r->id);
}

/* ---- change ---- */

static void write_post(Request *r, bool whole) {
    const PostIn *given = ath_input_value(r->input, PostIn);
    bool fine = tags_make(r->session, given->tags);
    Post *post = fine ? ath_get_with(r->session, Post, ath_cols(r->id), .lock = ath_for_update(),
                                     .load = ath_load(ath_selectin(Post, tags)))
                      : NULL;
    if (fine && !post && ath_error(r->session)->status == ATH_OK) {
        refuse_missing(r, "post", r->id);
        return;
    }
    if (post && ath_input_has(r->input, PostIn, author_id) && !is_user(r, given->author_id))
        return;
    fine = post && ath_input_apply(r->session, post, r->input) == ATH_OK;
    if (fine && whole)
        post->status = given->status; /* its default, when it was not there */
    if (fine && ath_input_has(r->input, PostIn, tags))
        fine = tags_set(r->session, post, given->tags);
    if (fine && ath_flush(r->session) == ATH_OK)
        answer_post(r, 200, post->id);
    else
        refuse_failure(r);
}

/* PUT /posts/{id}: all of it, but for the slug and the tags, which stay when they are not there. */
void posts_replace(Request *r) {
    if (input_read(r, PostIn))
        write_post(r, true);
}

/* PATCH /posts/{id}: the fields that are there. */
void posts_change(Request *r) {
    if (input_read(r, PostIn, .partial = true))
        write_post(r, false);
}

/* DELETE /posts/{id} marks it; ?hard=true deletes it, with its comments. */
void posts_delete(Request *r) {
    bool hard;
    if (!parameter_hard(r, &hard))
        return;
    Post *post = ath_first(r->session, Post, .where = ath_eq(ath_col(Post, id), r->id), .unfiltered = hard);
    if (!post && ath_error(r->session)->status == ATH_OK)
        refuse_missing(r, "post", r->id);
    else if (!post || (hard ? ath_repository_delete(r->session, post)
                            : ath_repository_soft_delete(r->session, post, deleted_at)) != ATH_OK)
        refuse_failure(r);
    else
        answer_nothing(r);
}

/* POST /posts/{id}/restore */
void posts_restore(Request *r) {
    Post *post = ath_first(r->session, Post, .where = ath_eq(ath_col(Post, id), r->id), .unfiltered = true);
    if (!post && ath_error(r->session)->status == ATH_OK)
        refuse_missing(r, "post", r->id);
    else if (!post || ath_repository_restore(r->session, post, deleted_at) != ATH_OK)
        refuse_failure(r);
    else
        answer_post(r, 200, post->id);
}
