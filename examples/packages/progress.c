/* SPDX-License-Identifier: Apache-2.0
 *
 * The bar is drawn on standard error, so that standard output stays clean when it is kept in a file.
 */
#include "progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 40 };

Progress progress_start(const char *title, size_t total) {
    return (Progress){.title = title, .total = total, .shown = -1, .terminal = isatty(STDERR_FILENO) == 1};
}

static void draw(const Progress *p) {
    static const char full[] = "########################################"; /* WIDTH of them */
    int bars = p->shown * WIDTH / 100;
    fprintf(stderr, "\r%s [%.*s%*s] %3d %%", p->title, bars, full, WIDTH - bars, "", p->shown);
    fflush(stderr);
}

void progress_step(Progress *p) {
    if (!p)
        return;
    p->done++;
    int percent = p->total ? (int)(p->done * 100 / p->total) : 100;
    if (!p->terminal || percent == p->shown)
        return;
    p->shown = percent;
    draw(p);
}

void progress_end(const Progress *p) {
    if (p->terminal)
        fprintf(stderr, "\r\033[K");
}

double seconds_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}
