-- AlterTable
ALTER TABLE "alert" ADD COLUMN     "unstable" BOOLEAN NOT NULL DEFAULT false;

-- AlterTable
ALTER TABLE "domain" ADD COLUMN     "health_changed_at" TIMESTAMPTZ(3);

-- A list in the order of health finds what has moved since its first page, whatever wrote the change.
CREATE FUNCTION note_health_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.health_changed_at := clock_timestamp();
  RETURN NEW;
END $$;

CREATE TRIGGER domain_health_changed BEFORE UPDATE OF health ON "domain"
  FOR EACH ROW WHEN (OLD.health IS DISTINCT FROM NEW.health) EXECUTE FUNCTION note_health_change();
