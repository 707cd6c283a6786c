/* SPDX-License-Identifier: Apache-2.0
 *
 * DDL in all its options, for the four dialects: SQLAlchemy 2.1's text, but where we differ on purpose (see
 * test_goldens_ddl.c), and where a database cannot, which is an error that names it:
 *   numbered keys    are INTEGER on SQLite, whatever was said: nothing else is numbered there;
 *   identity         on a database without it is its own numbering, if it counts 1, 2, 3 and is the key;
 *   deferrable, MATCH, INCLUDE, partial indexes, arrays ...   are not written where the server would refuse or ignore them;
 *   the check of a column has no name on MariaDB, whose grammar has no place for it;
 *   mysql_ options   are for MariaDB as well.
 */
#include "ddl_texts.h"

#define CT(t) ath_ddl_of(ATH_DDL_CREATE_TABLE, .table = t)
#define IX(t, n) ath_ddl_of(ATH_DDL_CREATE_INDEX, .table = t, .name = n)
#define CREATE(...) ath_ddl_of(ATH_DDL_CREATE_ALL, .metadata = ALL(__VA_ARGS__))
#define DROP(...) ath_ddl_of(ATH_DDL_DROP_ALL, .metadata = ALL(__VA_ARGS__))

static const ath_naming naming_rules = {
    .ix = "ix_%(table_name)s_%(column_0_N_name)s",
    .uq = "uq_%(table_name)s_%(column_0_N_name)s",
    .ck = "ck_%(table_name)s_%(constraint_name)s",
    .fk = "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s_%(referred_column_0_name)s",
    .pk = "pk_%(table_name)s",
};
#define NAMED(...) TABLES_OF(((ath_metadata){.naming = &naming_rules}), __VA_ARGS__)
#define COUNTED(sequence_name, ...)                                                                                    \
    TABLES_OF(((ath_metadata){.sequences = &(ath_sequence){.name = (sequence_name)}, .sequence_count = 1}), __VA_ARGS__)

TEST(keys_1) {
    CHECK_DDL(
        {"pk_composite", CT(T("t", C("a", ATH_INTEGER, .primary_key = true), C("b", ATH_INTEGER, .primary_key = true))),
         .sqlite = "CREATE TABLE t ( a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b) )",
         .postgresql = "CREATE TABLE t ( a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b) )",
         .mysql = "CREATE TABLE t ( a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b) )",
         .mariadb = "CREATE TABLE t ( a INTEGER NOT NULL, b INTEGER NOT NULL, PRIMARY KEY (a, b) )"},
        {"pk_named",
         CT(T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER),
              ath_primary_key_def(.name = "pk_t", .columns = ath_names("b", "a")))),
         .sqlite = "CREATE TABLE t ( a INTEGER NOT NULL, b INTEGER NOT NULL, CONSTRAINT pk_t PRIMARY KEY (b, a) )",
         .postgresql = "CREATE TABLE t ( a INTEGER NOT NULL, b INTEGER NOT NULL, CONSTRAINT pk_t PRIMARY KEY (b, a) )",
         .mysql = "CREATE TABLE t ( a INTEGER NOT NULL, b INTEGER NOT NULL, CONSTRAINT pk_t PRIMARY KEY (b, a) )",
         .mariadb = "CREATE TABLE t ( a INTEGER NOT NULL, b INTEGER NOT NULL, CONSTRAINT pk_t PRIMARY KEY (b, a) )"},
        {"pk_bigint", CT(T("t", C("id", ATH_BIGINT, .primary_key = true))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id) )",
         .postgresql = "CREATE TABLE t ( id BIGSERIAL NOT NULL, PRIMARY KEY (id) )",
         .mysql = "CREATE TABLE t ( id BIGINT NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) )",
         .mariadb = "CREATE TABLE t ( id BIGINT NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) )"},
        {"pk_smallint", CT(T("t", C("id", ATH_SMALLINT, .primary_key = true))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id) )",
         .postgresql = "CREATE TABLE t ( id SMALLSERIAL NOT NULL, PRIMARY KEY (id) )",
         .mysql = "CREATE TABLE t ( id SMALLINT NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) )",
         .mariadb = "CREATE TABLE t ( id SMALLINT NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) )"},
        {"pk_no_autoincrement",
         CT(T("t", C("id", ATH_INTEGER, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id) )",
         .postgresql = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id) )",
         .mariadb = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id) )"},
        {"pk_foreign", CT(T("t", C("id", ATH_INTEGER, .primary_key = true, .foreign_key = "p.id"))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES p (id) )",
         .postgresql = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES p (id) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES p (id) )",
         .mariadb = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES p (id) )"},
        {"sqlite_autoincrement", CT(T("t", I, C("a", ATH_INTEGER), ath_options_def(.sqlite_autoincrement = true))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, a INTEGER )",
         .postgresql = "CREATE TABLE t ( id SERIAL NOT NULL, a INTEGER, PRIMARY KEY (id) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, a INTEGER, PRIMARY KEY (id) )",
         .mariadb = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, a INTEGER, PRIMARY KEY (id) )"});
}

TEST(keys_2) {
    CHECK_DDL(
        {"sqlite_without_rowid",
         CT(T("t", I, C("a", ATH_TEXT), ath_options_def(.sqlite_without_rowid = true, .sqlite_strict = true))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, a TEXT, PRIMARY KEY (id) ) WITHOUT ROWID, STRICT",
         .postgresql = "CREATE TABLE t ( id SERIAL NOT NULL, a TEXT, PRIMARY KEY (id) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, a TEXT, PRIMARY KEY (id) )",
         .mariadb = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, a TEXT, PRIMARY KEY (id) )"},
        {"sqlite_strict_type", CT(T("t", C("a", ATH_STRING(5)), ath_options_def(.sqlite_strict = true))),
         .sqlite = "!(in table 't', column 'a'): SQLite has no type VARCHAR(5) in STRICT tables",
         .postgresql = "CREATE TABLE t ( a VARCHAR(5) )", .mysql = "CREATE TABLE t ( a VARCHAR(5) )",
         .mariadb = "CREATE TABLE t ( a VARCHAR(5) )"},
        {"identity",
         CT(T("t", C("id", ATH_INTEGER, .primary_key = true, .identity = ATH_IDENTITY_BY_DEFAULT),
              C("a", ATH_INTEGER))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, a INTEGER, PRIMARY KEY (id) )",
         .postgresql = "CREATE TABLE t ( id INTEGER GENERATED BY DEFAULT AS IDENTITY, a INTEGER, PRIMARY KEY (id) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, a INTEGER, PRIMARY KEY (id) )",
         .mariadb = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, a INTEGER, PRIMARY KEY (id) )"},
        {"identity_always",
         CT(T("t", C("id", ATH_INTEGER, .primary_key = true, .identity = ATH_IDENTITY_ALWAYS,
                     .counting = {.start = ath_some(42),
                                  .increment = ath_some(3),
                                  .minvalue = ath_some(0),
                                  .maxvalue = ath_some(999),
                                  .cache = ath_some(5),
                                  .cycle = true}))),
         .sqlite = "!(in table 't', column 'id'): SQLite has no identity columns that count in their own way",
         .postgresql = "CREATE TABLE t ( id INTEGER GENERATED ALWAYS AS IDENTITY (INCREMENT BY 3 START WITH 42 "
                       "MINVALUE 0 MAXVALUE 999 CACHE 5 CYCLE), PRIMARY KEY (id) )",
         .mysql = "!(in table 't', column 'id'): MySQL has no identity columns that count in their own way",
         .mariadb = "!(in table 't', column 'id'): MariaDB has no identity columns that count in their own way"},
        {"identity_not_key",
         CT(T("t", C("a", ATH_INTEGER),
              C("n", ATH_BIGINT, .identity = ATH_IDENTITY_ALWAYS,
                .counting = {.no_minvalue = true, .no_maxvalue = true, .no_cycle = true}))),
         .sqlite = "!(in table 't', column 'n'): SQLite has no identity columns outside of the primary key",
         .postgresql =
             "CREATE TABLE t ( a INTEGER, n BIGINT GENERATED ALWAYS AS IDENTITY (NO MINVALUE NO MAXVALUE NO CYCLE) )",
         .mysql = "!(in table 't', column 'n'): MySQL has no identity columns outside of the primary key",
         .mariadb = "!(in table 't', column 'n'): MariaDB has no identity columns outside of the primary key"},
        {"computed", CT(T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER, .computed = "a * 2"))),
         .sqlite = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) )",
         .postgresql = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) STORED )",
         .mysql = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) )",
         .mariadb = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) )"},
        {"computed_virtual_pg",
         CT(T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER, .computed = "a * 2", .persisted = ATH_VIRTUAL))),
         .sqlite = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) VIRTUAL )",
         .postgresql = "!(in table 't', column 'b'): PostgreSQL has no virtual computed columns",
         .mysql = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) VIRTUAL )",
         .mariadb = "CREATE TABLE t ( a INTEGER, b INTEGER GENERATED ALWAYS AS (a * 2) VIRTUAL )"});
}

