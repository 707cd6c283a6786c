/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: from a URL to an open database with good defaults.
 *
 * Foreign keys are on.  Files that can be written use WAL with synchronous=NORMAL and a busy time-out that waits through
 * the engine's hook.  Query keys of the URL override: mode, cache, immutable, vfs, uri (SQLite's own), timeout,
 * journal_mode, synchronous, foreign_keys.
 */
#include "backend/sqlite/sqlite.h"

/* ---- which file ---- */

static bool is_memory(const ath_url *url) {
    const char *mode = ath_url_get(url, "mode");
    return !url->database || !url->database[0] || strcmp(url->database, ":memory:") == 0 ||
           (mode && strcmp(mode, "memory") == 0);
}

bool ath__sqlite_is_private(const ath_url *url) {
    const char *cache = ath_url_get(url, "cache");
    return is_memory(url) && !(cache && strcmp(cache, "shared") == 0);
}

static const char *const passed_on[] = {"mode", "cache", "immutable", "vfs", "psow", "nolock", "modeof"};

static bool needs_uri(const ath_url *url) {
    const char *uri = ath_url_get(url, "uri");
    if (uri && strcmp(uri, "true") == 0)
        return true;
    for (size_t i = 0; i < ATH_COUNT_OF(passed_on); i++)
        if (ath_url_get(url, passed_on[i]))
            return true;
    return false;
}

static void escape(ath__buf *out, const char *text) {
    for (; *text; text++)
        if (strchr("?#% ", *text))
            ath__buf_printf(out, "%%%02X", (unsigned char)*text);
        else
            ath__buf_char(out, *text);
}

/* The name that sqlite3_open_v2 gets: the path, or a file: URI that carries SQLite's own keys. */
static void file_name(const ath_url *url, ath__buf *out) {
    const char *path = url->database && url->database[0] ? url->database : ":memory:";
    if (!needs_uri(url)) {
        ath__buf_str(out, path);
        return;
    }
    bool whole = strncmp(path, "file:", 5) == 0;
    ath__buf_str(out, whole ? "" : "file:");
    if (whole)
        ath__buf_str(out, path);
    else
        escape(out, path);
    char separator = '?';
    for (size_t i = 0; i < ATH_COUNT_OF(passed_on); i++) {
        const char *value = ath_url_get(url, passed_on[i]);
        if (!value)
            continue;
        ath__buf_printf(out, "%c%s=", separator, passed_on[i]);
        escape(out, value);
        separator = '&';
    }
}

/* ---- waiting ---- */

/* Called by SQLite while another connection holds the lock; 0 gives up. */
static int busy(void *context, int attempt) {
    ath__sqlite *c = context;
    int64_t now = ath__clock_us();
    if (attempt == 0)
        c->busy_deadline_us = now + (int64_t)c->busy_timeout_ms * 1000;
    if (now >= c->busy_deadline_us)
        return 0;
    int64_t pause = attempt < 10 ? 1000 : 10000;
    int64_t until = now + pause < c->busy_deadline_us ? now + pause : c->busy_deadline_us;
    return c->wait.wait(c->wait.context, -1, 0, until) == ATH_OK;
}

static int timeout_of(const ath__connect *how) {
    const char *text = ath_url_get(how->url, "timeout");
    return text ? (int)(strtod(text, NULL) * 1000) : how->busy_timeout_ms;
}

/* ---- settings ---- */

static ath_status pragma(ath__sqlite *c, const char *name, const char *value, ath_error *error) {
    char sql[120];
    for (const char *at = value; *at; at++)
        if (!((*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') || (*at >= '0' && *at <= '9') || *at == '-'))
            return ath__fail(error, ATH_ARGUMENT, "'%.40s' is no value for the URL's %s", value, name);
    snprintf(sql, sizeof sql, "PRAGMA %s = %.60s", name, value);
    int code = sqlite3_exec(c->db, sql, NULL, NULL, NULL);
    return code == SQLITE_OK ? ATH_OK : ath__sqlite_failed(c, sqlite3_extended_errcode(c->db), error);
}

static ath_status set_up(ath__sqlite *c, const ath_url *url, ath_error *error) {
    const char *foreign_keys = ath_url_get(url, "foreign_keys");
    const char *journal = ath_url_get(url, "journal_mode"), *synchronous = ath_url_get(url, "synchronous");
    bool plain_file = !is_memory(url) && sqlite3_db_readonly(c->db, "main") == 0;
    ATH_TRY(pragma(c, "foreign_keys", foreign_keys ? foreign_keys : "on", error));
    if (journal || plain_file)
        ATH_TRY(pragma(c, "journal_mode", journal ? journal : "wal", error));
    if (synchronous || plain_file)
        ATH_TRY(pragma(c, "synchronous", synchronous ? synchronous : "normal", error));
    return ATH_OK;
}

static ath_status open_file(ath__sqlite *c, const ath_url *url, ath_error *error) {
    ath__buf name;
    int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX;
    if (needs_uri(url))
        flags |= SQLITE_OPEN_URI;
    ath__buf_init(&name, &c->allocator);
    file_name(url, &name);
    int code = name.failed ? SQLITE_NOMEM : sqlite3_open_v2(ath__buf_text(&name), &c->db, flags, NULL);
    ath__buf_done(&name);
    if (code != SQLITE_OK)
        return ath__sqlite_failed(c, c->db ? sqlite3_extended_errcode(c->db) : code, error);
    sqlite3_extended_result_codes(c->db, 1);
    sqlite3_busy_handler(c->db, busy, c);
    return set_up(c, url, error);
}

ath_status ath__sqlite_connect(const ath__connect *how, void **connection, ath_error *error) {
    ath__sqlite *c = ath__alloc_zero(how->allocator, 1, sizeof *c);
    if (!c)
        return ath__fail_memory(error);
    c->allocator = *how->allocator;
    c->wait = *how->wait;
    c->busy_timeout_ms = timeout_of(how);
    const char *file = how->url->database && how->url->database[0] ? how->url->database : ":memory:";
    ath__copy_text(c->file, sizeof c->file, file, strlen(file));
    ath_status status = open_file(c, how->url, error);
    if (status != ATH_OK) {
        ath__sqlite_disconnect(c);
        return status;
    }
    *connection = c;
    return ATH_OK;
}

void ath__sqlite_disconnect(void *connection) {
    ath__sqlite *c = connection;
    ath_allocator a = c->allocator;
    sqlite3_close_v2(c->db);
    ath__free(&a, c, sizeof *c);
}
