-- One shipment for each order, whatever the code believes. A row is written again with each of its states, so its key alone
-- does not refuse a second shipment of its order; its shipment_id does, which is drawn when a shipment begins and never changes.
CREATE FUNCTION "shipment_begun_again"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Order % has its shipment %, which is %: it is shipped once.', OLD."order_id", OLD."shipment_id", OLD."status"
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'shipment_once';
END $$;
CREATE TRIGGER "shipment_once" BEFORE UPDATE ON "shipment" FOR EACH ROW
    WHEN (NEW."shipment_id" IS DISTINCT FROM OLD."shipment_id")
    EXECUTE FUNCTION "shipment_begun_again"();
