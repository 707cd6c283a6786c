/* SPDX-License-Identifier: Apache-2.0
 *
 * libuv, whose header is named here alone.  As the client libraries it is loaded when it is first needed, by a loop over it
 * (-Dclient_libraries=load), and its functions keep their names.
 */
#ifndef ATH_ADAPTERS_LIBUV_H
#define ATH_ADAPTERS_LIBUV_H

#include <uv.h>

#include "base/base.h"

/* Before any other call.  ATH_NOT_SUPPORTED: libuv is not there. */
ath_status ath__libuv_load(ath_error *error);

#if ATH_LOAD_CLIENTS

#define ATH__LIBUV_CALLS(X)                                                                                            \
    X(uv_async_init)                                                                                                   \
    X(uv_async_send)                                                                                                   \
    X(uv_close)                                                                                                        \
    X(uv_loop_close)                                                                                                   \
    X(uv_loop_init)                                                                                                    \
    X(uv_poll_init)                                                                                                    \
    X(uv_poll_start)                                                                                                   \
    X(uv_poll_stop)                                                                                                    \
    X(uv_run)                                                                                                          \
    X(uv_strerror)                                                                                                     \
    X(uv_timer_init)                                                                                                   \
    X(uv_timer_start)                                                                                                  \
    X(uv_timer_stop)                                                                                                   \
    X(uv_update_time)

typedef struct ath__libuv_calls {
#define X(name) __typeof__(&name) name;
    ATH__LIBUV_CALLS(X)
#undef X
} ath__libuv_calls;

extern ath__libuv_calls ath__libuv;

#define uv_async_init ath__libuv.uv_async_init
#define uv_async_send ath__libuv.uv_async_send
#define uv_close ath__libuv.uv_close
#define uv_loop_close ath__libuv.uv_loop_close
#define uv_loop_init ath__libuv.uv_loop_init
#define uv_poll_init ath__libuv.uv_poll_init
#define uv_poll_start ath__libuv.uv_poll_start
#define uv_poll_stop ath__libuv.uv_poll_stop
#define uv_run ath__libuv.uv_run
#define uv_strerror ath__libuv.uv_strerror
#define uv_timer_init ath__libuv.uv_timer_init
#define uv_timer_start ath__libuv.uv_timer_start
#define uv_timer_stop ath__libuv.uv_timer_stop
#define uv_update_time ath__libuv.uv_update_time

#endif
#endif