TEST(checks) {
    CHECK_DDL(
        {"check_column", CT(T("t", C("a", ATH_INTEGER, .check = "a > 0", .not_null = true), C("b", ATH_INTEGER))),
         .sqlite = "CREATE TABLE t ( a INTEGER NOT NULL CHECK (a > 0), b INTEGER )",
         .postgresql = "CREATE TABLE t ( a INTEGER NOT NULL CHECK (a > 0), b INTEGER )",
         .mysql = "CREATE TABLE t ( a INTEGER NOT NULL CHECK (a > 0), b INTEGER )",
         .mariadb = "CREATE TABLE t ( a INTEGER NOT NULL CHECK (a > 0), b INTEGER )"},
        {"check_column_named", CT(T("t", C("a", ATH_INTEGER, .check = "a > 0", .check_name = "ck_a"))),
         .sqlite = "CREATE TABLE t ( a INTEGER CONSTRAINT ck_a CHECK (a > 0) )",
         .postgresql = "CREATE TABLE t ( a INTEGER CONSTRAINT ck_a CHECK (a > 0) )",
         .mysql = "CREATE TABLE t ( a INTEGER CONSTRAINT ck_a CHECK (a > 0) )",
         .mariadb = "CREATE TABLE t ( a INTEGER CHECK (a > 0) )"},
        {"fk_composite",
         CT(T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER),
              ath_foreign_key_def(.name = "fk_ab", .columns = ath_names("a", "b"), .target = "p",
                                  .target_columns = ath_names("x", "y"), .ondelete = "SET NULL",
                                  .onupdate = "NO ACTION"))),
         .sqlite = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT fk_ab FOREIGN KEY(a, b) REFERENCES p (x, y) ON "
                   "DELETE SET NULL ON UPDATE NO ACTION )",
         .postgresql = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT fk_ab FOREIGN KEY(a, b) REFERENCES p (x, y) "
                       "ON DELETE SET NULL ON UPDATE NO ACTION )",
         .mysql = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT fk_ab FOREIGN KEY(a, b) REFERENCES p (x, y) ON "
                  "DELETE SET NULL ON UPDATE NO ACTION )",
         .mariadb = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT fk_ab FOREIGN KEY(a, b) REFERENCES p (x, y) ON "
                    "DELETE SET NULL ON UPDATE NO ACTION )"},
        {"fk_deferrable",
         CT(T("t", C("a", ATH_INTEGER, .foreign_key = "p.id", .deferrable = ATH_DEFERRABLE, .initially = "DEFERRED"))),
         .sqlite = "CREATE TABLE t ( a INTEGER, FOREIGN KEY(a) REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED )",
         .postgresql = "CREATE TABLE t ( a INTEGER, FOREIGN KEY(a) REFERENCES p (id) DEFERRABLE INITIALLY DEFERRED )",
         .mysql = "!MySQL has no deferrable constraints", .mariadb = "!MariaDB has no deferrable constraints"},
        {"fk_match", CT(T("t", C("a", ATH_INTEGER, .foreign_key = "p.id", .match = "FULL", .ondelete = "CASCADE"))),
         .sqlite = "CREATE TABLE t ( a INTEGER, FOREIGN KEY(a) REFERENCES p (id) MATCH FULL ON DELETE CASCADE )",
         .postgresql = "CREATE TABLE t ( a INTEGER, FOREIGN KEY(a) REFERENCES p (id) MATCH FULL ON DELETE CASCADE )",
         .mysql = "!MySQL has no MATCH", .mariadb = "!MariaDB has no MATCH"},
        {"fk_same_schema", CT(T("t", C("a", ATH_INTEGER, .foreign_key = "s.p.id"), ath_options_def(.schema = "s"))),
         .sqlite = "CREATE TABLE s.t ( a INTEGER, FOREIGN KEY(a) REFERENCES p (id) )",
         .postgresql = "CREATE TABLE s.t ( a INTEGER, FOREIGN KEY(a) REFERENCES s.p (id) )",
         .mysql = "CREATE TABLE s.t ( a INTEGER, FOREIGN KEY(a) REFERENCES s.p (id) )",
         .mariadb = "CREATE TABLE s.t ( a INTEGER, FOREIGN KEY(a) REFERENCES s.p (id) )"});
}

TEST(cycles_1) {
    CHECK_DDL(
        {"fk_use_alter",
         CREATE(T("p", I),
                T("t", C("a", ATH_INTEGER, .foreign_key = "p.id", .foreign_key_name = "fk", .use_alter = true))),
         .sqlite = "CREATE TABLE p ( id INTEGER NOT NULL, PRIMARY KEY (id) ); CREATE TABLE t ( a INTEGER, CONSTRAINT "
                   "fk FOREIGN KEY(a) REFERENCES p (id) )",
         .postgresql = "CREATE TABLE p ( id SERIAL NOT NULL, PRIMARY KEY (id) ); CREATE TABLE t ( a INTEGER ); ALTER "
                       "TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES p (id)",
         .mysql = "CREATE TABLE p ( id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) ); CREATE TABLE t ( a INTEGER "
                  "); ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES p (id)",
         .mariadb = "CREATE TABLE p ( id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) ); CREATE TABLE t ( a "
                    "INTEGER ); ALTER TABLE t ADD CONSTRAINT fk FOREIGN KEY(a) REFERENCES p (id)"},
        {"fk_cycle_drop",
         DROP(T("a", I, C("b_id", ATH_INTEGER, .foreign_key = "b.id", .foreign_key_name = "fk_a_b")),
              T("b", I, C("a_id", ATH_INTEGER, .foreign_key = "a.id", .foreign_key_name = "fk_b_a"))),
         .sqlite = "DROP TABLE b; DROP TABLE a",
         .postgresql =
             "ALTER TABLE b DROP CONSTRAINT fk_b_a; ALTER TABLE a DROP CONSTRAINT fk_a_b; DROP TABLE b; DROP TABLE a",
         .mysql =
             "ALTER TABLE b DROP FOREIGN KEY fk_b_a; ALTER TABLE a DROP FOREIGN KEY fk_a_b; DROP TABLE b; DROP TABLE a",
         .mariadb = "ALTER TABLE b DROP FOREIGN KEY fk_b_a; ALTER TABLE a DROP FOREIGN KEY fk_a_b; DROP TABLE b; DROP "
                    "TABLE a"},
        {"fk_cycle_unnamed",
         CREATE(T("a", I, C("b_id", ATH_INTEGER, .foreign_key = "b.id")),
                T("b", I, C("a_id", ATH_INTEGER, .foreign_key = "a.id"))),
         .sqlite = "CREATE TABLE a ( id INTEGER NOT NULL, b_id INTEGER, PRIMARY KEY (id), FOREIGN KEY(b_id) REFERENCES "
                   "b (id) ); CREATE TABLE b ( id INTEGER NOT NULL, a_id INTEGER, PRIMARY KEY (id), FOREIGN KEY(a_id) "
                   "REFERENCES a (id) )",
         .postgresql = "CREATE TABLE a ( id SERIAL NOT NULL, b_id INTEGER, PRIMARY KEY (id) ); CREATE TABLE b ( id "
                       "SERIAL NOT NULL, a_id INTEGER, PRIMARY KEY (id) ); ALTER TABLE a ADD FOREIGN KEY(b_id) "
                       "REFERENCES b (id); ALTER TABLE b ADD FOREIGN KEY(a_id) REFERENCES a (id)",
         .mysql = "CREATE TABLE a ( id INTEGER NOT NULL AUTO_INCREMENT, b_id INTEGER, PRIMARY KEY (id) ); CREATE TABLE "
                  "b ( id INTEGER NOT NULL AUTO_INCREMENT, a_id INTEGER, PRIMARY KEY (id) ); ALTER TABLE a ADD FOREIGN "
                  "KEY(b_id) REFERENCES b (id); ALTER TABLE b ADD FOREIGN KEY(a_id) REFERENCES a (id)",
         .mariadb = "CREATE TABLE a ( id INTEGER NOT NULL AUTO_INCREMENT, b_id INTEGER, PRIMARY KEY (id) ); CREATE "
                    "TABLE b ( id INTEGER NOT NULL AUTO_INCREMENT, a_id INTEGER, PRIMARY KEY (id) ); ALTER TABLE a ADD "
                    "FOREIGN KEY(b_id) REFERENCES b (id); ALTER TABLE b ADD FOREIGN KEY(a_id) REFERENCES a (id)"},
        {"fk_cycle_unnamed_drop",
         DROP(T("a", I, C("b_id", ATH_INTEGER, .foreign_key = "b.id")),
              T("b", I, C("a_id", ATH_INTEGER, .foreign_key = "a.id"))),
         .sqlite = "DROP TABLE b; DROP TABLE a",
         .postgresql = "!cannot sort tables for DROP: foreign keys form a cycle between a, b; give them names, so that "
                       "they can be dropped first",
         .mysql = "!cannot sort tables for DROP: foreign keys form a cycle between a, b; give them names, so that they "
                  "can be dropped first",
         .mariadb = "!cannot sort tables for DROP: foreign keys form a cycle between a, b; give them names, so that "
                    "they can be dropped first"});
}

