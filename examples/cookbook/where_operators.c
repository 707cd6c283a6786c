/* SPDX-License-Identifier: Apache-2.0
 *
 * The operators of a condition, one by one. */
#include "blog.h"

/* db.scalars(select(User.username).where(...).order_by(User.id)).all() */
static bool find(ath_session *db, const char *what, const ath_expr *condition) {
    User **users = ath_all(db, User, .where = condition, .order_by = ath_by(ath_col(User, id)));
    printf("%s:", what);
    ath_each(User, user, users)
        printf(" %s", user->username);
    printf("\n");
    return users != NULL;
}

static bool comparisons(ath_session *db) {
    return find(db, "User.balance != 0", ath_ne(ath_col(User, balance), 0)) &&
           find(db, "User.balance.between(5, 20)", ath_between(ath_col(User, balance), 5, 20)) &&
           find(db, "User.id.in_([1, 4])", ath_in(ath_col(User, id), 1, 4)) &&
           find(db, "User.id.not_in([1, 4])", ath_not_in(ath_col(User, id), 1, 4)) &&
           find(db, "User.deleted_at.is_(None)", ath_is_null(ath_col(User, deleted_at))) &&
           find(db, "User.deleted_at != None", ath_ne(ath_col(User, deleted_at), NULL)) &&
           find(db, "~User.is_active", ath_not(ath_col(User, is_active)));
}

/* Here % and _ are wildcards in like alone; in Python in contains, startswith and endswith, too. */
static bool texts(ath_session *db) {
    return find(db, "User.username.like(\"_o%\")", ath_like(ath_col(User, username), "_o%")) &&
           find(db, "User.email.contains(\"y@\", autoescape=True)", ath_contains(ath_col(User, email), "y@")) &&
           find(db, "User.username.startswith(\"ma\")", ath_startswith(ath_col(User, username), "ma")) &&
           find(db, "User.email.endswith(\".com\")", ath_endswith(ath_col(User, email), ".com")) &&
           find(db, "User.username.ilike(\"ALI%\")", ath_ilike(ath_col(User, username), "ALI%")) &&
           find(db, "User.email.contains(\"_\", autoescape=True)", ath_contains(ath_col(User, email), "_"));
}

static bool together(ath_session *db) {
    /* A list of any length, from outside: of none, nothing is in it. */
    const int64_t ids[] = {2, 3, 99};
    return find(db, "User.id.in_(ids)", ath_in_array(ath_col(User, id), ids, 3)) &&
           find(db, "User.id.in_([])", ath_in_array(ath_col(User, id), ids, 0)) &&
           find(db, "and_(or_(...), not_(...))",
                ath_and(ath_or(ath_eq(ath_col(User, status), "gold"), ath_lt(ath_col(User, balance), 1)),
                        ath_not(ath_eq(ath_col(User, username), "bob")))) &&
           find(db, "func.length(User.username) + 1 > 5",
                ath_gt(ath_plus(ath_length(ath_col(User, username)), 1), 5)) &&
           find(db, "tuple_(User.id, User.status).in_([(1, \"active\"), (2, \"draft\")])",
                ath_in(ath_tuple(ath_col(User, id), ath_col(User, status)), ath_tuple(1, "active"),
                       ath_tuple(2, "draft")));
}

int main(void) {
    ath_engine *engine = blog_open();
    ath_session *db = ath_session_open(engine);
    bool ok = comparisons(db) && texts(db) && together(db);
    return blog_close(engine, db, ok);
}
