import { get } from "node:http";
import { AcmeProblem } from "./acme-problem.ts";
import { checkCaa } from "./check-caa.ts";
import { type DnsServer, queryDns } from "./query-dns.ts";

const TIMEOUT_MS = 5_000;
const MAX_BODY_BYTES = 4_096;
const MAX_ADDRESSES = 3;

/** Where and how the CA looks at the world. */
export type ValidationView = { dnsServer: DnsServer; httpPort: number; caaIdentity: string };

/**
 * Proves that who holds the account key also answers for the name; resolves when so.
 *
 * Redirects are not followed; IPv6 is tried before IPv4.
 *
 * @throws AcmeProblem – `dns`, `caa`, `connection` or `unauthorized`, saying what was seen
 *
 * RFC 8555 §8.3
 */
export async function validateHttp01(
  view: ValidationView,
  challenge: { name: string; token: string; keyAuthorization: string; accountUrl: string },
): Promise<void> {
  const { name, token, keyAuthorization, accountUrl } = challenge;
  const forbidden = await checkCaa({ ...view, name, accountUrl }).catch((error: Error) => {
    throw new AcmeProblem("dns", error.message);
  });
  if (forbidden) throw new AcmeProblem("caa", forbidden);

  const addresses = await listAddresses(view.dnsServer, name);
  const failures: string[] = [];
  for (const address of addresses.slice(0, MAX_ADDRESSES)) {
    const url = `http://${name}/.well-known/acme-challenge/${token} at ${address}:${view.httpPort}`;
    try {
      const { status, body } = await fetchChallenge({ address, port: view.httpPort, name, token });
      if (status !== 200) throw new AcmeProblem("unauthorized", `${url} answered ${status}`);
      // RFC 8555 §8.3: trailing whitespace is ignored.
      if (body.trimEnd() === keyAuthorization) return;
      throw new AcmeProblem("unauthorized", `${url} answered ${JSON.stringify(body.slice(0, 120))}`);
    } catch (error) {
      if (error instanceof AcmeProblem) throw error;
      failures.push(`${url}: ${error instanceof Error ? error.message : "failed"}`);
    }
  }
  throw new AcmeProblem("connection", failures.join("; "));
}

async function listAddresses(dnsServer: DnsServer, name: string): Promise<string[]> {
  const addresses: string[] = [];
  for (const type of ["AAAA", "A"] as const) {
    const packet = await queryDns({ server: dnsServer, name, type }).catch((error: Error) => {
      throw new AcmeProblem("dns", `${type} look-up of ${name}: ${error.message}`);
    });
    if (packet.rcode === 3) throw new AcmeProblem("dns", `${name} does not exist (NXDOMAIN)`);
    if (packet.rcode !== 0)
      throw new AcmeProblem("dns", `${type} look-up of ${name} failed, rcode ${packet.rcode}`);
    for (const answer of packet.answers ?? []) {
      if (answer.type === type && typeof answer.data === "string") addresses.push(answer.data);
    }
  }
  if (addresses.length === 0) throw new AcmeProblem("dns", `${name} has neither A nor AAAA`);
  return addresses;
}

function fetchChallenge(input: {
  address: string;
  port: number;
  name: string;
  token: string;
}): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const request = get(
      {
        host: input.address,
        port: input.port,
        path: `/.well-known/acme-challenge/${input.token}`,
        // RFC 8555 §8.3 fetches from port 80, so Host has the name without a port.
        headers: { host: input.name, "user-agent": "waxseal-sandbox-ca" },
        agent: false,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      },
      (response) => {
        let body = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          body += chunk;
          if (body.length > MAX_BODY_BYTES) request.destroy(new Error("answer too large"));
        });
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body }));
        response.on("error", reject);
      },
    );
    request.on("error", reject);
  });
}
