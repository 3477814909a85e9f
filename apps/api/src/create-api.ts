import { randomUUID } from "node:crypto";
import rateLimit from "@fastify/rate-limit";
import type { InfoView } from "@waxseal/contract";
import { AppError, type Context, type ContextSource, type HostingSettings } from "@waxseal/core";
import type { MxHost } from "@waxseal/core/domains";
import type { Mail } from "@waxseal/core/mail";
import type { FindNetwork } from "@waxseal/core/networks";
import type { AssessDeps, FetchServedPolicy } from "@waxseal/core/policies";
import type { DkimKeyLookUp } from "@waxseal/core/reports";
import type { Auth } from "@waxseal/core/sign-in";
import type { SsoDeps } from "@waxseal/core/sso";
import type { Resolver } from "@waxseal/probes";
import { networkOf, type ServiceClock } from "@waxseal/runtime";
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from "fastify";
import { serializerCompiler, validatorCompiler } from "fastify-type-provider-zod";
import type { Registry } from "prom-client";
import type { z } from "zod";
import { accountRoutes } from "./account-routes.ts";
import { answerErrors } from "./answer-errors.ts";
import { authRoutes } from "./auth-routes.ts";
import { brandRoutes } from "./brand-routes.ts";
import { checkRoutes } from "./check-routes.ts";
import { closingRoutes } from "./closing-routes.ts";
import { countRequests } from "./count-requests.ts";
import type { Checker } from "./create-checker.ts";
import type { LiveFeed } from "./create-live-feed.ts";
import { customerRoutes } from "./customer-routes.ts";
import { serveDashboard } from "./dashboard-files.ts";
import { describeApi, serveApiDescription } from "./describe-api.ts";
import { domainDetailRoutes } from "./domain-detail-routes.ts";
import { domainPreviewRoutes } from "./domain-preview-routes.ts";
import { domainRoutes } from "./domain-routes.ts";
import { eventRoutes } from "./event-routes.ts";
import { infoRoutes } from "./info-routes.ts";
import { instructionRoutes } from "./instruction-routes.ts";
import { invitationLinkRoutes } from "./invitation-link-routes.ts";
import { liveRoutes, type SharedDomainFinder } from "./live-routes.ts";
import { memberRoutes } from "./member-routes.ts";
import { passkeyRoutes } from "./passkey-routes.ts";
import { personRoutes } from "./person-routes.ts";
import { policyChangeRoutes } from "./policy-change-routes.ts";
import { policyRoutes } from "./policy-routes.ts";
import { quarantineRoutes } from "./quarantine-routes.ts";
import { reportRoutes } from "./report-routes.ts";
import type { Gate, PersonGate } from "./request-gate.ts";
import { retentionRoutes } from "./retention-routes.ts";
import { sandboxRoutes } from "./sandbox-routes.ts";
import { setSecurityHeaders } from "./security-headers.ts";
import { servedPolicyRoutes } from "./served-policy-routes.ts";
import { sessionRoutes } from "./session-routes.ts";
import { type SharedSetupFinder, shareRoutes } from "./share-routes.ts";
import { sharedInstructionRoutes } from "./shared-instruction-routes.ts";
import { ssoRoutes } from "./sso-routes.ts";
import { tagRoutes } from "./tag-routes.ts";

/** Everything the API's answers depend on. */
export type ApiDeps = {
  logger: FastifyBaseLogger;
  registry: Registry;
  /** Whose first comparison requests wait for. */
  clock: ServiceClock;
  auth: Pick<Auth, "handler">;
  gate: Gate;
  personGate: PersonGate;
  isDatabaseUp(): Promise<boolean>;
  sso: SsoDeps;
  source: ContextSource;
  publicUrl: string;
  sendMail(mail: Mail): Promise<void>;
  info: z.infer<typeof InfoView>;
  settings: HostingSettings;
  sandbox: { controlUrl: string | undefined } | undefined;
  distDir: string;
  limitsRate: boolean;
  resolver: Resolver;
  /** Looks at MX hosts before a policy is enforced. */
  interlock: AssessDeps;
  lookUpMx(domain: string): Promise<MxHost[] | undefined>;
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
    // A balancer in front stands on this machine or in our own network; addresses it hands over are believed.
    trustProxy: ["loopback", "linklocal", "uniquelocal"],
    routerOptions: { maxParamLength: 300 },
  });
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.addHook("onRequest", async (request, reply) => {
    reply.header("x-request-id", request.id);
  });
  app.addHook("onRequest", async () => {
    // Until then the time is this machine's, by which a wrong clock could end everybody's sessions.
    if (deps.clock.state() === "unknown") await deps.clock.compare();
  });
  answerErrors(app);
  countRequests(app, deps.registry);
  await setSecurityHeaders(app, { isHttps: deps.publicUrl.startsWith("https:") });
  if (deps.limitsRate) {
    await app.register(rateLimit, {
      max: 3_000,
      timeWindow: 60_000,
      keyGenerator: (request) => networkOf(request.ip),
      errorResponseBuilder: (_request, { after }) =>
        new AppError("limit_reached", `That was too often. Try again in ${after}.`),
    });
  }
  await describeApi(app, deps.publicUrl);
  await app.register(authRoutes(deps));
  await app.register(
    async (v1) => {
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
      await v1.register(customerRoutes(deps));
      await v1.register(brandRoutes(deps));
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
      await v1.register(quarantineRoutes(deps));
      await v1.register(checkRoutes(deps));
      await v1.register(sandboxRoutes(deps));
    },
    { prefix: "/api/v1" },
  );
  await serveApiDescription(app);
  await serveDashboard(app, deps.distDir);
  return app;
}
