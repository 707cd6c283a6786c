CREATE TABLE numbered (a integer auto_increment, v integer, UNIQUE KEY (a));
INSERT INTO numbered (v) VALUES (4), (5);
CREATE TABLE secret (id integer PRIMARY KEY, hidden integer INVISIBLE);
INSERT INTO secret VALUES (1);
CREATE TABLE second (a integer, b integer auto_increment, PRIMARY KEY (a, b), KEY (b));
INSERT INTO second (a) VALUES (1), (1);
CREATE VIEW v AS SELECT v FROM numbered;
CREATE SEQUENCE sq START WITH 7;
CREATE TABLE seqd (id int not null default nextval(sq), primary key (id)); INSERT INTO seqd VALUES (default);
