-- Mail to postmaster and abuse at the reports domain, until it is forwarded.
CREATE TABLE "operator_mail" (
    "id" UUID NOT NULL,
    "mailbox" TEXT NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "remote_address" TEXT,
    "envelope_from" TEXT,
    "raw" BYTEA NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "operator_mail_pkey" PRIMARY KEY ("id")
);
