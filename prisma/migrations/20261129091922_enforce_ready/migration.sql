-- AlterTable
ALTER TABLE "domain" ADD COLUMN     "enforce_ready_at" TIMESTAMPTZ(3);
