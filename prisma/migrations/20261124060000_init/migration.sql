-- CreateEnum
CREATE TYPE "domain_status" AS ENUM ('pending', 'active', 'leaving', 'left');

-- CreateEnum
CREATE TYPE "setup_record_kind" AS ENUM ('policyHost', 'stsRecord', 'tlsRptRecord');

-- CreateEnum
CREATE TYPE "setup_record_state" AS ENUM ('unchecked', 'missing', 'wrong', 'correct', 'unreachable');

-- CreateEnum
CREATE TYPE "policy_mode" AS ENUM ('enforce', 'testing', 'none');

-- CreateEnum
CREATE TYPE "policy_version_state" AS ENUM ('publishing', 'live', 'superseded');

-- CreateEnum
CREATE TYPE "serving_change_kind" AS ENUM ('policy', 'record', 'certificate', 'challenge');

-- CreateEnum
CREATE TYPE "serving_node_kind" AS ENUM ('policy', 'dns');

-- CreateEnum
CREATE TYPE "certificate_state" AS ENUM ('waiting', 'preflight', 'ordering', 'validating', 'finalizing', 'issued', 'failing', 'stopped');

-- CreateEnum
CREATE TYPE "report_transport" AS ENUM ('smtp', 'https', 'import');

-- CreateEnum
CREATE TYPE "report_message_state" AS ENUM ('received', 'processed', 'duplicate', 'quarantined');

-- CreateEnum
CREATE TYPE "report_trust" AS ENUM ('aligned', 'verified', 'broken', 'unsigned', 'unauthenticated', 'unknown');

-- CreateTable
CREATE TABLE "user" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "email_verified" BOOLEAN NOT NULL DEFAULT false,
    "image" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "user_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "session" (
    "id" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "token" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,
    "ip_address" TEXT,
    "user_agent" TEXT,
    "user_id" TEXT NOT NULL,
    "active_organization_id" TEXT,

    CONSTRAINT "session_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "credential" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "provider_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "access_token" TEXT,
    "refresh_token" TEXT,
    "id_token" TEXT,
    "access_token_expires_at" TIMESTAMPTZ(3),
    "refresh_token_expires_at" TIMESTAMPTZ(3),
    "scope" TEXT,
    "password" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "credential_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "verification" (
    "id" TEXT NOT NULL,
    "identifier" TEXT NOT NULL,
    "value" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "verification_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "account" (
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "slug" TEXT NOT NULL,
    "logo" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "metadata" TEXT,

    CONSTRAINT "account_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "member" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "user_id" TEXT NOT NULL,
    "role" TEXT NOT NULL DEFAULT 'member',
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "member_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "invitation" (
    "id" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "email" TEXT NOT NULL,
    "role" TEXT,
    "status" TEXT NOT NULL DEFAULT 'pending',
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "inviter_id" TEXT NOT NULL,

    CONSTRAINT "invitation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "api_key" (
    "id" TEXT NOT NULL,
    "config_id" TEXT NOT NULL DEFAULT 'default',
    "name" TEXT,
    "start" TEXT,
    "reference_id" TEXT NOT NULL,
    "prefix" TEXT,
    "key" TEXT NOT NULL,
    "refill_interval" INTEGER,
    "refill_amount" INTEGER,
    "last_refill_at" TIMESTAMPTZ(3),
    "enabled" BOOLEAN DEFAULT true,
    "rate_limit_enabled" BOOLEAN DEFAULT true,
    "rate_limit_time_window" INTEGER,
    "rate_limit_max" INTEGER,
    "request_count" INTEGER DEFAULT 0,
    "remaining" INTEGER,
    "last_request" TIMESTAMPTZ(3),
    "expires_at" TIMESTAMPTZ(3),
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "permissions" TEXT,
    "metadata" TEXT,

    CONSTRAINT "api_key_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "domain" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "status" "domain_status" NOT NULL DEFAULT 'pending',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "active_at" TIMESTAMPTZ(3),
    "leaving_at" TIMESTAMPTZ(3),
    "left_at" TIMESTAMPTZ(3),
    "served_version" INTEGER,
    "published_version" INTEGER,
    "mx_hosts" JSONB NOT NULL DEFAULT '[]',
    "mx_checked_at" TIMESTAMPTZ(3),
    "checked_at" TIMESTAMPTZ(3),
    "next_check_at" TIMESTAMPTZ(3),
    "check_attempts" INTEGER NOT NULL DEFAULT 0,
    "publish_problem" TEXT,

    CONSTRAINT "domain_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "domain_token" (
    "token" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "domain_id" UUID NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "domain_token_pkey" PRIMARY KEY ("token")
);

