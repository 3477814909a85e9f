-- What the operator allows an account, and whether it is suspended; null: what everyone has.
ALTER TABLE "account" ADD COLUMN     "quota_domains" INTEGER,
ADD COLUMN     "quota_members" INTEGER,
ADD COLUMN     "quota_reports_a_day" INTEGER,
ADD COLUMN     "suspended_at" TIMESTAMPTZ(3),
ADD COLUMN     "suspended_reason" TEXT;

-- Settings of the whole installation that the operator changes while it runs.
CREATE TABLE "operator_setting" (
    "name" TEXT NOT NULL,
    "value" TEXT NOT NULL,

    CONSTRAINT "operator_setting_pkey" PRIMARY KEY ("name")
);
