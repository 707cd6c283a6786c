/* SPDX-License-Identifier: Apache-2.0
 *
 * Users: list, create, read, replace, change, delete, restore.
 */
#include "handlers.h"
#include "schemas.h"

#include <string.h>

/* The user with his account, by one statement. */
static void answer_user(Request *r, int status, int64_t id) {
    answer_only(r, status,
                ath_query_json(r->session, User, .where = ath_eq(ath_col(User, id), id),
                               .load = ath_load(ath_joined(User, account))),
                "user");
}

/* GET /users?q=ann&limit=20&offset=0 */
void users_list(Request *r) {
    Page page;
    if (!page_of(r, &page))
        return;
    ath_query *q = ath_query_new(.model = ath_model_of(User));
    if (page.search)
        ath_query_where(q, ath_or(ath_icontains(ath_col(User, username), page.search),
                                  ath_icontains(ath_col(User, full_name), page.search)));
    int64_t total = ath_query_count(r->session, User, q);
    ath_query_order_by(q, ath_by(ath_col(User, id)));
    ath_query_limit(q, page.limit);
    ath_query_offset(q, page.offset);
    answer_page(r, total < 0 ? NULL : ath_session_query_json(r->session, ath_query_stmt(q), NULL), total, &page);
    ath_query_free(q);
}

/* POST /users.  Each has an account, which is empty. */
void users_create(Request *r) {
    if (!input_read(r, UserIn))
        return;
    User *user = ath_input_new(r->session, User, r->input);
    if (!user || ath_flush(r->session) != ATH_OK || !ath_new(r->session, Account, .user_id = user->id)) {
        refuse_failure(r); /* 409, when somebody is called so */
        return;
    }
    answer_user(r, 201, user->id);
    answer_created(r, "/users", user->id);
}

/* GET /users/{id} */
void users_read(Request *r) {
    answer_user(r, 200, r->id);
}

/* The user of the path, or NULL and an answer. */
static User *user_of(Request *r) {
    User *user = ath_get(r->session, User, r->id);
    if (!user && ath_error(r->session)->status != ATH_OK)
        refuse_failure(r);
    else if (!user)
        refuse_missing(r, "user", r->id);
    return user;
}

static void write_user(Request *r) {
    User *user = user_of(r);
    if (!user)
        return;
    if (ath_input_apply(r->session, user, r->input) != ATH_OK)
        refuse_failure(r);
    else
        answer_user(r, 200, user->id); /* the query flushes first */
}

/* PUT /users/{id}: all of it; what may be left out is then empty. */
void users_replace(Request *r) {
    if (!input_read(r, UserIn))
        return;
    User *user = user_of(r);
    if (user && !ath_input_has(r->input, UserIn, full_name))
        user->full_name = NULL;
    if (user)
        write_user(r);
}

/* PATCH /users/{id}: the fields that are there; a null empties one. */
void users_change(Request *r) {
    if (input_read(r, UserIn, .partial = true))
        write_user(r);
}

/* For good, with posts and comments; not while there is money. */
static void delete_for_good(Request *r) {
    Account *account = ath_get_with(r->session, Account, ath_cols(r->id), .lock = ath_for_update());
    User *user = ath_first(r->session, User, .where = ath_eq(ath_col(User, id), r->id), .unfiltered = true);
    if (ath_error(r->session)->status != ATH_OK)
        refuse_failure(r);
    else if (!user)
        refuse_missing(r, "user", r->id);
    else if (account && ath_decimal_compare(account->balance, ath_decimal_from_int(0)) != 0)
        refuse(r, 409, "not_empty", "balance", "there is money in the account");
    else if (ath_delete(r->session, user) != ATH_OK || ath_flush(r->session) != ATH_OK)
        refuse_failure(r);
    else
        answer_nothing(r);
}

/* DELETE /users/{id}, or with ?hard=true */
void users_delete(Request *r) {
    bool hard;
    if (!parameter_hard(r, &hard))
        return;
    if (hard) {
        delete_for_good(r);
        return;
    }
    User *user = user_of(r);
    if (!user)
        return;
    if (ath_repository_soft_delete(r->session, user, deleted_at) != ATH_OK)
        refuse_failure(r);
    else
        answer_nothing(r);
}

/* POST /users/{id}/restore */
void users_restore(Request *r) {
    User *user = ath_first(r->session, User, .where = ath_eq(ath_col(User, id), r->id), .unfiltered = true);
    if (!user && ath_error(r->session)->status == ATH_OK)
        refuse_missing(r, "user", r->id);
    else if (!user || ath_repository_restore(r->session, user, deleted_at) != ATH_OK)
        refuse_failure(r);
    else
        answer_user(r, 200, user->id);
}
