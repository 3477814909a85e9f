import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { deliverOverSmtp } from "./deliver-over-smtp.ts";
import { type Authority, openAuthority } from "./open-authority.ts";
import { NO_STARTTLS_ADDRESS } from "./open-zone-store.ts";
import { type ReceivingMx, startReceivingMx } from "./start-receiving-mx.ts";

let dir: string;
let authority: Authority;
let mx: ReceivingMx;

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), "waxseal-sandbox-"));
  authority = await openAuthority({ dataDir: dir, now: () => new Date() });
  mx = await startReceivingMx({ port: 0, authority });
});
afterEach(async () => {
  await mx.stop();
  await rm(dir, { recursive: true, force: true });
});

const deliver = (mxHost: string, tls: "verified" | "reported" | "any", address = "127.0.0.1") =>
  deliverOverSmtp({
    mxHost,
    address,
    port: mx.port,
    ehloName: "mta1.sandbox-mail.example",
    from: "a@sandbox-mail.example",
    to: "postmaster@bakery.example",
    message: Buffer.from("Subject: x\r\n\r\n.\r\nend\r\n"),
    tls,
    caPem: authority.rootPem,
  });

test("a good host has a certificate for whatever name is asked for, and takes the mail over TLS", async () => {
  const outcomes = [
    await deliver("mx1.bakery.example", "verified"),
    await deliver("mx9.florist.example", "verified"),
  ];
  expect(outcomes).toMatchObject([
    { isDelivered: true, isSecure: true },
    { isDelivered: true, isSecure: true },
  ]);
  expect(outcomes.map(({ failure }) => failure)).toEqual([undefined, undefined]);
  expect(mx.deliveries).toMatchObject([{ isSecure: true, mailBytes: 22 }, { isSecure: true }]);
});

test("RFC 8461 §5: a bad host gets no mail from a sender that must verify, and the mail with a finding from one that tests", async () => {
  const rows = [];
  for (const [label, address] of [
    ["expired1"],
    ["selfsigned"],
    ["wrongname"],
    ["nostarttls", NO_STARTTLS_ADDRESS],
  ] as const) {
    const strict = await deliver(`${label}.bakery.example`, "verified", address);
    const lenient = await deliver(`${label}.bakery.example`, "reported", address);
    rows.push([
      strict.isDelivered,
      lenient.isDelivered,
      strict.failure?.resultType,
      lenient.failure?.resultType,
    ]);
  }
  expect(rows).toEqual([
    [false, true, "certificate-expired", "certificate-expired"],
    [false, true, "certificate-not-trusted", "certificate-not-trusted"],
    [false, true, "certificate-host-mismatch", "certificate-host-mismatch"],
    [false, true, "starttls-not-supported", "starttls-not-supported"],
  ]);
  expect(mx.deliveries).toHaveLength(4);
});

test("a host without a listener ends as a problem, not as a finding about TLS", async () => {
  const { port } = mx;
  await mx.stop();
  const outcome = await deliverOverSmtp({
    mxHost: "mx1.bakery.example",
    address: "127.0.0.1",
    port,
    ehloName: "x.example",
    from: "a@x.example",
    to: "b@bakery.example",
    message: Buffer.from("\r\n"),
    tls: "verified",
  });
  expect(outcome).toMatchObject({ isDelivered: false, problem: expect.stringContaining("ECONNREFUSED") });
  expect(outcome.failure).toBeUndefined();
  mx = await startReceivingMx({ port: 0, authority });
});
