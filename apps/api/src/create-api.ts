import { randomUUID } from "node:crypto";
import compress from "@fastify/compress";
import rateLimit from "@fastify/rate-limit";
import type { InfoView } from "@waxseal/contract";
import { AppError, type Context, type ContextSource, type HostingSettings } from "@waxseal/core";
import type { SignUpRule } from "@waxseal/core/accounts";
import type { ChannelDeps, TestDeps } from "@waxseal/core/alerting";
import type { MailSign, MxHost } from "@waxseal/core/domains";
import type { QueueMail } from "@waxseal/core/mail";
import type { FindNetwork } from "@waxseal/core/networks";
import type { AssessDeps, FetchServedPolicy } from "@waxseal/core/policies";
import type { DkimKeyLookUp } from "@waxseal/core/reports";
import type { Auth } from "@waxseal/core/sign-in";
import type { SsoDeps } from "@waxseal/core/sso";
import type { Resolver } from "@waxseal/probes";
import { explainInput, networkOf, type ServiceClock } from "@waxseal/runtime";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { serializerCompiler } from "fastify-type-provider-zod";
import type { Registry } from "prom-client";
import { z } from "zod";
import { describeApi } from "./docs/describe-api.ts";
import { serveDocs } from "./docs/serve-docs.ts";
import { answerErrors } from "./http/answer-errors.ts";
import { countRequests } from "./http/count-requests.ts";
import { serveDashboard } from "./http/dashboard-files.ts";
import { followRoutes } from "./http/list-allowed-methods.ts";
import { confineOwnHosts } from "./http/own-hosts.ts";
import { readJsonBodies } from "./http/read-json-bodies.ts";
import { compileStrictly } from "./http/refuse-unknown-fields.ts";
import { keepAnswers } from "./http/repeat-answers.ts";
import type { Gate, PersonGate } from "./http/request-gate.ts";
import { setSecurityHeaders } from "./http/security-headers.ts";
import { accountRoutes } from "./routes/account-routes.ts";
import { authRoutes } from "./routes/auth-routes.ts";
import { brandHostRoutes } from "./routes/brand-host-routes.ts";
import { brandRoutes } from "./routes/brand-routes.ts";
import { channelRoutes } from "./routes/channel-routes.ts";
import { checkRoutes } from "./routes/check-routes.ts";
import { closingRoutes } from "./routes/closing-routes.ts";
import type { Checker } from "./routes/create-checker.ts";
import type { LiveFeed } from "./routes/create-live-feed.ts";
import { customerRoutes } from "./routes/customer-routes.ts";
import { deviceLoginRoutes } from "./routes/device-login-routes.ts";
import { domainDetailRoutes } from "./routes/domain-detail-routes.ts";
import { domainPreviewRoutes } from "./routes/domain-preview-routes.ts";
import { domainRoutes } from "./routes/domain-routes.ts";
import { eventRoutes } from "./routes/event-routes.ts";
import { incidentRoutes } from "./routes/incident-routes.ts";
import { infoRoutes } from "./routes/info-routes.ts";
import { instructionRoutes } from "./routes/instruction-routes.ts";
import { invitationLinkRoutes } from "./routes/invitation-link-routes.ts";
import { liveRoutes, type SharedDomainFinder } from "./routes/live-routes.ts";
import { memberRoutes } from "./routes/member-routes.ts";
import { messageLinkRoutes } from "./routes/message-link-routes.ts";
import { monthlyReportRoutes } from "./routes/monthly-report-routes.ts";
import { passkeyRoutes } from "./routes/passkey-routes.ts";
import { personRoutes } from "./routes/person-routes.ts";
import { policyChangeRoutes } from "./routes/policy-change-routes.ts";
import { policyRoutes } from "./routes/policy-routes.ts";
import { quarantineRoutes } from "./routes/quarantine-routes.ts";
import { reportRoutes } from "./routes/report-routes.ts";
import { retentionRoutes } from "./routes/retention-routes.ts";
import { sandboxRoutes } from "./routes/sandbox-routes.ts";
import { servedPolicyRoutes } from "./routes/served-policy-routes.ts";
import { sessionRoutes } from "./routes/session-routes.ts";
import { type SharedSetupFinder, shareRoutes } from "./routes/share-routes.ts";
import { sharedInstructionRoutes } from "./routes/shared-instruction-routes.ts";
import { ssoRoutes } from "./routes/sso-routes.ts";
import { subscriptionRoutes } from "./routes/subscription-routes.ts";
import { tagRoutes } from "./routes/tag-routes.ts";

