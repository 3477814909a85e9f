-- CreateTable
CREATE TABLE "report_retention" (
    "account_id" TEXT NOT NULL,
    "raw_days" INTEGER NOT NULL CHECK ("raw_days" BETWEEN 1 AND 3650),
    "daily_days" INTEGER NOT NULL CHECK ("daily_days" BETWEEN 1 AND 3650),

    CONSTRAINT "report_retention_pkey" PRIMARY KEY ("account_id")
);
