/* SPDX-License-Identifier: Apache-2.0
 *
 * A revision's file: its name, its text, in C or in SQL.  A file script.c.tmpl or script.sql.tmpl beside the revisions' folder
 * is used instead of what stands here; in it ${name} is filled in.
 */
#include "cli/migrate/migrate.h"
#include "cli/migrate/templates.h"
#include "ctext/ctext.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { LONGEST_SLUG = 40 };

/* ---- files and folders ---- */

static void status_line(const cli_globals *globals, const char *what, const char *path, bool done) {
    if (!globals->quiet && !globals->json)
        printf("%s %s ...  %s\n", what, path, done ? "done" : "FAILED");
}

static ath_status write_all(int file, const char *text) {
    for (size_t size = strlen(text); size;) {
        ssize_t n = write(file, text, size);
        if (n < 0 && errno != EINTR)
            return ATH_OPERATIONAL;
        text += n > 0 ? n : 0;
        size -= n > 0 ? (size_t)n : 0;
    }
    return ATH_OK;
}

ath_status mig_make_file(const cli_globals *globals, const char *path, const char *text, ath_error *error) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    ath_status status = file >= 0 ? write_all(file, text) : ATH_OPERATIONAL;
    int why = errno;
    if (file >= 0 && close(file) != 0 && status == ATH_OK) {
        why = errno;
        status = ATH_OPERATIONAL;
    }
    if (file >= 0 && status != ATH_OK)
        unlink(path); /* no half file stays */
    status_line(globals, "Generating", path, status == ATH_OK);
    return status == ATH_OK ? ATH_OK : ath__fail(error, ATH_ARGUMENT, "%s cannot be written: %s", path, strerror(why));
}

/* With those above it. */
ath_status mig_make_folder(const cli_globals *globals, const char *path, ath_error *error) {
    char part[1024];
    struct stat st;
    size_t size = strlen(path);
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return ATH_OK;
    if (size >= sizeof part)
        return ath__fail(error, ATH_ARGUMENT, "the path is too long: %.100s ...", path);
    for (size_t i = 1; i <= size; i++) {
        if (path[i] != '/' && path[i])
            continue;
        memcpy(part, path, i);
        part[i] = '\0';
        if (mkdir(part, 0777) != 0 && errno != EEXIST)
            return ath__fail(error, ATH_ARGUMENT, "the folder %s cannot be made: %s", part, strerror(errno));
    }
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return ath__fail(error, ATH_ARGUMENT, "%s is not a folder", path);
    status_line(globals, "Creating directory", path, true);
    return ATH_OK;
}

/* ---- the date ---- */

typedef struct moment {
    struct timespec now;
    struct tm parts;
} moment;

/* The zone by its name, as written or in capitals; empty: the machine's. */
static ath_status set_zone(mig *m) {
    const char *zone = mig_config_get(&m->config, "timezone", NULL);
    char path[300], name[200];
    if (!zone)
        return ATH_OK;
    for (int capitals = 0; capitals < 2; capitals++) {
        snprintf(name, sizeof name, "%s", zone);
        for (char *c = name; capitals && *c; c++)
            *c = (char)(*c >= 'a' && *c <= 'z' ? *c - ('a' - 'A') : *c);
        snprintf(path, sizeof path, "/usr/share/zoneinfo/%s", name);
        if (strcmp(name, "UTC") == 0 || (!strstr(name, "..") && access(path, R_OK) == 0)) {
            setenv("TZ", name, 1);
            tzset();
            return ATH_OK;
        }
    }
    return ath__fail(&m->error, ATH_ARGUMENT, "Can't locate timezone: %s", zone);
}

static ath_status take_date(mig *m, mig_new *r, moment *out) {
    char text[60], offset[12] = "";
    ATH_TRY(set_zone(m));
    clock_gettime(CLOCK_REALTIME, &out->now);
    if (!localtime_r(&out->now.tv_sec, &out->parts))
        return ath__fail(&m->error, ATH_INTERNAL, "there is no local time");
    strftime(text, sizeof text, "%Y-%m-%d %H:%M:%S", &out->parts);
    if (mig_config_get(&m->config, "timezone", NULL)) {
        long minutes = labs(out->parts.tm_gmtoff) / 60;
        snprintf(offset, sizeof offset, "%c%02d:%02d", out->parts.tm_gmtoff < 0 ? '-' : '+', (int)(minutes / 60 % 100),
                 (int)(minutes % 60));
    }
    r->date = ath__arena_printf(&m->arena, "%s.%06ld%s", text, out->now.tv_nsec / 1000, offset);
    return r->date ? ATH_OK : ath__fail_memory(&m->error);
}

/* ---- the file's name ---- */

typedef struct token {
    const char *name, *text; /* NULL: a number */
    long long number;
} token;

