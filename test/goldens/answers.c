/* SPDX-License-Identifier: Apache-2.0
 *
 * Reading the answers of answers.h: SQLite's JSON functions, through the library itself.
 */
#include "answers.h"

#include "type/type.h"

#include <unistd.h>

bool answers_file(const char *name, char *path, size_t size) {
    const char *shared = getenv("ATHANOR_SHARED"), *source = getenv("ATHANOR_SOURCE");
    if (shared && shared[0])
        snprintf(path, size, "%s/goldens/%s", shared, name);
    else
        snprintf(path, size, "%s/../shared/goldens/%s", source ? source : ".", name);
    return access(path, R_OK) == 0;
}

char *answers_read(const char *path) {
    FILE *file = fopen(path, "rb");
    ath__buf text;
    char part[4096];
    ath__buf_init(&text, &ath__malloc_allocator);
    for (size_t n; file && (n = fread(part, 1, sizeof part, file)) > 0;)
        ath__buf_add(&text, part, n);
    char *copy = file ? strdup(ath__buf_text(&text)) : NULL;
    ath__buf_done(&text);
    if (file)
        fclose(file);
    return copy;
}

static bool run(ath_connection *c, const ath_expr *sql) {
    ath_result *r = ath_execute(c, sql);
    ath_result_close(r);
    return r != NULL;
}

bool answers_open(answers *a) {
    char path[1024], *text = answers_file("sql.dev.jsonl", path, sizeof path) ? answers_read(path) : NULL;
    memset(a, 0, sizeof *a);
    if (!text)
        return false;
    a->engine = ath_engine_open("sqlite://");
    a->connection = ath_connect(a->engine);
    bool ok = a->connection && run(a->connection, ath_text("CREATE TABLE golden (id TEXT PRIMARY KEY, doc TEXT)"));
    for (char *rest = text, *line; ok && (line = strtok_r(rest, "\n", &rest)) != NULL;)
        ok = run(a->connection, ath_text("INSERT INTO golden VALUES (json_extract(:doc, '$.id'), :doc)",
                                         ath_bind("doc", (const char *)line)));
    free(text);
    CHECK(ok);
    return ok;
}

void answers_close(answers *a) {
    ath_connection_close(a->connection);
    ath_engine_close(a->engine);
}

/* The first value of the first row, as text. */
static char *scalar(const answers *a, const ath_expr *sql) {
    ath_result *r = ath_execute(a->connection, sql);
    const ath_row *row = r ? ath_result_first(r) : NULL;
    const char *text = row && !ath_row_is_null(row, 0) ? ath_row_text(row, 0) : NULL;
    char *copy = text ? strdup(text) : NULL;
    CHECK(r != NULL);
    ath_result_close(r);
    return copy;
}

char *answers_get(const answers *a, const char *id, const char *path) {
    return scalar(a, ath_text("SELECT CAST(json_extract(doc, :path) AS TEXT) FROM golden WHERE id = :id",
                              ath_bind("path", path), ath_bind("id", id)));
}

char *answers_sorted(const answers *a, const char *json) {
    return scalar(
        a, ath_text("SELECT json_group_array(json(value)) FROM (SELECT value FROM json_each(:json) ORDER BY value)",
                    ath_bind("json", json)));
}

size_t answers_count(const answers *a, bool (*known)(void *context, const char *id), void *context) {
    size_t count = 0;
    ath_result *r =
        ath_execute(a->connection, ath_text("SELECT id FROM golden WHERE json_extract(doc, '$.kind') = "
                                            "'statement' AND json_extract(doc, '$.group') NOT LIKE 'ddl%'"));
    for (const ath_row *row; r && (row = ath_fetch(r)) != NULL; count++) {
        test_context("%s", ath_row_text(row, 0));
        CHECK(known(context, ath_row_text(row, 0)));
    }
    ath_result_close(r);
    return count;
}

/* ---- values as JSON ---- */

