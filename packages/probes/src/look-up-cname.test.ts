import { afterEach, expect, test } from "vitest";
import { startTestDns, type TestDns } from "../testing/start-test-dns.ts";
import { createResolver } from "./create-resolver.ts";
import { lookUpCname } from "./look-up-cname.ts";

let dns: TestDns;
afterEach(() => dns.stop());

test("the owner sees which CNAME was found, or what is in its place", async () => {
  dns = await startTestDns([
    { name: "mta-sts.example.com", type: "CNAME", data: "Wrong.example.net" },
    { name: "_mta-sts.example.com", type: "TXT", data: ["v=STSv1; ", "id=1;"] },
    { name: "mta-sts.old.example", type: "A", data: "192.0.2.1" },
    { name: "mta-sts.old.example", type: "AAAA", data: "2001:db8::1" },
  ]);
  const resolver = createResolver({ servers: [dns.server] });
  expect(await lookUpCname(resolver, "mta-sts.example.com")).toEqual({ found: "wrong.example.net" });
  expect(await lookUpCname(resolver, "_mta-sts.example.com")).toMatchObject({
    missing: "no-record",
    seen: [{ type: "TXT", value: "v=STSv1; id=1;" }],
  });
  expect(await lookUpCname(resolver, "mta-sts.old.example")).toMatchObject({
    missing: "no-record",
    seen: [
      { type: "A", value: "192.0.2.1" },
      { type: "AAAA", value: "2001:db8::1" },
    ],
  });
  expect(await lookUpCname(resolver, "_smtp._tls.example.com")).toMatchObject({
    missing: "no-domain",
    seen: [],
  });
});

test("a DNS server that fails is not taken for a missing record", async () => {
  dns = await startTestDns([], () => ({ flags: 2 }));
  const resolver = createResolver({ servers: [dns.server], timeoutMs: 200 });
  expect(await lookUpCname(resolver, "mta-sts.example.com")).toMatchObject({
    missing: "server-failure",
    seen: [],
  });
});
