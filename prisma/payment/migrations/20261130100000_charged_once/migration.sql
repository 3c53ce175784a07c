-- One charge for each order, whatever the code believes. A row is written again with each of its states, so its key alone does
-- not refuse a second payment of its order; its payment_id does, which is drawn when a payment begins and never changes.
CREATE FUNCTION "payment_begun_again"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Order % has its payment %, which is %: it is charged once.', OLD."order_id", OLD."payment_id", OLD."status"
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'payment_once';
END $$;
CREATE TRIGGER "payment_once" BEFORE UPDATE ON "payment" FOR EACH ROW
    WHEN (NEW."payment_id" IS DISTINCT FROM OLD."payment_id")
    EXECUTE FUNCTION "payment_begun_again"();
