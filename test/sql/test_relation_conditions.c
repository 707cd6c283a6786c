/* SPDX-License-Identifier: Apache-2.0
 *
 * Conditions on relations, by their SQL: any, has, contains, is; to the same model, through a table between, by keys of two
 * columns, with a condition of the relation's own; beside aliases, in UPDATE and DELETE; keys, copies, mistakes.
 */
#include "compiling.h"

#include "sql/copy.h"

typedef struct Film Film;
typedef struct Maker Maker;
typedef struct Genre Genre;
typedef struct Stage Stage;
typedef struct Passport Passport;
typedef struct FilmGenre {
    int64_t film_id;
    const char *genre;
} FilmGenre;
typedef struct Sequel {
    int64_t film_id, next_id;
} Sequel;
struct Maker {
    int64_t id;
    const char *name;
    ath_opt_i64 mentor_id;
    Film **films, **long_ones;
    Maker *mentor, **pupils;
    Passport *passport;
};
struct Passport {
    int64_t id;
    ath_opt_i64 maker_id;
    Maker *maker;
};
struct Film {
    int64_t id;
    ath_opt_i64 maker_id;
    ath_opt_i32 hall, row;
    int32_t minutes;
    bool seen;
    Maker *maker, *known;
    Genre **genres, **rare;
    Film **sequels;
    Stage *stage;
};
struct Genre {
    const char *name;
    bool is_rare;
    Film **films;
};
struct Stage {
    int32_t hall, row;
    Film **films;
};
ATH_DECLARE(Film);
ATH_DECLARE(Maker);
ATH_DECLARE(Passport);
ATH_DECLARE(Genre);
ATH_DECLARE(FilmGenre);
ATH_DECLARE(Sequel);
ATH_DECLARE(Stage);

ATH_MODEL(Maker, "makers") {
    ath_column(id, .primary_key = true);
    ath_column(name);
    ath_column(mentor_id, .nullable = true, .foreign_key = "makers.id");
    ath_has_many(films, Film, .back_populates = "maker");
    ath_has_many(long_ones, Film, .where = ath_gt(ath_col(Film, minutes), 120), .viewonly = true);
    ath_belongs_to(mentor, Maker, .back_populates = "pupils");
    ath_has_many(pupils, Maker, .back_populates = "mentor");
    ath_has_one(passport, Passport, .back_populates = "maker");
}
ATH_MODEL(Passport, "passports") {
    ath_column(id, .primary_key = true);
    ath_column(maker_id, .nullable = true, .foreign_key = "makers.id");
    ath_belongs_to(maker, Maker, .back_populates = "passport");
}
ATH_MODEL(Film, "films") {
    ath_column(id, .primary_key = true);
    ath_column(maker_id, .nullable = true, .foreign_key = "makers.id");
    ath_column(hall, .nullable = true);
    ath_column(row, .nullable = true);
    ath_column(minutes);
    ath_column(seen);
    ath_foreign_key(.columns = ath_names("hall", "row"), .target = "stages",
                    .target_columns = ath_names("hall", "row"));
    ath_belongs_to(maker, Maker, .back_populates = "films");
    ath_belongs_to(known, Maker, .where = ath_ne(ath_col(Maker, name), "?"), .viewonly = true);
    ath_has_many(genres, Genre, .secondary = ath_model_of(FilmGenre), .back_populates = "films");
    ath_has_many(rare, Genre, .secondary = ath_model_of(FilmGenre), .where = ath_is(ath_col(Genre, is_rare)),
                 .viewonly = true);
    ath_has_many(sequels, Film, .secondary = ath_model_of(Sequel), .foreign_key = ath_names("film_id"),
                 .target_key = ath_names("next_id"));
    ath_belongs_to(stage, Stage, .back_populates = "films");
}
ATH_MODEL(Genre, "genres") {
    ath_column(name, .primary_key = true, .type = ATH_STRING(20));
    ath_column(is_rare);
    ath_has_many(films, Film, .secondary = ath_model_of(FilmGenre), .back_populates = "genres");
}
ATH_MODEL(FilmGenre, "film_genres") {
    ath_column(film_id, .primary_key = true, .foreign_key = "films.id");
    ath_column(genre, .primary_key = true, .type = ATH_STRING(20), .foreign_key = "genres.name");
}
ATH_MODEL(Sequel, "sequels") {
    ath_column(film_id, .primary_key = true, .foreign_key = "films.id");
    ath_column(next_id, .primary_key = true, .foreign_key = "films.id");
}
ATH_MODEL(Stage, "stages") {
    ath_column(hall, .primary_key = true);
    ath_column(row, .primary_key = true);
    ath_has_many(films, Film, .back_populates = "stage");
}

