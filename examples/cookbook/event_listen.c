/* SPDX-License-Identifier: Apache-2.0
 *
 * Functions that are called when objects are written: an audit trail. */
#include "cookbook.h"
#include <string.h>

typedef struct Account {
    int64_t id;
    const char *name;
    int64_t cents;
} Account;
typedef struct Audit {
    int64_t id, account_id;
    const char *what;
} Audit;

ATH_MODEL(Account, "accounts") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_column(cents);
}
ATH_MODEL(Audit, "audits") {
    ath_column(id, .primary_key = true);
    ath_column(account_id);
    ath_column(what, .type = ATH_STRING(50));
}
ATH_METADATA(App, Account, Audit);

/* @event.listens_for(Account, "after_insert")
 * @event.listens_for(Account, "after_update")
 * def audit(mapper, connection, target):
 *     connection.execute(insert(Audit).values(account_id=target.id, what=...))
 *
 * Here objects can be made, too; the commit writes them by itself. */
static ath_status audit(const ath_event_info *info, void *context) {
    const Account *account = info->object;
    (void)context;
    Audit *line = ath_new(info->session, Audit, .account_id = account->id,
                          .what = info->event == ATH_AFTER_INSERT ? "opened" : "changed");
    return line ? ATH_OK : ath_error(info->session)->status;
}

/* @event.listens_for(Account, "before_update"), or @validates("cents"): raise ValueError(...) */
static ath_status check_balance(const ath_event_info *info, void *context) {
    const Account *account = info->object;
    (void)context;
    return account->cents >= 0 ? ATH_OK : ath_event_refuse(info, ATH_DATA, "no overdraft");
}

/* @event.listens_for(Session, "after_commit") */
static ath_status count_commits(const ath_event_info *info, void *context) {
    (void)info;
    ++*(int *)context;
    return ATH_OK;
}

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    int commits = 0;
    /* Of an engine: for all sessions opened from now on; of a session: for that one. */
    ath_on(engine, ATH_AFTER_INSERT, audit, .model = ath_model_of(Account));
    ath_on(engine, ATH_AFTER_UPDATE, audit, .model = ath_model_of(Account));
    ath_on(engine, ATH_BEFORE_UPDATE, check_balance, .model = ath_model_of(Account));
    ath_session *db = ath_session_open(engine);
    ath_on(db, ATH_AFTER_COMMIT, count_commits, .context = &commits);

    Account *account = ath_new(db, Account, .name = "alice", .cents = 500);
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    account->cents -= 200;
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);

    account->cents -= 1000;
    if (ath_commit(db) == ATH_DATA)
        printf("refused: %s\n", strstr(ath_error(db)->message, "no overdraft") ? "no overdraft" : "for another reason");
    ath_rollback(db);
    printf("balance: %" PRId64 "\n", account->cents);

    Audit **lines = ath_all(db, Audit, .order_by = ath_by(ath_col(Audit, id)));
    ath_each(Audit, line, lines)
        printf("%s\n", line->what);
    printf("commits: %d\n", commits);
    return cookbook_close(engine, db, lines != NULL);
}
