import { expect, test } from "vitest";
import { listSources, readText } from "./repo-files.ts";

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
  {
    package: "smtp-server",
    version: "3.21.6",
    files: ["apps/report-ingest/src/share-smtp-server.ts"],
    uses: "connections _upgrading _socket",
    whenGone: "The oldest connection is not cut off at once for a newcomer; hostile-clients.test.ts fails.",
  },
  {
    package: "nodemailer",
    version: "10.6.0",
    files: ["packages/sandbox/src/build-tls-report-mail.ts"],
    uses: "nodemailer/lib/dkim nodemailer/lib/mime-node",
    whenGone: "The sandbox sends no signed report mails; build-tls-report-mail fails at its import.",
  },
];

/** Signs of a private interface: names with an underscore, files inside of a package, bindings of Node, tables of the job queue. */
const PRIVATE =
  /\b\w+(?<!_smtp)\._(?!count\b|max\b|min\b|sum\b|avg\b)[a-z]\w*|from "[^."][^"]*\/(?:lib|dist|build)\/[^"]+"|process\.binding|_private_\w+/;

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

test("production code that reaches below a public API is in the list", () => {
  const listed = PRIVATE_INTERFACES.flatMap(({ files }) => files);
  const found = listSources()
    .filter((path) => /^(?:apps|packages)\/[^/]+\/src\//.test(path) && !/\.test\.tsx?$/.test(path))
    .filter((path) => !listed.includes(path))
    .flatMap((path) =>
      readText(path)
        .split("\n")
        .filter(
          (line) =>
            !/^\s*(?:\*|\/[/*])/.test(line) && PRIVATE.test(line.replace(/"[^"]*\._[^"]*"|`[^`]*`/g, "")),
        )
        .map((line) => `${path}: ${line.trim()}`),
    );
  expect(found).toEqual([]);
});

test("Node is pinned exactly everywhere it runs, in the version whose private parts are used", () => {
  const pinned = PRIVATE_INTERFACES.find((used) => used.package === "node")?.version;
  const { dependencies } = JSON.parse(readText("package.json")) as { dependencies: { node: string } };
  const inWorkflows = ["ci", "release"].flatMap((name) =>
    [...readText(`.github/workflows/${name}.yml`).matchAll(/node-version: ([\d.]+)/g)].map(
      ([, version]) => version,
    ),
  );
  const inImages = [...readText("docker-compose.yml").matchAll(/FROM node:([\d.]+)-/g)].map(
    ([, version]) => version,
  );
  expect(inWorkflows.length).toBeGreaterThan(1);
  expect(inImages.length).toBeGreaterThan(1);
  expect(new Set([dependencies.node, ...inWorkflows, ...inImages])).toEqual(new Set([pinned]));
});
