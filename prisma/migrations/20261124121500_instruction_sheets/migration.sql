-- CreateTable
CREATE TABLE "instruction_sheet" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "subject_id" TEXT,
    "domain_ids" UUID[],
    "missing_only" BOOLEAN NOT NULL,
    "token_hash" TEXT NOT NULL,
    "mailed_to" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "instruction_sheet_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "account_brand" (
    "account_id" TEXT NOT NULL,
    "name" TEXT,
    "logo" BYTEA,
    "logo_type" TEXT,
    "changed_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "account_brand_pkey" PRIMARY KEY ("account_id")
);

-- CreateTable
CREATE TABLE "domain_tag" (
    "account_id" TEXT NOT NULL,
    "domain_id" UUID NOT NULL,
    "tag" TEXT NOT NULL,

    CONSTRAINT "domain_tag_pkey" PRIMARY KEY ("account_id","domain_id","tag")
);

-- CreateTable
CREATE TABLE "saved_filter" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "page" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "search" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,

    CONSTRAINT "saved_filter_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "policy_change" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "edit" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "created_by" TEXT NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "policy_change_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "policy_change_line" (
    "account_id" TEXT NOT NULL,
    "change_id" UUID NOT NULL,
    "place" INTEGER NOT NULL,
    "owner_id" TEXT NOT NULL,
    "domain_id" UUID NOT NULL,
    "domain" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "reason" TEXT,
    "from_version" INTEGER,
    "before" JSONB,
    "after" JSONB,
    "version" INTEGER,

    CONSTRAINT "policy_change_line_pkey" PRIMARY KEY ("account_id","change_id","place")
);

-- CreateIndex
CREATE UNIQUE INDEX "instruction_sheet_token_hash_key" ON "instruction_sheet"("token_hash");

-- CreateIndex
CREATE INDEX "domain_tag_account_id_tag_idx" ON "domain_tag"("account_id", "tag");

-- CreateIndex
CREATE UNIQUE INDEX "saved_filter_account_id_page_name_key" ON "saved_filter"("account_id", "page", "name");

-- CreateIndex
CREATE INDEX "policy_change_line_account_id_change_id_state_idx" ON "policy_change_line"("account_id", "change_id", "state");