TEST(cycles_2) {
    CHECK_DDL(
        {"fk_cycle_one_named_drop",
         DROP(T("a", I, C("b_id", ATH_INTEGER, .foreign_key = "b.id")),
              T("b", I, C("a_id", ATH_INTEGER, .foreign_key = "a.id", .foreign_key_name = "fk_b_a"))),
         .sqlite = "DROP TABLE b; DROP TABLE a",
         .postgresql = "ALTER TABLE b DROP CONSTRAINT fk_b_a; DROP TABLE a; DROP TABLE b",
         .mysql = "ALTER TABLE b DROP FOREIGN KEY fk_b_a; DROP TABLE a; DROP TABLE b",
         .mariadb = "ALTER TABLE b DROP FOREIGN KEY fk_b_a; DROP TABLE a; DROP TABLE b"},
        {"order",
         CREATE(T("d", C("id", ATH_INTEGER, .primary_key = true, .foreign_key = "c.id")),
                T("c", C("id", ATH_INTEGER, .primary_key = true, .foreign_key = "a.id")),
                T("b", I, C("p", ATH_INTEGER, .foreign_key = "b.id")), T("a", I)),
         .sqlite = "CREATE TABLE b ( id INTEGER NOT NULL, p INTEGER, PRIMARY KEY (id), FOREIGN KEY(p) REFERENCES b "
                   "(id) ); CREATE TABLE a ( id INTEGER NOT NULL, PRIMARY KEY (id) ); CREATE TABLE c ( id INTEGER NOT "
                   "NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES a (id) ); CREATE TABLE d ( id INTEGER NOT NULL, "
                   "PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES c (id) )",
         .postgresql = "CREATE TABLE b ( id SERIAL NOT NULL, p INTEGER, PRIMARY KEY (id), FOREIGN KEY(p) REFERENCES b "
                       "(id) ); CREATE TABLE a ( id SERIAL NOT NULL, PRIMARY KEY (id) ); CREATE TABLE c ( id INTEGER "
                       "NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES a (id) ); CREATE TABLE d ( id INTEGER "
                       "NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES c (id) )",
         .mysql = "CREATE TABLE b ( id INTEGER NOT NULL AUTO_INCREMENT, p INTEGER, PRIMARY KEY (id), FOREIGN KEY(p) "
                  "REFERENCES b (id) ); CREATE TABLE a ( id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) ); "
                  "CREATE TABLE c ( id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES a (id) ); CREATE "
                  "TABLE d ( id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES c (id) )",
         .mariadb = "CREATE TABLE b ( id INTEGER NOT NULL AUTO_INCREMENT, p INTEGER, PRIMARY KEY (id), FOREIGN KEY(p) "
                    "REFERENCES b (id) ); CREATE TABLE a ( id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) ); "
                    "CREATE TABLE c ( id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES a (id) ); "
                    "CREATE TABLE d ( id INTEGER NOT NULL, PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES c (id) )"});
}

/* A type as DDL writes it; unsigned. */
#define U64 ((ath_type){.sql = ATH_SQL_BIGINT, .is_unsigned = true})

TEST(what_refers_to_a_numbered_key) {
    CHECK_DDL({"wide_foreign_keys",
               CREATE(T("a", C("id", U64, .primary_key = true)),
                      T("b", C("id", U64, .primary_key = true, .foreign_key = "a.id"), C("n", U64)),
                      T("c", C("b_id", U64, .foreign_key = "b.id"), C("d_id", U64, .foreign_key = "d.id")),
                      T("d", C("id", U64, .primary_key = true, .autoincrement = ATH_AUTOINCREMENT_NO))),
               .postgresql =
                   "CREATE TABLE a ( id BIGSERIAL NOT NULL, PRIMARY KEY (id) ); "
                   "CREATE TABLE d ( id NUMERIC(20) NOT NULL, PRIMARY KEY (id) ); "
                   "CREATE TABLE b ( id BIGINT NOT NULL, n NUMERIC(20), PRIMARY KEY (id), FOREIGN KEY(id) REFERENCES "
                   "a (id) ); "
                   "CREATE TABLE c ( b_id BIGINT, d_id NUMERIC(20), FOREIGN KEY(b_id) REFERENCES b (id), FOREIGN "
                   "KEY(d_id) REFERENCES d (id) )"},
              {"wide_identity", CREATE(T("t", C("id", U64, .primary_key = true, .identity = ATH_IDENTITY_ALWAYS))),
               .postgresql = "CREATE TABLE t ( id BIGINT GENERATED ALWAYS AS IDENTITY, PRIMARY KEY (id) )"});
}

