// Run while the image is built (docker-compose.yml): removes every installed package that no server needs at run time, by the lock file.
// `npm prune` keeps what is an optional peer of something, such as Prisma's command line, and what the built dashboard was made from.
// Of what stays, nothing goes into the image that no process reads.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";

const SERVERS = ["api", "cli", "nameserver", "policy-server", "report-ingest", "worker"].map(
  (app) => `apps/${app}`,
);

/** The packages of a lock file that the servers need, as its keys. */
export function listNeeded(packages) {
  const needed = new Set();
  const visit = (key) => {
    if (needed.has(key)) return;
    needed.add(key);
    const {
      link,
      resolved,
      dependencies = {},
      peerDependencies = {},
      peerDependenciesMeta = {},
    } = packages[key];
    if (link) return visit(resolved);
    const peers = Object.keys(peerDependencies).filter((name) => !peerDependenciesMeta[name]?.optional);
    for (const name of [...Object.keys(dependencies), ...peers]) {
      const found = findInstalled(packages, key, name);
      if (found) visit(found);
    }
  };
  for (const server of SERVERS) visit(server);
  return needed;
}

/** As Node looks: in the package's own node_modules, then in those of each folder above it. */
function findInstalled(packages, from, name) {
  for (let place = from; ; place = place.includes("/") ? place.slice(0, place.lastIndexOf("/")) : "") {
    const key = `${place ? `${place}/` : ""}node_modules/${name}`;
    if (packages[key]) return key;
    if (!place) return undefined;
  }
}

/** Parts of packages: other databases than Postgres, other forms of the same module and of the same data. */
const UNUSED_PARTS = [
  /^@prisma\/client\/runtime\/(?!client\.|query_compiler_fast_bg\.postgresql).*/,
  /^@prisma\/client\/runtime\/query_compiler_.*\.js$/,
  /^@ip-location-db\/asn\/asn-ipv[46]\.csv$/,
  /^@ip-location-db\/iptoasn-country-mmdb\/iptoasn-country-ipv[46]\.mmdb$/,
  /\.(map|d\.[cm]?ts|md|markdown)$/,
  // Beside a package.json; deeper folders of these names may be code.
  /^(@[^/]+\/)?[^/]+\/(__tests__|tests?|docs?|examples?|benchmarks?)\//,
  /^node-bin-|^\.cache\//,
];

/** Of our own folders, what only builds and tests read. */
const UNUSED_FOLDERS = [
  "apps/standalone",
  "apps/dashboard/src",
  "apps/dashboard/readme",
  "packages/repo-rules",
  "packages/sandbox",
  "screenshots",
  ".github",
];
const UNUSED_SOURCES = /\.test\.tsx?$|(^|\/)(testing|e2e|bench|drills|fixtures)\//;

/** Whether no process reads a file of an installed package; `path` begins with the package's name. */
export function isUnusedPart(path) {
  return UNUSED_PARTS.some((form) => form.test(path));
}

/** Files below a folder, as paths from there. Links, as npm makes for workspaces, are not followed. */
function listFiles(folder, from = "") {
  return readdirSync(join(folder, from), { withFileTypes: true }).flatMap((entry) => {
    const path = from ? `${from}/${entry.name}` : entry.name;
    return entry.isDirectory() ? listFiles(folder, path) : entry.isFile() ? [path] : [];
  });
}

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, "../..");
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const needed = listNeeded(packages);
  for (const key of Object.keys(packages))
    if (key.includes("node_modules/") && !needed.has(key) && existsSync(join(root, key)))
      rmSync(join(root, key), { recursive: true });
  for (const folder of UNUSED_FOLDERS) rmSync(join(root, folder), { recursive: true, force: true });
  for (const place of ["apps", "packages", "node_modules"])
    for (const path of existsSync(join(root, place)) ? listFiles(join(root, place)) : []) {
      const [, inPackage] = /^(?:.*\/)?node_modules\/(.*)$/.exec(`${place}/${path}`) ?? [];
      if (inPackage === undefined ? UNUSED_SOURCES.test(path) : isUnusedPart(inPackage))
        rmSync(join(root, place, path));
    }
}
