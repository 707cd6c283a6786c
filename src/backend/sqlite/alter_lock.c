/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: the lock that keeps runners of migrations apart: a file beside the database, locked by the kernel, which frees it
 * when the process ends, however it ends.  What stands in the file is for people: who holds the lock, since when.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "backend/sqlite/sqlite.h"
#include "engine/alter.h"

static ath_status cannot(const char *path, const char *what, ath_error *error) {
    return ath__fail(error, ATH_OPERATIONAL, "the lock file %s cannot be %s: %s", path, what, strerror(errno));
}

/* Empty: the database is no file. */
static bool lock_path(const ath__sqlite *c, char *out, size_t size) {
    const char *file = sqlite3_db_filename(c->db, "main");
    int n = file && file[0] ? snprintf(out, size, "%s-athanor.lock", file) : 0;
    return n > 0 && (size_t)n < size;
}

/* The one who held it before may have taken the file away meanwhile. */
static bool is_still_there(int file, const char *path) {
    struct stat ours, theirs;
    return fstat(file, &ours) == 0 && stat(path, &theirs) == 0 && ours.st_ino == theirs.st_ino &&
           ours.st_dev == theirs.st_dev;
}

static void sign(int file) {
    char host[128] = "?", line[256];
    time_t now = time(NULL);
    struct tm utc;
    gethostname(host, sizeof host - 1);
    gmtime_r(&now, &utc);
    int n =
        snprintf(line, sizeof line, "process %ld on host %s, since %04d-%02d-%02d %02d:%02d:%02d UTC\n", (long)getpid(),
                 host, utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec);
    if (ftruncate(file, 0) != 0 || pwrite(file, line, (size_t)n, 0) != n)
        return; /* the lock holds all the same; it is only not said whose it is */
}

static void read_holder(int file, char *holder, size_t size) {
    ssize_t n = size ? pread(file, holder, size - 1, 0) : 0;
    if (!size)
        return;
    holder[n > 0 ? n : 0] = '\0';
    holder[strcspn(holder, "\n")] = '\0';
    if (!holder[0])
        snprintf(holder, size, "another process");
}

ath_status ath__sqlite_try_lock(ath_connection *connection, const char *name, bool *taken, char *holder, size_t size,
                                ath_error *error) {
    ath__sqlite *c = connection->handle;
    char path[4200];
    (void)name; /* there is one per file */
    *taken = true;
    if (!lock_path(c, path, sizeof path))
        return ATH_OK;
    for (;;) {
        int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
        if (file < 0)
            return cannot(path, "opened", error);
        if (flock(file, LOCK_EX | LOCK_NB) != 0) {
            bool busy = errno == EWOULDBLOCK;
            ath_status status = busy ? ATH_OK : cannot(path, "locked", error);
            read_holder(file, holder, size);
            close(file);
            *taken = false;
            return status;
        }
        if (is_still_there(file, path)) {
            sign(file);
            c->lock_file = file + 1;
            return ATH_OK;
        }
        close(file);
    }
}

void ath__sqlite_drop_lock(ath__sqlite *c) {
    char path[4200];
    if (!c->lock_file)
        return;
    if (lock_path(c, path, sizeof path))
        unlink(path); /* before it is freed: who opens it now finds that it is gone, and makes another */
    close(c->lock_file - 1);
    c->lock_file = 0;
}

ath_status ath__sqlite_unlock(ath_connection *connection, const char *name, ath_error *error) {
    (void)name;
    (void)error;
    ath__sqlite_drop_lock(connection->handle);
    return ATH_OK;
}
