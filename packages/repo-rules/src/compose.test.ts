import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { APP_ROLES } from "@waxseal/db";
import { SECRETS } from "@waxseal/runtime";
import { afterAll, expect, test } from "vitest";
import { parse } from "yaml";
import { listFiles, readText, rootDir } from "./repo-files.ts";

type Service = {
  image?: string;
  build?: { dockerfile_inline: string };
  environment?: Record<string, string>;
  secrets?: string[];
  configs?: unknown;
  ports?: string[];
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
  networks: Record<string, { enable_ipv6: boolean; ipam: { config: { subnet: string }[] } }>;
  secrets: Record<string, { file: string }>;
};
const services = Object.entries(compose.services);
const frontConfig = readText("apps/standalone/front/haproxy.cfg");
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
/** The variable that is read, of one that may name its file. */
const readAs = (name: string) => (name === "ACME_CA_FILE" ? name : name.replace(/_FILE$/, ""));
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
  const given = Object.keys(environment).map(readAs);
  expect(given.filter((name) => !read.includes(name) && !READ_BELOW.includes(name))).toEqual([]);
  expect(read.filter((name) => !given.includes(name) && !AT_DEFAULT.test(name))).toEqual([]);
  // A value that .env gives reaches the container under its own name.
  for (const [name, value] of Object.entries(environment)) {
    const from = /^\$\{(\w+):/.exec(value)?.[1];
    if (from && name !== "REPORTS_DATABASE_URL") expect(from).toBe(name);
  }
});

test("keys and certificates' secrets never reach the nameserver", () => {
  const given = Object.keys(compose.services.nameserver?.environment ?? {}).map(readAs);
  expect(given).not.toContain("SECRET_KEYS");
  expect(given).not.toContain("ACME_EAB_HMAC_KEY");
});

test.each(services)("secrets reach %s as files, those that it reads and no others", (name, service) => {
  const { environment = {}, secrets = [] } = service;
  const named = Object.entries(environment).flatMap(([variable, value]) =>
    value.startsWith("/run/secrets/") ? [[variable, value.slice("/run/secrets/".length)] as const] : [],
  );
  for (const [variable, secret] of named)
    if (variable !== "PGPASSWORD_FILE") expect(variable).toBe(`${secret}_FILE`);
  // The last reads its own with `cat`.
  if (name !== "backup")
    expect(secrets.toSorted()).toEqual([...new Set(named.map(([, secret]) => secret))].toSorted());
  // The URL of a database has no password in it.
  const plain = Object.keys(environment).filter(
    (variable) =>
      !/^(REPORTS_)?DATABASE_URL$/.test(variable) &&
      (/(PASSWORD|SECRET_ACCESS_KEY)$/.test(variable) || SECRETS.some((one) => one === variable)),
  );
  expect(plain).toEqual([]);
});

test("what is mounted into read-only containers are files: Docker cannot copy a text into them", () => {
  for (const [name, { configs }] of services) expect([name, configs]).toEqual([name, undefined]);
  expect(compose).not.toHaveProperty("configs");
  for (const [name, secret] of Object.entries(compose.secrets))
    expect([name, secret]).toEqual([name, { file: `\${SECRETS_DIR:-./secrets}/${name}` }]);
});