-- CreateTable
CREATE TABLE "domain_claim" (
    "domain" TEXT NOT NULL,
    "account_id" TEXT NOT NULL,
    "domain_id" UUID NOT NULL,
    "claimed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "domain_claim_pkey" PRIMARY KEY ("domain")
);

-- CreateTable
CREATE TABLE "setup_record" (
    "account_id" TEXT NOT NULL,
    "domain_id" UUID NOT NULL,
    "kind" "setup_record_kind" NOT NULL,
    "state" "setup_record_state" NOT NULL DEFAULT 'unchecked',
    "seen" TEXT,
    "checked_at" TIMESTAMPTZ(3),
    "correct_since" TIMESTAMPTZ(3),

    CONSTRAINT "setup_record_pkey" PRIMARY KEY ("account_id","domain_id","kind")
);

-- CreateTable
CREATE TABLE "policy_version" (
    "account_id" TEXT NOT NULL,
    "domain_id" UUID NOT NULL,
    "version" INTEGER NOT NULL,
    "policy_id" TEXT NOT NULL,
    "mode" "policy_mode" NOT NULL,
    "mx" TEXT[],
    "max_age_seconds" INTEGER NOT NULL,
    "state" "policy_version_state" NOT NULL DEFAULT 'publishing',
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "published_at" TIMESTAMPTZ(3),
    "last_served_at" TIMESTAMPTZ(3),

    CONSTRAINT "policy_version_pkey" PRIMARY KEY ("account_id","domain_id","version")
);

-- CreateTable
CREATE TABLE "serving_change" (
    "seq" BIGINT NOT NULL,
    "kind" "serving_change_kind" NOT NULL,
    "key" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "serving_change_pkey" PRIMARY KEY ("seq")
);

-- CreateTable
CREATE TABLE "serving_node" (
    "id" TEXT NOT NULL,
    "kind" "serving_node_kind" NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "lease_until" TIMESTAMPTZ(3) NOT NULL,
    "seen_seq" BIGINT NOT NULL,

    CONSTRAINT "serving_node_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "certificate_name" (
    "account_id" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "domain_id" UUID,
    "state" "certificate_state" NOT NULL DEFAULT 'waiting',
    "state_since" TIMESTAMPTZ(3) NOT NULL,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "next_attempt_at" TIMESTAMPTZ(3),
    "last_error_code" TEXT,
    "last_error_detail" TEXT,
    "last_error_at" TIMESTAMPTZ(3),
    "lease_owner" TEXT,
    "lease_until" TIMESTAMPTZ(3),
    "directory_url" TEXT,
    "order_url" TEXT,
    "order_key_jwe" TEXT,
    "order_started_at" TIMESTAMPTZ(3),
    "current_certificate_id" UUID,
    "renew_at" TIMESTAMPTZ(3),

    CONSTRAINT "certificate_name_pkey" PRIMARY KEY ("account_id","host")
);

-- CreateTable
CREATE TABLE "certificate" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "host" TEXT NOT NULL,
    "chain_pem" TEXT NOT NULL,
    "key_jwe" TEXT NOT NULL,
    "issuer" TEXT NOT NULL,
    "serial" TEXT NOT NULL,
    "fingerprint256" TEXT NOT NULL,
    "not_before" TIMESTAMPTZ(3) NOT NULL,
    "not_after" TIMESTAMPTZ(3) NOT NULL,
    "directory_url" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "certificate_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "acme_account" (
    "directory_url" TEXT NOT NULL,
    "key_jwe" TEXT NOT NULL,
    "account_url" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "acme_account_pkey" PRIMARY KEY ("directory_url")
);

-- CreateTable
CREATE TABLE "acme_challenge" (
    "token" TEXT NOT NULL,
    "key_authorization" TEXT NOT NULL,
    "host" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "acme_challenge_pkey" PRIMARY KEY ("token")
);

