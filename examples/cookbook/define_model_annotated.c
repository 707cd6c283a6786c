/* SPDX-License-Identifier: Apache-2.0
 *
 * The annotated form of a model: the C type says what Mapped[...] says, NULL or not included. */
#include <athanor/athanor.h>
#include <stdio.h>

/* class User(Base):
 *     __tablename__ = "users"
 *     id: Mapped[int] = mapped_column(Integer, primary_key=True)
 *     username: Mapped[str] = mapped_column(String(50), unique=True, nullable=False)
 *     email: Mapped[str] = mapped_column(String(100), nullable=False)
 *     nickname: Mapped[str | None]
 *     age: Mapped[int | None]
 *     created_at: Mapped[datetime] = mapped_column(DateTime, default=func.now(), nullable=False)
 */
typedef struct User {
    int32_t id;
    const char *username, *email, *nickname; /* a pointer can be NULL, ... */
    ath_opt_i32 age;                         /* ... a number needs an optional type for it */
    ath_datetime created_at;
} User;

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true);
    ath_column(username, .type = ATH_STRING(50), .unique = true);
    ath_column(email, .type = ATH_STRING(100));
    ath_column(nickname, .type = ATH_STRING(50), .nullable = true);
    ath_column(age, .nullable = true);
    /* Despite the comment beside it in many guides, default=func.now() is no default of the database: it stands in each
     * INSERT of the session's.  For rows that other programs insert: .server_default. */
    ath_column(created_at, .default_value = ath_now());
}
ATH_METADATA(App, User);

int main(void) {
    ath_error why;
    ath_engine *engine = ath_engine_open("sqlite://", .error = &why);
    ath_session *s = NULL;
    if (engine && ath_create_all(engine, &App, &why) == ATH_OK)
        s = ath_session_open(engine, .error = &why);
    if (!s) {
        fprintf(stderr, "%s\n", why.message);
        ath_engine_close(engine);
        return 1;
    }
    User *a = ath_new(s, User, .username = "ann", .email = "ann@example.org", .age = ath_some(30));
    User *b = ath_new(s, User, .username = "ben", .email = "ben@example.org", .nickname = "Benny");
    if (ath_commit(s) == ATH_OK) {
        printf("%s: %s, %d\n", a->username, a->nickname ? a->nickname : "no nickname", a->age.value);
        printf("%s: %s, %s\n", b->username, b->nickname, b->age.has ? "age known" : "age unknown");
        printf("created: %s\n", a->created_at.us > 0 ? "yes" : "no");
    }
    ath_new(s, User, .username = "nil", .email = NULL);
    if (ath_flush(s) != ATH_OK)
        printf("%s: %s.%s\n", ath_status_name(ath_error(s)->status), ath_error(s)->table, ath_error(s)->column);
    ath_session_close(s);
    ath_engine_close(engine);
    return 0;
}
