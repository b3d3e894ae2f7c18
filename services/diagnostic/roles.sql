-- Beside the common roles (platformkit/roles.sql): lets an exclusion constraint compare identifiers
-- with `=`. Trusted since PostgreSQL 13, so the owner of the database may add it as well.
CREATE EXTENSION IF NOT EXISTS btree_gist WITH SCHEMA public;
