/* SPDX-License-Identifier: Apache-2.0
 *
 * Columns that several models share. */
#include "cookbook.h"

/* class TimestampMixin:
 *     created_at: Mapped[datetime] = mapped_column(DateTime, default=func.now(), nullable=False)
 *     updated_at: Mapped[datetime] = mapped_column(DateTime, default=func.now(), onupdate=func.now(), nullable=False)
 */
typedef struct Timestamps {
    ath_datetime created_at, updated_at;
} Timestamps;

/* Neither is a DEFAULT in the database: the session writes CURRENT_TIMESTAMP into its own INSERT and UPDATE statements.
 * Rows of other programs are served by .server_default = ath_now(), which stands in the DDL. */
ATH_MIXIN(Timestamps) {
    ath_column(created_at, .default_value = ath_now());
    ath_column(updated_at, .default_value = ath_now(), .onupdate = ath_now());
}

/* class User(Base, TimestampMixin): */
typedef struct User {
    int64_t id;
    const char *username;
    Timestamps at; /* embedded; the columns are created_at and updated_at */
} User;

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(username, .type = ATH_STRING(50), .unique = true);
    ath_mixin(at, Timestamps);
}
ATH_METADATA(App, User);

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *s = ath_session_open(engine);
    /* A value that is named wins over the default. */
    ath_datetime old = {.us = 0};
    ath_datetime_make(2020, 1, 1, 12, 0, 0, 0, &old);
    User *user = ath_new(s, User, .username = "ann", .at = {.created_at = old, .updated_at = old});
    User *other = ath_new(s, User, .username = "ben");
    ath_commit(s);
    printf("ben was %s\n", other->at.created_at.us > old.us ? "created now" : "not stamped");

    user->username = "anna";
    if (ath_commit(s) == ATH_OK)
        printf("created %s, updated %s\n", user->at.created_at.us == old.us ? "in 2020" : "now",
               user->at.updated_at.us > old.us ? "now" : "in 2020");
    printf("in order: %d\n",
           (int)ath_count(s, User, .where = ath_le(ath_col(User, at.created_at), ath_col(User, at.updated_at))));
    return cookbook_close(engine, s, ath_error(s)->status == ATH_OK);
}
