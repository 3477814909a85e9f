-- CreateTable
CREATE TABLE "tls_unsettled_day" (
    "id" BIGSERIAL NOT NULL,
    "account_id" TEXT NOT NULL,
    "report_day" DATE NOT NULL,

    CONSTRAINT "tls_unsettled_day_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "tls_total_sessions" (
    "account_id" TEXT NOT NULL,
    "report_day" DATE NOT NULL,
    "reporter" TEXT NOT NULL,
    "policy_type" TEXT NOT NULL,
    "reports" BIGINT NOT NULL,
    "successful_sessions" BIGINT NOT NULL,
    "failed_sessions" BIGINT NOT NULL,
    "counted_successful" BIGINT NOT NULL,
    "counted_failed" BIGINT NOT NULL,

    CONSTRAINT "tls_total_sessions_pkey" PRIMARY KEY ("account_id","report_day","reporter","policy_type")
);

-- CreateTable
CREATE TABLE "tls_total_failures" (
    "account_id" TEXT NOT NULL,
    "report_day" DATE NOT NULL,
    "reporter" TEXT NOT NULL,
    "policy_type" TEXT NOT NULL,
    "result_type" TEXT NOT NULL,
    "sending_mta_ip" TEXT NOT NULL,
    "failed_sessions" BIGINT NOT NULL,
    "counted_failed" BIGINT NOT NULL,

    CONSTRAINT "tls_total_failures_pkey" PRIMARY KEY ("account_id","report_day","reporter","policy_type","result_type","sending_mta_ip")
);

-- CreateTable
CREATE TABLE "tls_total_clusters" (
    "account_id" TEXT NOT NULL,
    "days" SMALLINT NOT NULL,
    "start_day" DATE NOT NULL,
    "result_type" TEXT NOT NULL,
    "mx_host" TEXT NOT NULL,
    "reporter" TEXT NOT NULL,
    "reason_code" TEXT NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "counted_failed" BIGINT NOT NULL,
    "domains" JSONB NOT NULL,
    "addresses" JSONB NOT NULL,

    CONSTRAINT "tls_total_clusters_pkey" PRIMARY KEY ("account_id","days","start_day","result_type","mx_host","reporter","reason_code")
);

-- CreateIndex
CREATE INDEX "tls_unsettled_day_account_id_report_day_idx" ON "tls_unsettled_day"("account_id", "report_day");

-- Who is affected is read for a hundred rows only; kept apart, the rows that are added up stay narrow.
ALTER TABLE "tls_total_clusters" SET (toast_tuple_target = 128);

-- Whatever changes the daily tables says which days of which account its totals no longer tell.
CREATE FUNCTION mark_unsettled_days() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tls_unsettled_day (account_id, report_day) SELECT DISTINCT account_id, report_day FROM changed;
  RETURN NULL;
END $$;

CREATE TRIGGER mark_inserted AFTER INSERT ON "tls_daily_sessions" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_unsettled_days();
CREATE TRIGGER mark_updated AFTER UPDATE ON "tls_daily_sessions" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_unsettled_days();
CREATE TRIGGER mark_deleted AFTER DELETE ON "tls_daily_sessions" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_unsettled_days();
CREATE TRIGGER mark_inserted AFTER INSERT ON "tls_daily_failures" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_unsettled_days();
CREATE TRIGGER mark_updated AFTER UPDATE ON "tls_daily_failures" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_unsettled_days();
CREATE TRIGGER mark_deleted AFTER DELETE ON "tls_daily_failures" REFERENCING OLD TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_unsettled_days();

-- Figures that are there already are settled by the worker; until then they are read as before.
INSERT INTO tls_unsettled_day (account_id, report_day)
SELECT account_id, report_day FROM tls_daily_sessions UNION SELECT account_id, report_day FROM tls_daily_failures;
