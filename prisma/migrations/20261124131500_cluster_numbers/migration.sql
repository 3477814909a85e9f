-- A hash of 64 bits costs a twentieth of MD5, and whoever asks about a day that is unsettled makes one for every failure of it.
-- Two clusters with one number would be shown as one; a reporter who wants that can as well report failures nobody had.
DROP FUNCTION failure_cluster(text, text, text, text);
CREATE FUNCTION failure_cluster(result_type text, mx_host text, reporter text, reason_code text) RETURNS bigint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN hashtextextended(result_type, hashtextextended(mx_host, hashtextextended(reporter, hashtextextended(reason_code, 0))));

TRUNCATE "tls_total_clusters", "tls_month_clusters";
ALTER TABLE "tls_total_clusters" ALTER COLUMN "cluster" TYPE BIGINT USING 0;
ALTER TABLE "tls_month_clusters" ALTER COLUMN "cluster" TYPE BIGINT USING 0;

INSERT INTO tls_unsettled_day (account_id, report_day)
SELECT account_id, report_day FROM tls_daily_sessions UNION SELECT account_id, report_day FROM tls_daily_failures;
