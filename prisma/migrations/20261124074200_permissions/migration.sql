-- AlterTable
ALTER TABLE "account" ADD COLUMN     "parent_id" TEXT;

-- AlterTable
ALTER TABLE "member" ALTER COLUMN "role" SET DEFAULT 'viewer';

-- AlterTable
ALTER TABLE "api_key" ADD COLUMN     "scope" TEXT NOT NULL DEFAULT 'admin';

-- CreateIndex
CREATE INDEX "account_parent_id_idx" ON "account"("parent_id");

-- The only other role so far.
UPDATE "member" SET "role" = 'editor' WHERE "role" = 'member';
