/* SPDX-License-Identifier: Apache-2.0
 *
 * Help for tests that need real files and a log: a folder of their own, URLs into it, a place to catch log lines.
 * The folder is made at the first use and removed, with what is in it, by temp_remove.
 */
#ifndef ATH_TEST_TEMP_H
#define ATH_TEST_TEMP_H

#include "test.h"

#include <athanor/athanor.h>
#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static char temp_folder_[64];

static inline const char *temp_folder(void) {
    if (!temp_folder_[0]) {
        snprintf(temp_folder_, sizeof temp_folder_, "/tmp/athanor-test-XXXXXX");
        if (!mkdtemp(temp_folder_))
            temp_folder_[0] = '\0';
    }
    return temp_folder_;
}

/* The path of a file in the folder; one of four turning buffers. */
static inline const char *temp_path(const char *name) {
    static char paths[4][160];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(paths[turn], sizeof paths[turn], "%s/%s", temp_folder(), name);
    return paths[turn];
}

/* sqlite:///FOLDER/name plus what is put behind it ("?mode=ro"). */
static inline const char *temp_url(const char *name, const char *query) {
    static char urls[4][220];
    static int turn;
    turn = (turn + 1) % 4;
    snprintf(urls[turn], sizeof urls[turn], "sqlite:///%s%s", temp_path(name), query);
    return urls[turn];
}

static inline void temp_write(const char *name, const char *content, size_t size) {
    FILE *file = fopen(temp_path(name), "wb");
    if (file) {
        fwrite(content, 1, size, file);
        fclose(file);
    }
}

static inline void temp_remove(void) {
    DIR *folder = temp_folder_[0] ? opendir(temp_folder_) : NULL;
    for (struct dirent *entry; folder && (entry = readdir(folder)) != NULL;)
        if (entry->d_name[0] != '.' && remove(temp_path(entry->d_name)) != 0)
            rmdir(temp_path(entry->d_name));
    if (folder) {
        closedir(folder);
        rmdir(temp_folder_);
    }
    temp_folder_[0] = '\0';
}

/* Lines an engine logs, joined by '\n'. */
typedef struct lines {
    char text[16384];
    size_t size, count;
} lines;

static inline void lines_add(void *context, ath_log_level level, const char *line) {
    lines *l = context;
    (void)level;
    int n = snprintf(l->text + l->size, sizeof l->text - l->size, "%s\n", line);
    if (n > 0 && (size_t)n < sizeof l->text - l->size)
        l->size += (size_t)n;
    l->count++;
}

#define CHECK_HAS(text, part) test_check_has_((text), (part), __FILE__, __LINE__)
static inline void test_check_has_(const char *text, const char *part, const char *file, int line) {
    if (!strstr(text, part))
        test_failed_(file, line, "\"%s\" does not have \"%s\"", text, part);
}

/* Runs text without rows; its status. */
static inline ath_status run_sql(ath_connection *c, const char *sql) {
    ath_result *r = ath_execute(c, ath_text(sql));
    if (!r)
        return ath_connection_error(c)->status;
    ath_result_close(r);
    return ATH_OK;
}

/* The first value of a query as an integer; -999 when it fails. */
static inline int64_t ask_int(ath_connection *c, const char *sql) {
    ath_result *r = ath_execute(c, ath_text(sql));
    const ath_row *row = r ? ath_result_first(r) : NULL;
    int64_t answer = row ? ath_row_int(row, 0) : -999;
    if (r)
        ath_result_close(r);
    return answer;
}

#endif
