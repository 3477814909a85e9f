-- CreateTable
CREATE TABLE "mx_connection" (
    "id" UUID NOT NULL,
    "network" TEXT NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "mx_connection_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "mx_connection_started_at_idx" ON "mx_connection"("started_at");
