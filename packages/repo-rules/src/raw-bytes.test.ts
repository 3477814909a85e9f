import { expect, test } from "vitest";
import { listSources, readText } from "./repo-files.ts";

/**
 * The files that handle both the table of messages and their bytes. Only `open-message.ts` hands bytes out, after it asked whether they name a
 * domain of another account: a new way out (a webhook, an export) calls `openMessage` and needs no line here.
 */
const READERS = {
  "packages/core/src/closing/export-account.ts": "hands out what openMessage gives",
  "packages/core/src/reports/answers/get-report.ts": "reads their length only",
  "packages/core/src/reports/answers/list-quarantine.ts": "reads their length only",
  "packages/core/src/reports/answers/open-message.ts": "the one way out",
  "packages/core/src/reports/arriving/receive-report.ts": "stores them",
  "packages/core/src/reports/processing/insert-imported-messages.ts": "stores them",
  "packages/core/src/reports/processing/lock-next-messages.ts": "reads their length only",
  "packages/core/src/reports/processing/process-report-messages.ts": "reads reports out of them",
};

test("the bytes of messages leave by openMessage only", () => {
  const found = listSources().filter((path) => {
    if (!/^(?:apps\/[\w-]+|packages\/core)\/src\//.test(path) || /\.test\.tsx?$/.test(path)) return false;
    const text = readText(path);
    return /\breport_message\b|\breportMessage\b/.test(text) && /\braw\b/.test(text);
  });
  expect(found).toEqual(Object.keys(READERS).sort());
});
