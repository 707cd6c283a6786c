/* SPDX-License-Identifier: Apache-2.0
 *
 * athanor.ini: where it is, and what it says.  A % is a character like others; %(here)s is the file's folder.
 */
#include "cli/migrate/bundled.h"

#include <errno.h>
#include <ini.h>
#include <limits.h>
#include <unistd.h>

enum { LONGEST_LINE = 198 }; /* what the parser takes; longer ones would be cut */

/* ---- where ---- */

static const char *absolute(ath__arena *arena, const char *path) {
    char here[PATH_MAX];
    if (path[0] == '/')
        return ath__arena_str(arena, path);
    return getcwd(here, sizeof here) ? ath__arena_printf(arena, "%s/%s", strcmp(here, "/") ? here : "", path) : NULL;
}

static const char *folder_of(ath__arena *arena, const char *path) {
    const char *slash = strrchr(path, '/');
    return slash == path ? "/" : ath__arena_strn(arena, path, (size_t)(slash - path));
}

/* Here, and in the folders above. */
static ath_status look_upwards(mig_config *c, ath_error *error) {
    char here[PATH_MAX], path[PATH_MAX + 16];
    if (!getcwd(here, sizeof here))
        return ath__fail(error, ATH_ARGUMENT, "the current folder is gone: %s", strerror(errno));
    for (;;) {
        snprintf(path, sizeof path, "%s/athanor.ini", strcmp(here, "/") ? here : "");
        if (access(path, F_OK) == 0) {
            c->path = ath__arena_str(c->arena, path);
            return c->path ? ATH_OK : ath__fail_memory(error);
        }
        char *slash = strrchr(here, '/');
        if (!slash || !here[1])
            return ATH_OK;
        slash[slash == here] = '\0';
    }
}

static ath_status locate(mig_config *c, const cli_globals *globals, ath_error *error) {
    const char *set = getenv("ATHANOR_CONFIG"), *named = globals->config ? globals->config : set && *set ? set : NULL;
    if (!named)
        return look_upwards(c, error);
    if (access(named, R_OK) != 0)
        return ath__fail(error, ATH_ARGUMENT,
                         "No 'script_location' key found in configuration." ATH__HINT
                         "there is no file %s (%s), which %s",
                         named, strerror(errno), globals->config ? "was given by --config" : "ATHANOR_CONFIG names");
    c->path = absolute(c->arena, named);
    return c->path ? ATH_OK : ath__fail_memory(error);
}

/* ---- what ---- */

/* Of a line in the file: 1 goes on, 0 is a failure. */
static int take(void *context, const char *section, const char *key, const char *value) {
    mig_config *c = context;
    if (c->count == c->room) {
        size_t room = c->room ? 2 * c->room : 32;
        mig_entry *more = ath__arena_alloc(c->arena, room * sizeof *more);
        if (!more)
            return 0;
        if (c->count)
            memcpy(more, c->entries, c->count * sizeof *more);
        c->entries = more;
        c->room = room;
    }
    mig_entry *e = &c->entries[c->count];
    *e = (mig_entry){.section = ath__arena_str(c->arena, section),
                     .key = ath__arena_str(c->arena, key),
                     .value = ath__arena_str(c->arena, value)};
    if (!e->section || !e->key || !e->value)
        return 0;
    mig_entry *before = c->count ? e - 1 : NULL;
    e->is_more = before && strcmp(before->key, e->key) == 0 && strcmp(before->section, e->section) == 0;
    c->count++;
    return 1;
}

static ath_status check_lines(const char *path, FILE *file, ath_error *error) {
    long line = 1, size = 0;
    for (int c; (c = getc(file)) != EOF;) {
        size = c == '\n' ? 0 : size + 1;
        line += c == '\n';
        if (size > LONGEST_LINE)
            return ath__fail(error, ATH_ARGUMENT,
                             "%s:%ld: a line of more than %d characters" ATH__HINT
                             "continue it in the next, indented; or give a long URL in ATHANOR_URL",
                             path, line, LONGEST_LINE);
    }
    rewind(file);
    return ATH_OK;
}

static ath_status parse(mig_config *c, ath_error *error) {
    FILE *file = fopen(c->path, "r");
    if (!file)
        return ath__fail(error, ATH_ARGUMENT, "%s cannot be read: %s", c->path, strerror(errno));
    ath_status status = check_lines(c->path, file, error);
    int line = status == ATH_OK ? ini_parse_file(file, take, c) : 0;
    fclose(file);
    if (line != 0)
        return ath__fail(error, ATH_ARGUMENT, "%s:%d: this is neither [section] nor key = value", c->path, line);
    return status;
}

/* A bundle has its own settings. */
static ath_status take_bundled(mig_config *c, const cli_globals *globals, ath_error *error) {
    if (globals->config || globals->section)
        return ath__fail(error, ATH_ARGUMENT,
                         "A bundle reads no configuration" ATH__HINT "--url or ATHANOR_URL names the database");
    c->folder = absolute(c->arena, "");
    c->entries = globals->bundled->settings;
    c->count = c->room = globals->bundled->setting_count;
    return c->folder ? ATH_OK : ath__fail_memory(error);
}

