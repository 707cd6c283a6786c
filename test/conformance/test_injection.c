/* SPDX-License-Identifier: Apache-2.0
 *
 * Hostile text through every path by which a value reaches a database: bound, in lists and patterns, in text with binds, in
 * bytes, through sessions.  Nothing escapes (the canary lives) and everything comes back as it went in, or is refused.
 * For names, defaults and comments see test_injection_names.c.
 */
#include "test.h"

#include "canary.h"

typedef struct Note {
    int64_t id;
    const char *v;
    ath_bytes raw;
    ath_json doc;
    char chars[128];
} Note;

ATH_MODEL(Note, "notes") {
    ath_column(id, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO);
    ath_column(v, .type = ATH_TEXT, .nullable = true);
    ath_column(raw, .nullable = true);
    ath_column(doc, .nullable = true);
    ath_column(chars);
}

ATH_METADATA(Notes, Note);

static bool begin(void) {
    return canary_begin() && suite_tables(db, &Notes);
}

static ath_status insert(int64_t id, const char *text) {
    ath_result *r =
        ath_execute(c, ath_insert(.model = ath_model_of(Note),
                                  .set = ath_set(ath_to(Note, id, id), ath_to(Note, v, text), ath_to(Note, chars, text),
                                                 ath_to(Note, raw, ((ath_bytes){text, strlen(text)})))));
    ath_status status = r ? ATH_OK : ath_error(c)->status;
    ath_result_close(r);
    return status;
}

static void check_note(int64_t id, const char *text) {
    ath_result *r = ath_execute(c, ath_select(.model = ath_model_of(Note), .where = ath_eq(ath_col(Note, id), id)));
    const ath_row *row = r ? ath_result_one(r) : NULL;
    CHECK(row != NULL);
    if (row) {
        CHECK_STR(ath_row_text(row, 1), text);
        const ath_value *raw = ath_row_at(row, 2);
        CHECK(raw->kind == ATH_KIND_BYTES && raw->as.bytes.size == strlen(text) &&
              memcmp(raw->as.bytes.data, text, strlen(text)) == 0);
        CHECK_STR(ath_row_text(row, 4), text);
    }
    ath_result_close(r);
}

#define COUNT_WHERE(id_, condition)                                                                                    \
    suite_ask(c, ath_select(.columns = ath_cols(ath_count_all()), .from = ath_from(ath_model_source(Note)),            \
                            .where = ath_and(ath_eq(ath_col(Note, id), id_), condition)))

/* ---- bound values ---- */

TEST(bound_values) {
    if (begin())
        for (size_t i = 0; i < CORPUS_COUNT; i++) {
            const char *text = corpus[i];
            int64_t id = (int64_t)i + 1;
            bool valid = is_utf8(text);
            test_context("%zu: %s", i, text);
            ath_status status = insert(id, text);
            CHECK_INT(status, valid ? ATH_OK : ATH_DATA);
            if (status != ATH_OK) {
                CHECK_OK(c, ath_rollback(c));
                continue;
            }
            check_note(id, text);
            CHECK_INT(COUNT_WHERE(id, ath_eq(ath_col(Note, v), text)), 1);
            CHECK_INT(COUNT_WHERE(id, ath_ne(ath_col(Note, v), text)), 0);
            CHECK_INT(COUNT_WHERE(id, ath_eq(ath_col(Note, raw), ((ath_bytes){text, strlen(text)}))), 1);
            CHECK_INT(COUNT_WHERE(id, ath_in(ath_col(Note, v), "no such", text, "'")), 1);
            CHECK_INT(COUNT_WHERE(id, ath_not_in(ath_col(Note, v), "no such", text)), 0);
            CHECK_OK(c, ath_commit(c));
            check_canary();
        }
    canary_end();
}

/* As values of SQL text; what looks like a parameter in strings, names and comments is none. */
TEST(text_with_binds) {
    static const char sql[] =
        "SELECT v, '? :v $1 %s \"', id AS \":v\" FROM notes /* :v ? $1 ' */ WHERE v = :v -- :v ?\n AND id = :id";
    static const char mysql[] =
        "SELECT v, '? :v $1 %s \"', id AS `:v` FROM notes /* :v ? $1 ' */ WHERE v = :v -- :v ?\n AND id = :id";
    if (begin())
        for (size_t i = 0; i < CORPUS_COUNT; i++) {
            const char *text = corpus[i];
            int64_t id = (int64_t)i + 1;
            test_context("%zu: %s", i, text);
            if (!is_utf8(text))
                continue;
            CHECK_INT(insert(id, text), ATH_OK);
            ath_result *r =
                ath_execute(c, ath_text(test_on == TEST_MYSQL ? mysql : sql, ath_bind("v", text), ath_bind("id", id)));
            const ath_row *row = r ? ath_result_one(r) : NULL;
            if (!row)
                test_failed_(__FILE__, __LINE__, "%s", r ? ath_result_error(r)->message : ath_error(c)->message);
            CHECK_STR(row ? ath_row_text(row, 0) : "", text);
            CHECK_STR(row ? ath_row_text(row, 1) : "", "? :v $1 %s \"");
            CHECK_STR(r ? ath_result_column_name(r, 2) : "", ":v");
            ath_result_close(r);
            CHECK_OK(c, ath_commit(c));
        }
    check_canary();
    canary_end();
}

