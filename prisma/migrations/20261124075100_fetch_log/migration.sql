-- CreateTable
CREATE TABLE "policy_fetch" (
    "account_id" TEXT NOT NULL,
    "domain_id" UUID NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "version" INTEGER NOT NULL,
    "status" SMALLINT NOT NULL,
    "network" TEXT NOT NULL,
    "fetches" INTEGER NOT NULL,

    CONSTRAINT "policy_fetch_pkey" PRIMARY KEY ("account_id","domain_id","hour","version","status","network")
);

-- CreateTable
CREATE TABLE "handshake_failure" (
    "policy_host" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,

    CONSTRAINT "handshake_failure_pkey" PRIMARY KEY ("policy_host","hour","reason")
);

-- CreateIndex
CREATE INDEX "policy_fetch_hour_idx" ON "policy_fetch"("hour");

-- CreateIndex
CREATE INDEX "handshake_failure_hour_idx" ON "handshake_failure"("hour");
