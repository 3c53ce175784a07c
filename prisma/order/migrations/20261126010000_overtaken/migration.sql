-- What a second writer of the same version of an order is answered. A unique violation would say that its data is wrong for
-- ever; it is only older than what was written meanwhile, and its batch is handled again.
CREATE FUNCTION "order_overtaken"() RETURNS text LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'Another writer has appended to the same order; it is read again.' USING ERRCODE = 'serialization_failure';
END
$$;
