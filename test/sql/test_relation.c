/* SPDX-License-Identifier: Apache-2.0
 *
 * Relations from a model's body to the columns that join them; the other side; every mistake by its message.
 */
#include "../test.h"

#include "sql/relation.h"

/* ---- one of every sort ---- */

typedef struct Writer Writer;
typedef struct Book Book;
typedef struct Label Label;
typedef struct Branch Branch;
typedef struct BookLabel {
    int64_t book_id, label_id;
} BookLabel;
struct Writer {
    int64_t id;
    Book **books, **edited;
};
struct Book {
    int64_t id, writer_id;
    ath_opt_i64 editor_id;
    Writer *writer, *editor;
    Label **labels;
};
struct Label {
    int64_t id;
    Book **books;
};
struct Branch {
    int32_t tree, number;
    ath_opt_i32 parent_tree, parent_number;
    Branch *parent, **children;
    Branch *first; /* by columns that are no foreign key */
};
ATH_DECLARE(Writer);
ATH_DECLARE(Book);
ATH_DECLARE(Label);
ATH_DECLARE(BookLabel);
ATH_DECLARE(Branch);

ATH_MODEL(Writer, "writers") {
    ath_column(id, .primary_key = true);
    ath_has_many(books, Book, .back_populates = "writer", .foreign_key = ath_names("writer_id"),
                 .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN, .order_by = ath_by(ath_desc(ath_col(Book, id))));
    ath_has_many(edited, Book, .foreign_key = ath_names("editor_id"), .where = ath_gt(ath_col(Book, id), 3));
}
ATH_MODEL(Book, "books") {
    ath_column(id, .primary_key = true);
    ath_column(writer_id, .foreign_key = "writers.id");
    ath_column(editor_id, .nullable = true, .foreign_key = "writers.id");
    ath_belongs_to(writer, Writer, .foreign_key = ath_names("writer_id"));
    ath_belongs_to(editor, Writer, .foreign_key = ath_names("editor_id"), .back_populates = "edited");
    ath_has_many(labels, Label, .secondary = ath_model_of(BookLabel), .back_populates = "books");
}
ATH_MODEL(Label, "labels") {
    ath_column(id, .primary_key = true);
    ath_has_many(books, Book, .secondary = ath_model_of(BookLabel), .back_populates = "labels");
}
ATH_MODEL(BookLabel, "book_labels") {
    ath_column(book_id, .primary_key = true, .foreign_key = "books.id");
    ath_column(label_id, .primary_key = true, .foreign_key = "labels.id");
}
ATH_MODEL(Branch, "branches") {
    ath_column(tree, .primary_key = true);
    ath_column(number, .primary_key = true);
    ath_column(parent_tree, .nullable = true);
    ath_column(parent_number, .nullable = true);
    ath_foreign_key(.columns = ath_names("parent_tree", "parent_number"), .target = "branches",
                    .target_columns = ath_names("tree", "number"));
    ath_belongs_to(parent, Branch, .back_populates = "children");
    ath_has_many(children, Branch, .back_populates = "parent");
    ath_has_one(first, Branch, .foreign_key = ath_names("number"), .references = ath_names("tree"), .viewonly = true);
}
static ATH_METADATA(Library, Writer, Book, Label, BookLabel, Branch);

static const ath__link *link_of(const ath_model *model, size_t offset) {
    ath_error error;
    const ath_table *t = ath_model_table(model, &error);
    const ath__relation *r = t ? ath__table_relation_at(t, offset) : NULL;
    const ath__link *links = r ? ath__table_links(t, &error) : NULL;
    if (!links)
        test_failed_(__FILE__, __LINE__, "%s", error.message);
    return links ? &links[r->position] : NULL;
}

TEST(the_join_is_the_foreign_key) {
    CHECK_INT(ath_metadata_check(&Library, NULL), ATH_OK);
    const ath__link *books = link_of(&ath_model_Writer, offsetof(Writer, books));
    const ath__link *writer = link_of(&ath_model_Book, offsetof(Book, writer));
    CHECK(books && writer);
    CHECK_INT(books->count, 1);
    CHECK_STR(books->local[0]->name, "id");
    CHECK_STR(books->remote[0]->name, "writer_id");
    CHECK(ath__relation_is_many(books->relation) && ath__deletes_orphans(books->relation));
    CHECK_INT(books->relation->opts.order_by.count, 1);
    CHECK_STR(writer->local[0]->name, "writer_id");
    CHECK_STR(writer->remote[0]->name, "id");
    CHECK(!ath__relation_is_many(writer->relation) && !ath__deletes_orphans(writer->relation));
    CHECK_INT(ath__relation_cascade(writer->relation), ATH_CASCADE_DEFAULT);
    CHECK(link_of(&ath_model_Writer, offsetof(Writer, edited))->relation->opts.where != NULL);
}