/** Everything the API's answers depend on. */
export type ApiDeps = {
  logger: FastifyBaseLogger;
  registry: Registry;
  /** Whose first comparison requests wait for. */
  clock: ServiceClock;
  auth: Pick<Auth, "handler">;
  gate: Gate;
  personGate: PersonGate;
  sso: SsoDeps;
  source: ContextSource;
  publicUrl: string;
  queueMail: QueueMail;
  info: z.infer<typeof InfoView>;
  getSignUpRule(): Promise<SignUpRule>;
  /** How channels are kept and tested. */
  alerting: ChannelDeps & TestDeps;
  settings: HostingSettings;
  sandbox: { controlUrl: string | undefined } | undefined;
  distDir: string;
  limitsRate: boolean;
  resolver: Resolver;
  /** Looks at MX hosts before a policy is enforced. */
  interlock: AssessDeps;
  lookUpMx(domain: string): Promise<MxHost[] | undefined>;
  findMailSign(domain: string): Promise<MailSign>;
  checkDomain(ctx: Context, input: { domainId: string }): Promise<unknown>;
  check: Checker;
  findSharedSetup: SharedSetupFinder;
  findSharedDomain: SharedDomainFinder;
  live: LiveFeed;
  fetchServedPolicy: FetchServedPolicy;
  /** One for the whole process: the data behind it is large. */
  findNetwork: FindNetwork;
  lookUpDkimKey: DkimKeyLookUp;
};

const BODY_LIMIT_BYTES = 64 * 1024;

/** The API with all its routes, not listening yet. */
export async function createApi(deps: ApiDeps): Promise<FastifyInstance> {
  const app = Fastify({
    loggerInstance: deps.logger,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => randomUUID(),
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: 30_000,
    // A balancer in front runs on this machine or in our own network; addresses it hands over are trusted.
    trustProxy: ["loopback", "linklocal", "uniquelocal"],
    routerOptions: { maxParamLength: 300 },
  });
  z.config({ customError: explainInput });
  app.setValidatorCompiler(compileStrictly);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onRequest", async () => {
    // Until then the time is this machine's, by which a wrong clock could end all sessions.
    if (deps.clock.state() === "unknown") await deps.clock.compare();
  });
  confineOwnHosts(app, deps);
  const allowedMethods = followRoutes(app);
  answerErrors(app, deps.source.db);
  readJsonBodies(app);
  // Files of the dashboard are compressed already, and events must leave at once.
  await app.register(compress, {
    encodings: ["gzip", "identity"],
    threshold: 1_024,
    customTypes: /^(?:application\/(?:problem\+)?json|text\/(?:csv|html|plain))\b/,
  });
  countRequests(app, deps.registry);
  await setSecurityHeaders(app, { isHttps: deps.publicUrl.startsWith("https:") });
  if (deps.limitsRate) {
    await app.register(rateLimit, {
      max: 3_000,
      timeWindow: 60_000,
      enableDraftSpec: true,
      keyGenerator: (request) => networkOf(request.ip),
      errorResponseBuilder: (_request, { after }) =>
        new AppError("limit_reached", `That was too often. Try again in ${after}.`, { reason: "too_often" }),
    });
  }
  await describeApi(app, deps.publicUrl);
  await app.register(authRoutes(deps));
  await app.register(
    async (v1) => {
      keepAnswers(v1);
      v1.addHook("onSend", async (_request, reply) => {
        reply.header("cache-control", "no-store");
      });
      await v1.register(infoRoutes(deps));
      await v1.register(accountRoutes(deps));
      await v1.register(closingRoutes(deps));
      await v1.register(eventRoutes(deps));
      await v1.register(sessionRoutes(deps));
      await v1.register(passkeyRoutes(deps));
      await v1.register(ssoRoutes(deps));
      await v1.register(retentionRoutes(deps));
      await v1.register(memberRoutes(deps));
      await v1.register(invitationLinkRoutes(deps));
      await v1.register(personRoutes(deps));
      await v1.register(deviceLoginRoutes(deps));
      await v1.register(customerRoutes(deps));
      await v1.register(brandRoutes(deps));
      await v1.register(brandHostRoutes(deps));
      await v1.register(instructionRoutes(deps));
      await v1.register(sharedInstructionRoutes(deps));
      await v1.register(tagRoutes(deps));
      await v1.register(domainRoutes(deps));
      await v1.register(domainPreviewRoutes(deps));
      await v1.register(domainDetailRoutes(deps));
      await v1.register(shareRoutes(deps));
      await v1.register(liveRoutes(deps));
      await v1.register(servedPolicyRoutes(deps));
      await v1.register(policyRoutes(deps));
      await v1.register(policyChangeRoutes(deps));
      await v1.register(reportRoutes(deps));
      await v1.register(monthlyReportRoutes(deps));
      await v1.register(quarantineRoutes(deps));
      await v1.register(incidentRoutes(deps));
      await v1.register(channelRoutes(deps));
      await v1.register(subscriptionRoutes(deps));
      await v1.register(checkRoutes(deps));
      await v1.register(sandboxRoutes(deps));
    },
    { prefix: "/api/v1" },
  );
  await app.register(messageLinkRoutes(deps));
  await serveDocs(app, deps.publicUrl);
  await serveDashboard(app, { distDir: deps.distDir, allowedMethods, db: deps.source.db });
  return app;
}
