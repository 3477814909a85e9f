// Runs inside a network namespace: follows .github/FIRST-CUSTOMER.md to its end, its commands as they are written, in a folder that has what
// a clone has. `docker` is run-without-docker-main.ts; the rest of the world is the sandbox. Prints one JSON object.
import { execFile } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { startSandbox } from "@waxseal/sandbox";
import { THIS_RELEASE } from "./prepare-release.ts";

const [, , folder = ""] = process.argv;
const DOMAIN = "hosting.example";
const ADDRESS = "198.18.0.10";
const CUSTOMER = "bakery.example";
const WITHIN_MS = 180_000;

const guide = readFileSync(join(THIS_RELEASE, ".github/FIRST-CUSTOMER.md"), "utf8")
  .replaceAll("example.net", DOMAIN)
  .replaceAll("192.0.2.10", ADDRESS);
const [, names = "", machine = "", configuration = "", start = "", people = ""] =
  guide.split(/^## \d\. .*$/m);
const commandsOf = (part: string) =>
  [...part.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, block = ""]) => block.trim().split("\n"));

const sandbox = await startSandbox({
  dataDir: join(folder, "sandbox"),
  ...{
    controlPort: 8026,
    mxPort: 25,
    dnsPort: 5353,
    acmePort: 14_000,
    mailSmtpPort: 2587,
    mailWebPort: 0,
    hooksPort: 0,
  },
  autoZones: false,
  hostedZones: [`hosted.${DOMAIN}`],
  ...{
    nameserverPort: 53,
    policyHttpPort: 80,
    policyHttpsPort: 443,
    reportsSmtpPort: 25,
    reportsHttpsPort: 443,
  },
  ...{ resolver: undefined, trustFile: undefined },
});
const rootFile = join(folder, "sandbox/acme-root.pem");
const clone = join(folder, "waxseal");
mkdirSync(join(clone, "apps/standalone"), { recursive: true });
for (const path of [".env.example", "docker-compose.yml", "apps/standalone/make-secrets.sh"])
  cpSync(join(THIS_RELEASE, path), join(clone, path));
const programs = join(folder, "bin");
mkdirSync(programs);
writeProgram("systemctl", "exit 0");
writeProgram(
  "docker",
  `exec ${process.execPath} ${THIS_RELEASE}/apps/standalone/drills/run-without-docker-main.ts "$@"`,
);

// 1. Names
const rows = [...names.matchAll(/^\| `([^`]+)` \| (\w+) \| `([^`]+)` \|/gm)];
const records = rows.map(([, name, type, value]) => ({ name, type, value }));
await control("PUT", `/zones/${DOMAIN}`);
await control("PUT", `/zones/${DOMAIN}/records`, { records });
// 2. The VM
const done = await run(commandsOf(machine));
// 3. Settings, and what is different in this world: its CA, its resolver, its mail server, its addresses
done.push(...(await run(commandsOf(configuration))));
const changes = [...configuration.matchAll(/`([A-Z_]+)=([^`]+)`/g)].map(([, name = "", value = ""]) => [
  name,
  value,
]);
const world = {
  ACME_DIRECTORY_URL: "https://localhost:14000/directory",
  ACME_CA_FILE: rootFile,
  ACME_CAA_IDENTITIES: "sandbox-ca.example",
  ALLOW_PRIVATE_ADDRESSES: "1",
  DNS_RESOLVERS: "127.0.0.1:5353",
};
const envFile = join(clone, ".env");
let env = readFileSync(envFile, "utf8");
for (const [name = "", value = ""] of [...changes, ...Object.entries(world)])
  env = `${env.replace(new RegExp(`^#?${name}=.*$`, "m"), "")}\n${name}=${value}\n`;
writeFileSync(envFile, env);
writeFileSync(join(clone, "secrets/SMTP_URL"), "smtp://127.0.0.1:2587");
// 4. Start
done.push(...(await run(commandsOf(start))));
// 5. You, and the first customer
done.push(...(await run(commandsOf(people))));
const [, email = "", password = ""] = /user create --email (\S+) --password '([^']+)'/.exec(people) ?? [];
const site = `app.${DOMAIN}`;
const signedIn = await until("sign-in at the dashboard's own certificate", () =>
  ask(site, "/api/auth/sign-in/email", { body: { email, password } }),
);
const cookie = signedIn.cookies;
await control("PUT", `/zones/${CUSTOMER}`);
const added = await ask(site, "/api/v1/domains", { cookie, body: { domain: CUSTOMER } });
const { id, setup } = JSON.parse(added.text) as { id: string; setup: { name: string; target: string }[] };
const cnames = setup.map(({ name, target }) => ({ name, type: "CNAME", value: target }));
await control("PUT", `/zones/${CUSTOMER}/records`, { records: cnames });
const active = await until("the customer's domain", async () => {
  const answer = await ask(site, `/api/v1/domains/${id}`, { cookie });
  return { ...answer, status: JSON.parse(answer.text).status === "active" ? answer.status : 503 };
});
const policy = await ask(`mta-sts.${CUSTOMER}`, "/.well-known/mta-sts.txt", {});
const [doctor] = await run(["docker compose run --rm waxseal --json doctor"]);
const { status } = JSON.parse(active.text);
process.stdout.write(
  JSON.stringify({ done, records: records.length, status, policy: policy.text, doctor: doctor?.output }),
);
await sandbox.stop();

function writeProgram(name: string, line: string): void {
  writeFileSync(join(programs, name), `#!/bin/sh\n${line}\n`);
  chmodSync(join(programs, name), 0o755);
}

