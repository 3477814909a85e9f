import { expect, test } from "vitest";
import { DNS_PROVIDERS, formatForProvider } from "./dns-providers.ts";

const RECORD = { name: "_smtp._tls.example.com", target: "abc._smtp-tls.waxseal.test" };

test.each([
  ["other", "_smtp._tls.example.com", "abc._smtp-tls.waxseal.test"],
  ["cloudflare", "_smtp._tls", "abc._smtp-tls.waxseal.test"],
  ["hetzner", "_smtp._tls", "abc._smtp-tls.waxseal.test."],
  ["bind", "_smtp._tls.example.com.", "abc._smtp-tls.waxseal.test."],
])("a record is shown as the form of %s wants it", (id, name, target) => {
  const provider = DNS_PROVIDERS.find((candidate) => candidate.id === id) ?? DNS_PROVIDERS[0];
  expect(provider.id).toBe(id);
  expect(formatForProvider(provider, RECORD, "example.com")).toEqual({ name, target });
});
