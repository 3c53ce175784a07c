-- Runs once in a database, before the first migration. It makes the schema and the list of migrations that are done.
--
-- Earlier versions kept these tables in public, among those of the service: each service had a copy of the first migrations in its
-- Prisma folder. A database of that time gives its tables to the schema here, and the migrations that it has count as done.
-- SET SCHEMA rewrites nothing. Rows, indexes, constraints, triggers, sequences, privileges and the place in the publication stay,
-- and replication slots go on: what was written to the log before is read under the old name of its table.
--
-- Prisma's list keeps its rows of these migrations. `prisma migrate deploy` passes over what it has done and no longer finds.
CREATE SCHEMA IF NOT EXISTS chassis;
CREATE TABLE chassis.migration (
    number INTEGER PRIMARY KEY,
    name TEXT NOT NULL,
    done_at TIMESTAMPTZ(3) NOT NULL DEFAULT now()
);

DO $$
DECLARE
    one TEXT;
BEGIN
    IF to_regclass('public._prisma_migrations') IS NULL THEN
        RETURN;
    END IF;

    CREATE TEMP TABLE before ON COMMIT DROP AS
    SELECT number, name, p.migration_name, p.finished_at
    FROM (VALUES
        (1, '000001_tables', '20261121000000_chassis'),
        (2, '000002_failures', '20261121120000_failures'),
        (3, '000003_retention', '20261121130010_retention'),
        (4, '000004_operator', '20261121130020_operator'),
        (5, '000005_due_by_name', '20261126150000_due_by_name'),
        (6, '000006_anything_aside', '20261130110000_anything_aside')) AS m(number, name, of_prisma)
    JOIN public._prisma_migrations p ON p.migration_name = m.of_prisma AND p.rolled_back_at IS NULL;

    SELECT migration_name INTO one FROM before WHERE finished_at IS NULL;
    IF FOUND THEN
        RAISE EXCEPTION 'Prisma began % here and did not finish it. Mend what it stumbled over, tell Prisma with `prisma migrate resolve`, and migrate again.', one;
    END IF;

    INSERT INTO chassis.migration (number, name, done_at) SELECT number, name, finished_at FROM before;
    IF NOT FOUND THEN
        RETURN;
    END IF;

    FOREACH one IN ARRAY ARRAY['outbox', 'dead_letter_outbox', 'inbox', 'task', 'idempotency_key', 'dead_letter', 'dead_letter_replay',
                                 'dead_letter_replay_item', 'operator_act', 'relay_recovery', 'relay_aside'] LOOP
        EXECUTE format('ALTER TABLE IF EXISTS public.%I SET SCHEMA chassis', one);
    END LOOP;

    -- Whoever may use one of the tables, a role that only reads them for an audit say, needs the schema for it.
    FOR one IN
        SELECT DISTINCT CASE grantee WHEN 0 THEN 'PUBLIC' ELSE grantee::regrole::text END
        FROM pg_class CROSS JOIN aclexplode(relacl)
        WHERE relnamespace = 'chassis'::regnamespace AND grantee <> relowner
    LOOP
        EXECUTE format('GRANT USAGE ON SCHEMA chassis TO %s', one);
    END LOOP;
END $$;
