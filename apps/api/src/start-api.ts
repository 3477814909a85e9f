import { fileURLToPath } from "node:url";
import { type ContextSource, createSecretBox } from "@waxseal/core";
import { getSignUpRule, type SignUpRule } from "@waxseal/core/accounts";
import { findSharedDomain, getSharedSetup } from "@waxseal/core/domain-views";
import { checkDomainMx, findMailSign } from "@waxseal/core/domains";
import { createBounceAddresses, createMailQueue } from "@waxseal/core/mail";
import { createNetworkFinder, networkDataSources } from "@waxseal/core/networks";
import { checkDomain } from "@waxseal/core/onboarding";
import { askDatabase, describeClock, startAppClock, watchKeys, watchSchema } from "@waxseal/core/operating";
import { createAssessDeps } from "@waxseal/core/policies";
import { createDkimKeyLookUp } from "@waxseal/core/reports";
import { createAuth, deriveAuthSecrets } from "@waxseal/core/sign-in";
import { openDatabase } from "@waxseal/db";
import {
  createAddressGuard,
  createHttpsClient,
  createOtherResolvers,
  createResolver,
  fetchPolicyEverywhere,
  inspectDomain,
} from "@waxseal/probes";
import { type Logger, type OwnProcess, startHealthServer } from "@waxseal/runtime";
import { collectDefaultMetrics, Registry } from "prom-client";
import type { Config } from "./config.ts";
import { createApi } from "./create-api.ts";
import { followConnections } from "./http/end-connections.ts";
import { createGate, createPersonGate, listOwnOrigins } from "./http/request-gate.ts";
import { createChecker } from "./routes/create-checker.ts";
import { createLiveFeed } from "./routes/create-live-feed.ts";
import { createServedFetcher } from "./routes/create-served-fetcher.ts";

/** A page waits for it. */
/** Of what a channel answers to a test; 200 characters of it are kept. */
const MAX_CHANNEL_ANSWER_BYTES = 16_384;
const SERVED_TIMEOUT_MS = 6_000;

const DIST_DIR = fileURLToPath(new URL("../../dashboard/dist", import.meta.url));

/** The running API. */
export type RunningApi = {
  port: number;
  url: string;
  stop(): Promise<void>;
};

/** What is still being answered when the server stops has this long. */
const STOP_PATIENCE_MS = 3_000;

type StartOptions = {
  logger: Logger;
  /** In place of the database's time. Tests only. */
  now?: () => Date;
  distDir?: string;
  setDate?: OwnProcess["setDate"];
  machineMs?: () => number;
  isStopping?: () => boolean;
};

