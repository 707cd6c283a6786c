/* SPDX-License-Identifier: Apache-2.0
 *
 * Nobody overwrites what he has not seen. */
#include "cookbook.h"

typedef struct Document {
    int64_t id;
    const char *title;
    int32_t version;
} Document;

/* class Document(Base):
 *     version = mapped_column(Integer, nullable=False)
 *     __mapper_args__ = {"version_id_col": version} */
ATH_MODEL(Document, "documents") {
    ath_column(id, .primary_key = true);
    ath_column(title, .type = ATH_STRING(50));
    ath_column(version, .version = true);
}
ATH_METADATA(App, Document);

int main(void) {
    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    Document *mine = ath_new(db, Document, .title = "draft");
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    printf("version %d\n", (int)mine->version);

    /* Somebody else changes it meanwhile. */
    ath_session *other = ath_session_open(engine);
    Document *theirs = ath_get(other, Document, mine->id);
    if (theirs)
        theirs->title = "theirs";
    bool ok = theirs && ath_commit(other) == ATH_OK;
    ath_session_close(other);

    /* try: session.commit()
     * except StaleDataError: session.rollback(); session.refresh(document)
     *
     * UPDATE documents SET title=?, version=2 WHERE documents.id = ? AND documents.version = 1: no row. */
    mine->title = "mine";
    if (ath_commit(db) == ATH_STALE_DATA) {
        printf("refused: %s\n", ath_status_name(ath_error(db)->status));
        ath_rollback(db);
        ok = ok && ath_refresh(db, mine) == ATH_OK;
    }
    printf("version %d: %s\n", (int)mine->version, mine->title);

    mine->title = "both";
    ok = ok && ath_commit(db) == ATH_OK;
    printf("version %d: %s\n", (int)mine->version, mine->title);

    /* A form that was sent out with version 2 comes back: merge compares. */
    Document form = {.id = mine->id, .title = "from the form", .version = 2};
    printf("the form: %s\n", ath_merge(db, Document, &form) ? "taken" : ath_status_name(ath_error(db)->status));
    ath_rollback(db);
    return cookbook_close(engine, db, ok);
}
