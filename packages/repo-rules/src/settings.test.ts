import { SECRETS, SETTINGS } from "@waxseal/runtime";
import { expect, test } from "vitest";
import { readText } from "./repo-files.ts";

/** Of docker-compose.yml alone. */
const COMPOSE_ONLY = ["POSTGRES", "REPORTS_POSTGRES", "DASHBOARD_HOST"];

test(".env.example lists every setting and no other", () => {
  const listed = [...readText(".env.example").matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map((match) => match[1]);
  expect([...listed].sort()).toEqual([...Object.keys(SETTINGS), ...COMPOSE_ONLY].sort());
});

test("the README says which settings are secrets that may come from a file", () => {
  const readme = readText("README.md");
  for (const secret of SECRETS) expect(readme).toContain(secret);
});
