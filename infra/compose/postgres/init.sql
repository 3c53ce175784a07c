-- The schema registry's own database: it must exist before the registry starts. The services' databases and roles are
-- made by the deploy step of `npm start`, with Docker and without, so that there is one place that knows them.
CREATE ROLE registry LOGIN PASSWORD 'registry';
CREATE DATABASE registry OWNER registry;
