/* SPDX-License-Identifier: Apache-2.0
 *
 * Version columns: what is written, and that a change made from an old state is found out and named, alone and in batches.
 */
#include "../servers.h"

#include <athanor/athanor.h>

typedef struct Document {
    int64_t id;
    const char *title;
    int32_t version;
    ath_opt_i64 pages;
} Document;
ATH_MODEL(Document, "documents") {
    ath_column(id, .primary_key = true);
    ath_column(title, .type = ATH_STRING(40));
    ath_column(version, .version = true);
    ath_column(pages, .nullable = true);
}

typedef struct Entry { /* a key of two columns */
    int32_t shelf, place;
    const char *text;
    int64_t changes;
} Entry;
ATH_MODEL(Entry, "entries") {
    ath_column(shelf, .primary_key = true);
    ath_column(place, .primary_key = true);
    ath_column(text, .type = ATH_STRING(40));
    ath_column(changes, .name = "v", .version = true);
}
ATH_METADATA(Archive, Document, Entry);

/* What has gone over the wire, but for the transactions' own. */
static char last[1024];
static int sent;
static void keep_line(void *context, ath_log_level level, const char *line) {
    (void)context;
    (void)level;
    if (strncmp(line, "UPDATE", 6) == 0 || strncmp(line, "DELETE", 6) == 0 || strncmp(line, "INSERT", 6) == 0) {
        snprintf(last, sizeof last, "%s", line);
        sent++;
    }
}

static ath_engine *db;

static ath_session *archive_open(void) {
    ath_error error = {0};
    db = ath_engine_open(test_url(test_on), .error = &error, .log = keep_line, .echo = true);
    if (db && ath_drop_all(db, &Archive, &error) == ATH_OK && ath_create_all(db, &Archive, &error) == ATH_OK)
        return ath_session_open(db);
    test_failed_(__FILE__, __LINE__, "%s [%s]", error.message, error.statement);
    return NULL;
}

static void archive_close(ath_session *s) {
    ath_session_close(s);
    ath_engine_close(db);
}

/* As another program would. */
static void run_sql(const char *sql) {
    ath_error error = {0};
    ath_connection *c = ath_connect(db, &error);
    ath_result *r = ath_execute(c, ath_text(sql));
    CHECK(r);
    ath_result_close(r);
    CHECK_INT(ath_commit(c), ATH_OK);
    ath_connection_close(c);
}

TEST(counts_changes) {
    ath_session *s = archive_open();
    Document *d = ath_new(s, Document, .title = "one", .version = 7);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(d->version, 1);
    d->title = "two";
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(d->version, 2);
    d->version = 40; /* not the program's to say */
    sent = 0;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(sent, 0);
    CHECK_INT(d->version, 2);
    d->title = "two"; /* no net change */
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(sent, 0);
    d->title = "three";
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(d->version, 2);
    d->title = "four";
    CHECK_INT(ath_flush(s), ATH_OK);
    CHECK_INT(d->version, 3);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(d->version, 2);
    CHECK_STR(d->title, "two");
    CHECK_INT(ath_refresh(s, d), ATH_OK);
    CHECK_INT(d->version, 2);
    archive_close(s);
}

TEST(says_so_in_the_statement) {
    ath_session *s = archive_open();
    Document *d = ath_new(s, Document, .title = "one");
    CHECK_INT(ath_commit(s), ATH_OK);
    d->title = "two";
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(last, test_on == TEST_POSTGRESQL
                        ? "UPDATE documents SET title=$1, version=$2 WHERE documents.id = $3 AND "
                          "documents.version = $4"
                        : "UPDATE documents SET title=?, version=? WHERE documents.id = ? AND "
                          "documents.version = ?");
    ath_delete(s, d);
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_STR(last, test_on == TEST_POSTGRESQL
                        ? "DELETE FROM documents WHERE documents.id = $1 AND documents.version = $2"
                        : "DELETE FROM documents WHERE documents.id = ? AND documents.version = ?");
    archive_close(s);
}

TEST(finds_out_who_was_late) {
    ath_session *s = archive_open();
    Document *d = ath_new(s, Document, .title = "one");
    Entry *e = ath_new(s, Entry, .shelf = 1, .place = 2, .text = "a");
    CHECK_INT(ath_commit(s), ATH_OK);
    run_sql("UPDATE documents SET title = 'theirs', version = 2");
    d->title = "ours";
    CHECK_INT(ath_flush(s), ATH_STALE_DATA);
    CHECK_STR(ath_error(s)->message, "UPDATE statement on table 'documents' expected to update 1 row; 0 were matched: "
                                     "Document id=1 was changed or deleted by somebody else");
    CHECK_STR(ath_error(s)->table, "documents");
    CHECK(!ath_error(s)->retryable);
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(d->version, 1);
    CHECK_INT(ath_refresh(s, d), ATH_OK);
    CHECK_STR(d->title, "theirs");
    d->title = "ours";
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(d->version, 3);
    run_sql("UPDATE entries SET v = 5");
    ath_delete(s, e);
    CHECK_INT(ath_commit(s), ATH_STALE_DATA);
    CHECK(strstr(ath_error(s)->message, "DELETE statement on table 'entries' expected to delete 1 row; 0 were matched: "
                                        "Entry shelf=1, place=2 was"));
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_session_state(s, e), ATH_STATE_PERSISTENT);
    archive_close(s);
}

