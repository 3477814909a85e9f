import { APP_ERROR_CODES } from "@waxseal/contract";
import { expect, test } from "vitest";
import { readText } from "./repo-files.ts";

test("every error code is explained in the contract", () => {
  const source = readText("packages/contract/src/errors.ts");
  for (const code of APP_ERROR_CODES) expect(source).toContain(`- \`${code}\`:`);
});
