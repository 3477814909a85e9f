import { join } from "node:path";
import { fileURLToPath } from "node:url";

const rootDir = fileURLToPath(new URL("../../..", import.meta.url));

/** How Node is started for an app, besides its settings. */
export type AppProcess = { nodeArgs: readonly string[]; env: Readonly<Record<string, string>> };

const USUAL: AppProcess = { nodeArgs: [], env: {} };

/**
 * For the policy server, measured by `npm run bench policy`: a nursery twice the usual size costs 50 MB and saves a collection in two;
 * the allocator settings save a twentieth of a fetch and 35 MB. The heap is enough for 200,000 domains. The same is in
 * docker-compose.yml.
 */
const POLICY_SERVER: AppProcess = {
  nodeArgs: [
    "--max-semi-space-size=32",
    "--max-old-space-size=256",
    `--openssl-config=${join(rootDir, "apps/policy-server/openssl.cnf")}`,
  ],
  // OpenSSL takes a certificate apart into hundreds of small pieces, all freed together.
  env: { GLIBC_TUNABLES: "glibc.malloc.arena_max=1:glibc.malloc.mxfast=0:glibc.malloc.tcache_count=200" },
};

export function appProcess(app: string): AppProcess {
  return app === "policy-server" ? POLICY_SERVER : USUAL;
}
