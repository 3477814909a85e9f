CREATE UNIQUE INDEX CONCURRENTLY "account_parent_id_external_id_key" ON "account"("parent_id", "external_id");