TEST(defaults) {
    CHECK_DDL(
        {"large_defaults",
         CT(T("t", C("a", ATH_TEXT, .server_default = ath_str("x")),
              C("b", ATH_JSON, .server_default = ath_text("'{}'")),
              C("c", ATH_TEXT, .server_default = ath_text("NULL")),
              C("d", ATH_TEXT, .server_default = ath_text("('y')")))),
         .mysql = "CREATE TABLE t ( a TEXT DEFAULT ('x'), b JSON DEFAULT ('{}'), c TEXT DEFAULT NULL, d TEXT DEFAULT "
                  "('y') )",
         .mariadb = "CREATE TABLE t ( a TEXT DEFAULT 'x', b JSON DEFAULT '{}', c TEXT DEFAULT NULL, d TEXT DEFAULT "
                    "('y') )"},
        {"default_func",
         CT(T("t", C("a", ATH_DATETIME, .server_default = ath_now()),
              C("b", ATH_DATE, .server_default = ath_text("CURRENT_DATE")),
              C("c", ATH_INTEGER, .server_default = ath_text("0")),
              C("d", ATH_STRING(10), .server_default = ath_text("'x'")),
              C("e", ATH_INTEGER, .server_default = ath_text("1 + 1")))),
         .sqlite = "CREATE TABLE t ( a DATETIME DEFAULT CURRENT_TIMESTAMP, b DATE DEFAULT CURRENT_DATE, c INTEGER "
                   "DEFAULT 0, d VARCHAR(10) DEFAULT 'x', e INTEGER DEFAULT (1 + 1) )",
         .postgresql = "CREATE TABLE t ( a TIMESTAMP WITHOUT TIME ZONE DEFAULT now(), b DATE DEFAULT CURRENT_DATE, c "
                       "INTEGER DEFAULT 0, d VARCHAR(10) DEFAULT 'x', e INTEGER DEFAULT 1 + 1 )",
         .mysql = "CREATE TABLE t ( a DATETIME(6) DEFAULT now(6), b DATE DEFAULT CURRENT_DATE, c INTEGER DEFAULT 0, d "
                  "VARCHAR(10) DEFAULT 'x', e INTEGER DEFAULT (1 + 1) )",
         .mariadb = "CREATE TABLE t ( a DATETIME(6) DEFAULT now(6), b DATE DEFAULT CURRENT_DATE, c INTEGER DEFAULT 0, "
                    "d VARCHAR(10) DEFAULT 'x', e INTEGER DEFAULT (1 + 1) )"},
        {"default_bool",
         CT(T("t", C("a", ATH_BOOLEAN, .server_default = ath_bool(true), .not_null = true),
              C("b", ATH_BOOLEAN, .server_default = ath_bool(false)),
              C("c", ATH_INTEGER, .server_default = ath_text("-1")), C("d", ATH_INTEGER, .server_default = ath_int(-5)),
              C("e", ATH_FLOAT, .server_default = ath_real(1.5)))),
         .sqlite = "CREATE TABLE t ( a BOOLEAN DEFAULT 1 NOT NULL, b BOOLEAN DEFAULT 0, c INTEGER DEFAULT (-1), d "
                   "INTEGER DEFAULT (-5), e FLOAT DEFAULT (1.5) )",
         .postgresql = "CREATE TABLE t ( a BOOLEAN DEFAULT true NOT NULL, b BOOLEAN DEFAULT false, c INTEGER DEFAULT "
                       "-1, d INTEGER DEFAULT -5, e FLOAT DEFAULT 1.5 )",
         .mysql = "CREATE TABLE t ( a BOOL NOT NULL DEFAULT true, b BOOL DEFAULT false, c INTEGER DEFAULT (-1), d "
                  "INTEGER DEFAULT (-5), e FLOAT DEFAULT (1.5) )",
         .mariadb = "CREATE TABLE t ( a BOOL NOT NULL DEFAULT true, b BOOL DEFAULT false, c INTEGER DEFAULT (-1), d "
                    "INTEGER DEFAULT (-5), e FLOAT DEFAULT (1.5) )"},
        {"default_on_update",
         CT(T("t", C("a", ATH_INTEGER, .server_default = ath_text("CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP")))),
         .mysql = "CREATE TABLE t ( a INTEGER DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP )",
         .mariadb = "CREATE TABLE t ( a INTEGER DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP )"},
        {"default_text_quotes", CT(T("t", C("a", ATH_STRING(50), .server_default = ath_str("it's 100% \\ \"q\" :x")))),
         .sqlite = "CREATE TABLE t ( a VARCHAR(50) DEFAULT 'it''s 100% \\ \"q\" :x' )",
         .postgresql = "CREATE TABLE t ( a VARCHAR(50) DEFAULT 'it''s 100% \\ \"q\" :x' )",
         .mysql = "CREATE TABLE t ( a VARCHAR(50) DEFAULT 'it''s 100% \\\\ \"q\" :x' )",
         .mariadb = "CREATE TABLE t ( a VARCHAR(50) DEFAULT 'it''s 100% \\\\ \"q\" :x' )"});
}

TEST(comments) {
    CHECK_DDL(
        {"comments",
         CREATE(T("t", C("id", ATH_INTEGER, .primary_key = true, .comment = "the 'key'"),
                  C("a", ATH_STRING(5), .comment = "x"), ath_options_def(.comment = "it's a table", .schema = "s"))),
         .sqlite = "CREATE TABLE s.t ( id INTEGER NOT NULL, a VARCHAR(5), PRIMARY KEY (id) )",
         .postgresql = "CREATE TABLE s.t ( id SERIAL NOT NULL, a VARCHAR(5), PRIMARY KEY (id) ); COMMENT ON TABLE s.t "
                       "IS 'it''s a table'; COMMENT ON COLUMN s.t.id IS 'the ''key'''; COMMENT ON COLUMN s.t.a IS 'x'",
         .mysql = "CREATE TABLE s.t ( id INTEGER NOT NULL COMMENT 'the ''key''' AUTO_INCREMENT, a VARCHAR(5) COMMENT "
                  "'x', PRIMARY KEY (id) )COMMENT='it''s a table'",
         .mariadb = "CREATE TABLE s.t ( id INTEGER NOT NULL COMMENT 'the ''key''' AUTO_INCREMENT, a VARCHAR(5) COMMENT "
                    "'x', PRIMARY KEY (id) )COMMENT='it''s a table'"},
        {"comment_constraint",
         CREATE(T("t", C("a", ATH_INTEGER), ath_check_def(.name = "ck", .check = "a > 0", .comment = "why"))),
         .sqlite = "CREATE TABLE t ( a INTEGER, CONSTRAINT ck CHECK (a > 0) )",
         .postgresql =
             "CREATE TABLE t ( a INTEGER, CONSTRAINT ck CHECK (a > 0) ); COMMENT ON CONSTRAINT ck ON t IS 'why'",
         .mysql = "CREATE TABLE t ( a INTEGER, CONSTRAINT ck CHECK (a > 0) )",
         .mariadb = "CREATE TABLE t ( a INTEGER, CONSTRAINT ck CHECK (a > 0) )"},
        {"comment_table",
         ath_ddl_of(ATH_DDL_SET_TABLE_COMMENT,
                    .table = T("t", C("a", ATH_INTEGER), ath_options_def(.comment = "it's"))),
         .sqlite = "!SQLite has no comments", .postgresql = "COMMENT ON TABLE t IS 'it''s'",
         .mysql = "ALTER TABLE t COMMENT 'it''s'", .mariadb = "ALTER TABLE t COMMENT 'it''s'"},
        {"comment_column",
         ath_ddl_of(ATH_DDL_SET_COLUMN_COMMENT,
                    .table = T("t", C("a", ATH_STRING(5), .comment = "it's", .not_null = true)), .name = "a"),
         .sqlite = "!SQLite has no comments", .postgresql = "COMMENT ON COLUMN t.a IS 'it''s'",
         .mysql = "ALTER TABLE t CHANGE a a VARCHAR(5) NOT NULL COMMENT 'it''s'",
         .mariadb = "ALTER TABLE t CHANGE a a VARCHAR(5) NOT NULL COMMENT 'it''s'"},
        {"comment_column_drop",
         ath_ddl_of(ATH_DDL_DROP_COLUMN_COMMENT,
                    .table = T("t", C("a", ATH_STRING(5), .comment = "it's", .not_null = true)), .name = "a"),
         .sqlite = "!SQLite has no comments", .postgresql = "COMMENT ON COLUMN t.a IS NULL",
         .mysql = "ALTER TABLE t CHANGE a a VARCHAR(5) NOT NULL",
         .mariadb = "ALTER TABLE t CHANGE a a VARCHAR(5) NOT NULL"});
}

