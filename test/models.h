/* SPDX-License-Identifier: Apache-2.0
 *
 * The models that the session's tests share: authors and books, a tree, a table with a composite key, and one with every
 * C type.
 */
#ifndef ATH_TEST_MODELS_H
#define ATH_TEST_MODELS_H

#include <athanor/athanor.h>

typedef struct Stamps {
    ath_datetime created_at, updated_at;
} Stamps;

typedef struct Author {
    int64_t id;
    const char *name;
    char email[40];
    ath_opt_i32 age;
    bool is_active;
    double balance;
    Stamps ts;
    const char *status;
} Author;

typedef struct Book {
    int64_t id, author_id;
    const char *title;
    ath_decimal price;
} Book;

typedef struct Node {
    int32_t id;
    ath_opt_i32 parent_id;
    const char *label;
} Node;

typedef struct Stock {
    int64_t shop_id;
    const char *sku;
    int32_t quantity;
} Stock;

typedef enum Color { RED, GREEN, BLUE } Color;

typedef struct Everything {
    int64_t id;
    bool b;
    int16_t i16;
    int32_t i32;
    int64_t i64;
    uint16_t u16;
    uint32_t u32;
    uint64_t u64;
    float f32;
    double f64;
    const char *text;
    char inline_text[16];
    ath_bytes bytes;
    ath_date date;
    ath_time time;
    ath_datetime datetime;
    ath_timestamp timestamp;
    ath_interval interval;
    ath_decimal decimal;
    ath_uuid uuid;
    ath_json json;
    Color color;
    ath_opt_bool ob;
    ath_opt_i64 oi64;
    ath_opt_f64 of64;
    ath_opt_datetime odatetime;
    ath_opt_decimal odecimal;
    ath_opt_uuid ouuid;
} Everything;

typedef struct AuthorBooks {
    int64_t id;
    const char *name;
    int64_t books;
} AuthorBooks;

ATH_DECLARE(Author);
ATH_DECLARE(Book);
ATH_DECLARE(Node);
ATH_DECLARE(Stock);
ATH_DECLARE(Everything);
ATH_DECLARE(AuthorBooks);
ATH_DECLARE_METADATA(Library);

/* A fresh database in memory with the tables made; the caller closes it. */
ath_engine *library_open(void);
/* The statements the engine has sent so far. */
uint64_t statements_of(const ath_engine *engine);

#endif
