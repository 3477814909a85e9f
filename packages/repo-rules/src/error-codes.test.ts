import { APP_ERROR_CODES, PROBLEM_REASONS, usualReason } from "@waxseal/contract";
import { expect, test } from "vitest";
import { listFiles, readText } from "./repo-files.ts";

test("every error code is explained in the contract", () => {
  const source = readText("packages/contract/src/errors.ts");
  for (const code of APP_ERROR_CODES) expect(source).toContain(`- \`${code}\`:`);
});

test("every reason of the table is given somewhere, and every refusal that names one names one of its code", () => {
  const sources = listFiles()
    .filter((path) => /^(?:apps|packages)\/[^/]+\/src\/.*(?<!\.test)\.ts$/.test(path))
    .filter((path) => !path.endsWith("/problem-reasons.ts"))
    .map(readText)
    .join("\n");
  for (const code of APP_ERROR_CODES) {
    for (const reason of Object.keys(PROBLEM_REASONS[code])) {
      const isGiven =
        reason === usualReason(code) ||
        sources.includes(`"${reason}"`) ||
        ["domain_leaving", "domain_left"].includes(reason);
      expect([code, reason, isGiven]).toEqual([code, reason, true]);
    }
  }
});
