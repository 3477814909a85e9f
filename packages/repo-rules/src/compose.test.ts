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
};

const compose = parse(readText("docker-compose.yml"), { merge: true }) as {
  services: Record<string, Service>;
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
    expect(DATABASE_URL).toBe(`postgresql://${role}@postgres:5432/waxseal`);
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
  (name, service) => {
    expect(service).toMatchObject({
      read_only: true,
      cap_drop: ["ALL"],
      security_opt: ["no-new-privileges:true"],
    });
    expect(service.mem_limit).toMatch(/^\d+[mg]$/);
    expect(service.pids_limit).toBeGreaterThan(0);
    if (name !== "postgres" && name !== "front")
      expect([service.user, service.cap_add]).toEqual(["node", undefined]);
  },
);

test("images are of an exact version, and Node is the one that the lock file installs", () => {
  const { dependencies } = JSON.parse(readText("package.json")) as { dependencies: { node: string } };
  const { packages } = JSON.parse(readText("package-lock.json")) as {
    packages: Record<string, { version?: string }>;
  };
  const locked = packages["node_modules/node"]?.version;
  expect(dependencies.node).toBe(locked);
  const from = services.flatMap(([, { build }]) =>
    [...(build?.dockerfile_inline ?? "").matchAll(/^FROM (\S+)/gm)].map(([, image]) => image),
  );
  expect(new Set(from)).toEqual(new Set([`node:${locked}-slim`]));
  for (const [name, { image }] of services)
    if (image !== "waxseal")
      expect([name, image]).toEqual([
        name,
        expect.stringMatching(/:\d+\.\d+(\.\d+)?(@sha256:[0-9a-f]{64})?$/),
      ]);
});
