import { expect, test } from "vitest";
import { createCertificateShelf } from "./create-certificate-shelf.ts";

const NOW = new Date("2026-01-01T00:00:00Z");
const certificate = (notAfterMs = NOW.getTime() + 1) => ({
  leafPem: "leaf",
  issuersPem: "issuers",
  keyPem: "key",
  notAfterMs,
});

function fill(...hosts: string[]) {
  const shelf = createCertificateShelf(hosts.length);
  for (const host of hosts) shelf.put(host, certificate());
  return { ...shelf, hosts: () => [...shelf.entries()].map(([host]) => host).sort() };
}

test("a recently used host outlives the others", () => {
  const shelf = fill("a", "b", "c");
  shelf.find("a", NOW);
  shelf.put("d", certificate());
  expect(shelf.hosts()).toEqual(["a", "c", "d"]);
  shelf.put("e", certificate());
  expect(shelf.hosts()).toEqual(["a", "d", "e"]);
});

test("when all were asked for, one goes nevertheless, and one request does not keep an entry for ever", () => {
  const shelf = fill("a", "b");
  for (const host of ["a", "b"]) shelf.find(host, NOW);
  shelf.put("c", certificate());
  expect(shelf.hosts()).toEqual(["b", "c"]);
  shelf.put("d", certificate());
  expect(shelf.hosts()).toEqual(["c", "d"]);
});

test("a successor takes the place of a certificate, and an expired one is found only as such", () => {
  const shelf = fill("a", "b");
  shelf.put("a", certificate(NOW.getTime()));
  expect(shelf.hosts()).toEqual(["a", "b"]);
  expect(shelf.find("a", NOW)).toBeUndefined();
  expect(shelf.findExpired("a")).toMatchObject({ notAfterMs: NOW.getTime() });
  expect(shelf.find("b", NOW)).toMatchObject(certificate());
});
