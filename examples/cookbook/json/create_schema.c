/* SPDX-License-Identifier: Apache-2.0
 *
 * What may come in, and what goes out: a schema for each, and a user made from a request's body. */
#include "../cookbook.h"

#include <string.h>

typedef struct User {
    int64_t id;
    const char *username, *email, *password_hash;
} User;
ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(username, .type = ATH_STRING(50), .unique = true);
    ath_column(email, .type = ATH_STRING(100));
    ath_column(password_hash, .type = ATH_STRING(100));
}
ATH_METADATA(App, User);

/* class UserCreateReq(BaseModel):
 *     email: str
 *     username: str
 *     password: str
 *
 * Lengths, patterns and formats are checked when the text is read; the password is no column, the program takes it. */
typedef struct UserCreate {
    const char *email, *username, *password;
} UserCreate;
ATH_PROJECTION(UserCreate) {
    ath_column(email, .max_length = 100);
    ath_column(username, .min_length = 3, .max_length = 50);
    ath_column(password, .min_length = 8);
    ath_input_field(email, .format = ATH_FORMAT_EMAIL, .strip = true, .lower = true);
    ath_input_field(password, .aside = true);
}

static const char *hash(const char *password) {
    return strlen(password) > 8 ? "a hash, by a slow function" : "another";
}

/* async def add_user(req: UserCreateReq):
 *     async with session.begin():
 *         user = User(username=req.username, email=req.email, password=req.password)
 *         session.add(user)
 *     return user                                     # response_model=UserResp */
static char *add_user(ath_session *db, const char *body) {
    ath_input *in = ath_from_json(UserCreate, body, strlen(body));
    const UserCreate *req = ath_input_value(in, UserCreate);
    char *answer = NULL;
    if (req) {
        User *user = ath_input_new(db, User, in); /* username and email, by their names */
        if (user)
            user->password_hash = hash(req->password);
        if (ath_commit(db) == ATH_OK)
            answer = ath_to_json(db, User, user, .exclude = ath_names("password_hash"));
        else if (ath_error(db)->integrity == ATH_INTEGRITY_UNIQUE)
            ath_input_refuse(in, "username", "taken", "somebody is called so");
        ath_rollback(db);
    }
    answer = answer ? answer : ath_input_problems_json(in); /* 409 or 422 */
    ath_input_free(in);
    return answer;
}

static void show(ath_session *db, const char *body) {
    char *answer = add_user(db, body);
    printf("%s\n", answer);
    ath_json_free(answer);
}

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    show(db, "{\"email\": \" Ann@Example.org\", \"username\": \"ann\", \"password\": \"correct horse\"}");
    show(db, "{\"email\": \"bert@example.org\", \"username\": \"bert\", \"password\": \"correct horse\"}");
    show(db, "{\"email\": \"other@example.org\", \"username\": \"ann\", \"password\": \"correct horse\"}");
    show(db, "{\"email\": \"carl\", \"username\": \"c\", \"password\": \"short\"}");
    show(db, "{\"email\": \"dora@example.org\", \"username\": \"dora\", \"password\": \"correct horse\", \"id\": 1}");
    printf("users: %" PRId64 "\n", ath_count(db, User));
    return cookbook_close(engine, db, ath_error(db)->status == ATH_OK);
}
