/* SPDX-License-Identifier: Apache-2.0
 *
 * An engine whose URL and options come from the environment. */
#include "blog.h"
#include <string.h>

/* class Settings(BaseSettings):
 *     SQLALCHEMY_DATABASE_URL: str = "sqlite:///./test.db"
 *     DEBUG: bool = False
 *
 * What was not set has a default. */
typedef struct Settings {
    const char *database_url;
    bool debug;
    int pool_size;
} Settings;

static Settings settings_read(void) {
    const char *debug = getenv("COOKBOOK_DEBUG"), *pool_size = getenv("COOKBOOK_POOL_SIZE");
    return (Settings){.database_url = cookbook_url(), /* COOKBOOK_URL */
                      .debug = debug && strcmp(debug, "true") == 0,
                      .pool_size = pool_size ? (int)strtol(pool_size, NULL, 10) : 5};
}

/* Receives the log; echo=True alone writes it to standard error. */
static void count_line(void *context, ath_log_level level, const char *line) {
    (void)level;
    (void)line;
    ++*(int *)context;
}

/* engine = create_async_engine(
 *     settings.DATABASE_URL,
 *     echo=settings.DEBUG,
 *     pool_pre_ping=True,
 *     pool_size=5,
 *     max_overflow=10
 * ) */
static ath_engine *engine_open(const Settings *settings, int *lines, ath_error *why) {
    return ath_engine_open(settings->database_url, .echo = settings->debug, .log = count_line, .log_context = lines,
                           .pool_pre_ping = true, .pool_size = settings->pool_size, .max_overflow = 10, .error = why);
}

/* Whether the log had anything to say about a query. */
static bool try_out(const Settings *settings, const char *what) {
    int lines = 0;
    ath_error why = {0};
    ath_engine *engine = engine_open(settings, &lines, &why);
    ath_session *db = engine ? ath_session_open(engine, .error = &why) : NULL;
    const ath_value *one = db ? ath_scalar(db, ath_select(.columns = ath_cols(ath_label(ath_int(1), "one")))) : NULL;
    bool ok = one != NULL;
    if (ok)
        printf("%s: %d, %s\n", what, (int)one->as.i, lines ? "logged" : "nothing logged");
    else
        fprintf(stderr, "%s\n", db ? ath_error(db)->message : why.message);
    ath_session_close(db);
    ath_engine_close(engine);
    return ok;
}

int main(void) {
    Settings settings = settings_read();
    bool ok = try_out(&settings, "as it was set");
    settings.debug = true;
    ok = try_out(&settings, "DEBUG") && ok;

    /* A setting that is wrong is told at once, its password masked. */
    ath_error why = {0};
    settings.database_url = "mysql+asyncmy://user:secret@host:port/db";
    if (!engine_open(&settings, &(int){0}, &why))
        printf("%s: %s\n", ath_status_name(why.status), why.message);
    return ok ? 0 : 1;
}
