/* SPDX-License-Identifier: Apache-2.0
 *
 * A CRUD of schemas: created from one, changed by another, listed as JSON. */
#include "../cookbook.h"

#include <string.h>

typedef struct Product {
    int64_t id;
    const char *name;
    ath_decimal price;
    ath_opt_i32 stock;
} Product;
ATH_MODEL(Product, "products") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50), .min_length = 1);
    ath_column(price, .type = ATH_NUMERIC(8, 2), .min = ath_str("0.01"));
    ath_column(stock, .nullable = true, .min = ath_int(0));
}
ATH_METADATA(Shop, Product);

/* class BaseCRUD(Generic[ModelType, CreateSchemaType, UpdateSchemaType]):
 *     async def create(self, db, obj_in):
 *         db_obj = self.model(**obj_in.model_dump())
 *         db.add(db_obj); await db.commit(); await db.refresh(db_obj)
 *
 * A model is a schema, too, where a client may say all of its columns: its key is kept out. */
static Product *create(ath_session *db, const char *body) {
    ath_input *in = ath_from_json(Product, body, strlen(body), .exclude = ath_names("id"));
    Product *made = ath_input_problem_count(in) ? NULL : ath_input_new(db, Product, in);
    for (size_t i = 0; i < ath_input_problem_count(in); i++)
        printf("refused: %s %s\n", ath_input_problem(in, i)->pointer, ath_input_problem(in, i)->message);
    ath_input_free(in);
    return made && ath_commit(db) == ATH_OK ? made : NULL;
}

/*     async def update(self, db, db_obj, obj_in):
 *         update_data = obj_in.model_dump(exclude_unset=True) */
static ath_status update(ath_session *db, Product *product, const char *body) {
    ath_input *in = ath_from_json(Product, body, strlen(body), .exclude = ath_names("id"), .partial = true);
    ath_status status = ath_input_apply(db, product, in);
    ath_input_free(in);
    return status == ATH_OK ? ath_commit(db) : status;
}

/* Many at once: a list of objects. */
static ath_status create_all(ath_session *db, const char *body) {
    ath_input *in = ath_list_from_json(Product, body, strlen(body), .exclude = ath_names("id"));
    Product **made = ath_input_new_all(db, Product, in);
    printf("made: %zu\n", ath_len(made));
    ath_input_free(in);
    return ath_commit(db);
}

int main(void) {
    ath_engine *engine = cookbook_open(&Shop);
    ath_session *db = ath_session_open(engine);
    Product *tea = create(db, "{\"name\": \"tea\", \"price\": \"3.20\", \"stock\": 10}");
    create(db, "{\"name\": \"\", \"price\": 0, \"stock\": 1.5, \"id\": 9}");
    bool ok =
        tea && update(db, tea, "{\"price\": 3.5, \"stock\": null}") == ATH_OK &&
        create_all(db, "[{\"name\": \"coffee\", \"price\": \"5.00\"}, {\"name\": \"cocoa\", \"price\": 4}]") == ATH_OK;
    Product **all = ath_all(db, Product, .order_by = ath_by(ath_asc(ath_col(Product, id))));
    char *text = ath_list_to_json(db, Product, all, .indent = 2);
    puts(text ? text : "");
    ath_json_free(text);
    return cookbook_close(engine, db, ok && text);
}
