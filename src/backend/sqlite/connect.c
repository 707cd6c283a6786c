/* SPDX-License-Identifier: Apache-2.0
 *
 * SQLite: from a URL to an open database with good defaults.
 *
 * Foreign keys are on.  Files that can be written use WAL with synchronous=NORMAL and a busy time-out that waits through
 * the engine's hook.  Query keys of the URL override: mode, cache, immutable, vfs, uri (SQLite's own), timeout,
 * journal_mode, synchronous, foreign_keys.
 */
#include <strings.h>

#include "backend/sqlite/sqlite.h"

#include "base/here.h"

enum { ANSWER_SIZE = 32 };

/* ---- what a URL may say ---- */

/* The query keys, each with the words it takes; none: anything. */
static const struct {
    const char *key, *values;
} keys[] = {
    {"mode", "ro rw rwc memory"},
    {"cache", "shared private"},
    {"immutable", "0 1 true false on off yes no"},
    {"nolock", "0 1 true false on off yes no"},
    {"psow", "0 1 true false on off yes no"},
    {"uri", "0 1 true false"},
    {"foreign_keys", "0 1 true false on off yes no"},
    {"journal_mode", "delete truncate persist memory wal off"},
    {"synchronous", "0 1 2 3 off normal full extra"},
    {"vfs", NULL},
    {"modeof", NULL},
    {"timeout", NULL},
};

static bool is_listed(const char *words, const char *value) {
    size_t size = strlen(value);
    for (const char *at = words; size && *at; at += strcspn(at, " "), at += *at == ' ')
        if (strcspn(at, " ") == size && strncasecmp(at, value, size) == 0)
            return true;
    return false;
}

static ath_status check_key(const ath_url_query *query, ath_error *error) {
    for (size_t i = 0; i < ATH_COUNT_OF(keys); i++) {
        if (strcmp(keys[i].key, query->key) != 0)
            continue;
        if (!keys[i].values || is_listed(keys[i].values, query->value))
            return ATH_OK;
        return ath__fail(error, ATH_ARGUMENT, "'%.40s' is no value for the URL's %s; these are: %s", query->value,
                         query->key, keys[i].values);
    }
    return ath__fail(error, ATH_ARGUMENT, "sqlite URLs have no key '%.60s'", query->key);
}

/* .timeout is in seconds, as Python's sqlite3 has it.  *ms stays as it is where the URL has none. */
static ath_status take_timeout(const ath_url *url, int *ms, ath_error *error) {
    const char *text = ath_url_get(url, "timeout");
    ath_decimal seconds;
    if (!text)
        return ATH_OK;
    if (ath_decimal_parse(text, strlen(text), &seconds) != ATH_OK || seconds.negative ||
        ath_decimal_to_double(seconds) > 86400)
        return ath__fail(error, ATH_ARGUMENT, "'%.40s' is no number of seconds (0 to 86400) for the URL's timeout",
                         text);
    *ms = (int)(ath_decimal_to_double(seconds) * 1000);
    return ATH_OK;
}

/* A file behind two slashes would be a host, and the database a new one in memory: a loss without a word. */
ath_status ath__sqlite_check_url(const ath_url *url, const ath_allocator *allocator, ath_error *error) {
    int timeout_ms = 0;
    (void)allocator;
    if (url->host || url->user || url->port)
        return ath__fail(
            error, ATH_ARGUMENT,
            "an sqlite URL has no host: write sqlite:///file.db, sqlite:////absolute/file.db or sqlite://");
    for (size_t i = 0; i < url->query_count; i++)
        ATH_TRY(check_key(&url->query[i], error));
    return take_timeout(url, &timeout_ms, error);
}

/* ---- which file ---- */

static bool is_memory(const ath_url *url) {
    const char *mode = ath_url_get(url, "mode");
    return !url->database || !url->database[0] || strcmp(url->database, ":memory:") == 0 ||
           strcmp(url->database, "file::memory:") == 0 || (mode && strcmp(mode, "memory") == 0);
}

bool ath__sqlite_is_private(const ath_url *url) {
    const char *cache = ath_url_get(url, "cache");
    return is_memory(url) && !(cache && strcmp(cache, "shared") == 0);
}

/* A file that is not there would be made, and how it is journalled changed. */
const char *ath__sqlite_reading_only(const ath_url *url) {
    return is_memory(url) || ath_url_get(url, "mode") ? NULL : "mode=ro";
}

static const char *const passed_on[] = {"mode", "cache", "immutable", "vfs", "psow", "nolock", "modeof"};

