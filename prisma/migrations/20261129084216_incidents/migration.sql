-- CreateTable
CREATE TABLE "incident" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "cause_key" TEXT NOT NULL,
    "condition" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "acknowledged_at" TIMESTAMPTZ(3),
    "acknowledged_by" TEXT,
    "snoozed_until" TIMESTAMPTZ(3),
    "note" TEXT,
    "not_useful_at" TIMESTAMPTZ(3),

    CONSTRAINT "incident_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "incident_alert" (
    "account_id" TEXT NOT NULL,
    "incident_id" UUID NOT NULL,
    "owner_id" TEXT NOT NULL,
    "alert_id" UUID NOT NULL,
    "domain_id" UUID,
    "domain" TEXT NOT NULL,
    "condition" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "severity" TEXT NOT NULL,
    "evidence" JSONB NOT NULL,
    "opened_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),

    CONSTRAINT "incident_alert_pkey" PRIMARY KEY ("account_id","incident_id","owner_id","alert_id")
);

-- CreateTable
CREATE TABLE "channel" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "kind" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "target_jwe" TEXT NOT NULL,
    "target_hint" TEXT NOT NULL,
    "secret_jwe" TEXT,
    "old_secret_jwe" TEXT,
    "old_until" TIMESTAMPTZ(3),
    "min_severity" TEXT NOT NULL DEFAULT 'warning',
    "match" JSONB NOT NULL DEFAULT '{}',
    "state" TEXT NOT NULL DEFAULT 'active',
    "verify_hash" TEXT,
    "failing_since" TIMESTAMPTZ(3),
    "failures" INTEGER NOT NULL DEFAULT 0,
    "disabled_why" TEXT,
    "delivered_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "channel_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "subscription" (
    "account_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "severity" TEXT,
    "digest" TEXT,
    "time_zone" TEXT NOT NULL DEFAULT 'UTC',
    "quiet_from" INTEGER,
    "quiet_until" INTEGER,
    "unsubscribe_jwe" TEXT,
    "unsubscribe_hash" TEXT,
    "digest_at" TIMESTAMPTZ(3),
    "quiet_digests" INTEGER NOT NULL DEFAULT 0,

    CONSTRAINT "subscription_pkey" PRIMARY KEY ("account_id","user_id")
);

-- CreateTable
CREATE TABLE "notification" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "incident_id" UUID,
    "channel_id" UUID,
    "user_id" TEXT,
    "kind" TEXT NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'waiting',
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "next_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3),
    "maybe_sent" BOOLEAN NOT NULL DEFAULT false,
    "sent_at" TIMESTAMPTZ(3),
    "summary" TEXT,

    CONSTRAINT "notification_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "delivery" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "notification_id" UUID NOT NULL,
    "channel_id" UUID,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "outcome" TEXT NOT NULL,
    "status" INTEGER,
    "detail" TEXT,
    "ms" INTEGER NOT NULL,

    CONSTRAINT "delivery_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateIndex
CREATE INDEX "incident_account_id_opened_at_idx" ON "incident"("account_id", "opened_at");

-- CreateIndex
CREATE INDEX "incident_alert_owner_id_alert_id_idx" ON "incident_alert"("owner_id", "alert_id");

-- CreateIndex
CREATE UNIQUE INDEX "channel_verify_hash_key" ON "channel"("verify_hash");

-- CreateIndex
CREATE UNIQUE INDEX "subscription_unsubscribe_hash_key" ON "subscription"("unsubscribe_hash");

-- CreateIndex
CREATE INDEX "subscription_digest_at_idx" ON "subscription"("digest_at");

-- CreateIndex
CREATE INDEX "notification_account_id_incident_id_idx" ON "notification"("account_id", "incident_id");

-- CreateIndex
CREATE INDEX "notification_account_id_channel_id_created_at_idx" ON "notification"("account_id", "channel_id", "created_at");

-- CreateIndex
CREATE INDEX "delivery_account_id_channel_id_at_idx" ON "delivery"("account_id", "channel_id", "at");

-- CreateIndex
CREATE INDEX "delivery_at_idx" ON "delivery"("at");

-- One open incident for each account and cause: concurrent judgements of several domains meet here.
CREATE UNIQUE INDEX "incident_open_key" ON "incident" ("account_id", "cause_key") WHERE "resolved_at" IS NULL;
CREATE INDEX "notification_due_idx" ON "notification" ("next_at") WHERE "state" IN ('waiting', 'sending');
