-- Lists of domains are narrowed by health; saved filters by the states of before become the nearest.
UPDATE "saved_filter" SET "search" = ("search"::jsonb - 'state' - 'status') || CASE coalesce("search"->>'state', "search"->>'status')
  WHEN 'problem' THEN '{"health":"attention"}'::jsonb
  WHEN 'pending' THEN '{"health":"working"}'::jsonb
  WHEN 'active' THEN '{"health":"good"}'::jsonb
  WHEN 'leaving' THEN '{"health":"working"}'::jsonb
  WHEN 'left' THEN '{"health":"off"}'::jsonb
  ELSE '{}'::jsonb END
WHERE "search"->>'state' IS NOT NULL OR "search"->>'status' IS NOT NULL;

-- Domains that have left are off before they are judged for the first time.
UPDATE "domain" SET "health" = 'off' WHERE "status" = 'left' AND "health" <> 'off';