static void write_text(ath__buf *out, const char *text, size_t size) {
    ath__buf_char(out, '"');
    for (size_t i = 0; i < size; i++) {
        if (text[i] == '"' || text[i] == '\\')
            ath__buf_char(out, '\\');
        ath__buf_char(out, text[i]);
    }
    ath__buf_char(out, '"');
}

/* Dates and their kin, without a fraction of zeros. */
static void write_tagged(ath__buf *out, const ath_value *v, const char *tag) {
    char text[ATH_INTERVAL_TEXT];
    size_t size = ath__value_format(v, text);
    if (size > 7 && memcmp(text + size - 7, ".000000", 7) == 0)
        size -= 7;
    ath__buf_printf(out, "{\"$%s\":\"%.*s\"}", tag, (int)size, text);
}

static void write_bytes(ath__buf *out, ath_bytes bytes) {
    ath__buf_str(out, "{\"$hex\":\"");
    for (size_t i = 0; i < bytes.size; i++)
        ath__buf_printf(out, "%02x", ((const unsigned char *)bytes.data)[i]);
    ath__buf_str(out, "\"}");
}

void answers_write(ath__buf *out, const ath_value *v) {
    switch (v->kind) {
    case ATH_KIND_NULL:
        ath__buf_str(out, "null");
        break;
    case ATH_KIND_BOOL:
        ath__buf_str(out, v->as.b ? "true" : "false");
        break;
    case ATH_KIND_INT:
    case ATH_KIND_UINT:
        ath__buf_printf(out, "%lld", (long long)v->as.i);
        break;
    case ATH_KIND_REAL:
        ath__buf_printf(out, "%.15g", v->as.d);
        break;
    case ATH_KIND_JSON:
        for (const char *at = v->as.text.data; *at; at++)
            if (*at != ' ')
                ath__buf_char(out, *at);
        break;
    case ATH_KIND_BYTES:
        write_bytes(out, v->as.bytes);
        break;
    case ATH_KIND_TEXT:
        write_text(out, v->as.text.data, v->as.text.size == SIZE_MAX ? strlen(v->as.text.data) : v->as.text.size);
        break;
    default:
        write_tagged(out, v,
                     v->kind == ATH_KIND_DECIMAL ? "decimal"
                     : v->kind == ATH_KIND_DATE  ? "date"
                     : v->kind == ATH_KIND_TIME  ? "time"
                                                 : "datetime");
        break;
    }
}

/* ---- texts to compare ---- */

char *answers_plain(const char *json) {
    static const char decimal[] = "{\"$decimal\":\"", document[] = "{\"$json\":";
    ath__buf out;
    int depth = 0, closes = -1; /* the depth at which a tag ends */
    ath__buf_init(&out, &ath__malloc_allocator);
    for (const char *at = json; *at; at++) {
        if (strncmp(at, decimal, sizeof decimal - 1) == 0) {
            ath__buf_printf(&out, "%.15g", strtod(at + sizeof decimal - 1, NULL));
            at = strchr(at, '}');
        } else if (strncmp(at, document, sizeof document - 1) == 0) {
            closes = depth++;
            at += sizeof document - 2;
        } else if (*at == '}' && --depth == closes) {
            closes = -1;
        } else {
            depth += *at == '{';
            ath__buf_char(&out, *at);
        }
    }
    char *text = strdup(ath__buf_text(&out));
    ath__buf_done(&out);
    return text;
}

char *answers_fold(const char *sql) {
    char *out = malloc(strlen(sql) + 1), *end = out;
    for (const char *at = sql; out && *at; at++) {
        if (strncmp(at, "::", 2) == 0 && at > sql && at[-1] >= '0' && at[-1] <= '9')
            at += 2 + strspn(at + 2, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        if (!*at)
            break;
        bool space = *at == ' ' || *at == '\n' || *at == '\t';
        if (!space || (end > out && end[-1] != ' '))
            *end++ = space ? ' ' : *at;
    }
    if (out)
        *end = '\0';
    return out;
}
