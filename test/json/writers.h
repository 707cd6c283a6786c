/* SPDX-License-Identifier: Apache-2.0
 *
 * The models of the tests of JSON: a blog with every kind of relation, a hierarchy, and values of every kind.
 */
#ifndef ATH_TEST_JSON_WRITERS_H
#define ATH_TEST_JSON_WRITERS_H

#include "test.h"

#include <athanor/athanor.h>

typedef struct Writer Writer;
typedef struct Card Card;
typedef struct Essay Essay;
typedef struct Remark Remark;
typedef struct Topic Topic;

typedef struct Moments {
    ath_datetime created_at;
    ath_opt_datetime seen_at;
} Moments;

struct Writer {
    int64_t id;
    const char *name;
    ath_opt_i32 age;
    Moments ts;
    Essay **essays;
    Card *card;
};

struct Card {
    int64_t id, writer_id;
    const char *motto;
    Writer *writer;
};

struct Essay {
    int64_t id, writer_id;
    const char *title;
    ath_decimal price;
    Writer *writer;
    Remark **remarks;
    Topic **topics;
};

struct Remark {
    int64_t id, essay_id;
    ath_opt_i64 critic_id;
    const char *body;
    Essay *essay;
    Writer *critic;
};

struct Topic {
    int64_t id;
    const char *label;
    Essay **essays;
};

typedef struct EssayTopic {
    int64_t essay_id, topic_id;
} EssayTopic;

typedef struct Shape {
    int64_t id;
    const char *kind, *label;
} Shape;

typedef struct Circle {
    Shape shape;
    ath_opt_f64 radius;
} Circle;

typedef struct Square {
    Shape shape;
    ath_opt_i32 side;
} Square;

typedef struct WriterOut {
    int64_t id;
    const char *name;
    int64_t essays;
} WriterOut;

typedef enum Mood { GLAD, SAD } Mood;

/* A column of each kind that may be NULL, and one of each C type that may not. */
typedef struct Kinds {
    int64_t id;
    ath_opt_bool flag;
    ath_opt_i16 small;
    ath_opt_i64 big;
    ath_opt_u64 huge;
    ath_opt_f64 real;
    ath_opt_f32 single;
    ath_opt_decimal money, exact;
    const char *text;
    char fixed[24];
    ath_bytes bytes;
    ath_opt_date day;
    ath_opt_time hour;
    ath_opt_datetime naive;
    ath_opt_timestamp moment;
    ath_opt_interval span;
    ath_opt_uuid uuid;
    ath_json doc;
    Mood mood;
} Kinds;

ATH_DECLARE(Writer);
ATH_DECLARE(Card);
ATH_DECLARE(Essay);
ATH_DECLARE(Remark);
ATH_DECLARE(Topic);
ATH_DECLARE(EssayTopic);
ATH_DECLARE(Shape);
ATH_DECLARE(Circle);
ATH_DECLARE(Square);
ATH_DECLARE(WriterOut);
ATH_DECLARE(Kinds);
extern const ath_metadata Writing;

/* An engine on a new database with these tables; NULL after a failure, which is recorded. */
ath_engine *writing_open(const char *url);
/* Two writers, three essays, remarks and topics: 1 "ann" wrote 1 and 2, 2 "bob" wrote 3; essay 3 has no remarks. */
void writing_fill(ath_session *s);

#define CHECK_CONTAINS(text, part) CHECK(strstr((text), (part)) != NULL)
/* The text is this one; it is freed. */
#define CHECK_JSON(text, expected) writing_check_json(text, expected, __FILE__, __LINE__)
void writing_check_json(char *text, const char *expected, const char *file, int line);

#endif
