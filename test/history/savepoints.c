/* SPDX-License-Identifier: Apache-2.0
 *
 * Random histories: savepoints, which nest.  The plain model keeps a world for each.
 */
#include "play.h"

static void begin(play *p) {
    play_tell(p, "savepoint %d", p->level + 1);
    if (ath_begin_nested(p->s) != ATH_OK) {
        play_fail(p, "savepoint: %s [%s]", ath_error(p->s)->message, ath_error(p->s)->statement);
        return;
    }
    play_flushed(p);
    p->kept[++p->level] = p->now;
    compare_memory(p);
    compare_keep(p);
}

static void release(play *p) {
    play_tell(p, "release %d", p->level);
    if (ath_commit_nested(p->s) != ATH_OK) {
        play_fail(p, "release: %s [%s]", ath_error(p->s)->message, ath_error(p->s)->statement);
        return;
    }
    play_flushed(p);
    if (p->rekeyed & 1U << p->level)
        p->rekeyed |= 1U << (p->level - 1);
    p->rekeyed &= ~(1U << p->level--);
    compare_memory(p);
}

static void go_back(play *p) {
    play_tell(p, "rollback to %d", p->level);
    if (ath_rollback_nested(p->s) != ATH_OK) {
        play_fail(p, "rollback to a savepoint: %s", ath_error(p->s)->message);
        return;
    }
    bool rekeyed = p->rekeyed & 1U << p->level;
    play_go_back(p);
    p->rekeyed &= ~(1U << p->level--);
    if (rekeyed) { /* as in play_roll_back: memory would have to be read again */
        p->rekeyed |= 1;
        play_roll_back(p);
    }
    compare_memory(p);
}

void play_savepoint(play *p) {
    unsigned what = play_random(p, 4);
    if (p->level == 0 || (what == 0 && p->level < SAVEPOINTS))
        begin(p);
    else if (what == 1)
        release(p);
    else
        go_back(p);
}