-- CreateTable
CREATE TABLE "report_message" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "domain_id" UUID,
    "token" TEXT,
    "transport" "report_transport" NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,
    "remote_address" TEXT,
    "envelope_from" TEXT,
    "content_type" TEXT,
    "file_name" TEXT,
    "content_sha256" TEXT NOT NULL,
    "raw" BYTEA NOT NULL,
    "state" "report_message_state" NOT NULL DEFAULT 'received',
    "quarantine_reason" TEXT,
    "quarantine_detail" TEXT,
    "attempts" INTEGER NOT NULL DEFAULT 0,
    "processed_at" TIMESTAMPTZ(3),

    CONSTRAINT "report_message_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "tls_report" (
    "account_id" TEXT NOT NULL,
    "report_day" DATE NOT NULL,
    "id" UUID NOT NULL,
    "domain_id" UUID NOT NULL,
    "message_id" UUID NOT NULL,
    "reporter" TEXT NOT NULL,
    "submitter" TEXT,
    "contact_info" TEXT,
    "report_id" TEXT NOT NULL,
    "start_at" TIMESTAMPTZ(3) NOT NULL,
    "end_at" TIMESTAMPTZ(3) NOT NULL,
    "successful_sessions" BIGINT NOT NULL,
    "failed_sessions" BIGINT NOT NULL,
    "result_types" TEXT[],
    "trust" "report_trust" NOT NULL,
    "transport" "report_transport" NOT NULL,
    "quirks" TEXT[],
    "identity" TEXT NOT NULL,
    "policies" JSONB NOT NULL,
    "received_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "tls_report_pkey" PRIMARY KEY ("account_id","report_day","id")
) PARTITION BY RANGE ("report_day");

-- CreateTable
CREATE TABLE "tls_daily_sessions" (
    "account_id" TEXT NOT NULL,
    "report_day" DATE NOT NULL,
    "domain_id" UUID NOT NULL,
    "reporter" TEXT NOT NULL,
    "policy_type" TEXT NOT NULL,
    "reports" INTEGER NOT NULL,
    "successful_sessions" BIGINT NOT NULL,
    "failed_sessions" BIGINT NOT NULL,
    "counted_successful" BIGINT NOT NULL,
    "counted_failed" BIGINT NOT NULL,

    CONSTRAINT "tls_daily_sessions_pkey" PRIMARY KEY ("account_id","report_day","domain_id","reporter","policy_type")
) PARTITION BY RANGE ("report_day");

-- CreateTable
CREATE TABLE "tls_daily_failures" (
    "account_id" TEXT NOT NULL,
    "report_day" DATE NOT NULL,
    "domain_id" UUID NOT NULL,
    "reporter" TEXT NOT NULL,
    "policy_type" TEXT NOT NULL,
    "result_type" TEXT NOT NULL,
    "sending_mta_ip" TEXT NOT NULL,
    "mx_host" TEXT NOT NULL,
    "reason_code" TEXT NOT NULL,
    "failed_sessions" BIGINT NOT NULL,
    "counted_failed" BIGINT NOT NULL,

    CONSTRAINT "tls_daily_failures_pkey" PRIMARY KEY ("account_id","report_day","domain_id","reporter","policy_type","result_type","sending_mta_ip","mx_host","reason_code")
) PARTITION BY RANGE ("report_day");

-- CreateTable
CREATE TABLE "event" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL,
    "actor_kind" TEXT NOT NULL,
    "actor_id" TEXT NOT NULL,
    "actor_name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "domain_id" UUID,
    "data" JSONB NOT NULL DEFAULT '{}',

    CONSTRAINT "event_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateIndex
CREATE UNIQUE INDEX "user_email_key" ON "user"("email");

-- CreateIndex
CREATE UNIQUE INDEX "session_token_key" ON "session"("token");

-- CreateIndex
CREATE INDEX "session_user_id_idx" ON "session"("user_id");

-- CreateIndex
CREATE INDEX "credential_user_id_idx" ON "credential"("user_id");

-- CreateIndex
CREATE INDEX "verification_identifier_idx" ON "verification"("identifier");

