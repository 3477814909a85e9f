-- CreateEnum
CREATE TYPE "acme_use_kind" AS ENUM ('order', 'renewal', 'failed_validation');

-- AlterTable
ALTER TABLE "certificate_name" ADD COLUMN     "ask_window_at" TIMESTAMPTZ(3),
ADD COLUMN     "held_until" TIMESTAMPTZ(3),
ADD COLUMN     "window_end" TIMESTAMPTZ(3),
ADD COLUMN     "window_start" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "acme_use" (
    "id" BIGSERIAL NOT NULL,
    "directory_url" TEXT NOT NULL,
    "kind" "acme_use_kind" NOT NULL,
    "host" TEXT NOT NULL,
    "registered_domain" TEXT NOT NULL,
    "slow" BOOLEAN NOT NULL DEFAULT false,
    "at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "acme_use_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "acme_use_directory_url_at_idx" ON "acme_use"("directory_url", "at");

-- CreateIndex
CREATE INDEX "acme_use_directory_url_registered_domain_at_idx" ON "acme_use"("directory_url", "registered_domain", "at");

-- CreateIndex
CREATE INDEX "certificate_name_ask_window_at_idx" ON "certificate_name"("ask_window_at");
