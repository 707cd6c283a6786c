/* SPDX-License-Identifier: Apache-2.0
 *
 * Floor `engine`: who holds connections: where they were checked out, how long ago, by which thread or fiber, and what they run.
 */
#include "engine/engine.h"

size_t ath__holders_list(const ath__pool *p, ath__holder out[ATH__HOLDERS]) {
    size_t count = 0;
    for (const ath_connection *c = p->first; c && count < ATH__HOLDERS; c = c->slot.newer, count++) {
        out[count].lease = c->slot.lease;
        out[count].connecting = !c->slot.cancellable;
        ath__noted_statement(c, out[count].statement);
    }
    return count;
}

static int print(const ath__holder *h, int most, const char *file, int64_t now, char *out, size_t size) {
    bool none = h->connecting || !h->statement[0];
    char who[128];
    ath__self_print(h->lease.thread, h->lease.fiber_file, h->lease.fiber_line, who, sizeof who);
    return snprintf(out, size, "%s:%d, %lld ms ago, %s%s%.*s", file, h->lease.line,
                    (long long)(now - h->lease.since_us) / 1000, who,
                    h->connecting ? ", connecting"
                    : none        ? ""
                                  : ", ",
                    none ? 0 : most, h->statement);
}

static const char *short_name(const char *file) {
    const char *slash = file ? strrchr(file, '/') : NULL;
    return slash ? slash + 1 : file ? file : "?";
}

void ath__holders_print(const ath__holder *holders, size_t count, size_t all, char *out, size_t size) {
    enum { STATEMENT = 40, ROOM_FOR_MORE = 24 };
    int64_t now = ath__clock_us();
    size_t used = 0, shown = 0;
    out[0] = '\0';
    for (; shown < count; shown++) {
        char one[240];
        int n = print(&holders[shown], STATEMENT, short_name(holders[shown].lease.file), now, one, sizeof one);
        size_t length = n < 0 ? 0 : (size_t)n < sizeof one ? (size_t)n : sizeof one - 1;
        if (used + length + ROOM_FOR_MORE > size)
            break;
        snprintf(out + used, size - used, "%s%s", shown ? "; " : "", one);
        used += length + (shown ? 2 : 0);
    }
    if (shown < all)
        snprintf(out + used, size - used, "%s%zu more", shown ? "; " : "", all - shown);
}

void ath__holders_log(const ath__log *log, ath_log_level level, const char *what, const ath__holder *holders,
                      size_t count) {
    int64_t now = ath__clock_us();
    for (size_t i = 0; i < count; i++) {
        char one[700];
        const char *file = holders[i].lease.file ? holders[i].lease.file : "?";
        print(&holders[i], ATH__NOTED, file, now, one, sizeof one);
        ath__log_line(log, level, "%s: connection of %s", what, one);
    }
}