/* One %(name)d, %(name).2d or %(name)s at `at`; the bytes taken, 0: there is none. */
static size_t fill_token(const char *at, const token *tokens, size_t count, ath__buf *out) {
    size_t open = at[0] == '%' ? (at[1] == '%' ? 2 : 1) : 0, width = 0;
    if (!open || at[open] != '(')
        return 0;
    const char *name = at + open + 1, *close = strchr(name, ')'), *end = close ? close + 1 : NULL;
    while (end && (*end == '.' || (*end >= '0' && *end <= '9')))
        width = *end == '.' ? 0 : width * 10 + (size_t)(*end - '0'), end++;
    for (size_t i = 0; end && (*end == 's' || *end == 'd') && i < count; i++) {
        if (strlen(tokens[i].name) != (size_t)(close - name) ||
            strncmp(tokens[i].name, name, (size_t)(close - name)) != 0)
            continue;
        if (tokens[i].text)
            ath__buf_str(out, tokens[i].text);
        else
            ath__buf_printf(out, "%0*lld", (int)(width < 20 ? width : 20), tokens[i].number);
        return (size_t)(end + 1 - at);
    }
    return 0;
}

static ath_status file_name(mig *m, const mig_new *r, const moment *when, ath__buf *out) {
    const char *form = mig_config_get(&m->config, "file_template", "%(rev)s_%(slug)s");
    long longest = strtol(mig_config_get(&m->config, "truncate_slug_length", "40"), NULL, 10);
    const char *slug = mig_slug(&m->arena, r->message ? r->message : "", longest > 0 ? (size_t)longest : LONGEST_SLUG);
    const token tokens[] = {{"rev", r->id, 0},
                            {"slug", slug, 0},
                            {"epoch", NULL, when->now.tv_sec},
                            {"year", NULL, when->parts.tm_year + 1900},
                            {"month", NULL, when->parts.tm_mon + 1},
                            {"day", NULL, when->parts.tm_mday},
                            {"hour", NULL, when->parts.tm_hour},
                            {"minute", NULL, when->parts.tm_min},
                            {"second", NULL, when->parts.tm_sec}};
    if (!slug)
        return ath__fail_memory(&m->error);
    while (*form) {
        size_t taken = fill_token(form, tokens, ATH_COUNT_OF(tokens), out);
        if (!taken)
            ath__buf_char(out, *form);
        form += taken ? taken : 1;
    }
    return ATH_OK;
}

/* What is written must be found again, by its file and by its name. */
static ath_status check_name(mig *m, const mig_new *r, const char *name) {
    static const char *const symbols[] = {"head", "heads", "base", "current"};
    for (size_t i = 0; i < ATH_COUNT_OF(symbols); i++)
        if (strcmp(r->id, symbols[i]) == 0)
            return ath__fail(&m->error, ATH_ARGUMENT, "'%s' is a symbol and no name of a revision", r->id);
    if (strchr(r->id, '/') || r->id[0] == '.')
        return ath__fail(&m->error, ATH_ARGUMENT, "'%s' cannot be the beginning of a file's name", r->id);
    if (strchr(name, '/') && !mig_config_bool(&m->config, "recursive_version_locations", false))
        return ath__fail(&m->error, ATH_ARGUMENT,
                         "file_template puts %s into a folder where it would not be found" ATH__HINT
                         "recursive_version_locations = true in %s looks there",
                         name, m->config.path);
    return ATH_OK;
}

static ath_status make_path(mig *m, mig_new *r, const moment *when) {
    ath__buf name;
    ath__buf_init(&name, &ath__malloc_allocator);
    ath_status status = file_name(m, r, when, &name);
    if (status == ATH_OK && !name.failed)
        status = check_name(m, r, ath__buf_text(&name));
    if (status == ATH_OK &&
        (name.failed ||
         !(r->path = ath__arena_printf(&m->arena, "%s/%s%s", r->folder, ath__buf_text(&name), r->sql ? ".sql" : ".c"))))
        status = ath__fail_memory(&m->error);
    ath__buf_done(&name);
    return status;
}

/* ---- the text ---- */

static const char sql_form[] = "${declaration}\n"
                               "-- +up\n"
                               "${up}"
                               "\n"
                               "-- +down\n"
                               "${down}";

static void add_list(ath__buf *out, ath_name_list list) {
    for (size_t i = 0; i < list.count; i++)
        ath__buf_printf(out, "%s%s", i ? ", " : "", list.names[i]);
}

/* What would end a comment, or a line of one, is made harmless. */
static void add_comment(ath__buf *out, const char *text, bool sql) {
    for (const char *c = text; *c; c++) {
        if (*c == '\n' && !sql)
            ath__buf_str(out, "\n *");
        ath__buf_char(out, *c == '\r' || *c == '\n' ? ' ' : *c);
        if (!sql && *c == '*' && c[1] == '/')
            ath__buf_char(out, ' ');
    }
}

static void add_member(ath__buf *out, const char *name, ath_name_list list) {
    ath__buf text;
    if (!list.count)
        return;
    ath__buf_init(&text, &ath__malloc_allocator);
    add_list(&text, list);
    ath__buf_printf(out, ", .%s = ", name);
    ath__c_string(out, ath__buf_text(&text));
    out->failed = out->failed || text.failed;
    ath__buf_done(&text);
}

