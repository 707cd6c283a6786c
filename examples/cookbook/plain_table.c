/* SPDX-License-Identifier: Apache-2.0
 *
 * A table without a struct: described by the program as it runs, read by the names of its columns. */
#include "blog.h"

/* accounts = Table("accounts", metadata,
 *     Column("id", Integer, primary_key=True, autoincrement=False),
 *     Column("name", String(50), nullable=False, unique=True),
 *     Column("age", Integer),
 *     Column("opened", Date)) */
static ath_table *accounts_new(void) {
    return ath_table_new(
        "accounts", ath_column_def("id", ATH_INTEGER, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO),
        ath_column_def("name", ATH_STRING(50), .not_null = true, .unique = true), ath_column_def("age", ATH_INTEGER),
        ath_column_def("opened", ATH_DATE), ath_index_def("ix_accounts_age", ath_parts(ath_part("age"))));
}

#define ACCOUNTS(column) ath_name("accounts", column)

/* connection.execute(insert(accounts), [{...}, ...]) */
static bool fill(ath_connection *connection, const ath_table *accounts) {
    ath_date leap_day, winter;
    ath_date_make(2024, 2, 29, &leap_day);
    ath_date_make(2023, 12, 1, &winter);
    ath_result *result = ath_execute(
        connection, ath_insert(.described = accounts, .columns = ath_names("id", "name", "age", "opened"),
                               .values = ath_rows(ath_vals(1, "Alice", 31, leap_day), ath_vals(2, "Bob", 17, winter),
                                                  ath_vals(3, "Carol", ath_null(), winter))));
    ath_result_close(result);
    return result != NULL;
}

/* posts = table('posts', column('status', String))
 * connection.execute(accounts.update().values(age=18).where(accounts.c.age == None)) */
static bool change(ath_connection *connection, const ath_table *accounts) {
    ath_result *result =
        ath_execute(connection, ath_update_of(.described = accounts, .set = ath_set(ath_name_to("age", 18)),
                                              .where = ath_is_null(ACCOUNTS("age"))));
    if (result)
        printf("%" PRId64 " changed\n", ath_result_rowcount(result));
    ath_result_close(result);
    return result != NULL;
}

/* for row in connection.execute(select(accounts).where(accounts.c.age >= 18).order_by(accounts.c.name)): ... */
static bool show(ath_connection *connection, const ath_table *accounts) {
    ath_result *result =
        ath_execute(connection, ath_select(.columns = ath_cols(ACCOUNTS("name"), ACCOUNTS("age"), ACCOUNTS("opened")),
                                           .from = ath_from(ath_described(accounts)),
                                           .where = ath_ge(ACCOUNTS("age"), 18), .order_by = ath_by(ACCOUNTS("name"))));
    for (const ath_row *row; (row = ath_fetch(result)) != NULL;) {
        char opened[ATH_DATE_TEXT]; /* a date on SQLite, too: the table says so */
        ath_date_format(ath_row_get(row, "opened")->as.date, opened);
        printf("%s is %" PRId64 ", since %s\n", ath_row_text(row, 0), ath_row_get(row, "age")->as.i, opened);
    }
    ath_result_close(result);
    return result != NULL;
}

int main(void) {
    ath_error error = {0};
    ath_table *accounts = accounts_new();
    ath_engine *engine = ath_engine_open(cookbook_url(), .error = &error);
    ath_connection *connection = NULL;
    bool ok = false;
    if (engine && accounts) {
        /* metadata.create_all(engine) */
        const ath_metadata metadata = ath_metadata_of(ath_tables(accounts));
        ok = ath_create_all(engine, &metadata, &error) == ATH_OK && (connection = ath_connect(engine, &error)) != NULL;
    }
    if (connection) {
        ok = fill(connection, accounts) && change(connection, accounts) && show(connection, accounts) &&
             ath_commit(connection) == ATH_OK;
        error = *ath_error(connection);
    }
    ath_connection_close(connection);
    ath_engine_close(engine);
    ath_table_free(accounts);
    if (!ok)
        fprintf(stderr, "%s\n", error.message);
    return ok ? 0 : 1;
}
