import { join } from "node:path";
import Fastify from "fastify";
import { AcmeProblem } from "./acme-problem.ts";
import { acmeRoutes } from "./acme-routes.ts";
import { createNoncePool } from "./create-nonce-pool.ts";
import { createOrderBook } from "./create-order-book.ts";
import { openAcmeAccounts } from "./open-acme-accounts.ts";
import { type Authority, openAuthority } from "./open-authority.ts";
import { openIssuedCertificates } from "./open-issued-certificates.ts";
import type { DnsServer } from "./query-dns.ts";

const MAX_BODY_BYTES = 64 * 1024;

/** The sandbox's certificate authority, while it runs. */
export type AcmeCa = {
  port: number;
  directoryUrl: string;
  /** Root of what it issues and of its own HTTPS; also in the file `<dataDir>/acme-root.pem`. */
  rootPem: string;
  rootFile: string;
  authority: Authority;
  /** Moves the suggested renewal of every certificate issued until now to now, as a CA does before a mass revocation (RFC 9773 §1). */
  askForRenewal(): void;
  stop(): Promise<void>;
};

/**
 * Starts an ACME CA that really validates: http-01 against `validationHttpPort` of the address that `dnsServer` gives.
 *
 * Roots, accounts and issued certificates are kept in `dataDir`, orders are not.
 * Certificates live 90 days unless a profile says otherwise (`tlsserver` 45 days, `shortlived` 160 hours), and name `caaIdentity` (`sandbox-ca.example`) in CAA.
 *
 * RFC 8555 §7, RFC 9773 §4
 */
export async function startAcmeCa(options: {
  port: number;
  dataDir: string;
  dnsServer: DnsServer;
  validationHttpPort: number;
  caaIdentity?: string;
  now?: () => Date;
}): Promise<AcmeCa> {
  const { dataDir, caaIdentity = "sandbox-ca.example", now = () => new Date() } = options;
  const authority = await openAuthority({ dataDir, now });
  const view = { dnsServer: options.dnsServer, httpPort: options.validationHttpPort, caaIdentity };
  let renewBefore = new Date(0);
  const nonces = createNoncePool();
  const ownTls = await authority.issue({ names: ["localhost", "127.0.0.1"] });

  const app = Fastify({ https: { key: ownTls.keyPem, cert: ownTls.certPem }, bodyLimit: MAX_BODY_BYTES });
  app.setErrorHandler((error, _request, reply) => {
    const problem = error instanceof AcmeProblem ? error.document : describeFailure(error);
    return reply.code(problem.status).type("application/problem+json").send(problem);
  });
  await app.register(
    acmeRoutes({
      accounts: await openAcmeAccounts(join(dataDir, "acme-accounts.json")),
      issued: await openIssuedCertificates(join(dataDir, "acme-issued.json")),
      orders: createOrderBook({ view, now }),
      authority,
      nonces,
      caaIdentity,
      renewBefore: () => renewBefore,
      now,
    }),
  );
  await app.listen({ port: options.port, host: "127.0.0.1" });
  const address = app.server.address();
  if (!address || typeof address === "string") throw new Error("the sandbox CA does not listen");
  return {
    port: address.port,
    directoryUrl: `https://127.0.0.1:${address.port}/directory`,
    rootPem: authority.rootPem,
    rootFile: authority.rootFile,
    authority,
    askForRenewal() {
      renewBefore = now();
    },
    async stop() {
      app.server.closeAllConnections();
      await app.close();
    },
  };
}

function describeFailure(error: unknown) {
  const status = error instanceof Error && "statusCode" in error ? Number(error.statusCode) : 500;
  const [type, detail] =
    status < 500 && error instanceof Error
      ? (["malformed", error.message] as const)
      : (["serverInternal", "the sandbox CA failed"] as const);
  return new AcmeProblem(type, detail, { status }).document;
}
