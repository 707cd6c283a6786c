/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICE_TAGS_H
#define SERVICE_TAGS_H

#include "models.h"

/* Gives a post these tags and no others: a vector of names, or NULL.  What the post has must be loaded (of a new one:
 * nothing).  ath_error(session) says why it failed. */
ath_status tags_set(ath_session *session, Post *post, const char *const *names);

#endif
