-- Who gets the monthly report of an account by mail, and whether a provider's customers get theirs.
ALTER TABLE "account" ADD COLUMN     "monthly_to_customers" BOOLEAN NOT NULL DEFAULT false;

CREATE TABLE "monthly_recipient" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "email" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "via" TEXT NOT NULL,
    "token_jwe" TEXT NOT NULL,
    "token_hash" TEXT NOT NULL,
    "next_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "monthly_recipient_pkey" PRIMARY KEY ("account_id","id")
);

CREATE UNIQUE INDEX "monthly_recipient_token_hash_key" ON "monthly_recipient"("token_hash");

CREATE INDEX "monthly_recipient_next_at_idx" ON "monthly_recipient"("next_at");

CREATE UNIQUE INDEX "monthly_recipient_account_id_email_key" ON "monthly_recipient"("account_id", "email");
