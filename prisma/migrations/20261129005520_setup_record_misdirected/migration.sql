-- How a CNAME misses although it points into our zone; found by the next check.
ALTER TABLE "setup_record" ADD COLUMN "misdirected" TEXT;
