import { expect, test } from "vitest";
import { listSources, readText } from "./repo-files.ts";

/** Where the time of day is read, and what it means there. Everything that lasts a while reads `performance.now()`. */
const CALENDAR_TIMES: Record<string, string> = {
  "apps/api/src/routes/create-served-fetcher.ts": "when a policy was fetched, shown to a person",
  "apps/cli/src/main.ts": "the date of a check",
  "apps/nameserver/src/answer-message.ts": "the time signed in a message (RFC 8945 §5.2.3)",
  "apps/nameserver/src/start-nameserver.ts": "this machine's clock, compared with the database's",
  "apps/policy-server/src/choose-tls.ts": "validity of a certificate for the self-test",
  "apps/policy-server/src/serve-connection.ts": "the Date header (RFC 9110 §6.6.1)",
  "apps/policy-server/src/start-policy-server.ts": "this machine's clock, compared with the database's",
  "apps/standalone/src/build-dashboard.ts": "age of a file, whose time is a time of day",
  "apps/standalone/src/claim-data-dir.ts": "when this installation was started, shown to a person",
  "apps/standalone/src/seed-demo.ts": "dates of demo data",
  "packages/mta-sts/src/create-policy-resolver.ts": "until when a stored policy counts",
  "packages/probes/src/describe-certificate.ts": "whether a certificate has expired",
  "packages/runtime/src/set-process-date.ts": "replaces it",
  "packages/runtime/src/start-service-clock.ts": "this machine's clock, compared with the database's",
};
/** The browser shows dates, and the sandbox plays peers whose certificates, mails and DNS have dates. */
const ALL_CALENDAR = /^apps\/dashboard\/|^packages\/sandbox\/src\/start-(?!child)/;
const TEST_CODE = /\.test\.tsx?$|\/(?:testing|e2e|bench|drills)\/|-main\.ts$/;
const READS = /\bDate\.now\b|\bnew Date\(\s*\)/;

const isProduct = (path: string) => !TEST_CODE.test(path) && !path.startsWith("packages/repo-rules/");

test("only these files read the time of day: a clock that is set must not end or stretch anything that lasts a while", () => {
  const readers = listSources().filter((path) => isProduct(path) && READS.test(readText(path)));
  expect(readers.filter((path) => !ALL_CALENDAR.test(path) && !(path in CALENDAR_TIMES))).toEqual([]);
  expect(Object.keys(CALENDAR_TIMES).filter((path) => !readers.includes(path))).toEqual([]);
});

test("no deadline is made of the time of day, except where it is stored or shown", () => {
  const deadlines = listSources().filter(
    (path) =>
      isProduct(path) &&
      /\b(?:until|deadline|due)\w*\s*[:=][^=\n]*(?:Date\.now\(\)|now\(\)\.getTime\(\))/i.test(readText(path)),
  );
  // The end of another worker's lease, which is in the database.
  expect(deadlines).toEqual(["packages/core/src/certificates/hold-certificate-lease.ts"]);
});
