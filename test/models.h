/* SPDX-License-Identifier: Apache-2.0
 *
 * The models that tests share, one program each: authors and books, a tree, a table with a composite key, and one with every
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

ATH_MIXIN(Stamps) {
    ath_column(created_at, .default_value = ath_now());
    ath_column(updated_at, .server_default = ath_now(), .onupdate = ath_now());
}

ATH_MODEL(Author, "authors") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(20), .unique = true);
    ath_column(email);
    ath_column(age, .nullable = true, .check = "age >= 0");
    ath_column(is_active, .default_value = ath_bool(true));
    ath_column(balance);
    ath_mixin(ts, Stamps);
    ath_column(status, .type = ATH_STRING(10), .server_default = ath_str("draft"));
    ath_index("ix_authors_active", "is_active", "name");
}

ATH_MODEL(Book, "books") {
    ath_column(id, .primary_key = true);
    ath_column(author_id, .foreign_key = "authors.id", .index = true);
    ath_column(title, .type = ATH_STRING(100));
    ath_column(price, .type = ATH_NUMERIC(10, 2), .default_value = ath_int(0));
}

ATH_MODEL(Node, "nodes") {
    ath_column(id, .primary_key = true);
    ath_column(parent_id, .nullable = true, .foreign_key = "nodes.id");
    ath_column(label, .type = ATH_STRING(100));
}

ATH_MODEL(Stock, "stock") {
    ath_column(shop_id, .primary_key = true);
    ath_column(sku, .type = ATH_STRING(20), .primary_key = true);
    ath_column(quantity);
}

ATH_MODEL(Everything, "everything") {
    ath_column(id, .primary_key = true);
    ath_column(b);
    ath_column(i16);
    ath_column(i32);
    ath_column(i64);
    ath_column(u16);
    ath_column(u32);
    ath_column(u64);
    ath_column(f32);
    ath_column(f64);
    ath_column(text, .type = ATH_TEXT, .nullable = true);
    ath_column(inline_text);
    ath_column(bytes, .nullable = true);
    ath_column(date);
    ath_column(time);
    ath_column(datetime);
    ath_column(timestamp);
    ath_column(interval);
    ath_column(decimal, .type = ATH_NUMERIC(38, 10));
    ath_column(uuid);
    ath_column(json, .nullable = true);
    ath_column(color, .type = ATH_ENUM("red", "green", "blue"));
    ath_column(ob, .nullable = true);
    ath_column(oi64, .nullable = true);
    ath_column(of64, .nullable = true);
    ath_column(odatetime, .nullable = true);
    ath_column(odecimal, .type = ATH_NUMERIC(12, 4), .nullable = true);
    ath_column(ouuid, .nullable = true);
}

ATH_PROJECTION(AuthorBooks) {
    ath_column(id);
    ath_column(name);
    ath_column(books);
}

ATH_METADATA(Library, Author, Book, Node, Stock, Everything);

/* A fresh database in memory with the tables made; the caller closes it. */
static inline ath_engine *library_open(void) {
    ath_engine *db = ath_engine_open("sqlite://");
    if (db && ath_create_all(db, &Library) == ATH_OK)
        return db;
    ath_engine_close(db);
    return NULL;
}

/* The statements the engine has sent so far. */
static inline uint64_t statements_of(const ath_engine *engine) {
    return ath_engine_statistics(engine).statements;
}

#endif
