/* SPDX-License-Identifier: Apache-2.0
 *
 * A progress bar on a terminal, nothing elsewhere; and a clock.
 */
#ifndef PACKAGES_PROGRESS_H
#define PACKAGES_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

typedef struct Progress {
    const char *title;
    size_t total, done;
    int shown; /* per cent; -1: nothing yet */
    bool terminal;
} Progress;

Progress progress_start(const char *title, size_t total);
/* One more is done.  NULL is fine. */
void progress_step(Progress *progress);
/* Wipes the bar away. */
void progress_end(const Progress *progress);

/* Seconds of a clock that only goes forward. */
double seconds_now(void);

#endif
