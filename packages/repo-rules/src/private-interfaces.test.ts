import { expect, test } from "vitest";
import { readText } from "./repo-files.ts";

type PrivateInterface = {
  package: string;
  /** The version it was last checked with. */
  version: string;
  /** Files that use it. */
  files: readonly string[];
  /** Words of the interface that each of these files has. */
  uses: string;
  whenGone: string;
};

/**
 * Everything below a public API that this repository uses. A new version may change it without a word: read its source,
 * run the tests named for the file, then move the version here.
 */
const PRIVATE_INTERFACES: readonly PrivateInterface[] = [
  {
    package: "node",
    version: "24.21.0",
    files: ["apps/policy-server/src/node-tls-handles.ts"],
    uses: "process.binding tls_wrap stream_wrap",
    whenGone: "The self-test at start fails; policies are served through tls.TLSSocket, a tenth slower.",
  },
  {
    package: "node",
    version: "24.21.0",
    files: ["apps/policy-server/src/create-shared-contexts.ts"],
    uses: "setCert setKey",
    whenGone: "Every handshake of a name not asked for lately builds a TLS context: five times the work.",
  },
  {
    package: "pg",
    version: "8.23.1",
    files: ["packages/db/src/bind-in-pieces.ts"],
    uses: "connection.bind connection.stream",
    whenGone: "Large values go through one growing buffer again: an import takes longer and more memory.",
  },
  {
    package: "acme-client",
    version: "5.4.0",
    files: ["packages/core/src/certificates/acme-transport.ts"],
    uses: "http.getNonce http.request maxBadNonceRetries",
    whenGone: "No order goes out; acme-transport.test.ts fails.",
  },
  {
    package: "@prisma/schema-engine-wasm",
    version: "7.10.0-4.0edf323efd1d98336f3f0a68684b56f689b900d3",
    files: ["packages/db/src/schema-engine.ts"],
    uses: "__wbg_set_wasm __wbindgen_start __wbg_setTimeout_",
    whenGone: "Migrations do not run; `prisma migrate deploy` still does.",
  },
  {
    package: "graphile-worker",
    version: "0.18.0",
    files: ["apps/worker/src/watch-crons.ts"],
    uses: "_private_known_crontabs _private_jobs _cron",
    whenGone:
      "A recurring job that a wrong clock recorded in the future does not run; watch-crons.test.ts fails.",
  },
  {
    package: "graphile-worker",
    version: "0.18.0",
    files: ["apps/worker/src/keep-alive-sign.ts"],
    uses: "_private_jobs _private_job_queues",
    whenGone: "Jobs of a killed worker wait four hours instead of seconds; killed-worker.test.ts fails.",
  },
  {
    package: "graphile-worker",
    version: "0.18.0",
    files: ["apps/worker/src/open-job-pool.ts"],
    uses: "complete fail _job",
    whenGone: "A lost connection at the end of a job ends the worker; run-jobs.test.ts fails.",
  },
];

type Lock = { packages: Record<string, { version?: string }> };

test.each(PRIVATE_INTERFACES)("$package is the version whose private parts $files use", (used) => {
  const { packages } = JSON.parse(readText("package-lock.json")) as Lock;
  const versions = Object.entries(packages)
    .filter(([path]) => path.split("node_modules/").at(-1) === used.package)
    .map(([, { version }]) => version);
  expect(versions).toContain(used.version);
  for (const file of used.files) {
    const source = readText(file);
    for (const word of used.uses.split(" ")) expect(source, file).toContain(word.split(".").at(-1));
  }
});
