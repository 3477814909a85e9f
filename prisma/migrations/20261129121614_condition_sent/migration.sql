ALTER TABLE "operator_condition" ADD COLUMN "sent_at" TIMESTAMPTZ(3);