TEST(table_options) {
    CHECK_DDL(
        {"mysql_options",
         CT(T("t", I,
              ath_options_def(.mysql_engine = "InnoDB", .mysql_charset = "utf8mb4", .mysql_collate = "utf8mb4_bin",
                              .mysql_row_format = "DYNAMIC", .comment = "c"))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id) )",
         .postgresql = "CREATE TABLE t ( id SERIAL NOT NULL, PRIMARY KEY (id) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) )ENGINE=InnoDB "
                  "CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC COMMENT='c' COLLATE utf8mb4_bin",
         .mariadb = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) )ENGINE=InnoDB "
                    "CHARSET=utf8mb4 ROW_FORMAT=DYNAMIC COMMENT='c' COLLATE utf8mb4_bin"},
        {"mysql_partition",
         CT(T("t", I,
              ath_options_def(.mysql_engine = "InnoDB", .mysql_partition_by = "HASH(id)", .mysql_partitions = "4"))),
         .sqlite = "CREATE TABLE t ( id INTEGER NOT NULL, PRIMARY KEY (id) )",
         .postgresql = "CREATE TABLE t ( id SERIAL NOT NULL, PRIMARY KEY (id) )",
         .mysql = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) )ENGINE=InnoDB PARTITION BY "
                  "HASH(id) PARTITIONS 4",
         .mariadb = "CREATE TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, PRIMARY KEY (id) )ENGINE=InnoDB PARTITION BY "
                    "HASH(id) PARTITIONS 4"},
        {"pg_options",
         CT(T("t", C("id", ATH_INTEGER),
              ath_options_def(.postgresql_inherits = ath_names("p", "Q"), .postgresql_with = "fillfactor = 70",
                              .postgresql_tablespace = "ts", .postgresql_on_commit = "PRESERVE ROWS",
                              .prefixes = ath_names("UNLOGGED")))),
         .postgresql = "CREATE UNLOGGED TABLE t ( id INTEGER ) INHERITS (p, \"Q\") WITH (fillfactor = 70) ON COMMIT "
                       "PRESERVE ROWS TABLESPACE ts"},
        {"pg_partition",
         CT(T("t", C("id", ATH_INTEGER),
              ath_options_def(.postgresql_partition_by = "RANGE (id)", .postgresql_using = "heap"))),
         .sqlite = "CREATE TABLE t ( id INTEGER )",
         .postgresql = "CREATE TABLE t ( id INTEGER ) PARTITION BY RANGE (id) USING heap",
         .mysql = "CREATE TABLE t ( id INTEGER )", .mariadb = "CREATE TABLE t ( id INTEGER )"},
        {"pg_unique_options",
         CT(T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER),
              ath_unique_def(.name = "u", .columns = ath_names("a"), .postgresql_include = ath_names("b"),
                             .deferrable = ATH_DEFERRABLE, .initially = "IMMEDIATE"))),
         .sqlite = "!SQLite has no deferrable keys",
         .postgresql = "CREATE TABLE t ( a INTEGER, b INTEGER, CONSTRAINT u UNIQUE (a) INCLUDE (b) DEFERRABLE "
                       "INITIALLY IMMEDIATE )",
         .mysql = "!MySQL has no deferrable keys", .mariadb = "!MariaDB has no deferrable keys"},
        {"pg_not_valid",
         ath_ddl_of(ATH_DDL_ADD_CONSTRAINT,
                    .table = T("t", C("a", ATH_INTEGER),
                               ath_check_def(.name = "ck", .check = "a > 0", .postgresql_not_valid = true)),
                    .name = "ck"),
         .sqlite = "!SQLite has no ALTER TABLE ... ADD CONSTRAINT",
         .postgresql = "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0) NOT VALID",
         .mysql = "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)",
         .mariadb = "ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)"});
}

TEST(enums) {
    CHECK_DDL({"enum_named",
               CREATE(T("t", C("a", ATH_ENUM_TYPE("e", "x", "yy")), C("b", ATH_ENUM_TYPE("e", "x", "yy")))),
               .sqlite = "CREATE TABLE t ( a VARCHAR(2), b VARCHAR(2) )",
               .postgresql = "CREATE TYPE e AS ENUM ('x', 'yy'); CREATE TABLE t ( a e, b e )",
               .mysql = "CREATE TABLE t ( a ENUM('x','yy'), b ENUM('x','yy') )",
               .mariadb = "CREATE TABLE t ( a ENUM('x','yy'), b ENUM('x','yy') )"},
              {"enum_check",
               CT(T("t", C("a", ATH_WITH_DETAILS(ATH_ENUM("x", "it's"), .name = "e", .check = true)),
                    C("b", ATH_WITH_DETAILS(ATH_ENUM("p", "q"), .plain = true, .check = true)),
                    C("c", ATH_WITH_DETAILS(ATH_BOOLEAN, .name = "cb", .check = true)))),
               .sqlite = "CREATE TABLE t ( a VARCHAR(4), b VARCHAR(1), c BOOLEAN, CONSTRAINT e CHECK (a IN ('x', "
                         "'it''s')), CHECK (b IN ('p', 'q')), CONSTRAINT cb CHECK (c IN (0, 1)) )",
               .postgresql = "CREATE TABLE t ( a e, b VARCHAR(1), c BOOLEAN, CHECK (b IN ('p', 'q')) )",
               .mysql = "CREATE TABLE t ( a ENUM('x','it''s'), b VARCHAR(1), c BOOL, CHECK (b IN ('p', 'q')), "
                        "CONSTRAINT cb CHECK (c IN (0, 1)) )",
               .mariadb = "CREATE TABLE t ( a ENUM('x','it''s'), b VARCHAR(1), c BOOL, CHECK (b IN ('p', 'q')), "
                          "CONSTRAINT cb CHECK (c IN (0, 1)) )"},
              {"enum_array", CREATE(T("t", C("a", ATH_ARRAY_OF(ATH_ENUM_TYPE("e", "x", "y"), 1)))),
               .sqlite = "!(in table 't', column 'a'): SQLite has no array types",
               .postgresql = "CREATE TYPE e AS ENUM ('x', 'y'); CREATE TABLE t ( a e[] )",
               .mysql = "!(in table 't', column 'a'): MySQL has no array types",
               .mariadb = "!(in table 't', column 'a'): MariaDB has no array types"});
}

