-- AlterTable
ALTER TABLE "domain" ADD COLUMN     "publish_hold" TEXT;

-- AlterTable
ALTER TABLE "policy_change" ADD COLUMN     "halt_reason" TEXT,
ADD COLUMN     "next_wave_at" TIMESTAMPTZ(3),
ADD COLUMN     "reverts_id" UUID,
ADD COLUMN     "wave" INTEGER NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "policy_change_line" ADD COLUMN     "applied_at" TIMESTAMPTZ(3),
ADD COLUMN     "assessment" JSONB,
ADD COLUMN     "wave" INTEGER NOT NULL DEFAULT 0;

-- Until now a policy that is held was known by the beginning of the sentence only.
UPDATE "domain" SET publish_hold = 'mx-unknown' WHERE publish_problem LIKE 'It is held back so that no mail is refused%';
