import { posix } from "node:path";
import { expect, test } from "vitest";
import { listSources, readText } from "./repo-files.ts";

/** Packages of ours that each package or app may import, besides itself. */
const PACKAGES: Record<string, readonly string[]> = {
  "packages/mta-sts": [],
  "packages/tls-rpt": [],
  "packages/client": [],
  "packages/contract": ["mta-sts", "tls-rpt"],
  "packages/probes": ["contract", "mta-sts", "tls-rpt"],
  "packages/db": [],
  "packages/core": ["contract", "db", "mta-sts", "tls-rpt", "probes", "runtime"],
  "packages/runtime": [],
  "packages/repo-rules": ["contract", "runtime"],
  "packages/sandbox": ["mta-sts", "tls-rpt", "probes", "runtime"],
  "apps/api": ["contract", "core", "db", "probes", "runtime"],
  "apps/cli": ["client", "contract", "core", "db", "probes", "runtime"],
  "apps/dashboard": ["contract", "mta-sts", "tls-rpt"],
  "apps/nameserver": ["core", "db", "runtime"],
  "apps/policy-server": ["core", "db", "mta-sts", "runtime"],
  "apps/report-ingest": ["contract", "core", "db", "probes", "runtime"],
  "apps/standalone": ["contract", "core", "db", "mta-sts", "tls-rpt", "probes", "runtime", "sandbox"],
  "apps/worker": ["contract", "core", "db", "probes", "runtime"],
};
/** Tests and benchmarks may also use these. */
const TEST_PACKAGES = [
  "client",
  "contract",
  "core",
  "db",
  "mta-sts",
  "tls-rpt",
  "probes",
  "runtime",
  "sandbox",
];

/**
 * The floors of `packages/core/src`, lowest first. A folder imports only from floors above it in this list,
 * and the folders of one floor do not import each other.
 */
const CORE_FLOORS = [
  ["."],
  ["operating"],
  ["networks", "mail", "limits", "zone", "domains"],
  ["brand"],
  ["accounts"],
  ["reports/reading", "reports/arriving"],
  ["reports/trust"],
  ["reports/understanding"],
  ["reports/counting", "reports/totals"],
  ["reports/processing"],
  ["reports/answers", "reports/retention"],
  ["serving", "sso", "audit"],
  ["sign-in", "certificates", "publishing"],
  ["judging"],
  ["alerting"],
  ["watching"],
  ["policies"],
  ["onboarding", "domain-views"],
  ["portfolio", "closing", "instructions"],
  ["policy-changes"],
];

/** What each folder of `apps/dashboard/src` may import, besides itself. */
const DASHBOARD_LAYERS: Record<string, readonly string[]> = {
  format: [],
  ui: ["format"],
  charts: ["format"],
  api: ["ui", "format"],
  features: ["charts", "ui", "api", "format"],
};

type Import = { from: string; specifier: string; target: string };

/** All imports of our own code: relative ones resolved to a path, the others as written. */
function listImports(): Import[] {
  return listSources().flatMap((from) =>
    [...readText(from).matchAll(/from "(@waxseal\/[^"]+|\.[^"]+)"/g)].map(([, specifier = ""]) => ({
      from,
      specifier,
      target: specifier.startsWith(".") ? posix.join(posix.dirname(from), specifier) : specifier,
    })),
  );
}

const homeOf = (path: string) => path.split("/").slice(0, 2).join("/");
const isTestCode = (path: string) => /\.test\.tsx?$|\/(?:testing|e2e|bench|drills)\//.test(path);

/** The imports that break a rule, as "file imports specifier". */
function offences(imports: readonly Import[], breaks: (one: Import) => boolean): string[] {
  return imports.filter(breaks).map(({ from, specifier }) => `${from} imports ${specifier}`);
}

test("packages import only what the table allows, and no app imports another app", () => {
  const wrong = offences(listImports(), ({ from, specifier, target }) => {
    const home = homeOf(from);
    if (specifier.startsWith(".")) return homeOf(target) !== home;
    const name = specifier.split("/")[1] ?? "";
    const allowed = [...(PACKAGES[home] ?? []), ...(isTestCode(from) ? TEST_PACKAGES : [])];
    return !allowed.includes(name) && `packages/${name}` !== home;
  });
  expect(wrong).toEqual([]);
});

test("production code never imports testing/", () => {
  const wrong = offences(
    listImports(),
    ({ from, target }) =>
      !isTestCode(from) && !from.startsWith("packages/sandbox/") && /\/testing(?:\/|-|$)/.test(target),
  );
  expect(wrong).toEqual([]);
});

test("a folder of core imports only from the floors below it", () => {
  const floors = new Map(CORE_FLOORS.flatMap((folders, floor) => folders.map((folder) => [folder, floor])));
  const core = "packages/core/src";
  const folderOf = (path: string) => posix.relative(core, posix.dirname(path)) || ".";
  const inside = listImports().filter(
    ({ from, target }) =>
      from.startsWith(`${core}/`) &&
      target.startsWith(`${core}/`) &&
      !isTestCode(from) &&
      !from.endsWith("/index.ts"),
  );
  const wrong = offences(inside, ({ from, target }) => {
    const [own, other] = [folderOf(from), folderOf(target)];
    if (own === other) return false;
    return target.endsWith("/index.ts") || (floors.get(other) ?? Infinity) >= (floors.get(own) ?? -1);
  });
  expect(wrong).toEqual([]);
});

test("every folder of core has its floor", () => {
  const folders = listSources()
    .filter((path) => path.startsWith("packages/core/src/") && !path.endsWith("/index.ts"))
    .map((path) => posix.relative("packages/core/src", posix.dirname(path)) || ".");
  expect([...new Set(folders)].sort()).toEqual(CORE_FLOORS.flat().sort());
});

test("the dashboard's folders import only the layers below them, and no feature imports another", () => {
  const source = "apps/dashboard/src";
  const layerOf = (path: string) => posix.relative(source, path).split("/")[0] ?? "";
  const featureOf = (path: string) => posix.relative(`${source}/features`, path).split("/")[0] ?? "";
  const wrong = offences(listImports(), ({ from, target }) => {
    if (!from.startsWith(`${source}/`) || !target.startsWith(`${source}/`) || isTestCode(from)) return false;
    const [own, other] = [layerOf(from), layerOf(target)];
    if (own === "features" && other === "features") return featureOf(from) !== featureOf(target);
    const allowed = DASHBOARD_LAYERS[own];
    return allowed !== undefined && own !== other && other !== "paths.ts" && !allowed.includes(other);
  });
  expect(wrong).toEqual([]);
});
