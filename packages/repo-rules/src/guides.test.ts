import { expect, test } from "vitest";
import { readText } from "./repo-files.ts";

const GUIDES = [
  ".github/FIRST-CUSTOMER.md",
  ".github/SYSTEMD.md",
  "apps/standalone/monitoring/RUNBOOKS.md",
] as const;

const settings = new Set(
  [...readText(".env.example").matchAll(/^#?([A-Z][A-Z0-9_]+)=/gm)].map(([, name]) => name),
);
/** Of systemd, Node, glibc and commands, and words of the text itself. */
const OTHERS = /^(NODE_ARGS|NODE_ENV|GLIBC_TUNABLES|DATABASE_URL_FILE|CAP_\w+|AF_\w+|LOAD_\w+)$/;

test.each(GUIDES)("%s names only settings that there are", (guide) => {
  const named = [...readText(guide).matchAll(/`?\b([A-Z][A-Z0-9]*_[A-Z0-9_]+)\b/g)].map(
    ([, name = ""]) => name,
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !settings.has(name) && !OTHERS.test(name))).toEqual([]);
});
