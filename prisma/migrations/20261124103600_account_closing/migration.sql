ALTER TABLE "account" ADD COLUMN "closing_at" TIMESTAMPTZ(3);
