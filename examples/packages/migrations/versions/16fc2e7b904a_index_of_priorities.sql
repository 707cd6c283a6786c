-- SPDX-License-Identifier: Apache-2.0
--
-- revision: 16fc2e7b904a
-- down: b5087d93ac12
-- message: an index of priorities
-- create_date: 2026-11-12 08:05:00

-- +up
CREATE INDEX ix_packages_priority ON packages (priority);

-- +down sqlite, postgresql
DROP INDEX ix_packages_priority;

-- +down mysql
DROP INDEX ix_packages_priority ON packages;
