/* SPDX-License-Identifier: Apache-2.0
 *
 * A query built step by step, from what was asked for. */
#include "blog.h"
#include <string.h>

typedef struct Search {
    const char *keyword, *status;
    const double *min_balance;
    bool with_posts;
    const char *sort; /* a column's name, "-" before it for the reverse */
    int page, page_size;
} Search;

/* What may be sorted by is listed: a name of a column never comes from input. */
static void sort(ath_query *query, const char *by) {
    bool down = by && *by == '-';
    if (by && strcmp(by + down, "balance") == 0)
        ath_query_order_by(query, down ? ath_by(ath_desc(ath_col(User, balance))) : ath_by(ath_col(User, balance)));
    else if (by && strcmp(by + down, "username") == 0)
        ath_query_order_by(query, down ? ath_by(ath_desc(ath_col(User, username))) : ath_by(ath_col(User, username)));
    ath_query_order_by(query, ath_by(ath_col(User, id))); /* rows that are equal by it have an order, too */
}

/* query = select(User)
 * if keyword: query = query.where(or_(User.username.ilike(f"%{keyword}%"), User.email.ilike(f"%{keyword}%")))
 * if status: query = query.where(User.status == status)
 * if min_balance is not None: query = query.where(User.balance >= min_balance)
 * if with_posts: query = query.where(exists().where(Post.user_id == User.id))
 * query = query.order_by(...).offset((page - 1) * page_size).limit(page_size)
 *
 * Each piece is copied as it is attached, so that it may be made in a block of its own.  A keyword with % or _ in it
 * finds these characters; in the Python line they are wildcards. */
static ath_query *query_of(const Search *search) {
    ath_query *query = ath_query_new(.model = ath_model_of(User));
    if (search->keyword)
        ath_query_where(query, ath_or(ath_icontains(ath_col(User, username), search->keyword),
                                      ath_icontains(ath_col(User, email), search->keyword)));
    if (search->status)
        ath_query_where(query, ath_eq(ath_col(User, status), search->status));
    if (search->min_balance)
        ath_query_where(query, ath_ge(ath_col(User, balance), *search->min_balance));
    if (search->with_posts)
        ath_query_where(query, ath_exists(ath_select(.columns = ath_cols(ath_col(Post, id)),
                                                     .from = ath_from(ath_model_source(Post)),
                                                     .where = ath_eq(ath_col(Post, user_id), ath_col(User, id)))));
    return query;
}

static bool find(ath_session *db, const char *what, Search search) {
    ath_query *query = query_of(&search);
    int64_t total = ath_query_count(db, User, query);
    sort(query, search.sort);
    if (search.page_size) {
        ath_query_offset(query, (int64_t)(search.page - 1) * search.page_size);
        ath_query_limit(query, search.page_size);
    }
    User **users = ath_query_all(db, User, query);
    printf("%s, %" PRId64 " in all:", what, total);
    ath_each(User, user, users)
        printf(" %s", user->username);
    printf("\n");
    ath_query_free(query);
    return users && total >= 0;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    bool ok = find(db, "everyone", (Search){0}) &&
              find(db, "the first two by balance", (Search){.sort = "-balance", .page = 1, .page_size = 2}) &&
              find(db, "the next two", (Search){.sort = "-balance", .page = 2, .page_size = 2}) &&
              find(db, "EXAMPLE.ORG", (Search){.keyword = "EXAMPLE.ORG", .sort = "username"}) &&
              find(db, "%", (Search){.keyword = "%"}) &&
              find(db, "drafts with 5", (Search){.status = "draft", .min_balance = &(double){5}}) &&
              find(db, "who wrote", (Search){.with_posts = true, .sort = "-username"});
    return blog_close(engine, db, ok);
}
