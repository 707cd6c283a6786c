/* SPDX-License-Identifier: Apache-2.0
 *
 * The five calls that most programs have for every table, without a class for each. */
#include "blog.h"

/* class BaseCRUD(Generic[ModelType, CreateSchemaType, UpdateSchemaType]):
 *     async def get(self, db, id): ...
 *     async def get_multi(self, db, skip=0, limit=10): ...
 *     async def create(self, db, obj_in): ...
 *     async def update(self, db, db_obj, obj_in): ...        # obj_in.model_dump(exclude_unset=True)
 *     async def delete(self, db, db_obj): ...
 *
 * user_crud = BaseCRUD(User)
 *
 * Here the model is the second argument, and the compiler checks the fields. */
static void show(const char *what, const User *user) {
    if (user)
        printf("%s: %s %s %s\n", what, user->username, user->email, user->deleted_at.has ? "marked" : "there");
    else
        printf("%s: none\n", what);
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);

    User *zoe = ath_repository_create(db, User, .username = "zoe", .email = "zoe@example.org");
    show("created", zoe);
    int64_t id = zoe ? zoe->id : 0;

    /* Only what is named is written: UPDATE users SET email=? WHERE users.id = ? */
    ath_status status = ath_repository_update(db, User, zoe, .email = "z@example.org");
    printf("updated: %s\n", ath_status_name(status));
    show("get", ath_repository_get(db, User, id));
    show("get 99", ath_repository_get(db, User, 99));

    User **page = ath_repository_get_multi(db, User, 1, 3); /* skip, limit */
    ath_each(User, user, page)
        printf("page: %s\n", user->username);
    printf("active: %" PRId64 "\n", ath_repository_count(db, User, .where = ath_col(User, is_active)));

    /* A name that is taken: refused, rolled back, and the session can go on at once. */
    User *second = ath_repository_create(db, User, .username = "zoe", .email = "other@example.org");
    printf("second zoe: %s, %s\n", second ? "created" : "refused", ath_status_name(ath_error(db)->status));

    printf("marked: %s\n", ath_status_name(ath_repository_soft_delete(db, zoe, deleted_at)));
    show("zoe", zoe);
    printf("restored: %s\n", ath_status_name(ath_repository_restore(db, zoe, deleted_at)));
    show("zoe", zoe);
    printf("deleted: %s\n", ath_status_name(ath_repository_delete(db, zoe)));
    printf("deleted again: %s\n", ath_status_name(ath_repository_delete(db, ath_repository_get(db, User, id))));
    return blog_close(engine, db, page != NULL && ath_repository_count(db, User) == 4);
}
