/* SPDX-License-Identifier: Apache-2.0
 *
 * Money: accounts, deposits, transfers.  It is exact (decimals, counted in cents), never below zero (checked here, and by
 * the database), and never lost (both rows are locked, and change in one transaction or not at all).  When two transfers
 * are in each other's way, one is started over: request_run does so for all requests, by ath_transact.
 */
#include "handlers.h"
#include "schemas.h"

#define MOST INT64_C(999999999999) /* cents; what DECIMAL(12, 2) holds */

static int64_t cents_of(ath_decimal d) {
    ath_decimal exact;
    if (ath_decimal_rescale(d, 2, &exact) != ATH_OK || exact.high || exact.low > INT64_MAX)
        return -1; /* the schema lets none of this in */
    return exact.negative ? -(int64_t)exact.low : (int64_t)exact.low;
}

static ath_decimal of_cents(int64_t cents) {
    ath_decimal d = ath_decimal_from_int(cents);
    d.scale = 2;
    return d;
}

static void answer_account(Request *r, int status, int64_t id) {
    r->id = id;
    answer_only(r, status, ath_query_json(r->session, Account, .where = ath_eq(ath_col(Account, user_id), id)),
                "account");
}

/* GET /accounts/{id} */
void accounts_read(Request *r) {
    answer_account(r, 200, r->id);
}

/* Money comes in, from outside.  False: it was refused. */
static bool put(Request *r, Account *account, int64_t cents, const char *field) {
    int64_t sum = cents_of(account->balance) + cents;
    if (sum > MOST) {
        refuse(r, 409, "too_much", field, "the account cannot hold so much");
        return false;
    }
    account->balance = of_cents(sum);
    return true;
}

/* POST /accounts/{id}/deposits {"amount": "10.50"} */
void deposits_create(Request *r) {
    if (!input_read(r, DepositIn))
        return;
    const DepositIn *given = ath_input_value(r->input, DepositIn);
    Account *account = ath_get_with(r->session, Account, ath_cols(r->id), .lock = ath_for_update());
    if (!account && ath_error(r->session)->status == ATH_OK)
        refuse_missing(r, "account", r->id);
    else if (!account || !ath_new(r->session, Transfer, .to_id = ath_some(r->id), .amount = given->amount))
        refuse_failure(r);
    else if (put(r, account, cents_of(given->amount), "amount"))
        answer_account(r, 201, r->id);
}

/* ---- transfers ---- */

/* Both accounts, locked, in one order always: two transfers in opposite directions do not wait for each other for ever. */
static bool lock_both(Request *r, const TransferIn *t, Account **from, Account **to) {
    Account **rows = ath_all(r->session, Account, .where = ath_in(ath_col(Account, user_id), t->from_id, t->to_id),
                             .order_by = ath_by(ath_col(Account, user_id)), .lock = ath_for_update());
    if (!rows) {
        refuse_failure(r);
        return false;
    }
    *from = *to = NULL;
    ath_each(Account, row, rows)
        *(row->user_id == t->from_id ? from : to) = row;
    if (*from && *to)
        return true;
    refuse(r, 422, "no_such_reference", *from ? "to_id" : "from_id", "there is no such account");
    return false;
}

/* POST /transfers {"from_id": 1, "to_id": 2, "amount": "12.50"} */
void transfers_create(Request *r) {
    Account *from, *to;
    if (!input_read(r, TransferIn))
        return;
    const TransferIn *given = ath_input_value(r->input, TransferIn);
    int64_t cents = cents_of(given->amount);
    if (!lock_both(r, given, &from, &to))
        return;
    if (cents_of(from->balance) < cents) {
        refuse(r, 409, "not_enough", "amount", "there is not so much in the account");
        return;
    }
    if (!put(r, to, cents, "to_id"))
        return;
    from->balance = of_cents(cents_of(from->balance) - cents);
    Transfer *done = ath_new(r->session, Transfer, .from_id = ath_some(given->from_id), .to_id = ath_some(given->to_id),
                             .amount = given->amount);
    if (!done || ath_flush(r->session) != ATH_OK)
        refuse_failure(r);
    else
        answer_json(r, 201, ath_to_json(r->session, Transfer, done));
}
