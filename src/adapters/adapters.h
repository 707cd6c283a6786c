/* SPDX-License-Identifier: Apache-2.0
 *
 * The pollers that are built in: what src/athanor.c lists.
 */
#ifndef ATH_ADAPTERS_ADAPTERS_H
#define ATH_ADAPTERS_ADAPTERS_H

#include <athanor/ext/poller.h>

extern const ath_poller ath__poll_poller;
#if ATH_HAVE_LIBUV
extern const ath_poller ath__uv_poller;
#endif

#endif