TEST(either_side_may_name_the_other) {
    const ath__link *books = link_of(&ath_model_Writer, offsetof(Writer, books));
    const ath__link *writer = link_of(&ath_model_Book, offsetof(Book, writer));
    CHECK(books->inverse == writer->relation && writer->inverse == books->relation);
    const ath__link *edited = link_of(&ath_model_Writer, offsetof(Writer, edited));
    const ath__link *editor = link_of(&ath_model_Book, offsetof(Book, editor));
    CHECK(edited->inverse == editor->relation && editor->inverse == edited->relation);
    CHECK(link_of(&ath_model_Branch, offsetof(Branch, first))->inverse == NULL);
}

TEST(a_table_between) {
    const ath__link *labels = link_of(&ath_model_Book, offsetof(Book, labels));
    const ath__link *books = link_of(&ath_model_Label, offsetof(Label, books));
    CHECK(labels->secondary && labels->secondary == books->secondary);
    CHECK_STR(labels->local[0]->name, "id");
    CHECK_STR(labels->near[0]->name, "book_id");
    CHECK_STR(labels->far[0]->name, "label_id");
    CHECK_STR(labels->remote[0]->name, "id");
    CHECK(labels->near[0] == books->far[0] && labels->far[0] == books->near[0]);
    CHECK(labels->inverse == books->relation);
}

TEST(several_columns_and_the_same_table) {
    const ath__link *parent = link_of(&ath_model_Branch, offsetof(Branch, parent));
    const ath__link *children = link_of(&ath_model_Branch, offsetof(Branch, children));
    CHECK_INT(parent->count, 2);
    CHECK_STR(parent->local[1]->name, "parent_number");
    CHECK_STR(parent->remote[1]->name, "number");
    CHECK_STR(children->local[0]->name, "tree");
    CHECK_STR(children->remote[0]->name, "parent_tree");
    const ath__link *first = link_of(&ath_model_Branch, offsetof(Branch, first));
    CHECK_STR(first->remote[0]->name, "number");
    CHECK_STR(first->local[0]->name, "tree");
}

/* ---- mistakes ---- */

typedef struct Wrong {
    int64_t id, other_id;
    Writer *one;
    Writer **many;
    Label *label;
    Label **labels;
} Wrong;
ATH_DECLARE(Wrong);
#define BODY(name)                                                                                                     \
    static void name##_(ath_mapper *ath_m, Wrong *ath_self);                                                           \
    static void name(ath_mapper *mapper, void *blank) {                                                                \
        name##_(mapper, blank);                                                                                        \
    }                                                                                                                  \
    static void name##_(ath_mapper *ath_m, Wrong *ath_self)

BODY(no_key) {
    ath_column(id, .primary_key = true);
    ath_belongs_to(one, Writer);
}
BODY(no_key_there) {
    ath_column(id, .primary_key = true);
    ath_has_many(many, Writer);
}
BODY(other_direction) {
    ath_column(id, .primary_key = true);
    ath_column(other_id, .foreign_key = "writers.id");
    ath_has_many(many, Writer);
}
BODY(no_other_side) {
    ath_column(id, .primary_key = true);
    ath_column(other_id, .foreign_key = "writers.id");
    ath_belongs_to(one, Writer, .back_populates = "wrongs");
}
BODY(another_side) {
    ath_column(id, .primary_key = true);
    ath_column(other_id, .foreign_key = "writers.id");
    ath_belongs_to(one, Writer, .back_populates = "books");
}
BODY(not_the_other_side) {
    ath_column(id, .primary_key = true);
    ath_column(other_id, .foreign_key = "writers.id");
    ath_belongs_to(one, Writer, .back_populates = "edited");
}
BODY(no_such_key) {
    ath_column(id, .primary_key = true);
    ath_column(other_id, .foreign_key = "writers.id");
    ath_belongs_to(one, Writer, .foreign_key = ath_names("id"));
}
BODY(no_such_column) {
    ath_column(id, .primary_key = true);
    ath_belongs_to(one, Writer, .foreign_key = ath_names("nope"), .references = ath_names("id"));
}
BODY(unequal_columns) {
    ath_column(id, .primary_key = true);
    ath_belongs_to(one, Writer, .foreign_key = ath_names("id"), .references = ath_names("id", "id"));
}
BODY(not_in_secondary) {
    ath_column(id, .primary_key = true);
    ath_has_many(labels, Label, .secondary = ath_model_of(BookLabel));
}
BODY(orphans_from_below) {
    ath_column(id, .primary_key = true);
    ath_column(other_id, .foreign_key = "writers.id");
    ath_belongs_to(one, Writer, .cascade = ATH_CASCADE_ALL_DELETE_ORPHAN);
}