static void declare_c(ath__buf *out, const mig_new *r) {
    ath__buf text;
    ath__buf_init(&text, &ath__malloc_allocator);
    ath__buf_str(&text, "ATH_REVISION(");
    ath__c_string(&text, r->id);
    add_member(&text, "down", r->down);
    ath__buf_str(&text, ", .message = ");
    ath__c_string(&text, r->message ? r->message : "empty message");
    add_member(&text, "depends_on", r->depends_on);
    add_member(&text, "branch_labels", r->labels);
    ath__buf_printf(&text, ", .create_date = \"%s\");", r->date);
    ath__c_wrap(out, 0, ath__buf_text(&text));
    while (out->size && out->data[out->size - 1] == '\n')
        out->data[--out->size] = '\0';
    out->failed = out->failed || text.failed;
    ath__buf_done(&text);
}

static void declare_sql(ath__buf *out, const mig_new *r) {
    const struct {
        const char *key;
        ath_name_list list;
    } lists[] = {{"down", r->down}, {"depends_on", r->depends_on}, {"branch_labels", r->labels}};
    ath__buf_printf(out, "-- revision: %s\n", r->id);
    for (size_t i = 0; i < ATH_COUNT_OF(lists); i++) {
        if (!lists[i].list.count)
            continue;
        ath__buf_printf(out, "-- %s: ", lists[i].key);
        add_list(out, lists[i].list);
        ath__buf_char(out, '\n');
    }
    ath__buf_str(out, "-- message: ");
    add_comment(out, r->message ? r->message : "empty message", true);
    ath__buf_printf(out, "\n-- create_date: %s\n", r->date);
}

static void add_body(ath__buf *out, const char *text) {
    size_t size = text ? strlen(text) : 0;
    ath__buf_str(out, text ? text : "");
    ath__buf_str(out, size && text[size - 1] != '\n' ? "\n" : "");
}

static void fill_one(const char *name, size_t size, const mig_new *r, ath__buf *out) {
#define IS(text) (size == sizeof(text) - 1 && memcmp(name, text, size) == 0)
    if (IS("comment"))
        add_comment(out, r->message ? r->message : "empty message", false);
    else if (IS("message"))
        ath__buf_str(out, r->message ? r->message : "empty message");
    else if (IS("id"))
        ath__buf_str(out, r->id);
    else if (IS("revises"))
        add_list(out, r->down);
    else if (IS("date"))
        ath__buf_str(out, r->date);
    else if (IS("up"))
        add_body(out, r->up);
    else if (IS("down"))
        add_body(out, r->down_text);
    else if (IS("declaration"))
        (r->sql ? declare_sql : declare_c)(out, r);
    else
        ath__buf_printf(out, "${%.*s}", (int)size, name);
#undef IS
}

static void fill(const char *form, const mig_new *r, ath__buf *out) {
    while (*form) {
        const char *at = strstr(form, "${"), *end = at ? strchr(at, '}') : NULL;
        if (!end) {
            ath__buf_str(out, form);
            return;
        }
        ath__buf_add(out, form, (size_t)(at - form));
        fill_one(at + 2, (size_t)(end - at - 2), r, out);
        form = end + 1;
    }
}

static ath_status form_of(mig *m, const mig_new *r, const char **form) {
    char path[1200], *text;
    size_t size;
    *form = r->sql ? sql_form : mig_c_form;
    snprintf(path, sizeof path, "%s/script.%s.tmpl", m->location, r->sql ? "sql" : "c");
    if (access(path, R_OK) != 0)
        return ATH_OK;
    ATH_TRY(ath__read_file(&m->arena, path, &text, &size, &m->error));
    *form = text;
    return ATH_OK;
}

ath_status mig_write(mig *m, mig_new *r) {
    moment when;
    const char *form;
    ath__buf text;
    ATH_TRY(take_date(m, r, &when));
    ATH_TRY(make_path(m, r, &when));
    ATH_TRY(form_of(m, r, &form));
    const char *slash = strrchr(r->path, '/');
    const char *folder = ath__arena_strn(&m->arena, r->path, (size_t)(slash - r->path));
    if (!folder)
        return ath__fail_memory(&m->error);
    ATH_TRY(mig_make_folder(m->globals, folder, &m->error));
    ath__buf_init(&text, &ath__malloc_allocator);
    fill(form, r, &text);
    ath_status status =
        text.failed ? ath__fail_memory(&m->error) : mig_make_file(m->globals, r->path, ath__buf_text(&text), &m->error);
    ath__buf_done(&text);
    return status == ATH_OK ? mig_run_hooks(m, r->path) : status;
}

int mig_tell_new(mig *m, const char *id, const ath_name_list *down, const char *path, const char *more) {
    ath__buf out;
    if (!m->globals->json)
        return CLI_DONE;
    ath__buf_init(&out, &ath__malloc_allocator);
    ath__buf_str(&out, "{\"revision\": ");
    mig_json_string(&out, id);
    if (down) {
        ath__buf_str(&out, ", \"down\": ");
        mig_json_list(&out, *down);
    }
    ath__buf_str(&out, ", \"path\": ");
    mig_json_string(&out, path);
    ath__buf_printf(&out, "%s}\n", more);
    return mig_print(m, &out);
}