-- CreateIndex
CREATE UNIQUE INDEX "account_slug_key" ON "account"("slug");

-- CreateIndex
CREATE INDEX "member_user_id_idx" ON "member"("user_id");

-- CreateIndex
CREATE UNIQUE INDEX "member_account_id_user_id_key" ON "member"("account_id", "user_id");

-- CreateIndex
CREATE INDEX "invitation_account_id_idx" ON "invitation"("account_id");

-- CreateIndex
CREATE INDEX "api_key_key_idx" ON "api_key"("key");

-- CreateIndex
CREATE INDEX "api_key_reference_id_idx" ON "api_key"("reference_id");

-- CreateIndex
CREATE INDEX "domain_next_check_at_idx" ON "domain"("next_check_at");

-- CreateIndex
CREATE INDEX "domain_domain_idx" ON "domain"("domain");

-- CreateIndex
CREATE UNIQUE INDEX "domain_account_id_domain_key" ON "domain"("account_id", "domain");

-- CreateIndex
CREATE INDEX "serving_change_created_at_idx" ON "serving_change"("created_at");

-- CreateIndex
CREATE INDEX "certificate_name_host_idx" ON "certificate_name"("host");

-- CreateIndex
CREATE INDEX "certificate_name_next_attempt_at_idx" ON "certificate_name"("next_attempt_at");

-- CreateIndex
CREATE INDEX "certificate_name_renew_at_idx" ON "certificate_name"("renew_at");

-- CreateIndex
CREATE INDEX "certificate_host_not_after_idx" ON "certificate"("host", "not_after");

-- CreateIndex
CREATE INDEX "acme_challenge_expires_at_idx" ON "acme_challenge"("expires_at");

-- CreateIndex
CREATE INDEX "report_message_account_id_state_received_at_idx" ON "report_message"("account_id", "state", "received_at");

-- CreateIndex
CREATE INDEX "report_message_state_received_at_idx" ON "report_message"("state", "received_at");

-- CreateIndex
CREATE INDEX "tls_report_account_id_id_idx" ON "tls_report"("account_id", "id");

-- CreateIndex
CREATE INDEX "tls_report_account_id_domain_id_report_day_idx" ON "tls_report"("account_id", "domain_id", "report_day");

-- CreateIndex
CREATE UNIQUE INDEX "tls_report_account_id_report_day_identity_key" ON "tls_report"("account_id", "report_day", "identity");

-- CreateIndex
CREATE INDEX "event_account_id_domain_id_at_idx" ON "event"("account_id", "domain_id", "at");

-- CreateIndex
CREATE INDEX "event_account_id_at_idx" ON "event"("account_id", "at");

-- AddForeignKey
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "credential" ADD CONSTRAINT "credential_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "member" ADD CONSTRAINT "member_user_id_fkey" FOREIGN KEY ("user_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_account_id_fkey" FOREIGN KEY ("account_id") REFERENCES "account"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_inviter_id_fkey" FOREIGN KEY ("inviter_id") REFERENCES "user"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Partitions of the report tables, one per month of report_day, made on demand.
CREATE FUNCTION ensure_report_partitions(day date) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  month_start date := date_trunc('month', day);
  month_end date := month_start + interval '1 month';
  parent text;
  part text;
BEGIN
  FOREACH parent IN ARRAY ARRAY['tls_report', 'tls_daily_sessions', 'tls_daily_failures'] LOOP
    part := parent || '_' || to_char(month_start, 'YYYYMM');
    IF to_regclass(part) IS NULL THEN
      PERFORM pg_advisory_xact_lock(hashtext('ensure_report_partitions'));
      EXECUTE format('CREATE TABLE IF NOT EXISTS %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                     part, parent, month_start, month_end);
    END IF;
  END LOOP;
END $$;

-- The change feed. The lock is held until commit, so seq order is commit order.
CREATE SEQUENCE serving_change_seq;

CREATE FUNCTION record_serving_change(kind serving_change_kind, key text, at timestamptz) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  seq bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('serving_change'));
  seq := nextval('serving_change_seq');
  INSERT INTO serving_change (seq, kind, key, created_at) VALUES (seq, kind, key, at);
  PERFORM pg_notify('waxseal_serving', seq::text);
  RETURN seq;
END $$;
