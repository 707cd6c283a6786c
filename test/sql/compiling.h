/* SPDX-License-Identifier: Apache-2.0
 *
 * What the tests of the compiler share: the tables of the goldens as models, made-up dialects, and a statement's text as
 * one string to compare.
 */
#ifndef ATH_TEST_SQL_COMPILING_H
#define ATH_TEST_SQL_COMPILING_H

#include "../test.h"

#include "sql/compiler.h"

typedef struct User {
    int32_t id;
    const char *name, *fullname, *email;
    ath_opt_i32 age;
    ath_opt_decimal balance;
    bool is_active;
    char status[21];
    ath_opt_datetime created_at;
    ath_opt_i32 manager_id;
    int32_t not_described;
} User;

typedef struct Address {
    int32_t id, user_id;
    const char *email_address, *city;
} Address;

typedef struct Order {
    int32_t id;
    ath_opt_i32 user_id;
    ath_opt_date placed_on;
    ath_opt_decimal total;
    const char *state;
} Order;

typedef struct Item {
    int32_t order_id, product_id, qty;
    ath_opt_decimal unit_price;
} Item;

typedef struct Product {
    int32_t id;
    const char *sku, *title;
    ath_opt_decimal price;
    ath_opt_i32 qty;
} Product;

typedef struct Node {
    int32_t id;
    ath_opt_i32 parent_id;
    const char *label;
} Node;

typedef struct Counter {
    const char *key;
    int32_t n;
    const char *note;
} Counter;

/* Names that need quotes. */
typedef struct Weird {
    int32_t id;
    const char *select;
    int32_t from, mixed, pct;
    const char *said, *tick, *user;
} Weird;

/* Defaults of every sort. */
typedef struct Draft {
    int32_t id;
    const char *title;
    const char *state;
    int32_t version;
    ath_datetime changed;
} Draft;

/* Two ways to users: a join must be told which. */
typedef struct Transfer {
    int32_t id, sender_id, receiver_id;
} Transfer;

/* A composite foreign key to order_items. */
typedef struct Parcel {
    int32_t id, order_id, product_id;
} Parcel;

typedef struct Shape {
    int32_t id;
} Shape;

/* A model with a mistake. */
typedef struct Broken {
    int32_t id;
} Broken;

ATH_DECLARE(User);
ATH_DECLARE(Address);
ATH_DECLARE(Order);
ATH_DECLARE(Item);
ATH_DECLARE(Product);
ATH_DECLARE(Node);
ATH_DECLARE(Counter);
ATH_DECLARE(Weird);
ATH_DECLARE(Draft);
ATH_DECLARE(Transfer);
ATH_DECLARE(Parcel);
ATH_DECLARE(Shape);
ATH_DECLARE(Broken);

/* `plain` knows little and takes every default; `rich` overrides what a dialect can; `golden` writes as SQLAlchemy does
 * for SQLite. */
extern const ath_dialect dialect_plain, dialect_rich, dialect_golden;

/* A statement's text, or "status: message" when it was refused.  Valid until the next call but three. */
const char *sql_of(const ath_dialect *dialect, ath_stmt stmt);
/* What stands behind " WHERE " when the condition selects users. */
const char *where_of(const ath_dialect *dialect, const ath_expr *condition);
/* Text, plans and values of one statement; release with product_done. */
typedef struct product {
    ath__key key;
    ath__compiled compiled;
    ath_error error;
    ath_status status;
} product;
void product_make(product *p, const ath_dialect *dialect, const ath_allocator *a, ath_stmt stmt);
void product_done(product *p);
/* "INTEGER 5, VARCHAR like 'x', 7 constant": type and value of every placeholder. */
const char *binds_of(const ath_dialect *dialect, ath_stmt stmt);
/* "id INTEGER, count_1 BIGINT": the columns of the rows. */
const char *columns_of(const ath_dialect *dialect, ath_stmt stmt);

typedef struct statement_row {
    ath_stmt stmt;
    const char *plain, *rich; /* NULL: not asked */
} statement_row;
void check_statements(const statement_row *rows, size_t count);

#define CHECK_STATEMENTS(...)                                                                                          \
    do {                                                                                                               \
        const statement_row statement_rows_[] = {__VA_ARGS__};                                                         \
        check_statements(statement_rows_, TEST_COUNT(statement_rows_));                                                \
    } while (0)

#endif