TEST(types) {
    CHECK_DDL(
        {"types_number",
         CT(T("t", C("a", ATH_NUMERIC(0, 0)),
              C("b", ((ath_type){.sql = ATH_SQL_NUMERIC, .precision = 10, .form = ATH_FORM_BARE})),
              C("c", ATH_NUMERIC(10, 2)), C("d", ATH_FLOAT), C("e", ATH_FLOAT_OF(53)), C("f", ATH_DOUBLE),
              C("g", ATH_REAL), C("h", ATH_DECIMAL(8, 3)), C("i", ATH_SMALLINT), C("j", ATH_BIGINT),
              C("k", ATH_DOUBLE_PRECISION))),
         .sqlite = "CREATE TABLE t ( a DECIMAL_TEXT COLLATE ath_decimal, b NUMERIC(10), c NUMERIC(10, 2), d FLOAT, e "
                   "FLOAT, f DOUBLE, g REAL, h DECIMAL(8, 3), i SMALLINT, j BIGINT, k DOUBLE PRECISION )",
         .postgresql = "CREATE TABLE t ( a NUMERIC, b NUMERIC(10), c NUMERIC(10, 2), d FLOAT, e FLOAT(53), f DOUBLE "
                       "PRECISION, g REAL, h DECIMAL(8, 3), i SMALLINT, j BIGINT, k DOUBLE PRECISION )",
         .mysql = "CREATE TABLE t ( a NUMERIC(65, 30), b NUMERIC(10), c NUMERIC(10, 2), d FLOAT, e FLOAT(53), f "
                  "DOUBLE, g REAL, h DECIMAL(8, 3), i SMALLINT, j BIGINT, k DOUBLE PRECISION )",
         .mariadb = "CREATE TABLE t ( a NUMERIC(65, 30), b NUMERIC(10), c NUMERIC(10, 2), d FLOAT, e FLOAT(53), f "
                    "DOUBLE, g REAL, h DECIMAL(8, 3), i SMALLINT, j BIGINT, k DOUBLE PRECISION )"},
        {"types_time",
         CT(T("t", C("a", ATH_DATE), C("b", ATH_TIME), C("c", ATH_DATETIME), C("d", ATH_TIMESTAMP), C("e", ATH_TIME),
              C("f", ATH_DATETIME))),
         .sqlite = "CREATE TABLE t ( a DATE, b TIME, c DATETIME, d TIMESTAMP, e TIME, f DATETIME )",
         .postgresql = "CREATE TABLE t ( a DATE, b TIME WITHOUT TIME ZONE, c TIMESTAMP WITHOUT TIME ZONE, d TIMESTAMP "
                       "WITH TIME ZONE, e TIME WITHOUT TIME ZONE, f TIMESTAMP WITHOUT TIME ZONE )",
         .mysql = "CREATE TABLE t ( a DATE, b TIME(6), c DATETIME(6), d DATETIME(6), e TIME(6), f DATETIME(6) )",
         .mariadb = "CREATE TABLE t ( a DATE, b TIME(6), c DATETIME(6), d DATETIME(6), e TIME(6), f DATETIME(6) )"},
        {"types_other",
         CT(T("t", C("a", ATH_BINARY), C("b", ATH_JSON), C("c", ATH_UUID), C("d", ATH_STRING(5)), C("e", ATH_CHAR(4)),
              C("f", ATH_STRING(5), .collation = "C"))),
         .sqlite = "CREATE TABLE t ( a BLOB, b JSON, c CHAR(32), d VARCHAR(5), e CHAR(4), f VARCHAR(5) COLLATE \"C\" )",
         .postgresql =
             "CREATE TABLE t ( a BYTEA, b JSON, c UUID, d VARCHAR(5), e CHAR(4), f VARCHAR(5) COLLATE \"C\" )",
         .mysql = "CREATE TABLE t ( a BLOB, b JSON, c CHAR(32), d VARCHAR(5), e CHAR(4), f VARCHAR(5) COLLATE `C` )",
         .mariadb = "CREATE TABLE t ( a BLOB, b JSON, c CHAR(32), d VARCHAR(5), e CHAR(4), f VARCHAR(5) COLLATE `C` )"},
        {"types_mysql",
         CT(T("t", C("a", ((ath_type){.sql = ATH_SQL_INTEGER, .is_unsigned = true})),
              C("b", ATH_SPELLED(ATH_SQL_TEXT, "MEDIUMTEXT")), C("c", ATH_SPELLED(ATH_SQL_SMALLINT, "TINYINT(1)")),
              C("d", ATH_STRING(20), .charset = "latin1", .collation = "latin1_bin"), C("e", ATH_DATETIME_OF(3)),
              C("f", ATH_TYPE_NAMED("YEAR")), C("g", ATH_TYPE_NAMED("SET('a','b')")), C("h", ATH_ENUM("x", "y'z")),
              C("i", ATH_TYPE_NAMED("BIT(8)")), C("j", ATH_SPELLED(ATH_SQL_BINARY, "LONGBLOB")))),
         .mysql =
             "CREATE TABLE t ( a INTEGER UNSIGNED, b MEDIUMTEXT, c TINYINT(1), d VARCHAR(20) CHARACTER SET latin1 "
             "COLLATE latin1_bin, e DATETIME(3), f YEAR, g SET('a','b'), h ENUM('x','y''z'), i BIT(8), j LONGBLOB )",
         .mariadb =
             "CREATE TABLE t ( a INTEGER UNSIGNED, b MEDIUMTEXT, c TINYINT(1), d VARCHAR(20) CHARACTER SET latin1 "
             "COLLATE latin1_bin, e DATETIME(3), f YEAR, g SET('a','b'), h ENUM('x','y''z'), i BIT(8), j LONGBLOB )"});
}

TEST(indexes_1) {
    CHECK_DDL({"ix_unique",
               IX(T("t", C("a", ATH_INTEGER), ath_index_def("ix_u", ath_parts(ath_part("a")), .unique = true)), "ix_u"),
               .sqlite = "CREATE UNIQUE INDEX ix_u ON t (a)", .postgresql = "CREATE UNIQUE INDEX ix_u ON t (a)",
               .mysql = "CREATE UNIQUE INDEX ix_u ON t (a)", .mariadb = "CREATE UNIQUE INDEX ix_u ON t (a)"},
              {"ix_where",
               IX(T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER),
                    ath_index_def("ix_w", ath_parts(ath_part("a")), .where = "b > 5")),
                  "ix_w"),
               .sqlite = "CREATE INDEX ix_w ON t (a) WHERE b > 5",
               .postgresql = "CREATE INDEX ix_w ON t (a) WHERE b > 5", .mysql = "!MySQL has no partial indexes",
               .mariadb = "!MariaDB has no partial indexes"},
              {"ix_expression",
               IX(T("t", C("a", ATH_STRING(5)), C("b", ATH_INTEGER),
                    ath_index_def("ix_e", ath_parts(ath_part_of("lower(a)"), ath_part_of("b + 1")))),
                  "ix_e"),
               .sqlite = "CREATE INDEX ix_e ON t (lower(a), b + 1)",
               .postgresql = "CREATE INDEX ix_e ON t (lower(a), (b + 1))",
               .mysql = "CREATE INDEX ix_e ON t ((lower(a)), (b + 1))",
               .mariadb = "!MariaDB has no indexes over expressions"},
              {"ix_nulls",
               IX(T("t", C("a", ATH_INTEGER), C("b", ATH_INTEGER),
                    ath_index_def("ix_n", ath_parts(ath_part("a", .desc = true, .nulls_last = true),
                                                    ath_part("b", .nulls_first = true)))),
                  "ix_n"),
               .sqlite = "!SQLite has no NULLS FIRST and NULLS LAST in an index",
               .postgresql = "CREATE INDEX ix_n ON t (a DESC NULLS LAST, b NULLS FIRST)",
               .mysql = "!MySQL has no NULLS FIRST and NULLS LAST in an index",
               .mariadb = "!MariaDB has no NULLS FIRST and NULLS LAST in an index"},
              {"ix_pg_everything",
               IX(T("t", C("a", ATH_TEXT), C("b", ATH_INTEGER),
                    ath_index_def("ix_g", ath_parts(ath_part("a", .postgresql_ops = "gin_trgm_ops"), ath_part("b")),
                                  .postgresql_using = "gin", .postgresql_with = "fastupdate = off",
                                  .postgresql_tablespace = "Ts", .postgresql_concurrently = true, .where = "b = 1",
                                  .include = ath_names("b"))),
                  "ix_g"),
               .sqlite = "!SQLite has no INCLUDE in an index",
               .postgresql = "CREATE INDEX CONCURRENTLY ix_g ON t USING gin (a gin_trgm_ops, b) INCLUDE (b) WITH "
                             "(fastupdate = off) TABLESPACE \"Ts\" WHERE b = 1",
               .mysql = "!MySQL has no INCLUDE in an index", .mariadb = "!MariaDB has no INCLUDE in an index"},
              {"ix_my_prefix",
               IX(T("t", C("a", ATH_TEXT),
                    ath_index_def("ix_f", ath_parts(ath_part("a")), .mysql_prefix = "FULLTEXT",
                                  .mysql_with_parser = "ngram")),
                  "ix_f"),
               .sqlite = "CREATE INDEX ix_f ON t (a)", .postgresql = "CREATE INDEX ix_f ON t (a)",
               .mysql = "CREATE FULLTEXT INDEX ix_f ON t (a) WITH PARSER ngram",
               .mariadb = "CREATE FULLTEXT INDEX ix_f ON t (a) WITH PARSER ngram"},
              {"ix_schema",
               IX(T("t", C("a", ATH_INTEGER), ath_index_def("ix_s", ath_parts(ath_part("a"))),
                    ath_options_def(.schema = "s")),
                  "ix_s"),
               .sqlite = "CREATE INDEX s.ix_s ON t (a)", .postgresql = "CREATE INDEX ix_s ON s.t (a)",
               .mysql = "CREATE INDEX ix_s ON s.t (a)", .mariadb = "CREATE INDEX ix_s ON s.t (a)"},
              {"ix_auto_schema",
               CREATE(T("t", C("a", ATH_INTEGER, .index = true, .unique = true), ath_options_def(.schema = "s"))),
               .sqlite = "CREATE TABLE s.t ( a INTEGER ); CREATE UNIQUE INDEX s.ix_s_t_a ON t (a)",
               .postgresql = "CREATE TABLE s.t ( a INTEGER ); CREATE UNIQUE INDEX ix_s_t_a ON s.t (a)",
               .mysql = "CREATE TABLE s.t ( a INTEGER ); CREATE UNIQUE INDEX ix_s_t_a ON s.t (a)",
               .mariadb = "CREATE TABLE s.t ( a INTEGER ); CREATE UNIQUE INDEX ix_s_t_a ON s.t (a)"});
}

