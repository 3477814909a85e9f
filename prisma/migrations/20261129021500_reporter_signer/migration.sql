-- Names are known for each account, and only after a while.
DROP TABLE "reporter_name";

-- CreateTable
CREATE TABLE "reporter_signer" (
    "account_id" TEXT NOT NULL,
    "name_key" TEXT NOT NULL,
    "domain" TEXT NOT NULL,
    "is_listed" BOOLEAN NOT NULL,
    "days" INTEGER NOT NULL,
    "first_day" DATE NOT NULL,
    "last_day" DATE NOT NULL,
    "known_at" TIMESTAMPTZ(3),

    CONSTRAINT "reporter_signer_pkey" PRIMARY KEY ("account_id","name_key","domain")
);

-- The worker judges the reports kept by the new rule, a day at a time.
INSERT INTO report_recount (account_id, next_day, last_day)
SELECT account_id, min(report_day), max(report_day) FROM tls_daily_sessions GROUP BY 1
ON CONFLICT (account_id) DO UPDATE SET next_day = excluded.next_day, last_day = excluded.last_day;