ath_status mig_config_read(mig_config *c, ath__arena *arena, const cli_globals *globals, ath_error *error) {
    *c = (mig_config){.arena = arena, .section = globals->section ? globals->section : "athanor"};
    if (globals->bundled)
        return take_bundled(c, globals, error);
    ATH_TRY(locate(c, globals, error));
    c->folder = c->path ? folder_of(arena, c->path) : absolute(arena, "");
    if (!c->folder)
        return ath__fail_memory(error);
    return c->path ? parse(c, error) : ATH_OK;
}

/* ---- values ---- */

/* %(here)s -> the folder. */
static const char *fill(mig_config *c, const char *value) {
    static const char here[] = "%(here)s";
    const char *at = strstr(value, here);
    if (!at || !c->folder)
        return value;
    const char *rest = fill(c, at + sizeof here - 1);
    return ath__arena_printf(c->arena, "%.*s%s%s", (int)(at - value), value, c->folder, rest ? rest : "");
}

static mig_entry *find(mig_config *c, const char *section, const char *key) {
    mig_entry *found = NULL;
    for (size_t i = 0; section && i < c->count; i++)
        if (!c->entries[i].is_more && strcmp(c->entries[i].section, section) == 0 &&
            strcmp(c->entries[i].key, key) == 0)
            found = &c->entries[i];
    return found;
}

static mig_entry *find_anywhere(mig_config *c, const char *key) {
    mig_entry *e = find(c, c->database, key);
    return e ? e : find(c, c->section, key);
}

const char *mig_config_in(mig_config *c, const char *section, const char *key) {
    mig_entry *e = find(c, section, key);
    return e ? fill(c, e->value) : NULL;
}

const char *mig_config_get(mig_config *c, const char *key, const char *otherwise) {
    mig_entry *e = find_anywhere(c, key);
    const char *value = e ? fill(c, e->value) : NULL;
    return value && *value ? value : otherwise;
}

bool mig_config_bool(mig_config *c, const char *key, bool otherwise) {
    const char *value = mig_config_get(c, key, NULL);
    if (!value)
        return otherwise;
    return strcasecmp(value, "true") == 0 || strcasecmp(value, "yes") == 0 || strcasecmp(value, "on") == 0 ||
           strcmp(value, "1") == 0;
}

/* What stands between several paths; lines always do. */
static const char *separator(mig_config *c) {
    static const struct {
        const char *name, *between;
    } all[] = {{"os", ":"}, {"space", " "}, {"newline", ""}, {":", ":"}, {";", ";"}};
    const mig_entry *lone = find_anywhere(c, "path_separator");
    const char *named = mig_config_get(c, "path_separator", mig_config_get(c, "version_path_separator", "os"));
    if (lone && !*lone->value)
        return ";"; /* alone it reads as a comment */
    for (size_t i = 0; i < ATH_COUNT_OF(all); i++)
        if (strcmp(all[i].name, named) == 0)
            return all[i].between;
    return ":";
}

static bool splits(const char *between, char c) {
    return c == ' ' || c == '\t' ? strchr(between, ' ') != NULL : strchr(between, c) != NULL;
}

/* Adds the values of a line to the list; names has room. */
static bool add_values(mig_config *c, const char *value, const char *between, const char **names, size_t *count) {
    while (*value) {
        size_t size = 0;
        value += strspn(value, " \t");
        while (value[size] && !splits(between, value[size]))
            size++;
        size_t end = size;
        while (end && (value[end - 1] == ' ' || value[end - 1] == '\t'))
            end--;
        if (end && !(names[(*count)++] = ath__arena_strn(c->arena, value, end)))
            return false;
        value += size + (value[size] != '\0');
    }
    return true;
}

ath_name_list mig_config_list(mig_config *c, const char *key) {
    const char *between = strcmp(key, "version_locations") == 0 ? separator(c) : ", ";
    const mig_entry *e = find_anywhere(c, key), *end = c->entries + c->count;
    size_t room = 1, count = 0;
    for (const mig_entry *at = e; at && at < end && (at == e || at->is_more); at++)
        room += strlen(at->value);
    const char **names = ath__arena_alloc(c->arena, room * sizeof *names);
    for (const mig_entry *at = e; names && at && at < end && (at == e || at->is_more); at++) {
        const char *value = fill(c, at->value);
        if (!value || !add_values(c, value, between, names, &count))
            return (ath_name_list){0, NULL};
    }
    return (ath_name_list){count, names};
}

const char *mig_config_path(mig_config *c, const char *path) {
    while (strncmp(path, "./", 2) == 0 && path[2])
        path += 2;
    return path[0] == '/' ? ath__arena_str(c->arena, path)
                          : ath__arena_printf(c->arena, "%s/%s", strcmp(c->folder, "/") ? c->folder : "", path);
}
