-- CreateTable
CREATE TABLE "domain_share" (
    "account_id" TEXT NOT NULL,
    "domain_id" UUID NOT NULL,
    "token_hash" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "domain_share_pkey" PRIMARY KEY ("account_id","domain_id")
);

-- CreateIndex
CREATE UNIQUE INDEX "domain_share_token_hash_key" ON "domain_share"("token_hash");