static const struct {
    ath_define_fn define;
    const char *expected;
} mistakes[] = {
    {no_key,
     "relation Wrong.one: could not determine the join condition: there are no foreign keys of table wrongs that "
     "refer to writers; give a column a .foreign_key, or name columns with .foreign_key and .references"},
    {no_key_there, "relation Wrong.many: could not determine the join condition: there are no foreign keys of table "
                   "writers that refer to wrongs; give a column a .foreign_key, or name columns with .foreign_key and "
                   ".references"},
    {other_direction, "relation Wrong.many: the foreign key is on wrongs: use ath_belongs_to"},
    {no_other_side, "relation Wrong.one: model Writer has no relation 'wrongs', which .back_populates names"},
    {another_side, "relation Wrong.one: Writer.books, which .back_populates names, goes back to 'writer'"},
    {not_the_other_side,
     "relation Wrong.one: Writer.edited is not its other side: one belongs to what the other has, by "
     "the same columns"},
    {no_such_key,
     "relation Wrong.one: no foreign key of wrongs to writers has the columns that .foreign_key names; say "
     "what they refer to with .references"},
    {no_such_column, "relation Wrong.one: table wrongs has no column nope"},
    {unequal_columns, "model Wrong: relation one: .references needs as many columns as .foreign_key"},
    {not_in_secondary,
     "relation Wrong.labels: could not determine the join condition: there are no foreign keys of table "
     "book_labels that refer to wrongs; give a column a .foreign_key, or name columns with "
     ".foreign_key and .references"},
    {orphans_from_below,
     "model Wrong: relation one: orphans are deleted from the other side; say so on its ath_has_many"},
};

static void check_mistake(size_t i) {
    void *slot = NULL;
    ath_error error;
    const ath_model model = {"Wrong", "wrongs", sizeof(Wrong), _Alignof(Wrong), mistakes[i].define, &slot};
    const ath_table *t = ath_model_table(&model, &error);
    CHECK(!t || !ath__table_links(t, &error));
    CHECK_INT(error.status, ATH_ARGUMENT);
    CHECK_STR(error.message, mistakes[i].expected);
    if (slot)
        ath__table_free(slot);
}

TEST(mistakes_say_what_to_write) {
    for (size_t i = 0; i < TEST_COUNT(mistakes); i++) {
        test_context("mistake %zu", i);
        check_mistake(i);
    }
}

typedef struct Reader {
    int64_t id, first_id, second_id;
    Writer *writer;
} Reader;
ATH_DECLARE(Reader);
ATH_MODEL(Reader, "readers") {
    ath_column(id, .primary_key = true);
    ath_column(first_id, .foreign_key = "writers.id");
    ath_column(second_id, .foreign_key = "writers.id");
    ath_belongs_to(writer, Writer);
}

static ATH_METADATA(Two, Writer, Book, Label, BookLabel, Reader);

TEST(a_metadata_reports_them) {
    ath_error error;
    CHECK_INT(ath_metadata_check(&Two, &error), ATH_ARGUMENT);
    CHECK_STR(error.message,
              "relation Reader.writer: could not determine the join condition: there are several foreign "
              "keys of table readers that refer to writers; say which one by its columns, .foreign_key = "
              "ath_names(\"...\")");
}

static const test_case cases[] = {
    {"the_join_is_the_foreign_key", the_join_is_the_foreign_key},
    {"either_side_may_name_the_other", either_side_may_name_the_other},
    {"a_table_between", a_table_between},
    {"several_columns_and_the_same_table", several_columns_and_the_same_table},
    {"mistakes_say_what_to_write", mistakes_say_what_to_write},
    {"a_metadata_reports_them", a_metadata_reports_them},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