/* ---- patterns ---- */

/* contains, startswith and endswith take their value as it is: no wildcard in it counts. */
TEST(patterns) {
    static const char control[] = "0123456789 zyx";
    char text[256];
    if (!begin()) {
        canary_end();
        return;
    }
    CHECK_INT(insert(1000, control), ATH_OK);
    for (size_t i = 0; i < CORPUS_COUNT; i++) {
        int64_t id = (int64_t)i + 1;
        const char *part = corpus[i];
        test_context("%zu: %s", i, part);
        if (!is_utf8(part))
            continue;
        snprintf(text, sizeof text, "<%s>%s</%s>", part, part, part);
        CHECK_INT(insert(id, text), ATH_OK);
        CHECK_INT(COUNT_WHERE(id, ath_contains(ath_col(Note, v), part)), 1);
        snprintf(text, sizeof text, "<%s>", part);
        CHECK_INT(COUNT_WHERE(id, ath_startswith(ath_col(Note, v), text)), 1);
        snprintf(text, sizeof text, "</%s>", part);
        CHECK_INT(COUNT_WHERE(id, ath_endswith(ath_col(Note, v), text)), 1);
        bool there = strcasestr(control, part) != NULL;
        if (strlen(part) < 3 || strchr("%_\\'\"", part[0]))
            CHECK_INT(COUNT_WHERE(1000, ath_contains(ath_col(Note, v), part)), there);
        CHECK_OK(c, ath_commit(c));
    }
    check_canary();
    canary_end();
}

/* ---- expressions ---- */

TEST(expressions) {
    if (begin())
        for (size_t i = 0; i < CORPUS_COUNT; i++) {
            const char *text = corpus[i];
            int64_t id = (int64_t)i + 1;
            test_context("%zu: %s", i, text);
            if (!is_utf8(text))
                continue;
            char twice[256];
            snprintf(twice, sizeof twice, "%s%s", text, text);
            CHECK_INT(insert(id, text), ATH_OK);
            ath_result *r =
                ath_execute(c, ath_update_of(.model = ath_model_of(Note), .where = ath_eq(ath_col(Note, id), id),
                                             .set = ath_set(ath_to(Note, v, ath_concat(ath_col(Note, v), text)))));
            CHECK(r != NULL);
            ath_result_close(r);
            r = ath_execute(
                c, ath_select(.columns = ath_cols(ath_col(Note, v), ath_coalesce(ath_col(Note, v), text),
                                                  ath_label(ath_case(ath_when(ath_eq(ath_col(Note, chars), text), text),
                                                                     ath_else("other")),
                                                            "c")),
                              .where = ath_eq(ath_col(Note, id), id)));
            const ath_row *row = r ? ath_result_one(r) : NULL;
            if (!row)
                test_failed_(__FILE__, __LINE__, "%s", r ? ath_result_error(r)->message : ath_error(c)->message);
            CHECK_STR(row ? ath_row_text(row, 0) : "", twice);
            CHECK_STR(row ? ath_row_text(row, 1) : "", twice);
            CHECK_STR(row ? ath_row_text(row, 2) : "", text);
            ath_result_close(r);
            CHECK_OK(c, ath_commit(c));
        }
    check_canary();
    canary_end();
}

/* ---- sessions ---- */

TEST(sessions) {
    if (begin()) {
        ath_session *s = ath_session_open(db);
        for (size_t i = 0; i < CORPUS_COUNT; i++) {
            Note note = {.id = (int64_t)i + 1, .v = corpus[i]};
            snprintf(note.chars, sizeof note.chars, "%s", corpus[i]);
            if (is_utf8(corpus[i]))
                CHECK(ath_add(s, Note, &note) != NULL);
        }
        CHECK_OK(s, ath_commit(s));
        ath_session_close(s);
        s = ath_session_open(db);
        for (size_t i = 0; i < CORPUS_COUNT; i++) {
            test_context("%zu: %s", i, corpus[i]);
            if (!is_utf8(corpus[i]))
                continue;
            const Note *note = ath_get(s, Note, (int64_t)i + 1);
            CHECK_STR(note ? note->v : "", corpus[i]);
            CHECK_STR(note ? note->chars : "", corpus[i]);
            note = ath_one_or_none(
                s, Note,
                .where = ath_and(ath_eq(ath_col(Note, v), corpus[i]), ath_eq(ath_col(Note, id), (int64_t)i + 1)));
            CHECK(note != NULL);
        }
        ath_session_close(s);
        check_canary();
    }
    canary_end();
}

/* ---- what is no text ---- */

