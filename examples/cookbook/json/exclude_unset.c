/* SPDX-License-Identifier: Apache-2.0
 *
 * A partial update: only what the request names is written, and null is a value too. */
#include "../cookbook.h"

#include <string.h>

typedef struct User {
    int64_t id;
    const char *username, *email, *bio;
    ath_opt_i32 age;
} User;
ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(username, .type = ATH_STRING(50));
    ath_column(email, .type = ATH_STRING(100));
    ath_column(bio, .type = ATH_STRING(200), .nullable = true);
    ath_column(age, .nullable = true);
}
ATH_METADATA(App, User);

/* class UserUpdate(BaseModel):
 *     email: str | None = None
 *     bio: str | None = None
 *     age: int | None = None
 *
 * There, None stands for "not said" and for NULL alike until model_dump tells them apart.  Here a field says whether NULL
 * is one of its values, and .partial that it need not be there. */
typedef struct UserUpdate {
    const char *email, *bio;
    ath_opt_i32 age;
} UserUpdate;
ATH_PROJECTION(UserUpdate) {
    ath_column(email, .max_length = 100);
    ath_column(bio, .nullable = true, .max_length = 200);
    ath_column(age, .nullable = true, .min = ath_int(0), .max = ath_int(150));
    ath_input_field(email, .format = ATH_FORMAT_EMAIL);
}

/* update_data = obj_in.model_dump(exclude_unset=True)
 * for field, value in update_data.items():
 *     setattr(db_obj, field, value)
 * await db.commit() */
static void update(ath_session *db, User *user, const char *body) {
    ath_input *in = ath_from_json(UserUpdate, body, strlen(body), .partial = true);
    printf("%s\n  names%s%s%s\n", body, ath_input_has(in, UserUpdate, email) ? " email" : "",
           ath_input_has(in, UserUpdate, bio) ? " bio" : "", ath_input_has(in, UserUpdate, age) ? " age" : "");
    uint64_t before = ath_session_statements(db);
    if (ath_input_problem_count(in)) {
        char *problems = ath_input_problems_json(in);
        printf("  %s\n", problems);
        ath_json_free(problems);
    } else if (ath_input_apply(db, user, in) == ATH_OK && ath_commit(db) == ATH_OK) {
        char *answer = ath_to_json(db, User, user);
        printf("  %s, %s\n", ath_session_statements(db) > before ? "written" : "nothing to write", answer);
        ath_json_free(answer);
    }
    ath_input_free(in);
}

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    User *ann = ath_new(db, User, .username = "ann", .email = "ann@example.org", .bio = "Writes.", .age = ath_some(30));
    if (ath_commit(db) == ATH_OK) {
        update(db, ann, "{\"age\": 31}");                  /* UPDATE users SET age=? WHERE users.id = ? */
        update(db, ann, "{\"bio\": null}");                /* an explicit null is NULL */
        update(db, ann, "{\"age\": 31}");                  /* no UPDATE at all */
        update(db, ann, "{}");                             /* neither here */
        update(db, ann, "{\"email\": null, \"age\": -1}"); /* a column that is NOT NULL, and a rule */
    }
    return cookbook_close(engine, db, ath_error(db)->status == ATH_OK);
}
