/* SPDX-License-Identifier: Apache-2.0
 *
 * What may come in, as structs; and what goes out that is no table.
 */
#ifndef SERVICE_SCHEMAS_H
#define SERVICE_SCHEMAS_H

#include "models.h"

typedef struct UserIn {
    const char *username, *email, *full_name;
} UserIn;

typedef struct PostIn {
    int64_t author_id;
    const char *title, *slug, *content;
    PostStatus status;
    const char **tags;
} PostIn;

typedef struct CommentIn {
    int64_t author_id;
    const char *content;
} CommentIn;

typedef struct DepositIn {
    ath_decimal amount;
} DepositIn;

typedef struct TransferIn {
    int64_t from_id, to_id;
    ath_decimal amount;
} TransferIn;

/* GET /stats */
typedef struct Stats {
    const char *database;
    int64_t statements, prepared, connections, checked_out, idle, waiting, timeouts, lost, longest_wait_us;
    int64_t fibers, most_fibers, requests;
} Stats;

ATH_DECLARE(UserIn);
ATH_DECLARE(PostIn);
ATH_DECLARE(CommentIn);
ATH_DECLARE(DepositIn);
ATH_DECLARE(TransferIn);
ATH_DECLARE(Stats);

#endif