TEST(broken_utf8) {
    if (begin())
        for (size_t i = 0; i < BROKEN_COUNT; i++) {
            test_context("%zu", i);
            CHECK_STATUS(c, insert(1, broken[i]), ATH_DATA);
            CHECK_OK(c, ath_rollback(c));
            ath_result *r =
                ath_execute(c, ath_select(.model = ath_model_of(Note), .where = ath_eq(ath_col(Note, v), broken[i])));
            CHECK(r == NULL && ath_error(c)->status == ATH_DATA);
            ath_result_close(r);
            CHECK_OK(c, ath_rollback(c));
            r = ath_execute(c, ath_text("SELECT id FROM notes WHERE v = :v", ath_bind("v", broken[i])));
            const ath_row *row = r ? ath_result_first(r) : NULL; /* of text nobody knows the type; it matches nothing */
            CHECK(row == NULL);
            ath_result_close(r);
            CHECK_OK(c, ath_rollback(c));
            /* bytes may be any */
            const ath_bytes raw = {broken[i], strlen(broken[i])};
            r = ath_execute(
                c, ath_insert(.model = ath_model_of(Note),
                              .set = ath_set(ath_to(Note, id, 1), ath_to(Note, chars, ""), ath_to(Note, raw, raw))));
            CHECK(r != NULL);
            ath_result_close(r);
            CHECK_INT(COUNT_WHERE(1, ath_eq(ath_col(Note, raw), raw)), 1);
            CHECK_OK(c, ath_rollback(c));
        }
    check_canary();
    canary_end();
}

/* Text with a NUL inside is refused rather than cut; bytes keep it. */
TEST(nul_inside) {
    if (begin()) {
        const ath_expr text = {.node = ATH_NODE_LITERAL, .u.value = {.kind = ATH_KIND_TEXT, .as.text = {"a\0'b", 4}}};
        const ath_assignment set[] = {ath_to(Note, id, 1), ath_to(Note, chars, ""), {ATH_X_(ath_col(Note, v)), &text}};
        ath_result *r = ath_execute(c, ath_insert(.model = ath_model_of(Note), .set = {3, set}));
        CHECK(r == NULL && ath_error(c)->status == ATH_DATA);
        ath_result_close(r);
        CHECK_OK(c, ath_rollback(c));
        const ath_bytes raw = {"a\0'b", 4};
        r = ath_execute(
            c, ath_insert(.model = ath_model_of(Note),
                          .set = ath_set(ath_to(Note, id, 1), ath_to(Note, chars, ""), ath_to(Note, raw, raw))));
        CHECK(r != NULL);
        ath_result_close(r);
        CHECK_INT(COUNT_WHERE(1, ath_eq(ath_col(Note, raw), raw)), 1);
        CHECK_INT(COUNT_WHERE(1, ath_eq(ath_col(Note, raw), ((ath_bytes){"a", 1}))), 0);
        CHECK_OK(c, ath_rollback(c));
    }
    check_canary();
    canary_end();
}

/* A megabyte of quotes, as text and as bytes. */
TEST(very_long) {
    enum { SIZE = 1 << 20 };
    if (begin()) {
        char *text = malloc(SIZE + 1);
        CHECK(text != NULL);
        for (size_t i = 0; text && i < SIZE; i++)
            text[i] = "'\\\"`%;-"[i % 7];
        if (text)
            text[SIZE] = '\0';
        ath_result *r = ath_execute(
            c, ath_text("SELECT count(*) FROM notes WHERE v = :v OR v = :w", ath_bind("v", text), ath_bind("w", "x")));
        CHECK_INT(suite_scalar_(c, r, __FILE__, __LINE__), 0);
        r = ath_execute(
            c, ath_insert(.model = ath_model_of(Note),
                          .set = ath_set(ath_to(Note, id, 1), ath_to(Note, chars, ""), ath_to(Note, v, text))));
        if (r) {
            ath_result_close(r);
            r = ath_execute(
                c, ath_select(.columns = ath_cols(ath_col(Note, v)), .from = ath_from(ath_model_source(Note))));
            const ath_row *row = r ? ath_result_one(r) : NULL;
            CHECK(row && ath_row_at(row, 0)->as.text.size == SIZE && memcmp(ath_row_text(row, 0), text, SIZE) == 0);
        } else {
            CHECK_INT(ath_error(c)->status, ATH_DATA); /* TEXT of 64 KiB */
            CHECK_INT(test_on, TEST_MYSQL);
        }
        ath_result_close(r);
        CHECK_OK(c, ath_rollback(c));
        free(text);
    }
    check_canary();
    canary_end();
}

static const suite_case cases[] = {
    {"bound_values", bound_values, 0}, {"text_with_binds", text_with_binds, 0},
    {"patterns", patterns, 0},         {"expressions", expressions, 0},
    {"sessions", sessions, 0},         {"broken_utf8", broken_utf8, 0},
    {"nul_inside", nul_inside, 0},     {"very_long", very_long, 0},
};

int main(int argc, char **argv) {
    return suite_main(argc, argv, cases, TEST_COUNT(cases));
}
