-- One schema per service; its owner cannot log in, its runtime role cannot own or see others.
-- Run by platformkit.migrations as an administrator; {service} is one of our own names.
DO $$
BEGIN
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{service}_owner') THEN
        CREATE ROLE {service}_owner NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{service}_app') THEN
        CREATE ROLE {service}_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS;
    END IF;
    EXECUTE format('REVOKE CONNECT, TEMPORARY ON DATABASE %I FROM PUBLIC', current_database());
    EXECUTE format('GRANT CONNECT ON DATABASE %I TO {service}_app', current_database());
    EXECUTE format('GRANT {service}_owner TO %I', current_user);
END $$;

REVOKE CREATE ON SCHEMA public FROM PUBLIC;
CREATE SCHEMA IF NOT EXISTS {service} AUTHORIZATION {service}_owner;
REVOKE ALL ON SCHEMA {service} FROM PUBLIC;
GRANT USAGE ON SCHEMA {service} TO {service}_app;
ALTER DEFAULT PRIVILEGES FOR ROLE {service}_owner IN SCHEMA {service}
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {service}_app;
ALTER DEFAULT PRIVILEGES FOR ROLE {service}_owner IN SCHEMA {service}
    GRANT USAGE ON SEQUENCES TO {service}_app;
ALTER ROLE {service}_app SET search_path = {service};
