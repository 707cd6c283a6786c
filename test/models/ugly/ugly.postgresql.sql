CREATE TYPE color AS ENUM ('red', 'light green', 'it''s "blue"');
CREATE SEQUENCE ticket_seq START 100 INCREMENT 5;
CREATE TABLE "class" (
  "int" serial PRIMARY KEY, "default" integer NOT NULL DEFAULT 3, "register" text, "return" text DEFAULT 'a:b',
  "2fa" boolean NOT NULL DEFAULT false, "with space" text, "naïve größe" numeric, "名前" text, "_" int, "user.name" text, "struct" bigint, "a""quote" text,
  "camelCase" int, "CamelCase" int, "camel_case" int, "ath_m" int, "field" int, "T" int, "NULL" int, errno int, linux int, "back\slash" text);
INSERT INTO class ("register", "user.name") VALUES ('x','y'), (NULL,NULL);
CREATE TABLE "user" (id bigint GENERATED ALWAYS AS IDENTITY (START WITH 10 INCREMENT BY 2) PRIMARY KEY, name varchar, e varchar(80),
  manager bigint REFERENCES "user"(id), mentor_id bigint REFERENCES "user"(id) ON DELETE SET NULL);
CREATE TABLE users (id smallserial PRIMARY KEY, "user" bigint REFERENCES "user"(id),
  owner_id bigint NOT NULL REFERENCES "user"(id) ON DELETE CASCADE ON UPDATE CASCADE);
INSERT INTO "user"(name,e) VALUES ('a','a@b'),('b',NULL); UPDATE "user" SET manager = 10, mentor_id=12;
INSERT INTO users("user", owner_id) VALUES (10,12),(NULL,10);
CREATE TABLE "order details" (order_no int, line int, "order" int, PRIMARY KEY (line, order_no), CONSTRAINT "weird name!" UNIQUE ("order",
  line) DEFERRABLE INITIALLY DEFERRED);
CREATE TABLE "order details notes" (id int PRIMARY KEY, order_no int, line int, FOREIGN KEY (line,
  order_no) REFERENCES "order details" (line, order_no) MATCH FULL);
INSERT INTO "order details" VALUES (1,1,7),(1,2,8); INSERT INTO "order details notes" VALUES (1,1,2),(2,NULL,NULL);
CREATE TABLE a_cycle (id int PRIMARY KEY, b_id int); CREATE TABLE b_cycle (id int PRIMARY KEY, a_id int REFERENCES a_cycle, CHECK (id > 0));
ALTER TABLE a_cycle ADD FOREIGN KEY (b_id) REFERENCES b_cycle; 
INSERT INTO a_cycle VALUES (1,NULL); INSERT INTO b_cycle VALUES (1,1); UPDATE a_cycle SET b_id=1;
CREATE TABLE flights (id int PRIMARY KEY DEFAULT nextval('ticket_seq'), origin_id int NOT NULL REFERENCES a_cycle,
  destination_id int NOT NULL REFERENCES a_cycle, via int REFERENCES a_cycle);
INSERT INTO flights VALUES (DEFAULT,1,1,NULL);
CREATE TABLE person (id uuid PRIMARY KEY, at timestamptz(3) NOT NULL DEFAULT now(), t time(0), i interval, iy interval day to second(2),
  ts timestamp, d date, j json, jb jsonb, ar int[], at2 text[][], ip inet, m money, b bit(3), vb bit varying, by bytea, c "char", ch char,
  ch5 char(5), n numeric, n5 numeric(5), n52 numeric(5,2), n1000 numeric(1000,3), r real, dp double precision, x xml, r4 int4range, col color DEFAULT 'red', cols color[], tz time with time zone, pt point, ts_v tsvector, o oid);
INSERT INTO person(id, ar, at2, b, n, col, cols, pt, c, ip, m, i, x, r4, ts_v, o, tz, n1000) VALUES ('00000000-0000-0000-0000-000000000001', '{1,2}', '{{a,b},{c,d}}', B'101', 1.50, 'light green', '{red}', '(1,2)', 'x', '10.0.0.1', 3.5, '1 day', '<a/>', '[1,3)', 'a b', 5, '10:00+01', 12345678901234567890.125);
CREATE TABLE passport (person_id uuid PRIMARY KEY REFERENCES person ON DELETE CASCADE, number text UNIQUE,
  g text GENERATED ALWAYS AS (upper(number)) STORED);
INSERT INTO passport(person_id, number) SELECT id, 'x' FROM person;
CREATE TABLE profile (id int PRIMARY KEY, person_id uuid UNIQUE REFERENCES person);
CREATE TABLE friends (user_id bigint REFERENCES "user", friend_id bigint REFERENCES "user", PRIMARY KEY (user_id, friend_id));
INSERT INTO friends VALUES (10,12),(12,10),(10,10);
CREATE TABLE tags (id int PRIMARY KEY, name text); INSERT INTO tags VALUES (1,'t'),(2,'u');
CREATE TABLE user_tags (tag_id int REFERENCES tags, user_id bigint REFERENCES "user"); INSERT INTO user_tags VALUES (1,10),(2,10),(1,12);
CREATE TABLE user_tag2 (tag_id int REFERENCES tags, user_id bigint REFERENCES "user", PRIMARY KEY (tag_id,
  user_id)); INSERT INTO user_tag2 VALUES (1,10);
