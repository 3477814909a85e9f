-- Apps connect as roles that own no table. These two functions run as the owner instead, with a search path that a caller cannot change.
ALTER FUNCTION ensure_report_partitions(date) SECURITY DEFINER SET search_path = public, pg_temp;
REVOKE EXECUTE ON FUNCTION ensure_report_partitions(date) FROM PUBLIC;

-- Drops the partition of one month. Any other name is refused.
CREATE FUNCTION drop_report_partition(part text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
  IF part !~ '^tls_(report|daily_sessions|daily_failures)_[0-9]{6}$' THEN
    RAISE EXCEPTION 'not a partition of the report tables: %', part USING ERRCODE = 'invalid_parameter_value';
  END IF;
  EXECUTE format('DROP TABLE IF EXISTS public.%I', part);
END $$;
REVOKE EXECUTE ON FUNCTION drop_report_partition(text) FROM PUBLIC;
