-- SPDX-License-Identifier: Apache-2.0
--
-- A revision in SQL.  The models do not know this table: it is named by `athanor check`, and never dropped unasked.
--
-- revision: r11
-- down: r10
-- message: settings
-- create_date: 2026-11-11 12:00:00

-- +up
CREATE TABLE settings (name VARCHAR(50) PRIMARY KEY, content VARCHAR(200));
INSERT INTO settings (name, content) VALUES ('greeting', 'hello; -- and welcome');

-- +down
DROP TABLE settings;
