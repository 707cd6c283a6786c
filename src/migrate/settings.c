/* SPDX-License-Identifier: Apache-2.0
 *
 * How C revisions are compiled: the compiler and its flags as given, or CC and CFLAGS of the environment; where this library's
 * headers are; where compiled files are kept.
 */
#include <ctype.h>
#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <sys/stat.h>
#include <unistd.h>

#include "migrate/build.h"

/* ---- words ---- */

typedef struct words {
    const char **at;
    size_t count, capacity;
} words;

static ath_status add_word(ath__build *b, words *w, const char *word) {
    if (w->count + 1 >= w->capacity) {
        size_t capacity = w->capacity ? 2 * w->capacity : 16;
        const char **more = ath__arena_alloc(b->arena, capacity * sizeof(char *));
        if (!more)
            return ath__fail_memory(b->error);
        if (w->count)
            memcpy(more, w->at, w->count * sizeof(char *));
        w->at = more;
        w->capacity = capacity;
    }
    if (!word)
        return ath__fail_memory(b->error);
    w->at[w->count++] = word;
    w->at[w->count] = NULL;
    return ATH_OK;
}

/* At blanks, as a shell would without its tricks: quotes keep blanks, a backslash the next character. */
static ath_status split(ath__build *b, words *w, const char *text) {
    char *copy = ath__arena_str(b->arena, text), *to = copy;
    if (!copy)
        return ath__fail_memory(b->error);
    for (const char *at = text; *at;) {
        while (isspace((unsigned char)*at))
            at++;
        if (!*at)
            break;
        char quote = 0, *word = to;
        for (; *at && (quote || !isspace((unsigned char)*at)); at++) {
            if (!quote && (*at == '"' || *at == '\''))
                quote = *at;
            else if (quote && *at == quote)
                quote = 0;
            else if (*at == '\\' && at[1] && quote != '\'')
                *to++ = *++at;
            else
                *to++ = *at;
        }
        bool last = !*at;
        at += !last;
        *to++ = '\0';
        ATH_TRY(add_word(b, w, word));
    }
    return ATH_OK;
}

static const char *said(const char *given, const char *variable) {
    const char *value = given ? given : getenv(variable);
    return value && value[0] ? value : NULL;
}

/* ---- the headers ---- */

static bool is_file(const char *path) {
    struct stat about;
    return stat(path, &about) == 0 && S_ISREG(about.st_mode);
}

/* The folder `include` beside the one that a program or library is in; or in the one above (a build folder). */
static const char *include_near(ath__build *b, const char *file) {
    const char *slash = strrchr(file, '/');
    if (!slash)
        return NULL;
    const char *found = ath__arena_printf(b->arena, "%.*s/../include", (int)(slash - file), file);
    const char *header = found ? ath__arena_printf(b->arena, "%s/athanor/migrate.h", found) : NULL;
    return header && is_file(header) ? found : NULL;
}

static const char place = 0; /* its address tells which file this code was loaded from */

static const char *include_folder(ath__build *b) {
    char self[4096];
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);
    Dl_info about;
    const char *found = NULL;
    if (dladdr(&place, &about) && about.dli_fname)
        found = include_near(b, about.dli_fname);
    if (!found && n > 0) {
        self[n] = '\0';
        found = include_near(b, self);
    }
    return found;
}

static ath_status ask_pkg_config(ath__build *b, words *flags) {
    const char *const argv[] = {"pkg-config", "--cflags", "athanor", NULL};
    ath_error ignored;
    ath__buf answer;
    int code = -1;
    ath_status status = ATH_OK;
    ath__buf_init(&answer, b->arena->allocator);
    if (ath__run_program(argv, &answer, &code, &ignored) == ATH_OK && code == 0)
        status = split(b, flags, ath__buf_text(&answer));
    ath__buf_done(&answer);
    return status;
}

/* When the headers change, so do the keys: their sizes and times stand for them. */
static ath_status stamp_headers(ath__build *b, const char *folder, ath__buf *stamp) {
    const char *path = ath__arena_printf(b->arena, "%s/athanor", folder);
    DIR *d = path ? opendir(path) : NULL;
    uint64_t sum = 0;
    if (!path)
        return ath__fail_memory(b->error);
    if (!d)
        return ATH_OK;
    for (struct dirent *e; (e = readdir(d));) {
        struct stat about;
        if (fstatat(dirfd(d), e->d_name, &about, 0) == 0 && S_ISREG(about.st_mode))
            sum += ath__hash_mix(ath__hash_bytes(e->d_name, strlen(e->d_name)),
                                 (uint64_t)about.st_size ^ ((uint64_t)about.st_mtim.tv_sec << 20) ^
                                     (uint64_t)about.st_mtim.tv_nsec);
    }
    closedir(d);
    ath__buf_printf(stamp, "%s %llx\n", folder, (unsigned long long)sum);
    return ATH_OK;
}

