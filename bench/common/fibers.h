/* SPDX-License-Identifier: Apache-2.0
 *
 * Fibers: 64 conversations on one thread, n gets in all, beside a hand-written epoll loop over the bare client.
 */
#ifndef BENCH_FIBERS_H
#define BENCH_FIBERS_H

#include "ours.h"

enum { FIBERS = 64 };

/* A session in each of 64 fibers, whose connections are open already. */
extern const bench_side ours_fibers;

/* The get number `i` of conversation `c`, of n in all: scattered, and none twice. */
int64_t fiber_key(size_t c, size_t i, size_t n);

/* What a hand-written loop is told by epoll. */
int epoll_new(void);
void epoll_watch(int epoll, int fd, void *who);
/* Waits; returns how many are ready. */
int epoll_ready(int epoll, void **who, int most);

#endif
