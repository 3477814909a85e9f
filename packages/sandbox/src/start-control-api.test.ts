import { Resolver } from "node:dns/promises";
import { mkdtemp, rm } from "node:fs/promises";
import { request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openAuthority } from "./open-authority.ts";
import { startControlApi } from "./start-control-api.ts";
import { type CustomerDns, startCustomerDns } from "./start-customer-dns.ts";
import { type ReceivingMx, startReceivingMx } from "./start-receiving-mx.ts";
import { startSendingMta } from "./start-sending-mta.ts";

let dir: string;
let dns: CustomerDns;
let mx: ReceivingMx;
let control: Awaited<ReturnType<typeof startControlApi>>;
let resolver: Resolver;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "waxseal-sandbox-"));
  dns = await startCustomerDns({ port: 0, dataDir: dir, autoZones: true });
  const authority = await openAuthority({ dataDir: dir, now: () => new Date() });
  mx = await startReceivingMx({ port: 0, authority });
  const mta = await startSendingMta({
    dataDir: dir,
    zones: dns.zones,
    dnsServer: { host: "127.0.0.1", port: dns.port },
    caPem: authority.rootPem,
    mxPort: mx.port,
    policyHttpsPort: 1,
    reportsSmtpPort: 1,
    reportsHttpsPort: 1,
  });
  control = await startControlApi({
    port: 0,
    dns,
    mx,
    mta,
    ca: undefined,
    catcher: undefined,
    autoZones: true,
  });
  resolver = new Resolver({ timeout: 2_000, tries: 1 });
  resolver.setServers([dns.dnsServer]);
});
afterEach(async () => {
  await Promise.all([control.stop(), dns.stop(), mx.stop()]);
  await rm(dir, { recursive: true, force: true });
});

async function call(method: string, path: string, body?: object) {
  const response = await fetch(`${control.url}${path}`, {
    method,
    ...(body && { body: JSON.stringify(body), headers: { "content-type": "application/json" } }),
  });
  const text = await response.text();
  return { status: response.status, body: text ? JSON.parse(text) : undefined };
}

test("publishing makes a domain that did not exist and answers in DNS at once; unpublishing takes it back", async () => {
  const record = { name: "_mta-sts.florist.example", type: "TXT", value: "v=STSv1; id=1;" };
  expect(await call("POST", "/publish", { domain: "florist.example", records: [record] })).toMatchObject({
    status: 200,
    body: {
      steps: [
        { ok: true, who: "Sandbox DNS", text: expect.stringContaining("_mta-sts.florist.example TXT") },
      ],
    },
  });
  expect(await resolver.resolveTxt(record.name)).toEqual([["v=STSv1; id=1;"]]);
  expect(await resolver.resolveMx("florist.example")).toHaveLength(2);
  await call("POST", "/unpublish", {
    domain: "florist.example",
    records: [{ name: record.name, type: "TXT" }],
  });
  await expect(resolver.resolveTxt(record.name)).rejects.toMatchObject({ code: "ENOTFOUND" });
});

test("domains are made, given MX hosts good and bad, listed and deleted", async () => {
  expect((await call("POST", "/zones", { domain: "bakery.example" })).status).toBe(201);
  expect((await call("PUT", "/zones/bakery.example/mx", { labels: ["expired", "nostarttls"] })).status).toBe(
    200,
  );
  expect(await resolver.resolveMx("bakery.example")).toMatchObject([
    { priority: 10, exchange: "expired.bakery.example" },
    { priority: 20, exchange: "nostarttls.bakery.example" },
  ]);
  expect(await resolver.resolve4("nostarttls.bakery.example")).toEqual(["127.0.0.2"]);
  const single = { name: "www.bakery.example", type: "A", value: "127.0.0.1" };
  expect((await call("PUT", "/zones/bakery.example/records", single)).status).toBe(200);
  const { zones } = (await call("GET", "/zones")).body;
  expect(zones.map(({ domain }: { domain: string }) => domain)).toContain("bakery.example");
  expect((await call("DELETE", "/zones/bakery.example")).status).toBe(204);
  expect((await call("GET", "/status")).body.dns.domains).not.toContain("bakery.example");
});

test("delivering reports step by step what each sender did", async () => {
  const { status, body } = await call("POST", "/deliver", { domain: "florist.example", count: 1 });
  expect(status).toBe(200);
  expect(new Set(body.steps.map(({ who }: { who: string }) => who))).toEqual(
    new Set(["sandbox-mail.example", "corp-exchange.example", "Postfix Example"]),
  );
  expect(body.steps.map(({ text }: { text: string }) => text).join("\n")).toMatch(
    /MX of florist\.example: mx1\.florist\.example[\s\S]*1 mail: mx1\.florist\.example \(127\.0\.0\.1\): delivered, TLS[\s\S]*There is no TLS-RPT record/,
  );
  expect(mx.deliveries).toHaveLength(3);
});

test("bad input is refused with the reason, and a web page on another name is not answered", async () => {
  const refused = [
    await call("POST", "/publish", { domain: "florist.example", records: [] }),
    await call("POST", "/publish", {
      domain: "florist",
      records: [{ name: "x.florist", type: "TXT", value: "x" }],
    }),
    await call("DELETE", "/zones/nobody.example"),
    await call("POST", "/deliver", { domain: "florist.example", count: 1_000 }),
    await call("POST", "/deliver", { domain: "florist.example", sender: "nobody.example" }),
    await call("POST", "/acme/renew"),
    await call("GET", "/nothing"),
  ];
  expect(refused.map(({ status }) => status)).toEqual([400, 422, 422, 400, 422, 422, 404]);
  const rebound = await new Promise((resolve, reject) => {
    const headers = { host: "evil.example" };
    request(`${control.url}/zones`, { headers }, (response) => resolve(response.resume().statusCode))
      .on("error", reject)
      .end();
  });
  expect(rebound).toBe(421);
});
