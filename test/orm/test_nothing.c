/* SPDX-License-Identifier: Apache-2.0
 *
 * What a failed call hands over, NULL, handed on to every function that takes it.
 */
#include "test.h"

#include <athanor/athanor.h>

typedef struct Thing {
    int64_t id;
    const char *name;
} Thing;

ATH_MODEL(Thing, "things") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(20));
}
ATH_METADATA(Things, Thing);

TEST(no_engine) {
    ath_error error;
    char text[100];
    ath_engine *none = ath_engine_open("sqlite://?colour=red", .error = &error);
    CHECK(none == NULL);
    CHECK(ath_engine_dialect(none) == NULL);
    CHECK_INT(ath_engine_statistics(none).statements, 0);
    ath_engine_dispose(none);
    ath_engine_close(none);
    CHECK(ath_connect(none) == NULL);
    CHECK(ath_connect(none, &error) == NULL);
    CHECK_INT(error.status, ATH_ARGUMENT);
    CHECK(ath_connection_open(none, &error) == NULL);
    CHECK(ath_session_open(none, .error = &error) == NULL);
    CHECK_INT(error.status, ATH_ARGUMENT);
    CHECK_INT(ath_create_all(none, &Things, &error), ATH_ARGUMENT);
    CHECK_INT(ath_drop_all(none, &Things, &error), ATH_ARGUMENT);
    CHECK_INT(
        ath_engine_sql(none, ath_stmt_of(ath_select(.model = ath_model_of(Thing))), text, sizeof text, NULL, &error),
        ATH_ARGUMENT);
    ath_ddl_text *ddl = ath_ddl_sql("nowhere", ath_ddl_of(ATH_DDL_CREATE_ALL, .metadata = &Things), &error);
    CHECK(ddl == NULL && ath_ddl_text_count(ddl) == 0 && ath_ddl_text_at(ddl, 0) == NULL);
    ath_ddl_text_free(ddl);
    ath_url *url = ath_url_parse("nonsense", &error);
    CHECK(url == NULL && ath_url_get(url, "key") == NULL);
    CHECK_INT(ath_url_print(url, text, sizeof text), 0);
    CHECK_STR(text, "");
    ath_url_free(url);
}

TEST(no_connection) {
    ath_error error;
    ath_connection *none = NULL;
    bool exists;
    CHECK_INT(ath_error(none)->status, ATH_ARGUMENT);
    CHECK(strstr(ath_error(none)->message, "no connection") != NULL);
    ath_connection_set_timeout(none, 5);
    CHECK_INT(ath_connection_cancel(none, &error), ATH_ARGUMENT);
    CHECK_INT(error.status, ATH_ARGUMENT);
    CHECK_INT(ath_connection_cancel(none, NULL), ATH_ARGUMENT);
    ath_connection_invalidate(none);
    CHECK_INT(ath_begin(none), ATH_ARGUMENT);
    CHECK_INT(ath_commit(none), ATH_ARGUMENT);
    CHECK_INT(ath_rollback(none), ATH_ARGUMENT);
    CHECK(!ath_connection_in_transaction(none));
    CHECK_INT(ath_connection_savepoint(none), ATH_ARGUMENT);
    CHECK_INT(ath_connection_release(none), ATH_ARGUMENT);
    CHECK_INT(ath_connection_rollback_to(none), ATH_ARGUMENT);
    CHECK(ath_execute(none, ath_text("SELECT 1")) == NULL);
    CHECK(ath_execute(none, ath_text("SELECT 1"), .stream_results = true) == NULL);
    CHECK(ath_connection_execute(none, ath_stmt_of(ath_text("SELECT 1"))) == NULL);
    CHECK_INT(ath_connection_run_ddl(none, ath_ddl_of(ATH_DDL_CREATE_ALL, .metadata = &Things)), ATH_ARGUMENT);
    CHECK(ath_connection_inspect(none, NULL) == NULL);
    CHECK_INT(ath_connection_has_table(none, NULL, "things", &exists), ATH_ARGUMENT);
    ath_connection_close(none);
}

