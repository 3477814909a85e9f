import { randomBytes } from "node:crypto";
import { createServer as createHttpServer } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo, Server } from "node:net";
import { createSecureContext, type SecureContext } from "node:tls";
import {
  type Context,
  createContext,
  createSecretBox,
  type HostingSettings,
  targetName,
} from "@waxseal/core";
import { addDomain } from "@waxseal/core/onboarding";
import { findServedCertificate, findServedPolicy } from "@waxseal/core/serving";
import type { Domain } from "@waxseal/db";
import { createTestDatabase, type TestDatabase } from "@waxseal/db/testing";
import { formatPolicy } from "@waxseal/mta-sts";
import { createLogger } from "@waxseal/runtime";
import { type Pebble, type PebbleOptions, startPebble } from "@waxseal/sandbox";
import { createWorkerDeps } from "../src/create-worker-deps.ts";
import type { WorkerOptions } from "../src/start-worker.ts";
import type { WorkerDeps } from "../src/worker-deps.ts";

export const SETTINGS: HostingSettings = {
  hostedZone: "hosted.example",
  reportsDomain: "reports.example",
  policyAddresses: ["127.0.0.1"],
  nameservers: ["ns1.hosted.example"],
  caaIdentities: ["pebble.letsencrypt.org"],
};

/** What a test of the worker needs: Postgres, Pebble, its DNS, and a policy server's two ports answering from Postgres. */
export type TestWorld = {
  database: TestDatabase;
  pebble: Pebble;
  /** Requests for policies and challenges, oldest first. */
  fetched: string[];
  workerOptions: WorkerOptions;
  /** The same for a worker process, but for the CA's roots. */
  workerEnv: Record<string, string>;
  secretKeys: string;
  /** What jobs would be given, on the world's clock. */
  deps: WorkerDeps;
  context(accountId?: string): Context;
  /** Moves the world's clock on. */
  advance(milliseconds: number): void;
  addDomain(domain: string, accountId?: string): Promise<Domain>;
  /** Publishes the three CNAMEs. */
  publishCnames(domain: Domain): Promise<void>;
  stop(): Promise<void>;
};

export const silent = createLogger("worker-test", process.env.LOG_LEVEL || "silent");

/** Starts a world of its own. */
export async function startTestWorld(
  templateDatabaseUrl: string,
  pebbleOptions: Partial<PebbleOptions> = {},
): Promise<TestWorld> {
  const database = await createTestDatabase(templateDatabaseUrl);
  const { db } = database;
  const secretKeys = `test:${randomBytes(32).toString("base64url")}`;
  const secretBox = createSecretBox(secretKeys);
  const fetched: string[] = [];

  const http = createHttpServer(async (request, response) => {
    const token = (request.url ?? "").split("/").at(-1) ?? "";
    fetched.push(`challenge ${request.headers.host}`);
    const challenge = await db.acmeChallenge.findUnique({ where: { token } });
    response.writeHead(challenge ? 200 : 404).end(challenge?.keyAuthorization);
  });
  const contextOf = async (host: string): Promise<SecureContext | undefined> => {
    const certificate = await findServedCertificate(db, host, new Date());
    if (!certificate) return undefined;
    return createSecureContext({ cert: certificate.chainPem, key: await secretBox.open(certificate.keyJwe) });
  };
  const https = createHttpsServer(
    {
      SNICallback: (host, done) =>
        contextOf(host).then(
          (context) => done(null, context),
          (error) => done(error),
        ),
    },
    async (request, response) => {
      const domain = (request.headers.host ?? "").replace(/^mta-sts\./, "").replace(/:\d+$/, "");
      fetched.push(`policy ${domain}`);
      const policy = await findServedPolicy(db, domain);
      response.writeHead(policy ? 200 : 404, { "content-type": "text/plain" });
      response.end(policy && formatPolicy(policy));
    },
  );
  const httpPort = await listenOn(http);
  const httpsPort = await listenOn(https);
  const pebble = await startPebble({ validationHttpPort: httpPort, ...pebbleOptions });

  let offsetMs = 0;
  const source = { db, now: () => new Date(Date.now() + offsetMs) };
  const actor = { kind: "job", id: "test", name: "test" } as const;
  const context = (accountId = "a1") => createContext(source, accountId, actor);
  const rootPem = await pebble.rootPem();
  const workerOptions: WorkerOptions = {
    databaseUrl: database.databaseUrl,
    reportsDatabaseUrl: database.reportsDatabaseUrl,
    settings: SETTINGS,
    publisher: { publish: async () => undefined },
    dnsResolvers: [pebble.mockDns.dnsServer],
    directoryUrls: [pebble.directoryUrl],
    caPem: `${pebble.caPem}\n${rootPem}`,
    secretKeys,
    httpsPort,
    httpPort,
    allowPrivateAddresses: true,
    health: { port: 0, bindAddress: "127.0.0.1" },
    concurrency: 4,
  };
  const workerEnv = {
    DATABASE_URL: workerOptions.databaseUrl,
    REPORTS_DATABASE_URL: database.reportsDatabaseUrl,
    HOSTED_ZONE: SETTINGS.hostedZone,
    REPORTS_DOMAIN: SETTINGS.reportsDomain,
    POLICY_ADDRESSES: SETTINGS.policyAddresses.join(),
    NAMESERVERS: SETTINGS.nameservers.join(),
    ACME_CAA_IDENTITIES: SETTINGS.caaIdentities.join(),
    DNS_RESOLVERS: workerOptions.dnsResolvers.join(),
    ACME_DIRECTORY_URL: pebble.directoryUrl,
    SECRET_KEYS: secretKeys,
    SMTP_URL: "smtp://127.0.0.1:9",
    MAIL_FROM: "Waxseal <no-reply@waxseal.example>",
    PROBE_HTTPS_PORT: String(httpsPort),
    PROBE_HTTP_PORT: String(httpPort),
    ALLOW_PRIVATE_ADDRESSES: "1",
    LOG_LEVEL: process.env.LOG_LEVEL || "silent",
  };
  return {
    database,
    pebble,
    fetched,
    secretKeys,
    workerOptions,
    workerEnv,
    deps: createWorkerDeps(workerOptions, source, silent),
    context,
    advance: (milliseconds) => {
      offsetMs += milliseconds;
    },
    addDomain: (domain, accountId) =>
      addDomain(
        context(accountId),
        { domain },
        { settings: SETTINGS, lookUpMx: async () => [{ mxHost: `mx1.${domain}`, preference: 10 }] },
      ),
    publishCnames: async ({ domain, token }) => {
      for (const [owner, kind] of [
        ["mta-sts", "policyHost"],
        ["_mta-sts", "stsRecord"],
        ["_smtp._tls", "tlsRptRecord"],
      ] as const) {
        await pebble.mockDns.addCname(`${owner}.${domain}`, targetName(kind, token, SETTINGS.hostedZone));
      }
    },
    stop: async () => {
      await pebble.stop();
      for (const server of [http, https]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
      await database.drop();
    },
  };
}

async function listenOn(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address() as AddressInfo;
  return address.port;
}
