-- The host under which an account shows pages to its customers.
CREATE TABLE "brand_host" (
    "account_id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "held_host" TEXT,
    "problem" TEXT,
    "missed" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "checked_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "brand_host_pkey" PRIMARY KEY ("account_id")
);

CREATE UNIQUE INDEX "brand_host_held_host_key" ON "brand_host"("held_host");

CREATE INDEX "brand_host_next_check_at_idx" ON "brand_host"("next_check_at");