/* ---- the cache ---- */

/* Makes the folders that are missing.  One that others may write to is not ours to load programs from. */
static bool make_folder(char *path) {
    struct stat about;
    for (char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash)
            *slash = '\0';
        bool made = mkdir(path, 0700) == 0 || errno == EEXIST;
        if (slash)
            *slash = '/';
        if (!made && (!slash || (errno != EACCES && errno != EROFS)))
            return false;
        if (!slash)
            break;
    }
    return stat(path, &about) == 0 && S_ISDIR(about.st_mode) && about.st_uid == geteuid() &&
           !(about.st_mode & (S_IWGRP | S_IWOTH)) && access(path, W_OK | X_OK) == 0;
}

static ath_status try_cache(ath__build *b, const char *base, const char *rest) {
    char *path = base && base[0] ? ath__arena_printf(b->arena, "%s%s", base, rest) : NULL;
    if (base && base[0] && !path)
        return ath__fail_memory(b->error);
    if (path && make_folder(path))
        b->cache = path;
    return ATH_OK;
}

static ath_status find_cache(ath__build *b, const char *near) {
    const char *slash = strrchr(near, '/');
    const char *beside = ath__arena_printf(b->arena, "%.*s", slash ? (int)(slash - near) : 1, slash ? near : ".");
    if (!beside)
        return ath__fail_memory(b->error);
    if (b->migration->cache) {
        ATH_TRY(try_cache(b, b->migration->cache, ""));
    } else {
        const char *home = getenv("HOME");
        ATH_TRY(try_cache(b, getenv("XDG_CACHE_HOME"), "/athanor"));
        if (!b->cache)
            ATH_TRY(try_cache(b, home, "/.cache/athanor"));
        if (!b->cache)
            ATH_TRY(try_cache(b, beside, "/.cache"));
    }
    if (b->cache)
        return ATH_OK;
    return ath__fail(b->error, ATH_STATE,
                     "there is no folder for compiled revisions: %s cannot be made, or is not this user's alone",
                     b->migration->cache ? b->migration->cache : "$XDG_CACHE_HOME/athanor, ~/.cache/athanor or .cache");
}

/* ---- together ---- */

static ath_status write_stamp(ath__build *b, const char *folder) {
    ath__buf stamp;
    ath__buf_init(&stamp, b->arena->allocator);
    ath__buf_printf(&stamp, "%s %zu\n", ATH_VERSION, sizeof(ath_revision));
    for (const char *const *w = b->cc; *w; w++)
        ath__buf_printf(&stamp, "%s\n", *w);
    for (const char *const *w = b->flags; *w; w++)
        ath__buf_printf(&stamp, "%s\n", *w);
    ath_status status = folder ? stamp_headers(b, folder, &stamp) : ATH_OK;
    if (status == ATH_OK && (stamp.failed || !(b->stamp = ath__arena_str(b->arena, ath__buf_text(&stamp)))))
        status = ath__fail_memory(b->error);
    ath__buf_done(&stamp);
    return status;
}

ath_status ath__build_settings(ath__build *b, const char *near) {
    const char *cc = said(b->migration->cc, "CC"), *given = said(b->migration->cflags, "CFLAGS");
    words compiler = {0}, flags = {0};
    ATH_TRY(split(b, &compiler, cc ? cc : "cc"));
    const char *folder = include_folder(b);
    if (folder) {
        ATH_TRY(add_word(b, &flags, "-isystem"));
        ATH_TRY(add_word(b, &flags, folder));
    } else if (!given) {
        ATH_TRY(ask_pkg_config(b, &flags));
    }
    if (given)
        ATH_TRY(split(b, &flags, given));
    static const char *const none[] = {NULL};
    b->cc = compiler.at;
    b->flags = flags.count ? flags.at : none;
    if (!compiler.count)
        return ath__fail(b->error, ATH_ARGUMENT, "no C compiler is named");
    ATH_TRY(find_cache(b, near));
    return write_stamp(b, folder);
}