TEST(indexes_2) {
    CHECK_DDL(
        {"ix_drop_schema",
         ath_ddl_of(ATH_DDL_DROP_INDEX,
                    .table = T("t", C("a", ATH_INTEGER), ath_index_def("ix_s", ath_parts(ath_part("a"))),
                               ath_options_def(.schema = "s")),
                    .name = "ix_s", .if_exists = true),
         .sqlite = "DROP INDEX IF EXISTS s.ix_s", .postgresql = "DROP INDEX IF EXISTS s.ix_s",
         .mysql = "!MySQL has no IF EXISTS for indexes", .mariadb = "DROP INDEX IF EXISTS ix_s ON s.t"},
        {"ix_if_not_exists",
         ath_ddl_of(ATH_DDL_CREATE_INDEX,
                    .table = T("t", C("a", ATH_INTEGER), ath_index_def("ix_s", ath_parts(ath_part("a")))),
                    .name = "ix_s", .if_exists = true),
         .sqlite = "CREATE INDEX IF NOT EXISTS ix_s ON t (a)", .postgresql = "CREATE INDEX IF NOT EXISTS ix_s ON t (a)",
         .mysql = "!MySQL has no IF EXISTS for indexes", .mariadb = "CREATE INDEX IF NOT EXISTS ix_s ON t (a)"},
        {"ix_long",
         CREATE(T("a_table_with_a_name_that_is_rather_long_indeed",
                  C("and_a_column_with_a_long_name_as_well", ATH_INTEGER, .index = true))),
         .sqlite = "CREATE TABLE a_table_with_a_name_that_is_rather_long_indeed ( "
                   "and_a_column_with_a_long_name_as_well INTEGER ); CREATE INDEX "
                   "ix_a_table_with_a_name_that_is_rather_long_indeed_and_a_column_with_a_long_name_as_well ON "
                   "a_table_with_a_name_that_is_rather_long_indeed (and_a_column_with_a_long_name_as_well)",
         .postgresql =
             "CREATE TABLE a_table_with_a_name_that_is_rather_long_indeed ( and_a_column_with_a_long_name_as_well "
             "INTEGER ); CREATE INDEX ix_a_table_with_a_name_that_is_rather_long_indeed_and_a_4704 ON "
             "a_table_with_a_name_that_is_rather_long_indeed (and_a_column_with_a_long_name_as_well)",
         .mysql = "CREATE TABLE a_table_with_a_name_that_is_rather_long_indeed ( and_a_column_with_a_long_name_as_well "
                  "INTEGER ); CREATE INDEX ix_a_table_with_a_name_that_is_rather_long_indeed_and_a__4704 ON "
                  "a_table_with_a_name_that_is_rather_long_indeed (and_a_column_with_a_long_name_as_well)",
         .mariadb =
             "CREATE TABLE a_table_with_a_name_that_is_rather_long_indeed ( and_a_column_with_a_long_name_as_well "
             "INTEGER ); CREATE INDEX ix_a_table_with_a_name_that_is_rather_long_indeed_and_a__4704 ON "
             "a_table_with_a_name_that_is_rather_long_indeed (and_a_column_with_a_long_name_as_well)"});
}

TEST(names) {
    CHECK_DDL(
        {"naming",
         ath_ddl_of(ATH_DDL_CREATE_ALL,
                    .metadata = NAMED(T("p", I),
                                      T("t", I, C("a", ATH_INTEGER, .unique = true), C("b", ATH_INTEGER, .index = true),
                                        C("c", ATH_INTEGER, .foreign_key = "p.id"),
                                        ath_unique_def(.columns = ath_names("a", "b")),
                                        ath_check_def(.name = "pos", .check = "a > 0"),
                                        ath_index_def(NULL, ath_parts(ath_part("a"), ath_part("b")))))),
         .sqlite =
             "CREATE TABLE p ( id INTEGER NOT NULL, CONSTRAINT pk_p PRIMARY KEY (id) ); CREATE TABLE t ( id INTEGER "
             "NOT NULL, a INTEGER, b INTEGER, c INTEGER, CONSTRAINT pk_t PRIMARY KEY (id), CONSTRAINT uq_t_a_b UNIQUE "
             "(a, b), CONSTRAINT ck_t_pos CHECK (a > 0), CONSTRAINT uq_t_a UNIQUE (a), CONSTRAINT fk_t_c_p_id FOREIGN "
             "KEY(c) REFERENCES p (id) ); CREATE INDEX ix_t_a_b ON t (a, b); CREATE INDEX ix_t_b ON t (b)",
         .postgresql =
             "CREATE TABLE p ( id SERIAL NOT NULL, CONSTRAINT pk_p PRIMARY KEY (id) ); CREATE TABLE t ( id SERIAL NOT "
             "NULL, a INTEGER, b INTEGER, c INTEGER, CONSTRAINT pk_t PRIMARY KEY (id), CONSTRAINT uq_t_a_b UNIQUE (a, "
             "b), CONSTRAINT ck_t_pos CHECK (a > 0), CONSTRAINT uq_t_a UNIQUE (a), CONSTRAINT fk_t_c_p_id FOREIGN "
             "KEY(c) REFERENCES p (id) ); CREATE INDEX ix_t_a_b ON t (a, b); CREATE INDEX ix_t_b ON t (b)",
         .mysql = "CREATE TABLE p ( id INTEGER NOT NULL AUTO_INCREMENT, CONSTRAINT pk_p PRIMARY KEY (id) ); CREATE "
                  "TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, a INTEGER, b INTEGER, c INTEGER, CONSTRAINT pk_t "
                  "PRIMARY KEY (id), CONSTRAINT uq_t_a_b UNIQUE (a, b), CONSTRAINT ck_t_pos CHECK (a > 0), CONSTRAINT "
                  "uq_t_a UNIQUE (a), CONSTRAINT fk_t_c_p_id FOREIGN KEY(c) REFERENCES p (id) ); CREATE INDEX ix_t_a_b "
                  "ON t (a, b); CREATE INDEX ix_t_b ON t (b)",
         .mariadb = "CREATE TABLE p ( id INTEGER NOT NULL AUTO_INCREMENT, CONSTRAINT pk_p PRIMARY KEY (id) ); CREATE "
                    "TABLE t ( id INTEGER NOT NULL AUTO_INCREMENT, a INTEGER, b INTEGER, c INTEGER, CONSTRAINT pk_t "
                    "PRIMARY KEY (id), CONSTRAINT uq_t_a_b UNIQUE (a, b), CONSTRAINT ck_t_pos CHECK (a > 0), "
                    "CONSTRAINT uq_t_a UNIQUE (a), CONSTRAINT fk_t_c_p_id FOREIGN KEY(c) REFERENCES p (id) ); CREATE "
                    "INDEX ix_t_a_b ON t (a, b); CREATE INDEX ix_t_b ON t (b)"});
}

