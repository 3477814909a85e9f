import { expect, test } from "vitest";
import { listSources, readText } from "./repo-files.ts";

/** What each package may import of ours, besides itself; the table of the README's folder map. */
const ALLOWED: Record<string, readonly string[]> = {
  "packages/mta-sts": [],
  "packages/tls-rpt": [],
  "packages/contract": ["mta-sts", "tls-rpt"],
  "packages/probes": ["mta-sts", "tls-rpt"],
  "packages/db": [],
  "packages/core": ["contract", "db", "mta-sts", "tls-rpt", "probes", "runtime"],
  "packages/runtime": [],
  "packages/repo-rules": ["contract", "runtime"],
  "packages/sandbox": ["mta-sts", "tls-rpt", "probes", "runtime"],
  "apps/dashboard": ["contract", "mta-sts", "tls-rpt"],
  "apps/standalone": ["contract", "core", "db", "mta-sts", "tls-rpt", "probes", "runtime", "sandbox"],
};
const APP_DEFAULT = ["contract", "core", "db", "mta-sts", "tls-rpt", "probes", "runtime"];

test("packages import only what the import table allows, and no app imports another app", () => {
  const offences: string[] = [];
  for (const path of listSources()) {
    const home = path.split("/").slice(0, 2).join("/");
    const isTest = /\.test\.tsx?$|\/(e2e|bench|drills)\//.test(path);
    // Tests may lean on the sandbox and on test databases.
    const allowed = [...(ALLOWED[home] ?? APP_DEFAULT), ...(isTest ? ["sandbox", "db", "runtime"] : [])];
    for (const [, specifier = ""] of readText(path).matchAll(/from "(@waxseal\/[^"]+|(?:\.\.\/)+[^"]+)"/g)) {
      if (specifier.startsWith("@waxseal/")) {
        const name = specifier.split("/")[1] ?? "";
        if (!allowed.includes(name) && `packages/${name}` !== home)
          offences.push(`${path} imports ${specifier}`);
      } else {
        const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
        if (!target.startsWith(`${home}/`)) offences.push(`${path} reaches into ${target}`);
      }
    }
  }
  expect(offences).toEqual([]);
});
