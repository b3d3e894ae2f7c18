-- Beside the common roles (platformkit/roles.sql): what is confidential has a schema and a login
-- of its own. The role of the API, observatory_app, has no right on the schema.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'observatory_confidential') THEN
        CREATE ROLE observatory_confidential
            LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO observatory_confidential', current_database());
END $$;

CREATE SCHEMA IF NOT EXISTS confidential AUTHORIZATION observatory_owner;
REVOKE ALL ON SCHEMA confidential FROM PUBLIC;
GRANT USAGE ON SCHEMA confidential, observatory TO observatory_confidential;
ALTER DEFAULT PRIVILEGES FOR ROLE observatory_owner IN SCHEMA confidential
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO observatory_confidential;
ALTER DEFAULT PRIVILEGES FOR ROLE observatory_owner IN SCHEMA confidential
    GRANT USAGE ON SEQUENCES TO observatory_confidential;
ALTER ROLE observatory_confidential SET search_path = confidential, observatory;
