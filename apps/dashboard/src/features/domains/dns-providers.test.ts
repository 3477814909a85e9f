import { expect, test } from "vitest";
import { DNS_PROVIDERS, findDnsProvider, formatForProvider } from "./dns-providers.ts";

const RECORD = { name: "_smtp._tls.example.com", target: "abc._smtp-tls.waxseal.test" };
const providerOf = (id: string) => DNS_PROVIDERS.find((candidate) => candidate.id === id) ?? DNS_PROVIDERS[0];

test.each([
  ["other", "_smtp._tls.example.com", "abc._smtp-tls.waxseal.test"],
  ["cloudflare", "_smtp._tls", "abc._smtp-tls.waxseal.test"],
  ["hetzner", "_smtp._tls", "abc._smtp-tls.waxseal.test."],
  ["bind", "_smtp._tls.example.com.", "abc._smtp-tls.waxseal.test."],
])("a record is shown as the form of %s wants it", (id, name, target) => {
  expect(providerOf(id).id).toBe(id);
  expect(formatForProvider(providerOf(id), RECORD, "example.com")).toEqual({ name, target });
});

test("of a domain below its zone the name keeps the part that the form does not add", () => {
  const record = { ...RECORD, name: "mta-sts.mail.example.com" };
  expect(formatForProvider(providerOf("godaddy"), record, "example.com").name).toBe("mta-sts.mail");
});

test.each([
  ["cloudflare", ["ana.ns.cloudflare.com", "rob.ns.cloudflare.com"]],
  ["route53", ["ns-1536.awsdns-00.co.uk", "ns-512.awsdns-07.net", "ns-12.awsdns-34.com"]],
  ["google", ["ns-cloud-a1.googledomains.com", "ns-cloud-a2.googledomains.com"]],
  ["squarespace", ["ns01.squarespacedns.com"]],
  ["godaddy", ["ns37.domaincontrol.com"]],
  ["namecheap", ["dns1.registrar-servers.com"]],
  ["ovh", ["dns104.ovh.net", "ns104.ovh.net"]],
  ["ionos", ["ns1045.ui-dns.com", "ns1045.ui-dns.de", "ns1045.ui-dns.org", "ns1045.ui-dns.biz"]],
  ["hetzner", ["helium.ns.hetzner.de", "hydrogen.ns.hetzner.com"]],
  ["gandi", ["ns-123-a.gandi.net"]],
  ["azure", ["ns1-03.azure-dns.com", "ns2-03.azure-dns.net"]],
  ["digitalocean", ["ns1.digitalocean.com"]],
  ["strato", ["docks07.rzone.de", "shades16.rzone.de"]],
  ["hover", ["ns1.hover.com"]],
  ["porkbun", ["curitiba.ns.porkbun.com"]],
  ["hostinger", ["ns1.dns-parking.com"]],
])("%s is known by its name servers", (id, nameservers) => {
  expect(findDnsProvider(nameservers)?.id).toBe(id);
});

test.each([
  ["none", []],
  ["unknown ones", ["ns1.example.net"]],
  ["two providers", ["ana.ns.cloudflare.com", "ns37.domaincontrol.com"]],
  ["a provider and an unknown one", ["ana.ns.cloudflare.com", "ns1.example.net"]],
  ["a name that only begins alike", ["ns.cloudflare.com.evil.example"]],
])("name servers that are %s name no provider", (_, nameservers) => {
  expect(findDnsProvider(nameservers)).toBeUndefined();
});
