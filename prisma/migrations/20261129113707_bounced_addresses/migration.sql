ALTER TABLE "subscription"
  ADD COLUMN "bounced_address" TEXT,
  ADD COLUMN "bounced_at" TIMESTAMPTZ(3),
  ADD COLUMN "bounce_detail" TEXT;
