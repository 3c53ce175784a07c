-- The order and the template are the key: no redelivery, however late, can tell a customer the same thing twice.
-- Written once when it is decided and once when the mail server has answered, on the same page if there is room.
CREATE TABLE "notification" (
    "order_id" UUID NOT NULL,
    "template" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "recipient" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "status" TEXT NOT NULL,
    "detail" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT now(),
    CONSTRAINT "notification_pkey" PRIMARY KEY ("order_id", "template"),
    CONSTRAINT "notification_template" CHECK ("template" IN ('ORDER_CONFIRMED', 'ORDER_CANCELLED', 'APPROVAL_REQUIRED')),
    CONSTRAINT "notification_status" CHECK ("status" IN ('PENDING', 'SENT', 'FAILED'))
) WITH (fillfactor = 70);
CREATE UNIQUE INDEX "notification_id_key" ON "notification"("id");
