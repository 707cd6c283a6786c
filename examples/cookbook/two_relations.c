/* SPDX-License-Identifier: Apache-2.0
 *
 * Two relations between the same two tables, and what is said when it is not clear which is which. */
#include "cookbook.h"

typedef struct Person Person;
typedef struct Letter Letter;
struct Person {
    int64_t id;
    const char *name;
    Letter **sent, **received;
};
struct Letter {
    int64_t id, sender_id, receiver_id;
    const char *text;
    Person *sender, *receiver;
};
ATH_DECLARE(Letter);

/* class Person(Base):
 *     sent = relationship("Letter", foreign_keys="Letter.sender_id", back_populates="sender")
 *     received = relationship("Letter", foreign_keys="Letter.receiver_id", back_populates="receiver") */
ATH_MODEL(Person, "people") {
    ath_column(id, .primary_key = true);
    ath_column(name, .type = ATH_STRING(50));
    ath_has_many(sent, Letter, .foreign_key = ath_names("sender_id"), .back_populates = "sender",
                 .order_by = ath_by(ath_col(Letter, id)));
    ath_has_many(received, Letter, .foreign_key = ath_names("receiver_id"), .back_populates = "receiver",
                 .order_by = ath_by(ath_col(Letter, id)));
}
ATH_MODEL(Letter, "letters") {
    ath_column(id, .primary_key = true);
    ath_column(sender_id, .foreign_key = "people.id");
    ath_column(receiver_id, .foreign_key = "people.id");
    ath_column(text, .type = ATH_STRING(100));
    ath_belongs_to(sender, Person, .foreign_key = ath_names("sender_id"), .back_populates = "sent");
    ath_belongs_to(receiver, Person, .foreign_key = ath_names("receiver_id"), .back_populates = "received");
}
ATH_METADATA(App, Person, Letter);

/* The same without saying: AmbiguousForeignKeysError at the first use; here when the metadata is looked at. */
typedef struct Card {
    int64_t id, sender_id, receiver_id;
    Person *sender;
} Card;
ATH_MODEL(Card, "cards") {
    ath_column(id, .primary_key = true);
    ath_column(sender_id, .foreign_key = "people.id");
    ath_column(receiver_id, .foreign_key = "people.id");
    ath_belongs_to(sender, Person);
}
ATH_METADATA(Unclear, Person, Letter, Card);

int main(void) {
    ath_error why = {0};
    if (ath_metadata_check(&Unclear, &why) != ATH_OK)
        printf("%s\n", why.message);

    ath_engine *engine = cookbook_open(&App);
    ath_session *db = ath_session_open(engine);
    Person *ann = ath_new(db, Person, .name = "ann"), *ben = ath_new(db, Person, .name = "ben");
    ath_new(db, Letter, .sender = ann, .receiver = ben, .text = "how are you?");
    ath_new(db, Letter, .sender = ben, .receiver = ann, .text = "fine");
    ath_new(db, Letter, .sender = ann, .receiver = ann, .text = "remember the milk");
    if (ath_commit(db) != ATH_OK)
        return cookbook_close(engine, db, false);
    ath_session_close(db);

    db = ath_session_open(engine);
    Person **people =
        ath_all(db, Person, .order_by = ath_by(ath_col(Person, id)),
                .load = ath_load(ath_selectin(Person, sent, .then = ath_load(ath_joined(Letter, receiver))),
                                 ath_selectin(Person, received)));
    ath_each(Person, person, people) {
        printf("%s sent %zu and received %zu\n", person->name, ath_len(person->sent), ath_len(person->received));
        ath_each(Letter, letter, person->sent)
            printf("  to %s: %s\n", letter->receiver->name, letter->text);
    }
    return cookbook_close(engine, db, people != NULL);
}
