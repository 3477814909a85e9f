-- AlterTable
ALTER TABLE "domain" ADD COLUMN     "dns_zone" TEXT,
ADD COLUMN     "nameservers" TEXT[] DEFAULT ARRAY[]::TEXT[];

-- AlterTable
ALTER TABLE "setup_record" ADD COLUMN     "misplaced" TEXT;