TEST(objects) {
    CHECK_DDL(
        {"sequence",
         ath_ddl_of(ATH_DDL_CREATE_SEQUENCE, .sequence = &(ath_sequence){.name = "s",
                                                                         .schema = "x",
                                                                         .counting = {.start = ath_some(5),
                                                                                      .increment = ath_some(2),
                                                                                      .minvalue = ath_some(1),
                                                                                      .maxvalue = ath_some(100),
                                                                                      .cache = ath_some(10),
                                                                                      .no_cycle = true}}),
         .sqlite = "!SQLite has no sequences",
         .postgresql = "CREATE SEQUENCE x.s INCREMENT BY 2 START WITH 5 MINVALUE 1 MAXVALUE 100 CACHE 10 NO CYCLE",
         .mysql = "!MySQL has no sequences",
         .mariadb = "CREATE SEQUENCE x.s INCREMENT BY 2 START WITH 5 MINVALUE 1 MAXVALUE 100 CACHE 10 NOCYCLE"},
        {"sequence_type",
         ath_ddl_of(ATH_DDL_CREATE_SEQUENCE, .sequence = &(ath_sequence){.name = "s", .type = ATH_BIGINT},
                    .if_exists = true),
         .sqlite = "!SQLite has no sequences", .postgresql = "CREATE SEQUENCE IF NOT EXISTS s AS BIGINT",
         .mysql = "!MySQL has no sequences", .mariadb = "CREATE SEQUENCE IF NOT EXISTS s"},
        {"sequence_drop", ath_ddl_of(ATH_DDL_DROP_SEQUENCE, .sequence = &(ath_sequence){.name = "My Seq"}),
         .sqlite = "!SQLite has no sequences", .postgresql = "DROP SEQUENCE \"My Seq\"",
         .mysql = "!MySQL has no sequences", .mariadb = "DROP SEQUENCE `My Seq`"},
        {"sequence_all",
         ath_ddl_of(ATH_DDL_CREATE_ALL, .metadata = COUNTED("s", T("t", C("a", ATH_ENUM_TYPE("e", "x"))))),
         .sqlite = "CREATE TABLE t ( a VARCHAR(1) )",
         .postgresql = "CREATE TYPE e AS ENUM ('x'); CREATE SEQUENCE s; CREATE TABLE t ( a e )",
         .mysql = "CREATE TABLE t ( a ENUM('x') )", .mariadb = "CREATE SEQUENCE s; CREATE TABLE t ( a ENUM('x') )"},
        {"schema_create", ath_ddl_of(ATH_DDL_CREATE_SCHEMA, .name = "My Schema", .if_exists = true),
         .sqlite = "!SQLite has no CREATE SCHEMA and DROP SCHEMA (it attaches files)",
         .postgresql = "CREATE SCHEMA IF NOT EXISTS \"My Schema\"", .mysql = "CREATE SCHEMA IF NOT EXISTS `My Schema`",
         .mariadb = "CREATE SCHEMA IF NOT EXISTS `My Schema`"},
        {"schema_drop", ath_ddl_of(ATH_DDL_DROP_SCHEMA, .name = "s", .if_exists = true, .cascade = true),
         .sqlite = "!SQLite has no CREATE SCHEMA and DROP SCHEMA (it attaches files)",
         .postgresql = "DROP SCHEMA IF EXISTS s CASCADE", .mysql = "!MySQL has no DROP ... CASCADE",
         .mariadb = "!MariaDB has no DROP ... CASCADE"},
        {"table_if_not_exists",
         ath_ddl_of(ATH_DDL_CREATE_TABLE,
                    .table = T("t", C("id", ATH_INTEGER), ath_options_def(.schema = "Odd Schema")), .if_exists = true),
         .sqlite = "CREATE TABLE IF NOT EXISTS \"Odd Schema\".t ( id INTEGER )",
         .postgresql = "CREATE TABLE IF NOT EXISTS \"Odd Schema\".t ( id INTEGER )",
         .mysql = "CREATE TABLE IF NOT EXISTS `Odd Schema`.t ( id INTEGER )",
         .mariadb = "CREATE TABLE IF NOT EXISTS `Odd Schema`.t ( id INTEGER )"},
        {"table_drop",
         ath_ddl_of(ATH_DDL_DROP_TABLE, .table = T("order", C("id", ATH_INTEGER), ath_options_def(.schema = "s")),
                    .if_exists = true),
         .sqlite = "DROP TABLE IF EXISTS s.\"order\"", .postgresql = "DROP TABLE IF EXISTS s.\"order\"",
         .mysql = "DROP TABLE IF EXISTS s.`order`", .mariadb = "DROP TABLE IF EXISTS s.`order`"});
}

TEST(changes) {
    CHECK_DDL(
        {"add_unique",
         ath_ddl_of(ATH_DDL_ADD_CONSTRAINT,
                    .table = T("t", C("a", ATH_INTEGER), ath_unique_def(.name = "u", .columns = ath_names("a")),
                               ath_options_def(.schema = "s")),
                    .name = "u"),
         .sqlite = "!SQLite has no ALTER TABLE ... ADD CONSTRAINT",
         .postgresql = "ALTER TABLE s.t ADD CONSTRAINT u UNIQUE (a)",
         .mysql = "ALTER TABLE s.t ADD CONSTRAINT u UNIQUE (a)",
         .mariadb = "ALTER TABLE s.t ADD CONSTRAINT u UNIQUE (a)"},
        {"add_primary",
         ath_ddl_of(ATH_DDL_ADD_CONSTRAINT,
                    .table =
                        T("t", C("a", ATH_INTEGER), ath_primary_key_def(.name = "pk_t", .columns = ath_names("a"))),
                    .name = "pk_t"),
         .sqlite = "!SQLite has no ALTER TABLE ... ADD CONSTRAINT",
         .postgresql = "ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY (a)",
         .mysql = "ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY (a)",
         .mariadb = "ALTER TABLE t ADD CONSTRAINT pk_t PRIMARY KEY (a)"},
        {"drop_check",
         ath_ddl_of(ATH_DDL_DROP_CONSTRAINT,
                    .table = T("t", C("a", ATH_INTEGER), ath_check_def(.name = "ck", .check = "a > 0")), .name = "ck"),
         .sqlite = "!SQLite has no ALTER TABLE ... DROP CONSTRAINT", .postgresql = "ALTER TABLE t DROP CONSTRAINT ck",
         .mysql = "ALTER TABLE t DROP CHECK ck", .mariadb = "ALTER TABLE t DROP CONSTRAINT ck"},
        {"drop_primary",
         ath_ddl_of(ATH_DDL_DROP_CONSTRAINT,
                    .table =
                        T("t", C("a", ATH_INTEGER), ath_primary_key_def(.name = "pk_t", .columns = ath_names("a"))),
                    .name = "pk_t"),
         .sqlite = "!SQLite has no ALTER TABLE ... DROP CONSTRAINT", .postgresql = "ALTER TABLE t DROP CONSTRAINT pk_t",
         .mysql = "ALTER TABLE t DROP PRIMARY KEY", .mariadb = "ALTER TABLE t DROP PRIMARY KEY"},
        {"drop_cascade",
         ath_ddl_of(ATH_DDL_DROP_CONSTRAINT,
                    .table = T("t", C("a", ATH_INTEGER), ath_unique_def(.name = "u", .columns = ath_names("a"))),
                    .name = "u", .if_exists = true, .cascade = true),
         .sqlite = "!SQLite has no ALTER TABLE ... DROP CONSTRAINT",
         .postgresql = "ALTER TABLE t DROP CONSTRAINT IF EXISTS u CASCADE",
         .mysql = "!MySQL has no DROP CONSTRAINT with IF EXISTS or CASCADE",
         .mariadb = "!MariaDB has no DROP CONSTRAINT with IF EXISTS or CASCADE"});
}

int main(int argc, char **argv) {
    static const test_case cases[] = {
        {"keys_1", keys_1},
        {"keys_2", keys_2},
        {"checks", checks},
        {"cycles_1", cycles_1},
        {"cycles_2", cycles_2},
        {"what_refers_to_a_numbered_key", what_refers_to_a_numbered_key},
        {"defaults", defaults},
        {"comments", comments},
        {"table_options", table_options},
        {"enums", enums},
        {"types", types},
        {"indexes_1", indexes_1},
        {"indexes_2", indexes_2},
        {"names", names},
        {"objects", objects},
        {"changes", changes},
    };
    return test_main(argc, argv, cases, TEST_COUNT(cases));
}
