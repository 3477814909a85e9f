CREATE TABLE "kept_answer" (
    "account_id" TEXT NOT NULL,
    "key_hash" TEXT NOT NULL,
    "request_hash" TEXT NOT NULL,
    "status" INTEGER,
    "content_type" TEXT,
    "body_jwe" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT clock_timestamp(),

    CONSTRAINT "kept_answer_pkey" PRIMARY KEY ("account_id","key_hash")
);

CREATE INDEX "kept_answer_created_at_idx" ON "kept_answer"("created_at");
