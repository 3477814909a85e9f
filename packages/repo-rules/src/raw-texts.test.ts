import { expect, test } from "vitest";
import { listSources, readText } from "./repo-files.ts";

const NOT_PRODUCT =
  /\.test\.tsx?$|\/(?:testing|e2e|bench|drills)\/|-main\.ts$|^packages\/(?:sandbox|repo-rules)\//;

/** Files that put an ISO time into a longer text, which no person reads. */
const ISO_IN_TEXT: Record<string, string> = {
  "packages/contract/src/format-instant.ts": "the one place that formats instants",
  "packages/core/src/audit/export-events.ts": "the name of a file",
  "packages/core/src/closing/export-account.ts": "JSON",
  "packages/core/src/reports/retention/expire-reports.ts": "midnight, parsed at once",
  "packages/runtime/src/create-self-signed-pair.ts": "ASN.1",
};
/** Files that format dates in another way. */
const OTHER_DATES: Record<string, string> = {
  "apps/dashboard/src/features/alerts/SubscriptionPanel.tsx": "the name of the time zone",
  "apps/dashboard/src/features/domains/WhoHears.tsx": "the name of the time zone",
  "apps/dashboard/src/format/utc-days.ts": "weekdays, and days of a chart without their year",
  "packages/contract/src/monthly-words.ts": "a month in words",
  "apps/dashboard/src/format/time-zone.ts": "the same form in the reader's zone, for those who ask for it",
  "packages/contract/src/alert-shapes.ts": "whether a time zone exists",
  "packages/core/src/alerting/quiet-hours.ts": "the minute of the day in a time zone",
  "packages/core/src/portfolio/digest-period.ts": "the day in a time zone",
  "apps/policy-server/src/serve-connection.ts": "the Date header (RFC 9110 §6.6.1)",
};
/** Files that put the message of an error into a text: their errors are their own, in words, or go to the operator's terminal. */
const MESSAGES_IN_TEXT: Record<string, string> = {
  "apps/cli/src/run-cli.ts": "how a command was used wrongly, from the command-line parser",
  "packages/core/src/reports/reading/describe-unreadable.ts": "errors of our own archive readers",
  "packages/db/src/embedded-postgres.ts": "Postgres on this machine, for its operator",
};

/** Files with a match of `pattern`, as far as they are not listed; and listed ones without. */
function judge(pattern: RegExp, listed: Record<string, string>) {
  const found = listSources().filter((path) => !NOT_PRODUCT.test(path) && pattern.test(readText(path)));
  return {
    unlisted: found.filter((path) => !(path in listed)),
    unneeded: Object.keys(listed).filter((path) => !found.includes(path)),
  };
}

const NONE = { unlisted: [], unneeded: [] };

test("instants are formatted in one place, and ISO times are part of no sentence", () => {
  expect(judge(/`[^`]*\$\{[^}`]*\btoISOString\(\)/, ISO_IN_TEXT)).toEqual(NONE);
  expect(
    judge(
      /\btoLocale(?:Date|Time)String\(|\bto(?:UTC|GMT|Date|Time)String\(|Intl\.DateTimeFormat/,
      OTHER_DATES,
    ),
  ).toEqual(NONE);
});

test("the message of an error from outside is part of no sentence", () => {
  expect(judge(/\$\{[^}`]*\b(?:error|cause|reason|err)\.(?:message|code)\b/, MESSAGES_IN_TEXT)).toEqual(NONE);
});