#define MAKERS(condition) ath_stmt_of(ath_select(.columns = ath_cols(ath_col(Maker, id)), .where = (condition)))
#define FILMS(condition) ath_stmt_of(ath_select(.columns = ath_cols(ath_col(Film, id)), .where = (condition)))
#define FROM_MAKERS "SELECT makers.id FROM makers WHERE "
#define FROM_FILMS "SELECT films.id FROM films WHERE "

#define CHECK_SQL(statement, expected)                                                                                 \
    do {                                                                                                               \
        const char *sql_ = sql_of(&dialect_golden, statement);                                                         \
        CHECK_STR(sql_, expected);                                                                                     \
    } while (0)
#define LONG ath_gt(ath_col(Film, minutes), 90)

TEST(any_and_has) {
    CHECK_SQL(MAKERS(ath_rel_any(Maker, films)),
              FROM_MAKERS "EXISTS (SELECT 1 FROM films WHERE makers.id = films.maker_id)");
    CHECK_SQL(MAKERS(ath_rel_any(Maker, films, LONG)),
              FROM_MAKERS "EXISTS (SELECT 1 FROM films WHERE makers.id = films.maker_id AND films.minutes > ?)");
    CHECK_SQL(MAKERS(ath_rel_any(Maker, films, ath_or(LONG, ath_col(Film, seen)), ath_col(Film, seen))),
              FROM_MAKERS "EXISTS (SELECT 1 FROM films WHERE makers.id = films.maker_id AND (films.minutes > ? OR "
                          "films.seen = 1) AND films.seen = 1)");
    CHECK_SQL(MAKERS(ath_not(ath_rel_any(Maker, films))),
              FROM_MAKERS "NOT (EXISTS (SELECT 1 FROM films WHERE makers.id = films.maker_id))");
    CHECK_SQL(FILMS(ath_and(LONG, ath_rel_has(Film, maker, ath_eq(ath_col(Maker, name), "ann")))),
              FROM_FILMS "films.minutes > ? AND EXISTS (SELECT 1 FROM makers WHERE makers.id = films.maker_id AND "
                         "makers.name = ?)");
    CHECK_SQL(MAKERS(ath_rel_has(Maker, passport)),
              FROM_MAKERS "EXISTS (SELECT 1 FROM passports WHERE makers.id = passports.maker_id)");
}

TEST(through_a_table_between) {
    const Genre drama = {.name = "drama"};
    CHECK_SQL(FILMS(ath_rel_any(Film, genres, ath_col(Genre, is_rare))), FROM_FILMS
              "EXISTS (SELECT 1 FROM film_genres, genres WHERE films.id = film_genres.film_id AND genres.name "
              "= film_genres.genre AND genres.is_rare = 1)");
    CHECK_SQL(FILMS(ath_rel_contains(Film, genres, &drama)), FROM_FILMS
              "EXISTS (SELECT 1 FROM film_genres WHERE films.id = film_genres.film_id AND film_genres.genre = "
              "?)");
    CHECK_STR(binds_of(&dialect_golden, FILMS(ath_rel_contains(Film, genres, &drama))), "VARCHAR 'drama'");
    CHECK_SQL(FILMS(ath_rel_contains(Film, rare, &drama)), FROM_FILMS
              "EXISTS (SELECT 1 FROM film_genres, genres WHERE films.id = film_genres.film_id AND genres.name "
              "= film_genres.genre AND genres.is_rare = 1 AND genres.name = ?)");
    CHECK_SQL(FILMS(ath_rel_any(Film, sequels, LONG)),
              FROM_FILMS "EXISTS (SELECT 1 FROM sequels, films AS films_1 WHERE films.id = sequels.film_id AND "
                         "films_1.id = sequels.next_id AND films_1.minutes > ?)");
}

