/* SPDX-License-Identifier: Apache-2.0
 *
 * What compilations that were killed have left in the cache is removed by the next one.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "migrate/build.h"

/* The process that a draft's name tells: "<key>.PID.o", "<key>.PID.o.mm", "<key>.so.PID.new"; 0: it is no draft. */
static long drafter(const char *name) {
    static const char *const endings[] = {".o.mm", ".o", ".new"};
    size_t size = strlen(name);
    for (size_t i = 0; i < ATH_COUNT_OF(endings); i++) {
        size_t ending = strlen(endings[i]), end = size - ending, begin = end;
        if (size <= ending || strcmp(name + end, endings[i]) != 0)
            continue;
        while (begin && name[begin - 1] >= '0' && name[begin - 1] <= '9')
            begin--;
        return begin > 1 && name[begin - 1] == '.' && begin < end ? strtol(name + begin, NULL, 10) : 0;
    }
    return 0;
}

/* Others may compile at the same time, on another machine too: no compiler takes as long. */
static bool is_left(long process, const struct stat *about) {
    enum { MINUTES = 60, DAYS = 24 * 60 * 60 };
    int64_t age = (int64_t)time(NULL) - (int64_t)about->st_mtim.tv_sec;
    bool gone = kill((pid_t)process, 0) != 0 && errno == ESRCH;
    return S_ISREG(about->st_mode) && age > (gone ? 10 * MINUTES : DAYS);
}

void ath__build_sweep(const char *cache) {
    DIR *folder = opendir(cache);
    const struct dirent *entry;
    while (folder && (entry = readdir(folder)) != NULL) {
        struct stat about;
        long process = drafter(entry->d_name);
        if (process > 0 && process <= INT32_MAX &&
            fstatat(dirfd(folder), entry->d_name, &about, AT_SYMLINK_NOFOLLOW) == 0 && is_left(process, &about))
            unlinkat(dirfd(folder), entry->d_name, 0);
    }
    if (folder)
        closedir(folder);
}
