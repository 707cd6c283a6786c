CREATE SCHEMA other;
CREATE TABLE other.things (id integer PRIMARY KEY);
CREATE DOMAIN email AS varchar(80) CHECK (VALUE LIKE '%@%');
CREATE TABLE people (id integer PRIMARY KEY, address email, thing_id integer REFERENCES other.things);
CREATE TABLE rooms (id integer PRIMARY KEY, during int4range, EXCLUDE USING gist (during WITH &&));
CREATE TABLE checked (id integer PRIMARY KEY, n integer);
INSERT INTO checked VALUES (1, -1);
ALTER TABLE checked ADD CONSTRAINT positive CHECK (n > 0) NOT VALID;
INSERT INTO people VALUES (1, 'a@b', NULL);
