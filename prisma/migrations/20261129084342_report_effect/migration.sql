-- What a change of reports causes in state, while reports have a database of their own.
CREATE TABLE "report_effect" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "effects" JSONB NOT NULL,

    CONSTRAINT "report_effect_pkey" PRIMARY KEY ("account_id","id")
);
