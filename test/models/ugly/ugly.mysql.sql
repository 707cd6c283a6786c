CREATE TABLE `class` (`int` int unsigned auto_increment primary key, `default` bigint unsigned not null default 18446744073709551615,
  b bit(1) default b'0', b8 bit(8), b64 bit(64), tb tinyint(1) not null default 1, t tinyint, tu tinyint unsigned, mu mediumint unsigned,
  m mediumint, i5 int(5), iz int(8) unsigned zerofill, f float, fd float(7,3), d double, dd double(10,2), du double unsigned, n decimal, n2 decimal(65,30), nu decimal(10,2) unsigned, y year, c char, c3 char(3) character set latin1, v varchar(20) collate utf8mb4_bin, tt tinytext, mt mediumtext, lt longtext, bl blob, tbl tinyblob, lb longblob, bi binary(4), vb varbinary(9), e enum('a','b c','d''e','f"g','h\\i'), s set('x','y'), j json, dt datetime, dt3 datetime(3), ts timestamp null, ts6 timestamp(6) not null default current_timestamp(6) on update current_timestamp(6), ti time, ti2 time(2), da date, u uuid, i6 inet6, g point, ge geometry, vc int as (`t` + 1) virtual, st varchar(30) as (concat(v,'x')) stored, `a``b` int comment 'it''s "c"', `x.y` int check (`x.y` > 0));
INSERT INTO `class` (b,b8,b64,t,tu,mu,iz,f,fd,d,dd,n,n2,nu,y,c,c3,v,tt,bl,bi,vb,e,s,j,dt,dt3,ts,ti,ti2,da,u,i6,`x.y`) VALUES (b'1',b'10101010',1,-5,250,16000000,42,1.5,1.234,2.5,3.25,5,12345678901234567890.123456789,9.99,2024,'x','abc','vv','tt','b\0b','abcd','vb','d''e','x,y','{"a": 1}','2020-01-02 03:04:05','2020-01-02 03:04:05.678','2020-01-01 00:00:00','10:11:12','10:11:12.34','2020-01-01','00000000-0000-0000-0000-000000000001','::1',3);
CREATE TABLE `select` (id int auto_increment, k varchar(40), primary key (id), unique key k (k), key pre (k(5)),
  fulltext key ft (k)) engine=InnoDB default charset=latin1 comment='the "table"';
INSERT INTO `select` (k) VALUES ('a'),('b');
CREATE TABLE multi (a int, b int, c int, primary key (b, a), key (a), unique key uq (c, a)) engine=InnoDB row_format=compressed;
INSERT INTO multi VALUES (1,1,2),(1,2,3);
CREATE TABLE fk2 (id int primary key, a int, b int, sel int, sel2 int, constraint `strange name` foreign key (b, a) references multi(b,
  a) on delete set null on update cascade, foreign key (sel) references `select`(id),
  foreign key (sel2) references `select`(id) on delete cascade, key named_sel2 (sel2, id));
INSERT INTO fk2 VALUES (1,1,1,1,2),(2,null,null,null,null);
CREATE TABLE my_isam (id int primary key) engine=MyISAM;
CREATE TABLE parted (id int, d date, primary key (id, d)) partition by range (year(d)) (partition p0 values less than (2020),
  partition p1 values less than maxvalue);
CREATE TABLE hashed (id int primary key) partition by hash (id) partitions 4;
CREATE TABLE spatial_t (id int primary key, p point not null, spatial index sp (p));
INSERT INTO spatial_t VALUES (1, point(1,2));
CREATE VIEW v AS SELECT id FROM `select`;
CREATE TABLE a_cycle (id int primary key, b_id int); CREATE TABLE b_cycle (id int primary key, a_id int,
  foreign key (a_id) references a_cycle(id)); ALTER TABLE a_cycle ADD FOREIGN KEY (b_id) REFERENCES b_cycle(id);
CREATE TABLE checks (id int primary key, a int, b int, constraint ab check (a < b), constraint `c d` check (a <> 'x'), check (b > 1));
CREATE TABLE idx (id int primary key, a int, b int, v varchar(100), key d (a desc, b), unique key one (a), unique key v (v(10)),
  key h (b) using hash) ;
CREATE TABLE sets (id int primary key, mt mediumtext character set latin1, s set('a','b''c') collate utf8mb4_bin, e enum('x','y') character set ascii, t text collate utf8mb4_unicode_ci, dflt varchar(40) default (uuid()), c char(0), neg int default -5, txt text default 'it''s', d date default (curdate() + interval 1 day)) default charset=utf8mb3;
INSERT INTO sets (id, mt, s, e) VALUES (1, 'm', 'a,b''c', 'y');
