-- Renames only the label: no row is touched.
ALTER TYPE "report_trust" RENAME VALUE 'verified' TO 'signed';

-- CreateTable
CREATE TABLE "reporter_name" (
    "name_key" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "learned_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "reporter_name_pkey" PRIMARY KEY ("name_key")
);

-- CreateTable
CREATE TABLE "report_recount" (
    "account_id" TEXT NOT NULL,
    "next_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,

    CONSTRAINT "report_recount_pkey" PRIMARY KEY ("account_id")
);

-- The worker recomputes what was counted by the old rule, a day at a time.
INSERT INTO report_recount (account_id, next_day, last_day)
SELECT account_id, min(report_day), max(report_day) FROM tls_daily_sessions GROUP BY 1;
