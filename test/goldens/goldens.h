/* SPDX-License-Identifier: Apache-2.0
 *
 * Statements that SQLAlchemy 2.1 was asked for, in our language, and the text that each database gets from us.  A case is
 * named as there.  The text is SQLAlchemy's, whitespace folded, unless the case gives a reason why ours is another:
 *
 *   escaped    contains, startswith and endswith take their value literally: % and _ in it are escaped, with ESCAPE '/'
 *   zero       an OFFSET of 0 is none
 *   default    a model's default is bound with its value, also where SQLAlchemy puts that in later
 *   order      assignments stand in the order of the program, those of .onupdate behind them
 *   moment     now(6): MySQL's DATETIME(6) keeps microseconds, which now() cuts off
 *   arrow      SQLite has doc -> path, which is NULL where the path leads nowhere; JSON_QUOTE gives the text 'null'
 *   path       the steps into a JSON document are one path ($."tags"[1]), on PostgreSQL one arrow each
 *   text       a part of a JSON document as text needs no CAST to VARCHAR
 *   wide       whole numbers out of JSON have 64 bits
 *   casts      CAST AS BOOLEAN is "not zero" on MySQL; SQLAlchemy leaves the cast out, with a warning
 *   function   a function has the name and the label under which it was called
 *   lock       MySQL 8 locks the rows of single tables (OF)
 *   predicate  the condition of a partial index is written: that a parameter meets it cannot be known
 *   alike      what the databases compute, cast or read out of JSON each in its own way is written so that it is the same
 *   artifact   the answer is damaged: a % of the text was taken for a placeholder
 *
 * docs/goldens.md lists the cases by reason.
 */
#ifndef ATH_TEST_GOLDENS_H
#define ATH_TEST_GOLDENS_H

#include "test.h"

#include "base/base.h"

#include <athanor/athanor.h>

/* ---- the tables of most cases ---- */

typedef struct User {
    int32_t id;
    const char *name, *fullname, *email;
    ath_opt_i32 age;
    ath_opt_decimal balance;
    ath_opt_bool is_active;
    const char *status;
    ath_opt_datetime created_at;
    ath_opt_i32 manager_id;
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

typedef struct Product {
    int32_t id;
    const char *sku, *title;
    ath_opt_decimal price;
    ath_opt_i32 qty;
} Product;

typedef struct Item {
    int32_t order_id, product_id, qty;
    ath_opt_decimal unit_price;
} Item;

typedef struct Node {
    int32_t id;
    ath_opt_i32 parent_id;
    const char *label;
} Node;

typedef struct Doc {
    int32_t id;
    const char *body;
    ath_json data;
    ath_bytes raw;
    ath_opt_f64 score;
} Doc;

typedef struct Counter {
    const char *key;
    int32_t n;
    const char *note;
} Counter;

/* Names that need quotes; no database has it. */
typedef struct Weird {
    int32_t id;
    const char *select;
    int32_t from, mixed;
    const char *said, *tick;
    int32_t pct, percent;
    const char *user;
} Weird;

/* A default beside INSERT ... SELECT. */
typedef struct Seven {
    int32_t id, n;
} Seven;

ATH_DECLARE(User);
ATH_DECLARE(Address);
ATH_DECLARE(Order);
ATH_DECLARE(Product);
ATH_DECLARE(Item);
ATH_DECLARE(Node);
ATH_DECLARE(Doc);
ATH_DECLARE(Counter);
ATH_DECLARE(Weird);
ATH_DECLARE(Seven);

/* ---- the tables of the cases "seed" and "orm" ---- */

typedef struct Post Post;
typedef struct Member {
    int32_t id;
    const char *username, *email, *name, *status;
    bool is_active;
    ath_opt_f32 balance;
    ath_datetime created_at, updated_at;
    ath_opt_datetime deleted_at;
    Post **posts;
} Member;

typedef struct Category {
    int32_t id;
    const char *name, *description;
} Category;

struct Post {
    int32_t id;
    ath_opt_i32 user_id;
    const char *title, *content;
    ath_opt_i32 category_id;
    const char *status;
    bool is_published;
    ath_datetime created_at, updated_at;
    Member *author;
    Category *category;
};

typedef struct Comment {
    int32_t id;
    ath_opt_i32 post_id, user_id;
    const char *content;
} Comment;

ATH_DECLARE(Member);
ATH_DECLARE(Category);
ATH_DECLARE(Post);
ATH_DECLARE(Comment);
ATH_DECLARE_METADATA(Blog);

/* ---- cases ---- */

/* `text` is what every database gets: ? for a placeholder, JOIN for MySQL's INNER JOIN.  A member named after a database
 * says what that one gets instead, "not-supported: ..." when it is refused; .mysql stands for MariaDB too unless there is
 * .mariadb. */
typedef struct golden {
    const char *id;
    ath_stmt stmt;
    const char *text, *sqlite, *postgresql, *mysql, *mariadb;
    const char *sqlite_rows; /* the rows there, where SQLAlchemy rounds what it reads */
    const char *reason;      /* why it is not SQLAlchemy's text or values; NULL: it is */
} golden;

typedef enum target { SQLITE, POSTGRESQL, MYSQL, MARIADB, TARGETS } target;
extern const char *const golden_targets[];
/* The text a case says for a database, or NULL when it says nothing; `room` keeps it. */
const char *golden_text(target t, const golden *g, ath__buf *room);

/* Called with every group of cases; they live until it returns. */
typedef void (*golden_visit)(void *context, const golden *cases, size_t count);

void goldens_all(golden_visit visit, void *context);
void goldens_where(golden_visit visit, void *context);
void goldens_expr(golden_visit visit, void *context);
void goldens_select(golden_visit visit, void *context);
void goldens_join(golden_visit visit, void *context);
void goldens_change(golden_visit visit, void *context);
void goldens_seed(golden_visit visit, void *context);
/* What the goldens do not ask. */
void language_condition(golden_visit visit, void *context);
void language_value(golden_visit visit, void *context);
void language_query(golden_visit visit, void *context);
void language_alter(golden_visit visit, void *context);

#define VISIT(...)                                                                                                     \
    do {                                                                                                               \
        const golden cases_[] = {__VA_ARGS__};                                                                         \
        visit(context, cases_, TEST_COUNT(cases_));                                                                    \
    } while (0)

#define SELECT(...) ath_stmt_of(ath_select(__VA_ARGS__))
#define INSERT(...) ath_stmt_of(ath_insert(__VA_ARGS__))
#define UPDATE(...) ath_stmt_of(ath_update_of(__VA_ARGS__))
#define DELETE(...) ath_stmt_of(ath_delete_of(__VA_ARGS__))
#define U(f) ath_col(User, f)
#define A(f) ath_col(Address, f)
#define O(f) ath_col(Order, f)
#define I(f) ath_col(Item, f)

#endif
