// Run while the image is built (docker-compose.yml): removes every installed package that no server needs at run time, by the lock file.
// `npm prune` keeps what is an optional peer of something, such as Prisma's command line, and what the built dashboard was made from.
import { existsSync, readFileSync, rmSync } from "node:fs";
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

if (process.argv[1] === import.meta.filename) {
  const root = join(import.meta.dirname, "../..");
  const { packages } = JSON.parse(readFileSync(join(root, "package-lock.json"), "utf8"));
  const needed = listNeeded(packages);
  for (const key of Object.keys(packages))
    if (key.includes("node_modules/") && !needed.has(key) && existsSync(join(root, key)))
      rmSync(join(root, key), { recursive: true });
}