enum { MANY = 40 };

static void fill(ath_session *s, Document **documents, Entry **entries) {
    for (int i = 0; i < MANY; i++) {
        documents[i] = ath_new(s, Document, .title = "old");
        entries[i] = ath_new(s, Entry, .shelf = i / 10, .place = i % 10, .text = "old");
    }
    CHECK_INT(ath_commit(s), ATH_OK);
}

TEST(batches_are_proven) {
    Document *documents[MANY];
    Entry *entries[MANY];
    ath_session *s = archive_open();
    fill(s, documents, entries);
    for (int i = 0; i < MANY; i++) {
        documents[i]->title = "new";
        entries[i]->text = "new";
    }
    sent = 0;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(sent, test_on == TEST_SQLITE ? 2 * MANY : 2);
    CHECK_INT(documents[MANY - 1]->version, 2);
    CHECK_INT(entries[0]->changes, 2);
    CHECK_INT(ath_count(s, Document, .where = ath_eq(ath_col(Document, version), 2)), MANY);
    for (int i = 0; i < MANY; i += 2) {
        ath_delete(s, documents[i]);
        ath_delete(s, entries[i]);
    }
    sent = 0;
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(sent, 2);
    CHECK_INT(ath_count(s, Document), MANY / 2);
    CHECK_INT(ath_count(s, Entry), MANY / 2);
    archive_close(s);
}

TEST(one_of_many_is_named) {
    Document *documents[MANY];
    Entry *entries[MANY];
    ath_session *s = archive_open();
    fill(s, documents, entries);
    run_sql("UPDATE documents SET version = 2 WHERE id = 18");
    for (int i = 0; i < MANY; i++)
        documents[i]->title = "new";
    CHECK_INT(ath_flush(s), ATH_STALE_DATA);
    test_context("%s", ath_error(s)->message);
    CHECK(strstr(ath_error(s)->message, "Document id=18 was changed or deleted by somebody else"));
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_STR(documents[0]->title, "old");
    CHECK_INT(documents[0]->version, 1);
    run_sql("DELETE FROM entries WHERE shelf = 2 AND place = 3");
    for (int i = 0; i < MANY; i++)
        entries[i]->text = "new";
    CHECK_INT(ath_flush(s), ATH_STALE_DATA);
    test_context("%s", ath_error(s)->message);
    CHECK(strstr(ath_error(s)->message, "Entry shelf=2, place=3 was"));
    CHECK_INT(ath_rollback(s), ATH_OK);
    for (int i = 10; i < MANY; i++)
        ath_delete(s, documents[i]);
    CHECK_INT(ath_flush(s), ATH_STALE_DATA);
    test_context("%s", ath_error(s)->message);
    CHECK(strstr(ath_error(s)->message, "expected to delete 30 rows; 29 were matched: Document id=18 was"));
    test_context("%s", "");
    CHECK_INT(ath_rollback(s), ATH_OK);
    CHECK_INT(ath_count(s, Document), MANY);
    archive_close(s);
}

TEST(changes_by_condition_count) {
    ath_session *s = archive_open();
    Document *d = ath_new(s, Document, .title = "one");
    ath_new(s, Document, .title = "two");
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(ath_update(s, Document, .set = ath_set(ath_to(Document, pages, 3)), .all_rows = true), 2);
    CHECK_INT(d->version, 2);
    CHECK_INT(ath_update(s, Document, .set = ath_set(ath_to(Document, version, 9)),
                         .where = ath_eq(ath_col(Document, id), 1)),
              1);
    CHECK_INT(d->version, 9);
    d->title = "three";
    CHECK_INT(ath_commit(s), ATH_OK);
    CHECK_INT(d->version, 10);
    archive_close(s);
}

typedef struct Wrong {
    int64_t id;
    const char *version;
} Wrong;
ATH_MODEL(Wrong, "wrong") {
    ath_column(id, .primary_key = true);
    ath_column(version, .version = true);
}

TEST(a_version_is_a_plain_integer) {
    ath_error error;
    CHECK(!ath_model_table(ath_model_of(Wrong), &error));
    CHECK(strstr(error.message, "version column version must be a plain integer"));
}

static const test_case cases[] = {
    {"counts_changes", counts_changes},
    {"says_so_in_the_statement", says_so_in_the_statement},
    {"finds_out_who_was_late", finds_out_who_was_late},
    {"batches_are_proven", batches_are_proven},
    {"one_of_many_is_named", one_of_many_is_named},
    {"changes_by_condition_count", changes_by_condition_count},
    {"a_version_is_a_plain_integer", a_version_is_a_plain_integer},
};

int main(int argc, char **argv) {
    return test_main_on_each(argc, argv, cases, TEST_COUNT(cases));
}