TEST(no_result) {
    ath_result *none = NULL;
    const ath_row *no_row = ath_fetch(none);
    CHECK(no_row == NULL && ath_fetch(none) == NULL);
    CHECK(ath_result_first(none) == NULL && ath_result_one(none) == NULL);
    CHECK(ath_result_one_or_none(none) == NULL && ath_result_scalar(none) == NULL);
    CHECK(ath_result_all(none) == NULL && ath_len(ath_result_all(none)) == 0);
    CHECK_INT(ath_result_rowcount(none), -1);
    CHECK_INT(ath_result_inserted_id(none), 0);
    CHECK_INT(ath_result_column_count(none), 0);
    CHECK(ath_result_column_name(none, 0) == NULL);
    CHECK_INT(ath_result_error(none)->status, ATH_ARGUMENT);
    CHECK_INT(ath_error(none)->status, ATH_ARGUMENT);
    ath_result_close(none);
    CHECK(ath_row_at(no_row, 0) == NULL && ath_row_get(no_row, "name") == NULL && ath_row_is_null(no_row, 0));
    CHECK_INT(ath_row_int(no_row, 0), 0);
    CHECK(ath_row_real(no_row, 0) == 0 && ath_row_text(no_row, 0) == NULL);
}

TEST(no_session) {
    ath_session *none = NULL;
    Thing thing = {1, "one"};
    CHECK_INT(ath_error(none)->status, ATH_ARGUMENT);
    CHECK(strstr(ath_error(none)->message, "no session") != NULL);
    CHECK_INT(ath_flush(none), ATH_ARGUMENT);
    CHECK_INT(ath_begin(none), ATH_ARGUMENT);
    CHECK_INT(ath_commit(none), ATH_ARGUMENT);
    CHECK_INT(ath_rollback(none), ATH_ARGUMENT);
    CHECK(ath_execute(none, ath_text("SELECT 1")) == NULL);
    CHECK(ath_session_execute(none, ath_stmt_of(ath_text("SELECT 1"))) == NULL);
    CHECK(ath_new(none, Thing, .name = "one") == NULL);
    CHECK(ath_add(none, Thing, &thing) == NULL);
    CHECK(ath_get(none, Thing, 1) == NULL);
    CHECK_INT(ath_delete(none, &thing), ATH_ARGUMENT);
    CHECK_INT(ath_delete(none, NULL), ATH_ARGUMENT);
    CHECK_INT(ath_refresh(none, &thing), ATH_ARGUMENT);
    CHECK_INT(ath_session_state(none, &thing), ATH_STATE_NONE);
    CHECK(ath_all(none, Thing) == NULL && ath_first(none, Thing) == NULL);
    CHECK(ath_one(none, Thing) == NULL && ath_one_or_none(none, Thing) == NULL);
    CHECK(ath_scalar(none, ath_select(.columns = ath_cols(1))) == NULL);
    CHECK_INT(ath_count(none, Thing), -1);
    CHECK(ath_into(none, Thing, ath_select(.model = ath_model_of(Thing))) == NULL);
    CHECK_INT(ath_update(none, Thing, .set = ath_set(ath_to(Thing, name, "x")), .all_rows = true), -1);
    CHECK_INT(ath_delete_where(none, Thing, .all_rows = true), -1);
    ath_stream *stream = ath_stream_open(none, Thing);
    CHECK(stream == NULL && ath_stream_next(stream) == NULL);
    CHECK_INT(ath_stream_close(stream), ATH_OK);
    int times = 0;
    ATH_TRANSACTION(none) times++;
    CHECK_INT(times, 1);
    ath_session_close(none);
}

/* A query that could not be built, and an object that was not made. */
TEST(nothing_for_a_session) {
    ath_engine *db = ath_engine_open("sqlite://");
    CHECK_INT(ath_create_all(db, &Things), ATH_OK);
    ath_session *s = ath_session_open(db);
    const ath_select_stmt *none = ath_query_stmt(NULL);
    CHECK(none == NULL);
    CHECK(ath_execute(s, none) == NULL);
    CHECK_INT(ath_error(s)->status, ATH_ARGUMENT);
    CHECK(ath_scalar(s, none) == NULL && ath_into(s, Thing, none) == NULL);
    CHECK(ath_query_all(s, Thing, NULL) == NULL && ath_query_count(s, Thing, NULL) == -1);
    CHECK_INT(ath_delete(s, NULL), ATH_ARGUMENT);
    CHECK_INT(ath_refresh(s, NULL), ATH_ARGUMENT);
    CHECK_INT(ath_session_state(s, NULL), ATH_STATE_NONE);
    CHECK(ath_all(s, Thing) != NULL);
    CHECK(ath_add(s, Thing, (const Thing *)NULL) == NULL);
    CHECK_INT(ath_commit(s), ATH_ARGUMENT); /* a run of changes is checked once */
    CHECK_INT(ath_rollback(s), ATH_OK);
    ath_session_close(s);
    ath_engine_close(db);
}

static const test_case cases[] = {
    {"no_engine", no_engine},
    {"no_connection", no_connection},
    {"no_result", no_result},
    {"no_session", no_session},
    {"nothing_for_a_session", nothing_for_a_session},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