const folder = mkdtempSync(join(tmpdir(), "waxseal-secrets-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Runs make-secrets.sh with that .env; what it prints. */
function makeSecrets(env: string): string {
  const ENV_FILE = join(folder, ".env");
  writeFileSync(ENV_FILE, env);
  const options = { env: { ...process.env, ENV_FILE, SECRETS_DIR: join(folder, "secrets") } };
  return spawnSync("sh", [`${rootDir}/apps/standalone/make-secrets.sh`], { ...options, encoding: "utf8" })
    .stdout;
}

test("make-secrets writes every secret once, at random or from .env, and keeps what is there", () => {
  const read = (name: string) => readFileSync(join(folder, "secrets", name), "utf8");
  const printed = makeSecrets("POSTGRES_PASSWORD='a/+$b #c'\nSMTP_URL=smtps://u:p@mail.example.net\n");
  expect(printed.trim().split("\n")).toEqual([
    expect.stringMatching(/^POSTGRES_PASSWORD of .env is in /),
    expect.stringMatching(/^SMTP_URL of .env is in /),
  ]);
  const values = Object.fromEntries(Object.keys(compose.secrets).map((name) => [name, read(name)]));
  expect(values).toMatchObject({
    POSTGRES_PASSWORD: "a/+$b #c",
    SMTP_URL: "smtps://u:p@mail.example.net",
    SECRET_KEYS: expect.stringMatching(/^k1:[\w-]{43}$/),
    DNS_TSIG_KEY: "",
  });
  const passwords = Object.keys(values).filter((name) => name.endsWith("_PASSWORD"));
  expect(new Set(passwords.map((name) => values[name])).size).toBe(6);
  // Others on the machine do not get in; the containers' users may read the files that they are given.
  expect(statSync(join(folder, "secrets")).mode & 0o777).toBe(0o700);
  expect(statSync(join(folder, "secrets/SECRET_KEYS")).mode & 0o777).toBe(0o644);
  expect(makeSecrets("POSTGRES_PASSWORD=other\n")).toBe("");
  for (const [name, value] of Object.entries(values)) expect([name, read(name)]).toEqual([name, value]);
});

test("every app connects as a Postgres role of its own, and has no other role's password", () => {
  const roles = { ...APP_ROLES, migrate: "waxseal" };
  for (const [app, role] of Object.entries(roles)) {
    const { DATABASE_URL, REPORTS_DATABASE_URL, PGPASSWORD_FILE, ...others } =
      compose.services[app]?.environment ?? {};
    // A password is no part of a URL here: it may hold any character.
    expect(DATABASE_URL).toBe(`postgresql://${role}@\${POSTGRES:-postgres:5432/waxseal}`);
    if (REPORTS_DATABASE_URL)
      expect(REPORTS_DATABASE_URL).toBe(`\${REPORTS_POSTGRES:+postgresql://${role}@\${REPORTS_POSTGRES:-}}`);
    expect(PGPASSWORD_FILE).toMatch(/^\/run\/secrets\/POSTGRES_(\w+_)?PASSWORD$/);
    if (app !== "migrate")
      expect(Object.keys(others).filter((name) => name.includes("PASSWORD"))).toEqual([]);
  }
  const passwords = Object.keys(roles).map((app) => compose.services[app]?.environment?.PGPASSWORD_FILE);
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

/**
 * What the upgrade asks of Docker, with a command in its place that fails at the named call, and says that two of each run and how they
 * are; its looks at containers are left out.
 */
function recordUpgrade({
  failAt = "never",
  running = "old-1 old-2",
  afterFailure = "",
  health = "healthy",
} = {}) {
  const command = `sh ${rootDir}/packages/repo-rules/testing/record-call.sh`;
  const log = join(folder, "calls");
  writeFileSync(log, "");
  const env = {
    ...process.env,
    COMPOSE: command,
    DOCKER: `${command} docker`,
    FAIL_AT: failAt,
    CALLS: log,
    RUNNING: running,
    AFTER_FAILURE: afterFailure,
    HEALTH: health,
    SECRETS_DIR: join(folder, "upgraded"),
  };
  const { status, stdout } = spawnSync("sh", [`${rootDir}/apps/standalone/upgrade-compose.sh`], {
    env,
    encoding: "utf8",
  });
  const calls = readFileSync(log, "utf8").trim().split("\n");
  return { status, stdout, calls: calls.filter((call) => !/^docker (inspect|exec) /.test(call)) };
}

test("an upgrade builds, migrates, and then replaces one service after the other, each ready before the next", () => {
  const { status, calls } = recordUpgrade();
  expect(status).toBe(0);
  expect(calls.slice(0, 3)).toEqual([
    "build migrate",
    "up -d --no-recreate --wait postgres",
    "run --rm --no-deps migrate",
  ]);
  const replaced = calls
    .slice(3)
    .flatMap((call) => /^up -d .*--wait --wait-timeout 300 .*?([\w-]+)$/.exec(call)?.[1] ?? []);
  expect(replaced.toSorted()).toEqual([...APPS, "dashboard-certificate", "front"].toSorted());
  // A front whose file alone has changed reads it again without closing a port.
  expect(calls.slice(-2)).toEqual(["up -d --no-deps --wait --wait-timeout 300 front", "kill -s USR2 front"]);
});

test("of what has no port of the host, an upgrade starts as many new containers as run, and then ends the old", () => {
  const { calls } = recordUpgrade();
  const from = calls.indexOf("ps -q policy-server");
  expect(calls.slice(from, from + 6)).toEqual([
    "ps -q policy-server",
    "up -d --no-deps --no-recreate --wait --wait-timeout 300 --scale policy-server=4 policy-server",
    "docker stop old-1",
    "docker rm old-1",
    "docker stop old-2",
    "docker rm old-2",
  ]);
  for (const [name, { ports }] of services)
    if (ports) expect(["nameserver", "front", "prometheus"]).toContain(name);
  expect(calls.filter((call) => /--scale (nameserver|front)/.test(call))).toEqual([]);
  expect(recordUpgrade({ running: "" }).calls).toContain(
    "up -d --no-deps --wait --wait-timeout 300 policy-server",
  );
});

test("an upgrade whose migration fails has replaced nothing; a service that was ready and is not ends it, in words, and the old go on", () => {
  expect(recordUpgrade({ failAt: "run --rm" })).toMatchObject({ status: 1, calls: { length: 3 } });
  const failAt = "up -d --no-deps --no-recreate --wait --wait-timeout 300 --scale policy";
  const { status, stdout, calls } = recordUpgrade({ failAt, afterFailure: "old-1 new-1 old-2 new-2" });
  expect([status, calls.slice(-3)]).toEqual([
    1,
    ["ps -a -q policy-server", "docker rm -f new-1", "docker rm -f new-2"],
  ]);
  expect(stdout).toMatch(
    /policy-server was ready and is not with this version: There is no certificate yet\.[\s\S]*check out the version before/,
  );
});

test.each([
  ["report-ingest", "up -d --no-deps --no-recreate --wait --wait-timeout 300 --scale report-ingest"],
  ["nameserver", "up -d --no-deps --wait --wait-timeout 300 nameserver"],
])(
  "an upgrade is not held up by a %s that was not ready before either, and names it at its end",
  (name, failAt) => {
    const { status, stdout, calls } = recordUpgrade({
      failAt,
      health: "starting",
      afterFailure: "old-1 old-2 new-1 new-2",
    });
    expect([status, calls.at(-1)]).toEqual([0, "kill -s USR2 front"]);
    expect(stdout).toContain(
      `${name} is not ready, as before: There is no certificate yet. The upgrade goes on.`,
    );
    expect(stdout).toMatch(new RegExp(`Upgraded\\. Not ready, as before the upgrade: ${name}\\.`));
  },
);

test("an upgrade ends at a nameserver that was ready and is not, and says how to go back", () => {
  const failAt = "up -d --no-deps --wait --wait-timeout 300 nameserver";
  const { status, stdout, calls } = recordUpgrade({ failAt });
  expect([status, calls.at(-1)]).toEqual([1, "ps -a -q nameserver"]);
  expect(stdout).toMatch(/nameserver was ready and is not[\s\S]*go back/);
});

test("the front runs without root and with files for its connections, and starts after what hands it the certificate", () => {
  const { front, "dashboard-certificate": keeper } = compose.services;
  expect([front?.user, front?.cap_add]).toEqual(["1000:1000", undefined]);
  const most = Number(/^ +maxconn (\d+)$/m.exec(frontConfig)?.[1]);
  expect(front?.ulimits?.nofile).toBeGreaterThan(2 * most + 1_000);
  expect(front?.depends_on).toMatchObject({ "dashboard-certificate": { condition: "service_started" } });
  expect(front?.volumes).toEqual([
    "./apps/standalone/front:/usr/local/etc/haproxy:ro",
    ...(keeper?.volumes ?? []),
  ]);
});

test("the front finds as many of each service as README says may run, and asks them whether they are ready", () => {
  const templates = [...frontConfig.matchAll(/server-template \w+ (\d+) ([\w-]+):\d+ (check port 9464)?/g)];
  expect(new Set(templates.map(([, count]) => count))).toEqual(new Set(["10"]));
  expect(readText("README.md")).toContain("up to ten of each");
  expect(new Set(templates.map(([, , service]) => service))).toEqual(
    new Set(["policy-server", "report-ingest", "api"]),
  );
  expect(frontConfig).toContain("option httpchk GET /readyz");
});

test("the commands in guides work in the image and read .env", () => {
  const guides = [
    "README.md",
    ...listFiles().filter((path) => /^(\.github|apps\/standalone)\/.*\.md$/.test(path)),
  ];
  for (const guide of guides) {
    const text = readText(guide);
    // npx needs a home to write to; restart keeps the environment that a container was made with.
    expect([guide, /npx waxseal|compose restart/.exec(text)?.[0]]).toEqual([guide, undefined]);
  }
  const { entrypoint = [] } = compose.services.waxseal as { entrypoint?: string[] };
  expect(entrypoint).toEqual(["node", "apps/cli/src/main.ts"]);
  const env = { PATH: process.env.PATH, HOME: "/nonexistent" };
  const { stdout } = spawnSync(process.execPath, [`${rootDir}/${entrypoint[1]}`, "version"], {
    env,
    cwd: "/",
    encoding: "utf8",
  });
  expect(stdout).toMatch(/^\d+\.\d+\.\d+/);
});

test("the front cannot reach Postgres, and every network has IPv6", () => {
  expect(compose.services.front?.networks).toEqual(["edge"]);
  expect(compose.services.postgres?.networks).toEqual(["data"]);
  // An Engine before 27 wants to be given an IPv6 network. Two may not overlap.
  const subnets = ["edge", "data"].map((name) => {
    const { enable_ipv6, ipam } = compose.networks[name] ?? {};
    expect(enable_ipv6).toBe(true);
    return ipam?.config[0]?.subnet;
  });
  for (const subnet of subnets) expect(subnet).toMatch(/^fd[\da-f:]+::\/64$/);
  expect(new Set(subnets).size).toBe(2);
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
  const ofNode = from.filter((image) => image !== "scratch");
  expect(new Set(ofNode.map((image) => image?.split("@")[0]))).toEqual(new Set([`node:${locked}-slim`]));
  expect(new Set(ofNode).size).toBe(1);
  // Ours is in no registry.
  for (const [name, { image, pull_policy }] of services)
    if (image === "waxseal") expect([name, pull_policy]).toEqual([name, "never"]);
    else
      expect([name, image]).toEqual([
        name,
        expect.stringMatching(/:v?\d+\.\d+(\.\d+)?(-alpine)?@sha256:[0-9a-f]{64}$/),
      ]);
  for (const image of ofNode) expect(image).toMatch(/@sha256:[0-9a-f]{64}$/);
});
