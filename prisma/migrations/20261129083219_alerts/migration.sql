-- AlterTable
ALTER TABLE "domain" ADD COLUMN     "health" TEXT NOT NULL DEFAULT 'working',
ADD COLUMN     "health_reason" JSONB,
ADD COLUMN     "health_since" TIMESTAMPTZ(3),
ADD COLUMN     "judge_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "judged_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "alert" (
    "account_id" TEXT NOT NULL,
    "id" UUID NOT NULL,
    "condition" TEXT NOT NULL,
    "subject" TEXT NOT NULL,
    "domain_id" UUID,
    "severity" TEXT NOT NULL,
    "state" TEXT NOT NULL,
    "first_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "opened_at" TIMESTAMPTZ(3),
    "last_seen_at" TIMESTAMPTZ(3) NOT NULL,
    "resolved_at" TIMESTAMPTZ(3),
    "looks_bad" INTEGER NOT NULL,
    "looks_good" INTEGER NOT NULL,
    "looked_at" TIMESTAMPTZ(3) NOT NULL,
    "run_since" TIMESTAMPTZ(3),
    "evidence" JSONB NOT NULL,

    CONSTRAINT "alert_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateTable
CREATE TABLE "tls_changed_domain" (
    "account_id" TEXT NOT NULL,
    "id" BIGSERIAL NOT NULL,
    "domain_id" UUID NOT NULL,

    CONSTRAINT "tls_changed_domain_pkey" PRIMARY KEY ("account_id","id")
);

-- CreateIndex
CREATE INDEX "alert_account_id_domain_id_idx" ON "alert"("account_id", "domain_id");

-- CreateIndex
CREATE INDEX "tls_changed_domain_id_idx" ON "tls_changed_domain"("id");

-- CreateIndex
CREATE INDEX "domain_judge_at_idx" ON "domain"("judge_at");

-- At most one that is not resolved for each condition and subject of a domain.
CREATE UNIQUE INDEX "alert_unresolved_key" ON "alert"
  ("account_id", COALESCE("domain_id", '00000000-0000-0000-0000-000000000000'::uuid), "condition", "subject") WHERE "resolved_at" IS NULL;

-- Open pages of a domain see when its health changed.
DROP TRIGGER domain_live ON "domain";
CREATE TRIGGER domain_live
  AFTER UPDATE OF status, served_version, published_version, mx_hosts, checked_at, publish_problem, health, health_reason ON "domain"
  FOR EACH ROW EXECUTE FUNCTION notify_domain_row_change();

-- Trusted reports change what is known of a domain; a whole batch of them is one mark for each domain.
CREATE FUNCTION mark_changed_domains() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tls_changed_domain (account_id, domain_id)
  SELECT DISTINCT account_id, domain_id FROM changed WHERE trust = 'aligned';
  RETURN NULL;
END $$;

-- A report that loses its trust changes as much as one that gains it.
CREATE FUNCTION mark_exchanged_domains() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO tls_changed_domain (account_id, domain_id)
  SELECT account_id, domain_id FROM changed WHERE trust = 'aligned'
  UNION SELECT account_id, domain_id FROM before WHERE trust = 'aligned';
  RETURN NULL;
END $$;

CREATE TRIGGER mark_inserted AFTER INSERT ON "tls_report" REFERENCING NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_changed_domains();
CREATE TRIGGER mark_updated AFTER UPDATE ON "tls_report" REFERENCING OLD TABLE AS before NEW TABLE AS changed
  FOR EACH STATEMENT EXECUTE FUNCTION mark_exchanged_domains();
