/* SPDX-License-Identifier: Apache-2.0
 *
 * What went wrong, told apart by its kind: the same on every database. */
#include "blog.h"

/* try: ...
 * except IntegrityError / ProgrammingError / NoResultFound / MultipleResultsFound / ... as e
 *
 * A status instead of a class; ath_error has the rest. */
static void tell(const char *what, ath_session *db) {
    const ath_error *error = ath_error(db);
    printf("%s: %s\n", what, ath_status_name(error->status));
    if (error->status == ATH_INTEGRITY && *error->column)
        printf("  of %s.%s\n", error->table, error->column);
    ath_rollback(db); /* PostgreSQL refuses all else until then; a failed flush does so everywhere */
}

static void wrong_sql(ath_session *db) {
    /* except ProgrammingError (on SQLite: OperationalError) */
    ath_result_close(ath_execute(db, ath_text("SELECT x FROM nowhere")));
    tell("a table that is not there", db);
    ath_result_close(ath_execute(db, ath_text("SELEC 1")));
    tell("a word misspelt", db);

    /* StatementError: A value is required for bind parameter 'id' */
    ath_result_close(ath_execute(db, ath_text("SELECT username FROM users WHERE id = :id")));
    tell("a value that is missing", db);
}

static void wrong_count(ath_session *db) {
    /* except NoResultFound */
    ath_one(db, User, .where = ath_eq(ath_col(User, username), "nobody"));
    tell("nobody where one must be", db);

    /* except MultipleResultsFound */
    ath_one(db, User, .where = ath_is(ath_col(User, is_active)));
    tell("three where one must be", db);
}

static void wrong_values(ath_session *db) {
    /* except IntegrityError */
    ath_new(db, User, .username = "alice", .email = "again@example.org");
    ath_flush(db);
    tell("a name that is taken", db);

    /* PendingRollbackError: This Session's transaction has been rolled back due to a previous exception during flush.
     *
     * Without a rollback the session goes on telling the error: */
    ath_new(db, User, .username = "bob", .email = "again@example.com");
    if (ath_flush(db) == ATH_INTEGRITY && !ath_first(db, User))
        tell("the next query", db);
}

static void wrong_calls(ath_session *db) {
    /* A DELETE of all rows must say .all_rows = true. */
    ath_delete_where(db, Comment);
    tell("a condition that was forgotten", db);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    wrong_sql(db);
    wrong_count(db);
    wrong_values(db);
    wrong_calls(db);

    int64_t users = ath_count(db, User); /* after all that, the session works */
    printf("%" PRId64 " users\n", users);
    return blog_close(engine, db, users == 4);
}
