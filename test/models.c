/* SPDX-License-Identifier: Apache-2.0
 *
 * The tests' models.
 */
#include "models.h"

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
    ath_column(label);
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

ath_engine *library_open(void) {
    ath_engine *db = ath_engine_open("sqlite://");
    if (db && ath_create_all(db, &Library) == ATH_OK)
        return db;
    ath_engine_close(db);
    return NULL;
}

uint64_t statements_of(const ath_engine *engine) {
    return ath_engine_statistics(engine).statements;
}
