/* SPDX-License-Identifier: Apache-2.0
 *
 * The rules of what may come in.  Fields are matched with those of the models by their names; what is not here cannot be
 * set from outside.
 */
#include "schemas.h"

ATH_PROJECTION(UserIn) {
    ath_column(username, .type = ATH_STRING(50), .min_length = 3, .pattern = "^[A-Za-z0-9_]+$");
    ath_column(email, .type = ATH_STRING(254));
    ath_column(full_name, .type = ATH_STRING(100), .nullable = true);
    ath_input_field(email, .format = ATH_FORMAT_EMAIL, .strip = true, .lower = true);
    ath_input_field(full_name, .strip = true);
}

ATH_PROJECTION(PostIn) {
    ath_column(author_id, .min = ath_int(1));
    ath_column(title, .type = ATH_STRING(200), .min_length = 1);
    ath_column(slug, .type = ATH_STRING(200), .min_length = 1, .pattern = "^[a-z0-9]+(-[a-z0-9]+)*$");
    ath_column(content, .type = ATH_TEXT);
    ath_column(status, .type = ATH_ENUM("draft", "published"), .default_value = ath_int(DRAFT));
    ath_input_list(tags, .type = ATH_STRING(40), .min_length = 1);
    ath_input_field(title, .strip = true);
    ath_input_field(slug, .required = ATH_REQUIRED_NO);
    ath_input_field(tags, .max_items = 20);
}

ATH_PROJECTION(CommentIn) {
    ath_column(author_id, .min = ath_int(1));
    ath_column(content, .type = ATH_TEXT, .min_length = 1, .max_length = 10000);
    ath_input_field(content, .strip = true);
}

ATH_PROJECTION(DepositIn) {
    ath_column(amount, .type = ATH_DECIMAL(12, 2), .min = ath_str("0.01"));
}

static void not_to_oneself(ath_input *in, const void *object) {
    const TransferIn *t = object;
    if (t->from_id == t->to_id)
        ath_input_refuse_of(in, object, "to_id", "check", "money goes to another account");
}

ATH_PROJECTION(TransferIn) {
    ath_column(from_id, .min = ath_int(1));
    ath_column(to_id, .min = ath_int(1));
    ath_column(amount, .type = ATH_DECIMAL(12, 2), .min = ath_str("0.01"));
    ath_input_options(.check = not_to_oneself);
}

ATH_PROJECTION(Stats) {
    ath_column(database);
    ath_column(statements);
    ath_column(prepared);
    ath_column(connections);
    ath_column(checked_out);
    ath_column(idle);
    ath_column(waiting);
    ath_column(timeouts);
    ath_column(lost);
    ath_column(longest_wait_us);
    ath_column(fibers);
    ath_column(most_fibers);
    ath_column(requests);
}