TEST(to_the_same_model) {
    const ath_expr *ann = ath_eq(ath_col(Maker, name), "ann");
    CHECK_SQL(MAKERS(ath_rel_any(Maker, pupils, ann)),
              FROM_MAKERS "EXISTS (SELECT 1 FROM makers AS makers_1 WHERE makers.id = makers_1.mentor_id AND "
                          "makers_1.name = ?)");
    CHECK_SQL(MAKERS(ath_rel_has(Maker, mentor, ath_rel_has(Maker, mentor, ann))),
              FROM_MAKERS "EXISTS (SELECT 1 FROM makers AS makers_1 WHERE makers_1.id = makers.mentor_id AND EXISTS "
                          "(SELECT 1 FROM makers WHERE makers.id = makers_1.mentor_id AND makers.name = ?))");
    CHECK_SQL(MAKERS(ath_rel_any(Maker, pupils, ath_rel_any(Maker, films, ath_rel_has(Film, maker, ann)))), FROM_MAKERS
              "EXISTS (SELECT 1 FROM makers AS makers_1 WHERE makers.id = makers_1.mentor_id AND EXISTS "
              "(SELECT 1 FROM films WHERE makers_1.id = films.maker_id AND EXISTS (SELECT 1 FROM makers WHERE "
              "makers.id = films.maker_id AND makers.name = ?)))");
    const ath_expr *long_film = ath_exists(ath_select(.columns = ath_cols(ath_col(Film, id)),
                                                      .where = ath_eq(ath_col(Film, maker_id), ath_col(Maker, id))));
    CHECK_SQL(MAKERS(ath_rel_any(Maker, pupils, long_film)),
              FROM_MAKERS "EXISTS (SELECT 1 FROM makers AS makers_1 WHERE makers.id = makers_1.mentor_id AND EXISTS "
                          "(SELECT films.id FROM films WHERE films.maker_id = makers_1.id))");
}

TEST(objects) {
    const Maker ann = {.id = 7};
    const Film film = {.id = 3, .maker_id = ath_some(9), .hall = ath_some(1), .row = ath_some(2)};
    const Stage stage = {.hall = 4, .row = 5};
    const Passport passport = {.id = 8, .maker_id = ath_some(6)};
    CHECK_SQL(FILMS(ath_rel_is(Film, maker, &ann)), FROM_FILMS "films.maker_id = ?");
    CHECK_STR(binds_of(&dialect_golden, FILMS(ath_rel_is(Film, maker, &ann))), "BIGINT 7");
    CHECK_SQL(FILMS(ath_rel_is(Film, maker, NULL)), FROM_FILMS "films.maker_id IS NULL");
    CHECK_SQL(FILMS(ath_rel_is_not(Film, maker, NULL)), FROM_FILMS "films.maker_id IS NOT NULL");
    CHECK_SQL(FILMS(ath_rel_is_not(Film, maker, &ann)), FROM_FILMS "(films.maker_id != ? OR films.maker_id IS NULL)");
    CHECK_SQL(FILMS(ath_not(ath_rel_is(Film, maker, &ann))), FROM_FILMS "NOT (films.maker_id = ?)");
    CHECK_SQL(MAKERS(ath_rel_contains(Maker, films, &film)), FROM_MAKERS "makers.id = ?");
    CHECK_STR(binds_of(&dialect_golden, MAKERS(ath_rel_contains(Maker, films, &film))), "BIGINT 9");
    CHECK_SQL(MAKERS(ath_rel_contains(Maker, long_ones, &film)),
              FROM_MAKERS "EXISTS (SELECT 1 FROM films WHERE makers.id = films.maker_id AND films.minutes > ? AND "
                          "films.id = ?)");
    CHECK_STR(binds_of(&dialect_golden, MAKERS(ath_rel_contains(Maker, long_ones, &film))), "INTEGER 120, BIGINT 3");
    CHECK_SQL(MAKERS(ath_rel_is(Maker, passport, &passport)), FROM_MAKERS "makers.id = ?");
    CHECK_SQL(MAKERS(ath_rel_is_not(Maker, passport, &passport)), FROM_MAKERS
              "NOT (EXISTS (SELECT 1 FROM passports WHERE makers.id = passports.maker_id AND passports.id = "
              "?))");
    CHECK_SQL(MAKERS(ath_rel_is(Maker, passport, NULL)),
              FROM_MAKERS "NOT (EXISTS (SELECT 1 FROM passports WHERE makers.id = passports.maker_id))");
    CHECK_SQL(FILMS(ath_rel_is(Film, known, NULL)),
              FROM_FILMS "NOT (EXISTS (SELECT 1 FROM makers WHERE makers.id = films.maker_id AND makers.name != ?))");
    CHECK_SQL(FILMS(ath_and(ath_rel_is(Film, stage, &stage), LONG)),
              FROM_FILMS "(films.hall = ? AND films.row = ?) AND films.minutes > ?");
    CHECK_STR(binds_of(&dialect_golden, FILMS(ath_rel_is(Film, stage, &stage))), "INTEGER 4, INTEGER 5");
    CHECK_SQL(FILMS(ath_rel_is(Film, stage, NULL)), FROM_FILMS "(films.hall IS NULL OR films.row IS NULL)");
    CHECK_SQL(FILMS(ath_rel_is_not(Film, stage, &stage)),
              FROM_FILMS "(films.hall != ? OR films.row != ? OR films.hall IS NULL OR films.row IS NULL)");
}

