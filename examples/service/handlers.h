/* SPDX-License-Identifier: Apache-2.0
 *
 * What the router knows: a function for each endpoint.
 */
#ifndef SERVICE_HANDLERS_H
#define SERVICE_HANDLERS_H

#include "service.h"

/* handlers_users.c */
void users_list(Request *r);
void users_create(Request *r);
void users_read(Request *r);
void users_replace(Request *r);
void users_change(Request *r);
void users_delete(Request *r);
void users_restore(Request *r);

/* handlers_posts.c */
void posts_list(Request *r);
void posts_create(Request *r);
void posts_read(Request *r);
void posts_replace(Request *r);
void posts_change(Request *r);
void posts_delete(Request *r);
void posts_restore(Request *r);

/* handlers_comments.c, which has the tags as well */
void comments_list(Request *r);
void comments_create(Request *r);
void comments_delete(Request *r);
void tags_list(Request *r);

/* accounts.c */
void accounts_read(Request *r);
void deposits_create(Request *r);
void transfers_create(Request *r);

/* handlers_service.c */
void page_read(Request *r);
void health_read(Request *r);
void stats_read(Request *r);
void schemas_read(Request *r);

#endif
