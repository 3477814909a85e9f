-- Every key of the report tables begins with the account. The table holds only days that wait to be settled, so it is small.
ALTER TABLE "tls_unsettled_day" DROP CONSTRAINT "tls_unsettled_day_pkey",
ADD CONSTRAINT "tls_unsettled_day_pkey" PRIMARY KEY ("account_id", "id");