TEST(beside_aliases_and_in_other_statements) {
    const Maker ann = {.id = 7};
    const ath_select_stmt *aliased =
        ath_select(.columns = ath_cols(ath_col_of("m", Maker, id)), .from = ath_from(ath_model_as(Maker, "m")),
                   .where = ath_rel_any_of("m", Maker, films, LONG));
    CHECK_SQL(ath_stmt_of(aliased), "SELECT m.id FROM makers AS m WHERE EXISTS (SELECT 1 FROM films WHERE m.id = "
                                    "films.maker_id AND films.minutes > ?)");
    const ath_select_stmt *taken = ath_select(.columns = ath_cols(ath_col_of("makers_1", Maker, id)),
                                              .from = ath_from(ath_model_as(Maker, "makers_1")),
                                              .where = ath_and(ath_rel_any_of("makers_1", Maker, pupils),
                                                               ath_rel_is_of("makers_1", Maker, mentor, &ann)));
    CHECK_SQL(ath_stmt_of(taken), "SELECT makers_1.id FROM makers AS makers_1 WHERE EXISTS (SELECT 1 FROM makers WHERE "
                                  "makers_1.id = makers.mentor_id) AND makers_1.mentor_id = ?");
    CHECK_SQL(ath_stmt_of(ath_delete_of(.model = ath_model_of(Film), .where = ath_rel_has(Film, maker))),
              "DELETE FROM films WHERE EXISTS (SELECT 1 FROM makers WHERE makers.id = films.maker_id)");
    CHECK_SQL(ath_stmt_of(ath_update_of(.model = ath_model_of(Film), .set = ath_set(ath_to(Film, seen, true)),
                                        .where = ath_rel_is(Film, maker, &ann))),
              "UPDATE films SET seen=? WHERE films.maker_id = ?");
    CHECK_SQL(ath_stmt_of(ath_select(.columns = ath_cols(ath_label(ath_rel_any(Maker, films), "busy")))),
              "SELECT EXISTS (SELECT 1 FROM films WHERE makers.id = films.maker_id) AS busy FROM makers");
    CHECK_STR(columns_of(&dialect_golden,
                         ath_stmt_of(ath_select(.columns = ath_cols(ath_label(ath_rel_any(Maker, films), "busy"))))),
              "busy BOOLEAN");
}

static bool same_key(ath_stmt a, ath_stmt b) {
    ath__key x, y;
    ath__key_init(&x, &ath__malloc_allocator);
    ath__key_init(&y, &ath__malloc_allocator);
    CHECK_INT(ath__key_stmt(&x, a, NULL), ATH_OK);
    CHECK_INT(ath__key_stmt(&y, b, NULL), ATH_OK);
    bool same = x.word_count == y.word_count && memcmp(x.words, y.words, x.word_count * sizeof *x.words) == 0;
    ath__key_done(&x);
    ath__key_done(&y);
    return same;
}

