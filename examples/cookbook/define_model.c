/* SPDX-License-Identifier: Apache-2.0
 *
 * A struct and the table it stands for. */
#include <athanor/athanor.h>
#include <stdio.h>

/* class User(Base):
 *     __tablename__ = "users"
 *
 *     id = Column(Integer, primary_key=True, index=True)
 *     email = Column(String, unique=True)
 *     name = Column(String(50))
 */
typedef struct User {
    int32_t id; /* Integer; int64_t would be BIGINT */
    const char *email, *name;
} User;

ATH_MODEL(User, "users") {
    ath_column(id, .primary_key = true, .index = true); /* the index is superfluous, as it is in Python */
    ath_column(email, .nullable = true, .unique = true, .type = ATH_STRING(255)); /* MySQL needs a length */
    ath_column(name, .nullable = true, .type = ATH_STRING(50)); /* Column(...) allows NULL, ath_column does not */
}
/* Base = declarative_base()  # Base.metadata */
ATH_METADATA(App, User);

int main(void) {
    ath_error why;
    ath_engine *engine = ath_engine_open("sqlite://", .error = &why);
    ath_connection *c = NULL;
    if (engine && ath_create_all(engine, &App, &why) == ATH_OK)
        c = ath_connect(engine, &why);
    if (!c) {
        fprintf(stderr, "%s\n", why.message);
        ath_engine_close(engine);
        return 1;
    }
    ath_result *r = ath_execute(c, ath_text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY rowid"));
    for (const ath_row *row; (row = ath_fetch(r)) != NULL;)
        puts(ath_row_text(row, 0));
    ath_result_close(r);
    ath_connection_close(c);
    ath_engine_close(engine);
    return 0;
}
