import { defineConfig } from "vitest/config";

// Tests use real sockets and a real Postgres, and wait for them: three workers keep two cores busy.
const shared = {
  pool: "forks",
  // What takes two seconds alone takes twenty on a machine with ten others.
  testTimeout: 60_000,
  hookTimeout: 60_000,
  // A poll ends as soon as it is true; vitest's one second is short on a busy machine.
  expect: { poll: { timeout: 15_000 } },
} as const;

export default defineConfig({
  test: {
    maxWorkers: 3,
    projects: [
      {
        test: {
          ...shared,
          name: "unit",
          // One process runs file after file: loading the modules again for each would take a third of the processor time.
          isolate: false,
          include: ["packages/*/src/**/*.test.ts", "apps/*/src/**/*.test.{ts,tsx}"],
          exclude: ["packages/repo-rules/**"],
          setupFiles: [
            "packages/repo-rules/src/seed-property-tests.ts",
            "packages/core/testing/hash-passwords-cheaply.ts",
          ],
          globalSetup: ["packages/db/testing/start-test-postgres.ts"],
        },
      },
      { test: { ...shared, name: "repo-rules", include: ["packages/repo-rules/src/**/*.test.ts"] } },
      {
        test: {
          ...shared,
          name: "e2e",
          isolate: false,
          // On a busy CI machine a browser may miss its 30 seconds: a second try distinguishes that from a fault. Never locally.
          retry: process.env.CI ? 1 : 0,
          include: ["apps/*/e2e/**/*.test.ts"],
          testTimeout: 180_000,
          hookTimeout: 120_000,
          expect: { poll: { timeout: 30_000 } },
          globalSetup: ["packages/db/testing/start-test-postgres.ts"],
        },
      },
      {
        // Long forms of e2e tests, faults over minutes: `npm run drills`, not part of `npm test`; together a quarter of an hour at most.
        test: {
          ...shared,
          name: "drills",
          include: ["{apps,packages}/*/drills/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 600_000,
          hookTimeout: 120_000,
          globalSetup: ["packages/db/testing/start-test-postgres.ts"],
        },
      },
    ],
  },
});