TEST(keys_and_copies) {
    const Maker ann = {.id = 7}, bob = {.id = 8};
    const Film loose = {.id = 1}, film = {.id = 2, .maker_id = ath_some(9)};
    CHECK(same_key(FILMS(ath_rel_is(Film, maker, &ann)), FILMS(ath_rel_is(Film, maker, &bob))));
    CHECK(!same_key(FILMS(ath_rel_is(Film, maker, &ann)), FILMS(ath_rel_is_not(Film, maker, &ann))));
    CHECK(!same_key(FILMS(ath_rel_is(Film, maker, &ann)), FILMS(ath_rel_is(Film, maker, NULL))));
    CHECK(!same_key(FILMS(ath_rel_is(Film, maker, &ann)), FILMS(ath_rel_is(Film, known, &ann))));
    CHECK(!same_key(MAKERS(ath_rel_contains(Maker, films, &film)), MAKERS(ath_rel_contains(Maker, films, &loose))));
    CHECK(!same_key(MAKERS(ath_rel_any(Maker, films)), MAKERS(ath_rel_any(Maker, films, LONG))));
    CHECK(!same_key(MAKERS(ath_rel_any(Maker, films)), MAKERS(ath_rel_any(Maker, pupils))));
    CHECK(!same_key(MAKERS(ath_rel_any_of("a", Maker, films)), MAKERS(ath_rel_any_of("b", Maker, films))));

    ath__arena arena;
    ath__arena_init(&arena, ath__process_allocator);
    const ath_expr *condition = ath_and(ath_rel_any(Maker, pupils, ath_eq(ath_col(Maker, name), "x")),
                                        ath_rel_is(Maker, mentor, &ann), ath_eq(ath_col(Maker, id), 1));
    const ath_expr *copy = ath__expr_copy(condition, &arena);
    CHECK(same_key(MAKERS(condition), MAKERS(copy)));
    const ath_select_stmt *as =
        ath_select(.columns = ath_cols(ath_col_of("m", Maker, id)), .from = ath_from(ath_model_as(Maker, "m")),
                   .where = ath__expr_copy_as(condition, &arena, ath_model_of(Maker), "m"));
    CHECK_SQL(ath_stmt_of(as), "SELECT m.id FROM makers AS m WHERE EXISTS (SELECT 1 FROM makers WHERE m.id = "
                               "makers.mentor_id AND makers.name = ?) AND m.mentor_id = ? AND m.id = ?");
    const ath_expr *inner = ath_exists(
        ath_select(.columns = ath_cols(ath_col(Film, id)), .model = ath_model_of(Film),
                   .where = ath_and(ath_eq(ath_col(Film, maker_id), ath_col(Maker, id)),
                                    ath_in_query(ath_col(Maker, id), ath_select(.columns = ath_cols(ath_col(Maker, id)),
                                                                                .model = ath_model_of(Maker))))));
    as = ath_select(.columns = ath_cols(ath_col_of("m", Maker, id)), .from = ath_from(ath_model_as(Maker, "m")),
                    .where = ath__expr_copy_as(inner, &arena, ath_model_of(Maker), "m"));
    CHECK_SQL(ath_stmt_of(as), "SELECT m.id FROM makers AS m WHERE EXISTS (SELECT films.id FROM films WHERE "
                               "films.maker_id = m.id AND m.id IN (SELECT makers.id FROM makers))");
    ath__arena_done(&arena);
}

TEST(mistakes) {
    const ath_expr any = {.node = ATH_NODE_RELATION,
                          .op = ATH_RELATION_ANY,
                          .u.relation = {.model = ath_model_of(Film), .offset = offsetof(Film, maker)}};
    const ath_expr field = {.node = ATH_NODE_RELATION,
                            .op = ATH_RELATION_ANY,
                            .u.relation = {.model = ath_model_of(Film), .offset = offsetof(Film, minutes)}};
    CHECK_SQL(FILMS(&any), "argument: relation Film.maker is of one object; use ath_rel_has");
    CHECK_SQL(MAKERS(ath_rel_has(Maker, films)), "argument: relation Maker.films is of many objects; use ath_rel_any");
    CHECK_SQL(MAKERS(ath_rel_contains(Maker, films, NULL)),
              "argument: relation Maker.films is asked for no object: NULL; use ath_not(ath_rel_any(...)) for none");
    CHECK_SQL(FILMS(&field), "argument: the field of Film at offset 40 is no relation");
    CHECK_SQL(ath_stmt_of(ath_select(.columns = ath_cols(ath_col(Film, id)), .model = ath_model_of(Film),
                                     .where = ath_rel_any(Maker, films))),
              "argument: relation Maker.films is used, but makers is not part of the statement");
}

static const test_case cases[] = {
    {"any_and_has", any_and_has},
    {"through_a_table_between", through_a_table_between},
    {"to_the_same_model", to_the_same_model},
    {"objects", objects},
    {"beside_aliases_and_in_other_statements", beside_aliases_and_in_other_statements},
    {"keys_and_copies", keys_and_copies},
    {"mistakes", mistakes},
};

int main(int argc, char **argv) {
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
