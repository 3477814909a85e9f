import { type ContextSource, createSecretBox, reportsMxHost } from "@waxseal/core";
import { createAcmeDirectories } from "@waxseal/core/certificates";
import { createBounceAddresses, createMailer, createMailQueue } from "@waxseal/core/mail";
import { createAssessDeps } from "@waxseal/core/policies";
import {
  createAddressGuard,
  createHttpsClient,
  createResolver,
  fetchHttp01,
  fetchPolicyEverywhere,
} from "@waxseal/probes";
import type { Logger } from "@waxseal/runtime";
import { Registry } from "prom-client";
import { createDnsDriftMetrics } from "./create-dns-drift-metrics.ts";
import { createPdfPrinter } from "./create-pdf-printer.ts";
import { openPublisher, openSecondaries } from "./open-publisher.ts";
import type { WorkerOptions } from "./start-worker.ts";
import type { WorkerDeps } from "./worker-deps.ts";

/** Most bytes of a channel's answer that are read; 200 characters of it are kept. */
const MAX_ANSWER_BYTES = 16_384;

/** A report of two hundred domains takes a second or two. */
const PRINT_TIMEOUT_MS = 30_000;

/** Makes what the jobs are given, from the worker's options. */
export function createWorkerDeps(
  options: WorkerOptions,
  source: ContextSource,
  logger: Logger,
  dnsDrift = createDnsDriftMetrics(new Registry()),
): WorkerDeps {
  const { db, now } = source;
  const { settings, caPem, httpPort, httpsPort } = options;
  const resolver = createResolver({ servers: options.dnsResolvers });
  const guard = createAddressGuard({ allowPrivate: options.allowPrivateAddresses });
  const secretBox = createSecretBox(options.secretKeys);
  const interlock = createAssessDeps({
    db,
    resolver,
    dnsServers: options.dnsResolvers,
    guard,
    caPem,
    port: options.smtpPort,
    heloName: options.ehloName ?? reportsMxHost(settings.reportsDomain),
    contact: options.probeContact,
    connectionsAMinute: options.connectionsAMinute,
  });
  return {
    source,
    logger,
    settings,
    resolver,
    secretBox,
    publisher: openPublisher(options.publisher, { db, settings, logger }),
    secondaries: openSecondaries(options.publisher),
    dnsDrift,
    directoryUrls: options.directoryUrls,
    operatorHosts: options.operatorHosts ?? [],
    mailer: options.mail && createMailer(options.mail),
    operatorAddress: options.operatorAddress,
    alerting: {
      ...{ db, now, secretBox },
      https: createHttpsClient({ resolver, guard, caPem, maxBytes: MAX_ANSWER_BYTES }),
      queueMail: createMailQueue(secretBox),
      publicUrl: options.publicUrl ?? `https://${settings.hostedZone}`,
      mailDomain: settings.reportsDomain,
      bounces: createBounceAddresses(options.secretKeys, settings.reportsDomain),
      onFailure: (error) =>
        logger.warn({ err: error }, "an alert message could not be sent; it will be retried"),
    },
    printPdf:
      options.chromiumPath === undefined
        ? undefined
        : createPdfPrinter({ chromiumPath: options.chromiumPath, timeoutMs: PRINT_TIMEOUT_MS }),
    acme: createAcmeDirectories({
      db,
      secretBox,
      now,
      contact: options.acmeContact,
      externalAccount: options.externalAccount,
      profile: options.acmeProfile,
      onMissingProfile: (missing) =>
        logger.warn(missing, "this CA does not list the profile of ACME_PROFILE; orders there go without"),
      accountCheckingIdentities: options.accountCheckingIdentities,
      caPem,
    }),
    fetchHttp01: ({ host, token }) => fetchHttp01({ host, token, resolver, guard, port: httpPort }),
    otherResolvers: interlock.otherResolvers,
    interlock,
    controlHosts: options.controlHosts ?? [],
    fetchPolicy: (domain) => fetchPolicyEverywhere({ domain, resolver, guard, httpsPort, caPem }),
    random: Math.random,
  };
}
