-- What the operator must know, for as long as it holds: kept up by whoever sees it, until `until`.
CREATE TABLE "operator_condition" (
    "code" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "text" TEXT NOT NULL,
    "detail" JSONB NOT NULL DEFAULT '{}',
    "since" TIMESTAMPTZ(3) NOT NULL,
    "seen_at" TIMESTAMPTZ(3) NOT NULL,
    "until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "operator_condition_pkey" PRIMARY KEY ("code","subject")
);

-- Deletions of an account's reports that wait for the operator, or that were allowed.
CREATE TABLE "deletion_hold" (
    "account_id" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "due" INTEGER NOT NULL,
    "total" INTEGER NOT NULL,
    "held_at" TIMESTAMPTZ(3) NOT NULL,
    "allowed_at" TIMESTAMPTZ(3),

    CONSTRAINT "deletion_hold_pkey" PRIMARY KEY ("account_id","kind")
);
