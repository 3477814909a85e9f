import { once } from "node:events";
import { createServer } from "node:net";
import type { Resolver } from "@waxseal/probes";
import { expect, test } from "vitest";
import {
  checkDelegation,
  checkHostPort,
  checkPort,
  checkReportsMx,
  checkSenderDomain,
} from "./doctor-checks.ts";
import { checkNameservers, checkOwnPolicies, checkRoom } from "./doctor-own-domains.ts";

const settings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: [],
  nameservers: ["ns1.hosted.example", "ns2.example"],
  caaIdentities: [],
};

/** DNS with these records, by type and name. */
function dns(records: Record<string, unknown[]>): Resolver {
  const look = (type: string) => async (name: string) => {
    const found = records[`${type} ${name}`];
    return found ? { found, cnames: [], isAuthenticated: false } : { missing: "no-record", cnames: [] };
  };
  const resolver = {
    resolveNs: look("NS"),
    resolveAddresses: look("A"),
    resolveMx: look("MX"),
    resolveTxt: look("TXT"),
  };
  return resolver as unknown as Resolver;
}

const NS = { "NS hosted.example": ["ns1.hosted.example", "ns2.example"] };
const statesOf = (findings: { state: string; text: string }[]) =>
  findings.map(({ state, text }) => [state, text]);

test("a zone without delegation, with other nameservers, and without glue is wrong", async () => {
  expect(statesOf(await checkDelegation(dns({}), settings))).toEqual([
    ["wrong", "hosted.example has no NS records that can be seen."],
  ]);
  const other = dns({ "NS hosted.example": ["ns1.hosted.example"], "A ns1.hosted.example": [{}] });
  expect(statesOf(await checkDelegation(other, settings))).toEqual([
    ["wrong", "hosted.example is delegated to ns1.hosted.example, not to ns2.example."],
  ]);
  const [, glue] = await checkDelegation(dns({ ...NS, "A ns2.example": [{}] }), settings);
  expect(glue?.fix).toBe("Set glue for ns1.hosted.example at the parent zone, and NAMESERVER_ADDRESSES.");
  const right = dns({ ...NS, "A ns1.hosted.example": [{}], "A ns2.example": [{}] });
  expect((await checkDelegation(right, settings)).map(({ state }) => state)).toEqual(["ok"]);
});

test("the MX of the reports domain must be ours, and the sender's domain has SPF and DMARC", async () => {
  expect((await checkReportsMx(dns({}), settings)).state).toBe("wrong");
  expect(
    (await checkReportsMx(dns({ "MX reports.example": [{ mxHost: "mx.elsewhere.example" }] }), settings))
      .state,
  ).toBe("wrong");
  expect(
    (await checkReportsMx(dns({ "MX reports.example": [{ mxHost: "mx.reports.example" }] }), settings)).state,
  ).toBe("ok");
  const spf = dns({ "TXT mail.example": [["v=spf1 ", "-all"]] });
  const states = (await checkSenderDomain(spf, "Waxseal <no-reply@mail.example>")).map(({ state }) => state);
  expect(states).toEqual(["ok", "wrong"]);
});

test("a port that answers is distinguished from one that does not", async () => {
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  expect((await checkPort("It", "127.0.0.1", port)).state).toBe("ok");
  await new Promise((resolve) => server.close(resolve));
  expect(await checkPort("It", "127.0.0.1", port)).toMatchObject({
    state: "wrong",
    text: `It does not answer at 127.0.0.1, port ${port}.`,
  });
});

test("RFC 8461 §3.1, RFC 8460 §3: own domains without MTA-STS or TLS-RPT are advised to have them, once each", async () => {
  const records = {
    "TXT _mta-sts.a.example": [["v=STSv1; id=1;"]],
    "TXT _smtp._tls.a.example": [["v=spf1"]],
  };
  const findings = await checkOwnPolicies(dns(records), ["a.example", "a.example", "b.example"]);
  expect(statesOf(findings)).toEqual([
    ["ok", "a.example has MTA-STS."],
    ["advice", "a.example does not ask for TLS reports."],
    ["advice", "b.example has no MTA-STS."],
    ["advice", "b.example does not ask for TLS reports."],
  ]);
});

test("RFC 7766 §5: a nameserver that does not answer at its address is wrong, by UDP and by TCP", async () => {
  const zone = { hostedZone: "hosted.example", nameservers: ["ns1.hosted.example", "ns2.example"] };
  const resolver = dns({ "A ns1.hosted.example": [{ address: "127.0.0.1" }] });
  expect(statesOf(await checkNameservers(resolver, zone, 1))).toEqual([
    ["wrong", "ns1.hosted.example does not answer for hosted.example at 127.0.0.1, port 1 (UDP)."],
    ["wrong", "ns1.hosted.example (TCP) does not answer at 127.0.0.1, port 1."],
  ]);
});

test.each([
  [50, 100, undefined, ["ok", "unknown"]],
  [1, 100, 100, ["wrong", "ok"]],
  [50, 100, 10, ["ok", "wrong"]],
  // A tenth of a large disk is more than is needed.
  [3_000_000, 100_000_000, 1_000, ["ok", "ok"]],
])("%d of %d kB free and a limit of %s MB", async (free, size, limitMb, states) => {
  const measure = async () => ({ bavail: free, bsize: 1_024, blocks: size });
  const found = await checkRoom("/", { databaseBytes: 9.5 * 1024 ** 2, volume: undefined, limitMb }, measure);
  expect(found.map(({ state }) => state)).toEqual(states);
});

test("a host's port is looked at where the installation's resolver finds it, not the machine's", async () => {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? (address?.port ?? 0) : 0;
  const resolver = dns({ "A mx.reports.example": [{ address: "127.0.0.1" }] });
  const look = (host: string) => checkHostPort(resolver, "Report ingest", { host, port });
  expect(statesOf(await look("mx.reports.example"))).toEqual([
    ["ok", `Report ingest answers at 127.0.0.1, port ${port}.`],
  ]);
  server.close();
  expect(statesOf(await look("other.example"))).toEqual([["wrong", "other.example has no address."]]);
});
