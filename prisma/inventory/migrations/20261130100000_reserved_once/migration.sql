-- One reservation for each order, whatever the code believes. A row is written again when its reservation ends, so its key
-- alone does not refuse a second reservation of its order. A reservation that is made can only be released or shipped, with
-- the units that it was made for; every other state is an end. Stock is written in the same transaction, and so stays as it was.
CREATE FUNCTION "reservation_made_again"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Order % has its reservation, which is % and cannot become %: units are set aside once.',
        OLD."order_id", OLD."status", NEW."status"
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'reservation_once';
END $$;
CREATE TRIGGER "reservation_once" BEFORE UPDATE ON "reservation" FOR EACH ROW
    WHEN (NOT (OLD."status" = 'RESERVED' AND NEW."status" IN ('RELEASED', 'SHIPPED') AND NEW."items" = OLD."items"))
    EXECUTE FUNCTION "reservation_made_again"();