static bool needs_uri(const ath_url *url) {
    const char *uri = ath_url_get(url, "uri");
    if (uri && (strcmp(uri, "true") == 0 || strcmp(uri, "1") == 0))
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
    ath__buf_str(out, whole ? "" : *path == '/' ? "file://" : "file:"); /* "//" begins the host, which is empty */
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

/* ---- settings ---- */

/* Keeps the first value of a pragma's answer. */
static int take_answer(void *context, int count, char **values, char **names) {
    (void)names;
    if (count && values[0])
        ath__copy_text(context, ANSWER_SIZE, values[0], strlen(values[0]));
    return 0;
}

/* Runs PRAGMA name = value; the result code, and the answer's first value.  The value is one of `keys`. */
static int pragma(ath__sqlite *c, const char *name, const char *value, char answer[ANSWER_SIZE]) {
    char sql[120];
    answer[0] = '\0';
    snprintf(sql, sizeof sql, "PRAGMA %s = %.60s", name, value);
    return sqlite3_exec(c->db, sql, take_answer, answer, NULL);
}

/* The journal that the URL asks for; a database in memory has its own and is left with it. */
static ath_status set_journal(ath__sqlite *c, const ath_url *url, const char *wanted, char now[ANSWER_SIZE],
                              ath_error *error) {
    int code = pragma(c, "journal_mode", wanted, now);
    if (code != SQLITE_OK)
        return ath__sqlite_failed(c, code, error);
    if (strcasecmp(now, wanted) == 0 || is_memory(url))
        return ATH_OK;
    return ath__fail(error, ATH_OPERATIONAL, "%s: journal_mode stayed %s, %s is not possible here", c->file, now,
                     wanted);
}

/* WAL where it can be had.  Where it cannot now (somebody has the file locked, the folder is read-only) the database works
 * as it is, and a later connection may turn it on; so nothing is waited for.  A file that is no database fails here. */
static ath_status try_wal(ath__sqlite *c, char now[ANSWER_SIZE], ath_error *error) {
    int code = pragma(c, "journal_mode", "wal", now);
    switch (code & 0xff) {
    case SQLITE_OK:
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
        return ATH_OK;
    default:
        return ath__sqlite_failed(c, code, error);
    }
}

static bool says_no(const char *value) {
    return value && is_listed("0 false off no", value);
}

static ath_status set_up(ath__sqlite *c, const ath_url *url, ath_error *error) {
    const char *journal = ath_url_get(url, "journal_mode"), *synchronous = ath_url_get(url, "synchronous");
    char now[ANSWER_SIZE] = "", answer[ANSWER_SIZE];
    int added = ath__sqlite_add_collation(c->db);
    if (added == SQLITE_OK)
        added = ath__sqlite_add_regexp(c->db);
    if (added == SQLITE_OK)
        added = ath__sqlite_add_numbers(c->db);
    if (added == SQLITE_OK)
        added = ath__sqlite_add_moments(c->db);
    if (added != SQLITE_OK)
        return ath__sqlite_failed(c, added, error);
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_ENABLE_FKEY, !says_no(ath_url_get(url, "foreign_keys")), NULL);
    /* "no_such_column" is an error, and not the string that SQLite would otherwise make of it */
    sqlite3_db_config(c->db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
    if (!journal && !is_memory(url) && sqlite3_db_readonly(c->db, "main") == 0)
        ATH_TRY(try_wal(c, now, error));
    sqlite3_busy_handler(c->db, busy, c);
    if (journal)
        ATH_TRY(set_journal(c, url, journal, now, error));
    /* NORMAL loses no consistency with WAL; with a rollback journal it could. */
    if (!synchronous && strcmp(now, "wal") == 0)
        synchronous = "normal";
    int code = synchronous ? pragma(c, "synchronous", synchronous, answer) : SQLITE_OK;
    return code == SQLITE_OK ? ATH_OK : ath__sqlite_failed(c, code, error);
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
    return set_up(c, url, error);
}

ath_status ath__sqlite_connect(const ath__connect *how, void **connection, ath_error *error) {
    ath__sqlite *c = ath__alloc_zero(how->allocator, 1, sizeof *c);
    if (!c)
        return ath__fail_memory(error);
    c->allocator = *how->allocator;
    c->wait = *how->wait;
    ath__sqlite_dialect_for(sqlite3_libversion_number(), &c->dialect);
    c->dialect.version_text = sqlite3_libversion();
    const char *file = how->url->database && how->url->database[0] ? how->url->database : ":memory:";
    ath__copy_text(c->file, sizeof c->file, file, strlen(file));
    c->busy_timeout_ms = how->busy_timeout_ms;
    ath_status status = ath__sqlite_check_url(how->url, how->allocator, error);
    if (status == ATH_OK)
        status = take_timeout(how->url, &c->busy_timeout_ms, error);
    if (status == ATH_OK)
        status = open_file(c, how->url, error);
    if (status != ATH_OK) {
        ath__sqlite_disconnect(c);
        return status;
    }
    *connection = c;
    return ATH_OK;
}

/* The last one of a file brings what is in its WAL into it. */
static ath_status close_now(void *connection) {
    sqlite3_close_v2(((ath__sqlite *)connection)->db);
    return ATH_OK;
}

void ath__sqlite_disconnect(void *connection) {
    ath__sqlite *c = connection;
    ath_allocator a = c->allocator;
    ath__sqlite_drop_lock(c);
    ath__shield();
    if (ath__sqlite_away(c, close_now, c, NULL) == ATH_NO_MEMORY)
        close_now(c);
    ath__unshield();
    ath__free(&a, c, sizeof *c);
}
