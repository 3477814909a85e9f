-- CreateTable
CREATE TABLE "mx_host_probe" (
    "mx_host" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "vantage" TEXT NOT NULL,
    "probed_at" TIMESTAMPTZ(3) NOT NULL,
    "state" TEXT NOT NULL,
    "fault" TEXT,
    "detail" TEXT,
    "looks_bad" INTEGER NOT NULL DEFAULT 0,
    "looks_good" INTEGER NOT NULL DEFAULT 0,
    "bad_since" TIMESTAMPTZ(3),
    "confirmed_state" TEXT NOT NULL DEFAULT 'unknown',
    "confirmed_fault" TEXT,
    "confirmed_at" TIMESTAMPTZ(3),
    "tls_version" TEXT,
    "spki256" TEXT,
    "issuer" TEXT,
    "certificate_not_after" TIMESTAMPTZ(3),
    "dane" TEXT NOT NULL DEFAULT 'none',

    CONSTRAINT "mx_host_probe_pkey" PRIMARY KEY ("mx_host", "vantage", "address")
);

-- CreateTable
CREATE TABLE "mx_host_certificate" (
    "mx_host" TEXT NOT NULL,
    "vantage" TEXT NOT NULL,
    "address" TEXT NOT NULL,
    "spki256" TEXT NOT NULL,
    "certificate_not_after" TIMESTAMPTZ(3) NOT NULL,
    "issuer" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mx_host_certificate_pkey" PRIMARY KEY ("mx_host", "vantage", "address", "spki256", "certificate_not_after")
);

-- CreateTable
CREATE TABLE "mx_sighting" (
    "account_id" TEXT NOT NULL,
    "domain_id" UUID NOT NULL,
    "mx_host" TEXT NOT NULL,
    "preference" INTEGER NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mx_sighting_pkey" PRIMARY KEY ("account_id", "domain_id", "mx_host")
);

-- CreateIndex
CREATE INDEX "mx_host_probe_probed_at_idx" ON "mx_host_probe"("probed_at");

-- CreateIndex
CREATE INDEX "mx_sighting_mx_host_idx" ON "mx_sighting"("mx_host");
