-- Limits that all processes count together.
CREATE TABLE "allowance" (
    "key" TEXT NOT NULL,
    "used_until" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "allowance_pkey" PRIMARY KEY ("key")
);
CREATE INDEX "allowance_used_until_idx" ON "allowance"("used_until");

-- The secret of an invitation's link is not its id any more. Links that were mailed keep working: they get another id.
ALTER TABLE "invitation" ADD COLUMN "token_hash" TEXT;
UPDATE "invitation" SET
    "token_hash" = rtrim(translate(encode(sha256(convert_to("id", 'UTF8')), 'base64'), '+/', '-_'), '='),
    "id" = gen_random_uuid()::text
WHERE "status" = 'pending';
CREATE UNIQUE INDEX "invitation_token_hash_key" ON "invitation"("token_hash");
ALTER TABLE "invitation" ALTER COLUMN "inviter_id" DROP NOT NULL;
ALTER TABLE "invitation" DROP CONSTRAINT "invitation_inviter_id_fkey";
ALTER TABLE "invitation" ADD CONSTRAINT "invitation_inviter_id_fkey"
    FOREIGN KEY ("inviter_id") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

ALTER TABLE "api_key" ADD COLUMN "created_by_id" TEXT, ADD COLUMN "created_by_name" TEXT;
UPDATE "api_key" k SET "created_by_id" = e."actor_id", "created_by_name" = e."actor_name"
FROM "event" e
WHERE e."account_id" = k."reference_id" AND e."kind" = 'apiKey.created' AND e."actor_kind" = 'user'
    AND e."data" ->> 'start' = k."start";
CREATE INDEX "api_key_created_by_id_idx" ON "api_key"("created_by_id");

-- What was set for an address before anybody showed that the mailbox is theirs never opens anything.
DELETE FROM "credential" WHERE "user_id" IN (SELECT "id" FROM "user" WHERE NOT "email_verified");
DELETE FROM "session" WHERE "user_id" IN (SELECT "id" FROM "user" WHERE NOT "email_verified");
DELETE FROM "passkey" WHERE "user_id" IN (SELECT "id" FROM "user" WHERE NOT "email_verified");
DELETE FROM "two_factor" WHERE "user_id" IN (SELECT "id" FROM "user" WHERE NOT "email_verified");
UPDATE "user" SET "two_factor_enabled" = false WHERE NOT "email_verified" AND "two_factor_enabled";
