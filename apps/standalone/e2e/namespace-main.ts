// Runs inside a network namespace: the whole product on ports 53 and 443 with one sandbox domain onboarded.
// Prints "active <root certificate file>" and stops when its standard input ends.
import { join } from "node:path";
import { addSandboxDomain, untilActive } from "./sandbox-domain.ts";
import { startTestStandalone } from "./start-test-standalone.ts";

// The tests' Postgres is outside of the namespace.
const ports = { SANDBOX_DNS_PORT: "53", POLICY_HTTPS_PORT: "443", POLICY_HTTP_PORT: "80" };
const waxseal = await startTestStandalone(ports, { embedded: true });
const { key } = await waxseal.newAccount("Namespace");
const { id } = await addSandboxDomain(waxseal, key, "cidery.example");
await untilActive(waxseal, key, id);
process.stdout.write(`active ${join(waxseal.env.SANDBOX_DIR ?? "", "acme-root.pem")}\n`);
process.stdin.resume().once("end", () => {
  waxseal.stop().then(
    () => process.exit(0),
    () => process.exit(1),
  );
});
