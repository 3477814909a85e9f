-- AlterTable
ALTER TABLE "domain" ADD COLUMN     "mx_uncounted" JSONB,
ADD COLUMN     "next_mx_look_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP;

-- CreateTable
CREATE TABLE "mx_host_watch" (
    "mx_host" TEXT NOT NULL,
    "next_probe_at" TIMESTAMPTZ(3) NOT NULL,
    "claimed_at" TIMESTAMPTZ(3),

    CONSTRAINT "mx_host_watch_pkey" PRIMARY KEY ("mx_host")
);

-- CreateIndex
CREATE INDEX "mx_host_watch_next_probe_at_idx" ON "mx_host_watch"("next_probe_at");

-- CreateIndex
CREATE INDEX "mx_host_watch_claimed_at_idx" ON "mx_host_watch"("claimed_at");

-- CreateIndex
CREATE INDEX "domain_next_mx_look_at_idx" ON "domain"("next_mx_look_at");

insert into "mx_host_watch" (mx_host, next_probe_at)
select distinct mx_host, now() from "mx_sighting" where mx_host <> '.';
