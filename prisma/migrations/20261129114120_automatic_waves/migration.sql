-- AlterTable
ALTER TABLE "policy_change" ADD COLUMN     "goes_on" BOOLEAN NOT NULL DEFAULT false,
ADD COLUMN     "claimed_until" TIMESTAMPTZ(3);
