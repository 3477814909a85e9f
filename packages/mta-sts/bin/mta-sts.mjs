#!/usr/bin/env node
import { resolveMx, resolveTxt } from "node:dns/promises";
import { allowsMxHost, createPolicyResolver } from "@waxseal/mta-sts";

const USAGE = `mta-sts check <domain>    the policy that a sender sees now, and whether it covers the MX hosts

Exits with 0 when there is a policy that covers every MX host, 1 when not, 2 when called in another way.`;

const [command, domain] = process.argv.slice(2);
if (command !== "check" || !domain) {
  console.error(USAGE);
  process.exit(2);
}

const { policy, problem } = await createPolicyResolver({ resolveTxt })(domain);
if (!policy) {
  console.error(problem ?? `${domain} has no MTA-STS record.`);
  process.exit(1);
}
console.log(`mode: ${policy.mode}, max_age: ${policy.maxAgeSeconds} seconds`);
for (const pattern of policy.mx) console.log(`mx: ${pattern}`);

const hosts = await resolveMx(domain).catch(() => null);
if (!hosts) {
  console.error(`The MX records of ${domain} cannot be looked up.`);
  process.exit(1);
}
for (const { exchange } of hosts) {
  const isCovered = allowsMxHost(policy.mx, exchange);
  console.log(`${exchange}: ${isCovered ? "covered" : "NOT in the policy"}`);
  if (!isCovered) process.exitCode = 1;
}
