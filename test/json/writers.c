/* SPDX-License-Identifier: Apache-2.0
 *
 * The models of writers.h, their tables and some rows.
 */
#include "json/writers.h"

ATH_MIXIN(Moments) {
    ath_column(created_at);
    ath_column(seen_at, .nullable = true);
}

ATH_MODEL(Writer, "writers") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(40), .min_length = 2, .max_length = 30, .pattern = "^[a-z]+$",
               .comment = "as on the cover");
    ath_column(age, .nullable = true, .min = ath_int(0), .max = ath_int(150));
    ath_mixin(ts, Moments);
    ath_has_many(essays, Essay, .back_populates = "writer", .order_by = ath_by(ath_col(Essay, id)));
    ath_has_one(card, Card, .back_populates = "writer");
}

ATH_MODEL(Card, "cards") {
    ath_column(id, .primary_key = true);
    ath_column(writer_id, .foreign_key = "writers.id");
    ath_column(motto, .type = ATH_STRING(100));
    ath_belongs_to(writer, Writer, .back_populates = "card");
}

ATH_MODEL(Essay, "essays") {
    ath_column(id, .primary_key = true);
    ath_column(writer_id, .foreign_key = "writers.id");
    ath_column(title, .type = ATH_STRING(100));
    ath_column(price, .type = ATH_NUMERIC(10, 2), .default_value = ath_int(0));
    ath_belongs_to(writer, Writer, .back_populates = "essays");
    ath_has_many(remarks, Remark, .back_populates = "essay", .order_by = ath_by(ath_col(Remark, id)));
    ath_has_many(topics, Topic, .secondary = ath_model_of(EssayTopic), .back_populates = "essays",
                 .order_by = ath_by(ath_col(Topic, label)));
}

ATH_MODEL(Remark, "remarks") {
    ath_column(id, .primary_key = true);
    ath_column(essay_id, .foreign_key = "essays.id");
    ath_column(critic_id, .nullable = true, .foreign_key = "writers.id");
    ath_column(body, .type = ATH_TEXT);
    ath_belongs_to(essay, Essay, .back_populates = "remarks");
    ath_belongs_to(critic, Writer);
}

ATH_MODEL(Topic, "topics") {
    ath_column(id, .primary_key = true);
    ath_column(label, .type = ATH_STRING(20), .unique = true);
    ath_has_many(essays, Essay, .secondary = ath_model_of(EssayTopic), .back_populates = "topics",
                 .order_by = ath_by(ath_col(Essay, id)));
}

ATH_MODEL(EssayTopic, "essay_topics") {
    ath_column(essay_id, .primary_key = true, .foreign_key = "essays.id");
    ath_column(topic_id, .primary_key = true, .foreign_key = "topics.id");
}

ATH_MODEL(Shape, "shapes") {
    ath_column(id, .primary_key = true);
    ath_column(kind, .type = ATH_STRING(10));
    ath_column(label, .type = ATH_STRING(20));
    ath_polymorphic_on(kind, .identity = "shape");
    ath_subclasses(Circle, Square);
}

ATH_MODEL(Circle, "shapes") {
    ath_inherits(shape, Shape, .identity = "circle");
    ath_column(radius, .nullable = true);
}

ATH_MODEL(Square, "shapes") {
    ath_inherits(shape, Shape, .identity = "square");
    ath_column(side, .nullable = true);
}

ATH_PROJECTION(WriterOut) {
    ath_column(id);
    ath_column(name);
    ath_column(essays);
}

ATH_MODEL(Kinds, "kinds") {
    ath_column(id, .primary_key = true);
    ath_column(flag, .nullable = true);
    ath_column(small, .nullable = true);
    ath_column(big, .nullable = true);
    ath_column(huge, .nullable = true);
    ath_column(real, .nullable = true);
    ath_column(single, .nullable = true);
    ath_column(money, .type = ATH_NUMERIC(12, 2), .nullable = true);
    ath_column(exact, .type = ATH_NUMERIC(30, 10), .nullable = true);
    ath_column(text, .type = ATH_TEXT, .nullable = true);
    ath_column(fixed, .type = ATH_STRING(20));
    ath_column(bytes, .nullable = true);
    ath_column(day, .nullable = true);
    ath_column(hour, .nullable = true);
    ath_column(naive, .nullable = true);
    ath_column(moment, .nullable = true);
    ath_column(span, .nullable = true);
    ath_column(uuid, .nullable = true);
    ath_column(doc, .nullable = true);
    ath_column(mood, .type = ATH_ENUM("glad", "sad"));
}

ATH_METADATA(Writing, Writer, Card, Essay, Remark, Topic, EssayTopic, Shape, Circle, Square, Kinds);

ath_engine *writing_open(const char *url) {
    ath_error error = {0};
    ath_engine *db = ath_engine_open(url, .error = &error);
    if (!db || ath_create_all(db, &Writing, &error) != ATH_OK) {
        test_failed_(__FILE__, __LINE__, "no database: %s", error.message);
        ath_engine_close(db);
        return NULL;
    }
    return db;
}

static ath_datetime day(int d) {
    ath_datetime t = {0};
    ath_datetime_make(2024, 1, d, 12, 30, 0, d == 2 ? 500 : 0, &t);
    return t;
}

static ath_decimal cents(uint64_t n) {
    return (ath_decimal){.low = n, .scale = 2};
}

void writing_fill(ath_session *s) {
    Writer *ann = ath_new(s, Writer, .name = "ann", .age = ath_some(40), .ts = {.created_at = day(1)});
    Writer *bob = ath_new(s, Writer, .name = "bob", .ts = {.created_at = day(2)});
    CHECK_INT(ath_flush(s), ATH_OK);
    ath_new(s, Card, .writer_id = ann->id, .motto = "ink \"and\" paper");
    Essay *one = ath_new(s, Essay, .writer_id = ann->id, .title = "On Rain", .price = cents(1250));
    Essay *two = ath_new(s, Essay, .writer_id = ann->id, .title = "Über Öl\n", .price = cents(5));
    Essay *three = ath_new(s, Essay, .writer_id = bob->id, .title = "\\", .price = cents(100000));
    Topic *weather = ath_new(s, Topic, .label = "weather"), *art = ath_new(s, Topic, .label = "art");
    CHECK_INT(ath_flush(s), ATH_OK);
    ath_new(s, EssayTopic, .essay_id = one->id, .topic_id = weather->id);
    ath_new(s, EssayTopic, .essay_id = one->id, .topic_id = art->id);
    ath_new(s, EssayTopic, .essay_id = three->id, .topic_id = art->id);
    ath_new(s, Remark, .essay_id = one->id, .critic_id = ath_some(bob->id), .body = "wet");
    ath_new(s, Remark, .essay_id = one->id, .body = "anonymous");
    ath_new(s, Remark, .essay_id = two->id, .critic_id = ath_some(ann->id), .body = "mine");
    CHECK_INT(ath_commit(s), ATH_OK);
}

void writing_check_json(char *text, const char *expected, const char *file, int line) {
    test_check_str_(text, expected, file, line, "the JSON");
    ath_json_free(text);
}
