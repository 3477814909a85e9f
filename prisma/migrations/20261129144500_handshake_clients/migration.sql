-- Which networks could not fetch a policy: by it a failed handshake is joined to a sender.
CREATE TABLE "handshake_client" (
    "policy_host" TEXT NOT NULL,
    "hour" TIMESTAMPTZ(3) NOT NULL,
    "reason" TEXT NOT NULL,
    "network" TEXT NOT NULL,
    "failures" INTEGER NOT NULL,

    CONSTRAINT "handshake_client_pkey" PRIMARY KEY ("policy_host","hour","reason","network")
);

CREATE INDEX "handshake_client_hour_idx" ON "handshake_client"("hour");

-- Null: probed by a release that did not note it.
ALTER TABLE "mx_host_probe" ADD COLUMN     "certificate_not_before" TIMESTAMPTZ(3);
