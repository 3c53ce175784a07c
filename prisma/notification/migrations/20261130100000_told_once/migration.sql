-- One message of a kind for each order, whatever the code believes. A row is written again when its message is sent, so its
-- key alone does not refuse a second message; its id does, which is drawn when a message is decided on and never changes.
CREATE FUNCTION "notification_begun_again"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The customer of order % was told % already, which is %.', OLD."order_id", OLD."template", OLD."status"
        USING ERRCODE = 'unique_violation', CONSTRAINT = 'notification_once';
END $$;
CREATE TRIGGER "notification_once" BEFORE UPDATE ON "notification" FOR EACH ROW
    WHEN (NEW."id" <> OLD."id")
    EXECUTE FUNCTION "notification_begun_again"();
