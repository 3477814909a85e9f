-- CreateTable
CREATE TABLE "outgoing_mail" (
    "account_id" TEXT,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "recipient" TEXT NOT NULL,
    "sealed" TEXT NOT NULL,
    "reference" TEXT,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL,
    "give_up_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),
    "problem" TEXT,

    CONSTRAINT "outgoing_mail_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "outgoing_mail_reference_key" ON "outgoing_mail"("reference");

-- CreateIndex
CREATE INDEX "outgoing_mail_account_id_idx" ON "outgoing_mail"("account_id");

-- CreateIndex
CREATE INDEX "outgoing_mail_state_next_attempt_at_idx" ON "outgoing_mail"("state", "next_attempt_at");
