import { expect, test } from "vitest";
import { explainStartFailure } from "./explain-start-failure.ts";

const coded = (message: string, facts: object) => Object.assign(new Error(message), facts);

test.each<[error: unknown, sentence: string]>([
  [new Error("DNS_RESOLVERS is not set."), "DNS_RESOLVERS is not set."],
  [
    coded("listen EADDRINUSE: address already in use :::443", { code: "EADDRINUSE", port: 443 }),
    "Port 443 is already in use. Stop what uses it or set another port.",
  ],
  [
    coded("listen EADDRNOTAVAIL 192.0.2.1", { code: "EADDRNOTAVAIL", address: "192.0.2.1" }),
    "192.0.2.1 is not an address of this machine.",
  ],
  [
    coded("Invalid `prisma.account.findMany()` invocation", { code: "P2021" }),
    "The database does not answer. Check DATABASE_URL, and that Postgres runs.",
  ],
  [
    coded('password authentication failed for user "waxseal"', { code: "28P01" }),
    "The database does not answer. Check DATABASE_URL, and that Postgres runs.",
  ],
  [
    coded("getaddrinfo ENOTFOUND db.example", {
      code: "ENOTFOUND",
      syscall: "getaddrinfo",
      hostname: "db.example",
    }),
    "db.example cannot be found in the DNS.",
  ],
  [
    coded("ENOENT: no such file or directory, open '/run/key'", { code: "ENOENT", path: "/run/key" }),
    "/run/key does not exist.",
  ],
  [
    new TypeError("Cannot read properties of undefined"),
    "The start failed for a reason that its log describes.",
  ],
  [coded("", { code: "ERR_WORKER_OUT_OF_MEMORY" }), "The start failed for a reason that its log describes."],
  ["nothing", "The start failed for a reason that its log describes."],
])("%s", (error, sentence) => {
  expect(explainStartFailure(error)).toBe(sentence);
});