CREATE TABLE user_tag_since (tag_id int REFERENCES tags, user_id bigint REFERENCES "user", since date, PRIMARY KEY (tag_id,
  user_id)); INSERT INTO user_tag_since VALUES (1,10);
CREATE TABLE nokey (a int, b text, tag_id int REFERENCES tags); INSERT INTO nokey VALUES (1,'a',1),(1,'a',1);
CREATE TABLE twin (id int PRIMARY KEY, t_id int REFERENCES tags ON DELETE CASCADE,
  CONSTRAINT second FOREIGN KEY (t_id) REFERENCES tags); INSERT INTO twin VALUES (1,1);
CREATE TABLE tenants (id int PRIMARY KEY); CREATE TABLE authors (tenant_id int REFERENCES tenants, id int, name text, PRIMARY KEY (tenant_id, id));
CREATE TABLE books (tenant_id int REFERENCES tenants, id int, author_id int, editor_id int, PRIMARY KEY (tenant_id, id),
  FOREIGN KEY (tenant_id, author_id) REFERENCES authors, FOREIGN KEY (tenant_id, editor_id) REFERENCES authors);
INSERT INTO tenants VALUES (1); INSERT INTO authors VALUES (1,5,'x'); INSERT INTO books VALUES (1,1,5,NULL);
CREATE TABLE categories (id serial PRIMARY KEY, parent_id int REFERENCES categories, name text COLLATE "C", children text);
INSERT INTO categories(parent_id, name) VALUES (NULL,'r'),(1,'c');
CREATE TABLE sp (id int PRIMARY KEY, n serial, CONSTRAINT sp_n_key UNIQUE (n));
INSERT INTO sp VALUES (1);
CREATE INDEX ON person (lower(x::text)); CREATE INDEX ix_part ON users (owner_id DESC NULLS LAST) INCLUDE ("user") WHERE owner_id > 5; CREATE INDEX ix_users_user ON users ("user"); CREATE UNIQUE INDEX uq_lower ON tags (lower(name)) WITH (fillfactor=70); CREATE INDEX gin_j ON person USING gin (jb jsonb_path_ops);
CREATE UNIQUE INDEX uq_prof ON profile (person_id) WHERE id > 3;
CREATE TABLE parted (id int, at date NOT NULL, PRIMARY KEY (id,
  at)) PARTITION BY RANGE (at); CREATE TABLE parted_1 PARTITION OF parted FOR VALUES FROM ('2020-01-01') TO ('2021-01-01'); INSERT INTO parted VALUES (1,'2020-05-05');
CREATE VIEW v AS SELECT id, name FROM tags; CREATE MATERIALIZED VIEW mv AS SELECT * FROM tags;
CREATE TABLE stock (id int PRIMARY KEY, qty int, CONSTRAINT stock_qty_check CHECK (qty >= 0), txt text DEFAULT E'new\nline',
  q text DEFAULT 'it''s ?? "x" \ %', d timestamptz DEFAULT CURRENT_TIMESTAMP);
COMMENT ON TABLE stock IS 'a */ comment with "quotes" \ and
two lines'; COMMENT ON COLUMN stock.qty IS 'how "many" ?? /* */'; COMMENT ON CONSTRAINT stock_qty_check ON stock IS 'c';
CREATE TABLE child_of (extra int) INHERITS (tags);
CREATE TABLE id (id int PRIMARY KEY, id_id int REFERENCES id(id)); INSERT INTO id VALUES (1,1);
CREATE TABLE "Table" (id int PRIMARY KEY); CREATE TABLE "table" (id int PRIMARY KEY,
  table_id int REFERENCES "Table"); CREATE TABLE tables (id int PRIMARY KEY, table_id int REFERENCES "table");
CREATE TABLE "1st" (id int PRIMARY KEY); CREATE TABLE "!!" (id int PRIMARY KEY); CREATE TABLE "???" (id int PRIMARY KEY, "???" int, "!" int);
CREATE TABLE rooms (id int PRIMARY KEY, during int4range, span tsrange, EXCLUDE USING gist (during WITH &&),
  CONSTRAINT "ex two" EXCLUDE USING gist (int4range(id, id + 1) WITH =, span range_ops WITH &&) WHERE (id > 3) DEFERRABLE INITIALLY DEFERRED,
  EXCLUDE USING btree (id WITH =));
INSERT INTO rooms VALUES (1, '[1,2)', NULL);
CREATE TABLE counted (id int PRIMARY KEY, n int GENERATED BY DEFAULT AS IDENTITY, tags text[] DEFAULT '{}', v varchar[] NOT NULL DEFAULT ARRAY[]::varchar[]);
INSERT INTO counted VALUES (1);
CREATE TYPE pair AS (a int, b text);
