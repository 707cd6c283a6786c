/* SPDX-License-Identifier: Apache-2.0
 *
 * A body with many mistakes: all of them at once, each with the place where it is. */
#include "../cookbook.h"

#include <string.h>

typedef struct Tag {
    const char *name;
} Tag;
typedef struct Article {
    const char *title, *content, *author_email;
    int status;
    ath_opt_i32 rating;
    ath_opt_decimal price;
    ath_opt_timestamp publish_at, until;
    Tag **tags;
    const char **links;
} Article;
ATH_DECLARE(Tag);
ATH_DECLARE(Article);

/* class Tag(BaseModel):
 *     name: str = Field(min_length=2, max_length=20, pattern="^[a-z-]+$") */
ATH_PROJECTION(Tag) {
    ath_column(name, .min_length = 2, .max_length = 20, .pattern = "^[a-z-]+$");
}

/* @model_validator(mode="after")
 * def dates(self): ...
 *
 * It runs when each field is right by itself. */
static void check_dates(ath_input *in, const void *object) {
    const Article *a = object;
    if (a->publish_at.has && a->until.has && a->until.value.us <= a->publish_at.value.us)
        ath_input_refuse_of(in, object, "until", "order", "it ends before it begins");
}

/* @field_validator("title") */
static ath_status check_title(const void *field, ath_error *error) {
    const char *title = *(const char *const *)field;
    return strstr(title, "!!!") ? ath_invalid(error, NULL, "it shouts") : ATH_OK;
}

ATH_PROJECTION(Article) {
    ath_column(title, .min_length = 5, .max_length = 100);
    ath_column(content);
    ath_column(author_email);
    ath_column(status, .type = ATH_ENUM("draft", "published"), .default_value = ath_str("draft"));
    ath_column(rating, .nullable = true, .min = ath_int(1), .max = ath_int(5));
    ath_column(price, .type = ATH_NUMERIC(6, 2), .nullable = true);
    ath_column(publish_at, .nullable = true);
    ath_column(until, .nullable = true);
    ath_has_many(tags, Tag);
    ath_input_list(links, .max_length = 200);
    ath_input_field(title, .check = check_title, .strip = true);
    ath_input_field(author_email, .format = ATH_FORMAT_EMAIL, .alias = "authorEmail"); /* Field(alias="authorEmail") */
    ath_input_field(tags, .max_items = 5);
    ath_input_field(links, .format = ATH_FORMAT_URI);
    ath_input_options(.check = check_dates);
}

/* except ValidationError as e: return JSONResponse(status_code=422, content=e.errors()) */
static void read_article(const char *body) {
    ath_input *in = ath_from_json(Article, body, strlen(body));
    const Article *a = ath_input_value(in, Article);
    if (a)
        printf("\"%s\", %zu tags, %zu links\n", a->title, ath_len(a->tags), ath_len(a->links));
    else
        printf("problems: %zu\n", ath_input_problem_count(in));
    for (size_t i = 0; i < ath_input_problem_count(in); i++) {
        const ath_problem *p = ath_input_problem(in, i);
        printf("  %-16s %-14s %s\n", p->pointer, p->code, p->message);
    }
    ath_input_free(in);
}

int main(void) {
    read_article(
        "{\"title\": \" Athanor \", \"content\": \"It works.\", \"authorEmail\": \"ann@example.org\","
        " \"price\": \"9.90\", \"tags\": [{\"name\": \"c\\u002dlang\"}], \"links\": [\"https://example.org\"]}");
    read_article("{\"title\": \"Oh!!!\", \"authorEmail\": \"nobody\", \"status\": \"gone\", \"rating\": 7, \"price\": "
                 "\"12345.678\","
                 " \"publish_at\": \"tomorrow\", \"tags\": [{\"name\": \"ok\"}, {\"name\": \"C\"}, {}], \"links\": "
                 "[\"www\", null],"
                 " \"colour\": \"red\"}");
    read_article("{\"title\": \"Dates\", \"content\": \"\", \"authorEmail\": \"ann@example.org\","
                 " \"publish_at\": \"2024-02-01T10:00:00Z\", \"until\": \"2024-02-01T10:00:00+01:00\"}");
    read_article("{\"title\": \"Cut off");
    return 0;
}
