import { spawnSync } from "node:child_process";
import { APP_ROLES } from "@waxseal/db";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { listFiles, readText, rootDir } from "./repo-files.ts";

type Service = {
  image?: string;
  build?: { dockerfile_inline: string };
  environment?: Record<string, string>;
  env_file?: unknown;
  read_only?: boolean;
  cap_drop?: string[];
  cap_add?: string[];
  security_opt?: string[];
  mem_limit?: string;
  pids_limit?: number;
  user?: string;
  networks?: string[];
  pull_policy?: string;
  healthcheck?: { test: string[] };
  volumes?: string[];
  ulimits?: { nofile: number };
  depends_on?: Record<string, { condition: string }>;
};

const compose = parse(readText("docker-compose.yml"), { merge: true }) as {
  services: Record<string, Service>;
  networks: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const APPS = listFiles().flatMap((path) => /^apps\/([\w-]+)\/src\/config\.ts$/.exec(path)?.[1] ?? []);

/** Read by Node, glibc and the AWS SDK, not by a config.ts. LOG_LEVEL and DRAIN_SECONDS are read by the process around the app, PGPASSWORD by pg. */
const READ_BELOW = [
  "LOG_LEVEL",
  "DRAIN_SECONDS",
  "PGPASSWORD",
  "GLIBC_TUNABLES",
  "NODE_EXTRA_CA_CERTS",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
];
/** Ports inside the containers, which the front knows, and what only `npm start` has. */
const AT_DEFAULT = /^(PORT|POLICY_HTTPS?_PORT|INGEST_(SMTP|HTTPS)_PORT|DNS_PORT|SANDBOX_(MAIL_)?URL)$/;
/** Enough for every config to be read to its end. */
const EXAMPLE = {
  DATABASE_URL: "postgresql://waxseal:x@localhost:5432/waxseal",
  PUBLIC_URL: "https://app.example.net",
  HOSTED_ZONE: "hosted.example.net",
  REPORTS_DOMAIN: "reports.example.net",
  POLICY_ADDRESSES: "192.0.2.1",
  ACME_DIRECTORY_URL: "https://ca.example/dir",
  SMTP_URL: "smtps://mail.example.net",
  MAIL_FROM: "no-reply@example.net",
  OPERATOR_MAIL: "operator@people.example",
  SECRET_KEYS: `k1:${Buffer.alloc(32).toString("base64url")}`,
};

/** The settings that an app's config asks for, without those of NAME_FILE. */
async function listRead(app: string): Promise<string[]> {
  const read = new Set<string>();
  const env = new Proxy<Record<string, string>>(EXAMPLE, {
    get: (values, name) => {
      if (typeof name === "string" && !name.endsWith("_FILE")) read.add(name);
      else if (name === "ACME_CA_FILE") read.add(name);
      return Reflect.get(values, name);
    },
  });
  const { loadConfig } = (await import(`${rootDir}/apps/${app}/src/config.ts`)) as {
    loadConfig(from: object): unknown;
  };
  loadConfig(env);
  return [...read].sort();
}

test("every app with settings is a service of docker-compose.yml", () => {
  expect(APPS.length).toBeGreaterThanOrEqual(5);
  expect(APPS.filter((app) => !(app in compose.services))).toEqual([]);
});

test.each(APPS)("the container of %s gets the settings that its config reads, and no others", async (app) => {
  const read = await listRead(app);
  const { environment = {}, env_file } = compose.services[app] ?? {};
  expect(env_file).toBeUndefined();
  const given = Object.keys(environment);
  expect(given.filter((name) => !read.includes(name) && !READ_BELOW.includes(name))).toEqual([]);
  expect(read.filter((name) => !given.includes(name) && !AT_DEFAULT.test(name))).toEqual([]);
  // A value that .env gives reaches the container under its own name.
  for (const [name, value] of Object.entries(environment)) {
    const from = /^\$\{(\w+):/.exec(value)?.[1];
    if (from && name !== "PGPASSWORD" && name !== "REPORTS_DATABASE_URL") expect(from).toBe(name);
  }
});

test("keys and certificates' secrets never reach the nameserver", () => {
  const given = Object.keys(compose.services.nameserver?.environment ?? {});
  expect(given).not.toContain("SECRET_KEYS");
  expect(given).not.toContain("ACME_EAB_HMAC_KEY");
});

test("every app connects as a Postgres role of its own, and has no other role's password", () => {
  const roles = { ...APP_ROLES, migrate: "waxseal" };
  for (const [app, role] of Object.entries(roles)) {
    const { DATABASE_URL, REPORTS_DATABASE_URL, PGPASSWORD, ...others } =
      compose.services[app]?.environment ?? {};
    // A password is no part of a URL here: it may hold any character.
    expect(DATABASE_URL).toBe(`postgresql://${role}@\${POSTGRES:-postgres:5432/waxseal}`);
    if (REPORTS_DATABASE_URL)
      expect(REPORTS_DATABASE_URL).toBe(`\${REPORTS_POSTGRES:+postgresql://${role}@\${REPORTS_POSTGRES}}`);
    expect(PGPASSWORD).toMatch(/^\$\{POSTGRES_(\w+_)?PASSWORD:\?/);
    if (app !== "migrate")
      expect(Object.keys(others).filter((name) => name.includes("PASSWORD"))).toEqual([]);
  }
  const passwords = Object.keys(roles).map((app) => compose.services[app]?.environment?.PGPASSWORD);
  expect(new Set(passwords).size).toBe(6);
});

test.each(services)(
  "%s is confined: read-only, no capability but those named, bounded memory and processes",
  (_name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.pids_limit).toBeGreaterThan(0);
    if (service.image === "waxseal") expect([service.user, service.cap_add]).toEqual(["node", undefined]);
  },
);

test("the image is built from the package files first, so that another change does not repeat npm ci", () => {
  const steps = compose.services.migrate?.build?.dockerfile_inline ?? "";
  const before = steps.slice(0, steps.indexOf("RUN npm ci"));
  const copied = [...before.matchAll(/^COPY (\S+\/package\.json) (\S+)\/$/gm)].map(([, from]) => from);
  expect(copied).toEqual(listFiles().filter((path) => /^(apps|packages)\/[^/]+\/package\.json$/.test(path)));
});

/** What the upgrade asks of Docker, with a command in its place that fails at the named call. */
function recordUpgrade(failAt = "never"): { status: number | null; calls: string[] } {
  const COMPOSE = `sh ${rootDir}/packages/repo-rules/testing/record-call.sh`;
  const env = { ...process.env, COMPOSE, FAIL_AT: failAt };
  const { status, stdout } = spawnSync("sh", ["apps/standalone/upgrade-compose.sh"], {
    cwd: rootDir,
    env,
    encoding: "utf8",
  });
  return { status, calls: stdout.trim().split("\n") };
}

test("an upgrade builds, migrates, and then replaces one service after the other, each ready before the next", () => {
  const { status, calls } = recordUpgrade();
  expect(status).toBe(0);
  expect(calls.slice(0, 3)).toEqual(["build migrate", "up -d --wait postgres", "run --rm --no-deps migrate"]);
  const replaced = calls.slice(3).map((call) => /^up -d --no-deps --wait ([\w-]+)$/.exec(call)?.[1]);
  expect(replaced.toSorted()).toEqual([...APPS, "dashboard-certificate", "front"].toSorted());
  expect(replaced.at(-1)).toBe("front");
});

test("an upgrade whose migration fails has replaced nothing, and one that a service fails ends there", () => {
  expect(recordUpgrade("run --rm")).toMatchObject({ status: 1, calls: { length: 3 } });
  const { calls } = recordUpgrade("up -d --no-deps --wait policy-server");
  expect(calls.at(-1)).toBe("up -d --no-deps --wait policy-server");
});

test("the front runs without root and with files for its connections, and starts after what hands it the certificate", () => {
  const { front, "dashboard-certificate": keeper } = compose.services;
  expect([front?.user, front?.cap_add]).toEqual(["1000:1000", undefined]);
  const most = Number(/^ +maxconn (\d+)$/m.exec(readText("docker-compose.yml"))?.[1]);
  expect(front?.ulimits?.nofile).toBeGreaterThan(2 * most + 1_000);
  expect(front?.depends_on).toMatchObject({ "dashboard-certificate": { condition: "service_started" } });
  expect(front?.volumes).toEqual(keeper?.volumes);
});

test("the front cannot reach Postgres, and every network has IPv6", () => {
  expect(compose.services.front?.networks).toEqual(["edge"]);
  expect(compose.services.postgres?.networks).toEqual(["data"]);
  for (const name of ["edge", "data"]) expect(compose.networks[name]).toEqual({ enable_ipv6: true });
  for (const app of APPS) expect(compose.services[app]?.environment?.BIND_ADDRESS).toBe("::");
});

test("images are of an exact version and digest, and Node is the one that the lock file installs", () => {
  const { dependencies } = JSON.parse(readText("package.json")) as { dependencies: { node: string } };
  const { packages } = JSON.parse(readText("package-lock.json")) as {
    packages: Record<string, { version?: string }>;
  };
  const locked = packages["node_modules/node"]?.version;
  expect(dependencies.node).toBe(locked);
  const from = services.flatMap(([, { build }]) =>
    [...(build?.dockerfile_inline ?? "").matchAll(/^FROM (\S+)/gm)].map(([, image]) => image),
  );
  expect(new Set(from.map((image) => image?.split("@")[0]))).toEqual(new Set([`node:${locked}-slim`]));
  expect(new Set(from).size).toBe(1);
  // Ours is in no registry.
  for (const [name, { image, pull_policy }] of services)
    if (image === "waxseal") expect([name, pull_policy]).toEqual([name, "never"]);
    else
      expect([name, image]).toEqual([
        name,
        expect.stringMatching(/:v?\d+\.\d+(\.\d+)?(-alpine)?@sha256:[0-9a-f]{64}$/),
      ]);
  for (const image of from) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
});