/** Lines of the page, in the clone, each by a shell; not in this process, which is the rest of the world meanwhile. */
async function run(commands: readonly string[]) {
  const { PATH, HOME, USER } = process.env;
  const given = { PATH: `${programs}:${PATH}:/usr/sbin`, HOME, USER, FRONT_ADDRESS: ADDRESS, TMPDIR: folder };
  const options = { cwd: clone, env: given, maxBuffer: 16 * 1024 ** 2 };
  const steps: { command: string; code: number; output: string }[] = [];
  for (const command of commands)
    await new Promise<void>((resolve) =>
      execFile("sh", ["-c", command], options, (error, stdout, stderr) => {
        const output = /doctor/.test(command) ? stdout : stdout + stderr;
        steps.push({ command, code: Number(error?.code ?? 0), output });
        resolve();
      }),
    );
  return steps;
}

async function control(method: string, path: string, body?: object): Promise<void> {
  const headers = body ? { "content-type": "application/json" } : {};
  const sent = { method, headers, ...(body && { body: JSON.stringify(body) }) };
  const answer = await fetch(`${sandbox.controlUrl}${path}`, sent);
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
}

/** By HTTPS at the VM's address; the certificate must be one of this world's CA for that name. */
function ask(host: string, path: string, { cookie: own, body }: { cookie?: string; body?: object }) {
  const headers = {
    origin: `https://${host}`,
    ...(own && { cookie: own }),
    ...(body && { "content-type": "application/json" }),
  };
  return new Promise<{ status: number; text: string; cookies: string }>((resolve, reject) => {
    const options = { host: ADDRESS, servername: host, path, method: body ? "POST" : "GET", agent: false };
    const sent = request(
      { ...options, headers: { ...headers, host }, ca: readFileSync(rootFile), timeout: 20_000 },
      async (response) => {
        let text = "";
        for await (const chunk of response) text += chunk;
        const cookies = (response.headers["set-cookie"] ?? []).map((one) => one.split(";")[0]).join("; ");
        resolve({ status: response.statusCode ?? 0, text, cookies });
      },
    );
    sent.on("timeout", () => sent.destroy(new Error("no answer")));
    sent.on("error", reject).end(body && JSON.stringify(body));
  });
}

async function until<Answer extends { status: number; text: string }>(
  what: string,
  get: () => Promise<Answer>,
) {
  let last = "";
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; await delay(500)) {
    const answer = await get().catch((error: Error) => ({ status: 0, text: error.message }) as Answer);
    if (answer.status === 200) return answer;
    last = answer.text;
  }
  throw new Error(`${what}: ${last.slice(0, 500)}`);
}