/** Starts the API and serves the dashboard. Port 0 picks a free one. */
export async function startApi(
  config: Config,
  { logger, distDir = DIST_DIR, setDate, machineMs, ...options }: StartOptions,
): Promise<RunningApi> {
  const db = openDatabase(config.databaseUrl, { reportsDatabaseUrl: config.reportsDatabaseUrl });
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const schema = watchSchema(db);
  const clock = startAppClock({ db, app: "api", logger, registry, setDate, machineMs });
  await clock.compared;
  const { now = clock.now } = options;
  const source: ContextSource = { db, now };
  const secretBox = createSecretBox(config.secretKeys);
  const keys = watchKeys(db, secretBox.openSync);
  const queueMail = createMailQueue(secretBox);
  const origins = listOwnOrigins(config.publicUrl);
  const { dnsServers, httpsPort, smtpPort, caPem, allowPrivateAddresses } = config.probes;
  const resolver = createResolver({ servers: dnsServers });
  const guard = createAddressGuard({ allowPrivate: allowPrivateAddresses });
  const otherResolvers = createOtherResolvers({ servers: dnsServers, resolver, guard });
  const sso = {
    client: createHttpsClient({ resolver, guard, caPem }),
    secretBox,
  };
  const signUpRule: SignUpRule = config.signUpRule ?? { kind: "open" };
  const auth = createAuth({
    db,
    sso,
    secrets: deriveAuthSecrets(config.secretKeys),
    publicUrl: config.publicUrl,
    queueMail,
    trustedOrigins: origins,
    limitsRate: config.limitsRate,
    signUpRule,
    now,
    onProblem: (message, error) => logger.warn({ err: error }, message),
  });
  const heloName = config.probes.ehloName ?? new URL(config.publicUrl).hostname;
  const probing = { guard, httpsPort, smtpPort, caPem, heloName };
  const live = createLiveFeed(config.databaseUrl, logger);
  const app = await createApi({
    logger,
    registry,
    clock,
    auth,
    gate: createGate(source, auth, origins, secretBox),
    personGate: createPersonGate(source, auth, origins, secretBox),
    sso,
    source,
    publicUrl: config.publicUrl,
    queueMail,
    info: {
      hostedZone: config.hosting.hostedZone,
      sandbox: config.sandbox
        ? { mailUrl: config.sandbox.mailUrl ?? null, hasDns: config.sandbox.controlUrl !== undefined }
        : null,
      dataSources: networkDataSources.map(({ name, url, licence }) => ({ name, url, licence })),
    },
    getSignUpRule: () => getSignUpRule(db, signUpRule),
    alerting: {
      ...{ secretBox, queueMail, publicUrl: config.publicUrl, mailDomain: config.hosting.reportsDomain },
      bounces: createBounceAddresses(config.secretKeys, config.hosting.reportsDomain),
      https: createHttpsClient({ resolver, guard, caPem, maxBytes: MAX_CHANNEL_ANSWER_BYTES }),
    },
    settings: config.hosting,
    sandbox: config.sandbox,
    distDir,
    limitsRate: config.limitsRate,
    resolver,
    interlock: createAssessDeps({
      db,
      resolver,
      dnsServers,
      guard,
      caPem,
      port: smtpPort,
      heloName: probing.heloName,
      contact: config.probes.contact,
      connectionsAMinute: config.probes.connectionsAMinute,
    }),
    lookUpMx: (domain) => checkDomainMx(resolver, domain),
    findMailSign: (domain) => findMailSign(resolver, domain),
    checkDomain: (ctx, input) =>
      checkDomain(ctx, input, { resolver, otherResolvers, settings: config.hosting }),
    check: createChecker((domain) => inspectDomain({ domain, resolver, now, ...probing })),
    findNetwork: createNetworkFinder(),
    fetchServedPolicy: createServedFetcher((domain) =>
      fetchPolicyEverywhere({ domain, resolver, ...probing, timeoutMs: SERVED_TIMEOUT_MS }),
    ),
    findSharedSetup: (shareToken) => getSharedSetup(db, { shareToken }, config.hosting),
    findSharedDomain: (shareToken) => findSharedDomain(db, shareToken),
    live,
    lookUpDkimKey: createDkimKeyLookUp(resolver),
  });
  const closeHealth = await startHealthServer({
    port: config.healthPort,
    bindAddress: config.bindAddress,
    registry,
    isStopping: options.isStopping,
    needs: async () => ({
      schema: await schema(),
      database: await askDatabase(db),
      keys: await keys(),
      clock: clock.state() !== "wrong" || "This machine's clock is wrong.",
    }),
    details: () => ({ clock: describeClock(clock) }),
  });
  const endConnections = followConnections(app.server);
  const url = await app.listen({ port: config.port, host: config.bindAddress });
  return {
    port: Number(new URL(url).port),
    url,
    stop: async () => {
      clock.stop();
      await live.stop();
      await closeHealth();
      endConnections();
      // A client that has gone silent in the middle of an answer would hold up the stop for as long as it likes.
      const cut = setTimeout(() => app.server.closeAllConnections(), STOP_PATIENCE_MS);
      await app.close().finally(() => clearTimeout(cut));
      await db.$disconnect();
    },
  };
}
