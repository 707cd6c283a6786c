/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SERVICE_TAGS_H
#define SERVICE_TAGS_H

#include "models.h"

/* Makes those of the names that are not there: first in a transaction, before it has read anything.  What others make
 * later is not in the snapshot that MariaDB takes with the first SELECT, and would be missing. */
bool tags_make(ath_session *session, const char *const *names);
/* Gives a post these tags, which are there, and no others: a vector of names, or NULL.  What the post has must be loaded (of a
 * new one: nothing).  Both: ath_error(session) says why they failed. */
bool tags_set(ath_session *session, Post *post, const char *const *names);

#endif
