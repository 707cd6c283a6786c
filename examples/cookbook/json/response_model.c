/* SPDX-License-Identifier: Apache-2.0
 *
 * What goes out: FastAPI's response_model, as the names of the fields that may. */
#include "../blog.h"

/* class UserRespSchema(BaseModel):          class UserResponse(BaseModel):
 *     id: int                                   username: str
 *     email: str                                posts: list[PostResponse] = []
 *     username: str
 *     class Config: orm_mode = true
 *
 * A response is a list of names; it cannot show what it does not name, and what it names is checked when it is used. */
#define USER_RESPONSE .include = ath_names("id", "email", "username")
#define USER_WITH_POSTS                                                                                                \
    .include = ath_names("username", "posts.id", "posts.title", "posts.comments.content", "posts.comments.author"),    \
    .exclude = ath_names("posts.comments.author.balance", "posts.comments.author.email"), .exclude_null = true

static void respond(char *json) {
    printf("%s\n", json ? json : "500");
    ath_json_free(json);
}

/* @app.post('/article/add', response_model=UserRespSchema)
 * async def add_article(req: UserCreateReq, session: AsyncSession = Depends(get_session)):
 *     async with session.begin():
 *         user = User(username=req.username, email=req.email, password=req.password)
 *         session.add(user)
 *     return user
 *
 * There the user is read again after the commit, or MissingGreenlet is raised; here it is readable as it is. */
static bool add_user(ath_session *db) {
    User *user = NULL;
    ATH_TRANSACTION(db)
    user = ath_new(db, User, .id = 10, .username = "anna", .email = "anna@example.org", .status = "new");
    if (!user)
        return false;
    respond(ath_to_json(db, User, user, USER_RESPONSE));
    return true;
}

/* @app.get("/users/{user_id}", response_model=UserResponse)
 * async def get_user(user_id: int, db: AsyncSession = Depends(get_db)):
 *     result = await db.execute(select(User).options(selectinload(User.posts)...).where(User.id == user_id))
 *     ...
 *     return user                              # without selectinload: MissingGreenlet, from inside of Pydantic
 *
 * Only what was loaded is written; a forgotten .load shows no posts, and asks nobody. */
static bool get_user(ath_session *db, int64_t user_id) {
    User *user =
        ath_first(db, User, .where = ath_eq(ath_col(User, id), user_id),
                  .load = ath_load(ath_selectin(
                      User, posts,
                      .then = ath_load(ath_selectin(Post, comments, .then = ath_load(ath_joined(Comment, author)))))));
    if (!user)
        return false;
    respond(ath_to_json(db, User, user, USER_WITH_POSTS, .indent = 2));
    User *plain = ath_get(db, User, 2);
    uint64_t before = ath_session_statements(db);
    respond(ath_to_json(db, User, plain, .include = ath_names("username", "posts")));
    printf("statements: %d\n", (int)(ath_session_statements(db) - before));
    return plain != NULL;
}

/* Field(alias="userName"), model_dump(by_alias=True) */
static bool list_users(ath_session *db) {
    User **users = ath_all(db, User, .order_by = ath_by(ath_col(User, id)), .limit = 2);
    respond(ath_list_to_json(db, User, users, .include = ath_names("id", "username", "is_active"),
                             .rename = ath_renames({"username", "userName"}, {"is_active", "active"})));
    return users != NULL;
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    bool ok = add_user(db) && get_user(db, 1) && list_users(db);

    /* A name that is not there is a mistake of the program, and said as one. */
    User *user = ath_get(db, User, 1);
    if (ok && !ath_to_json(db, User, user, .include = ath_names("user_name")))
        printf("%s\n", ath_error(db)->message);

    /* UserResponse.model_json_schema(): what documentation shows. */
    char *schema = ath_json_schema(User, USER_RESPONSE);
    ok = ok && schema;
    printf("%s\n", schema ? schema : "");
    ath_json_free(schema);
    return blog_close(engine, db, ok);
}
