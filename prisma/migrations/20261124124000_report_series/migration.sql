-- Totals are computed anew from the daily tables, so what there is of the old ones goes.
DROP TABLE "tls_total_failures";
DROP TABLE "tls_total_clusters";

-- CreateTable
CREATE TABLE "tls_total_failures" (
    "account_id" TEXT NOT NULL,
    "report_day" DATE NOT NULL,
    "reporter" TEXT NOT NULL,
    "policy_type" TEXT NOT NULL,
    "result_type" TEXT NOT NULL,
    "failed_sessions" BIGINT NOT NULL,
    "counted_failed" BIGINT NOT NULL,

    CONSTRAINT "tls_total_failures_pkey" PRIMARY KEY ("account_id","report_day","reporter","policy_type","result_type")
);

-- CreateTable
CREATE TABLE "tls_total_clusters" (
    "account_id" TEXT NOT NULL,
    "report_day" DATE NOT NULL,
    "cluster" UUID NOT NULL,
    "counted_failed" BIGINT NOT NULL,
    "addresses" TEXT[],
    "addresses_failed" BIGINT[],

    CONSTRAINT "tls_total_clusters_pkey" PRIMARY KEY ("account_id","report_day","cluster")
);

-- CreateTable
CREATE TABLE "tls_month_clusters" (
    "account_id" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "cluster" UUID NOT NULL,
    "domain_id" UUID NOT NULL,
    "result_type" TEXT NOT NULL,
    "mx_host" TEXT NOT NULL,
    "reporter" TEXT NOT NULL,
    "reason_code" TEXT NOT NULL,
    "failed" BIGINT[],

    CONSTRAINT "tls_month_clusters_pkey" PRIMARY KEY ("account_id","month","cluster","domain_id")
);

-- CreateTable
CREATE TABLE "tls_month_addresses" (
    "account_id" TEXT NOT NULL,
    "month" DATE NOT NULL,
    "reporter" TEXT NOT NULL,
    "sending_mta_ip" TEXT NOT NULL,
    "failed" BIGINT[],

    CONSTRAINT "tls_month_addresses_pkey" PRIMARY KEY ("account_id","month","reporter","sending_mta_ip")
);

-- A figure changes in its row's page: no index covers it.
ALTER TABLE "tls_month_clusters" SET (fillfactor = 80);
ALTER TABLE "tls_month_addresses" SET (fillfactor = 80);

-- Failures alike have one name, the same wherever they are counted. Lengths keep apart what reads alike when written in a row.
CREATE FUNCTION failure_cluster(result_type text, mx_host text, reporter text, reason_code text) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN md5(length(result_type)::text || ',' || length(mx_host)::text || ',' || length(reporter)::text || ',' || result_type || mx_host || reporter || reason_code)::uuid;

-- The worker settles every day anew; until then it is read from the daily tables.
INSERT INTO tls_unsettled_day (account_id, report_day)
SELECT account_id, report_day FROM tls_daily_sessions UNION SELECT account_id, report_day FROM tls_daily_failures;
