import type { FastifyInstance, FastifyPluginAsync, FastifyReply, FastifyRequest } from "fastify";
import { z } from "zod";
import { AcmeProblem } from "./acme-problem.ts";
import { describeAcmeProfiles, findProfileLifeMs } from "./acme-profiles.ts";
import { checkCsr } from "./check-csr.ts";
import type { createNoncePool } from "./create-nonce-pool.ts";
import type { OrderBook } from "./create-order-book.ts";
import { normalizeName } from "./customer-record.ts";
import { issueAcmeCertificate } from "./issue-acme-certificate.ts";
import type { AcmeAccount, AcmeAccounts } from "./open-acme-accounts.ts";
import type { Authority } from "./open-authority.ts";
import { certificateIdOf, type IssuedCertificates, suggestRenewal } from "./open-issued-certificates.ts";
import { presentAccount, presentAuthorization, presentChallenge, presentOrder } from "./present-acme.ts";
import { type SignedRequest, verifyAcmeRequest } from "./verify-acme-request.ts";

const MAX_NAMES = 10;
const RENEWAL_RETRY_SECONDS = 6 * 3600;
const VALIDATION_REPLY_WAIT_MS = 500;

const NewAccount = z.object({
  onlyReturnExisting: z.boolean().optional(),
  contact: z.array(z.string().max(254)).max(10).optional(),
});
const AccountUpdate = z.object({
  status: z.literal("deactivated").optional(),
  contact: NewAccount.shape.contact,
});
const NewOrder = z.object({
  identifiers: z
    .array(z.object({ type: z.string(), value: z.string() }))
    .min(1)
    .max(MAX_NAMES),
  profile: z.string().max(64).optional(),
  replaces: z.string().max(200).optional(),
});

/** What the routes of the CA work with. */
export type AcmeDeps = {
  accounts: AcmeAccounts;
  issued: IssuedCertificates;
  orders: OrderBook;
  authority: Authority;
  nonces: ReturnType<typeof createNoncePool>;
  caaIdentity: string;
  /** Certificates made before this instant are to be renewed now. */
  renewBefore(): Date;
  now: () => Date;
};

type WithId = { Params: { id: string } };

/** The resources of RFC 8555 §7.1 but keyChange and newAuthz, and renewalInfo of RFC 9773 §4. */
export function acmeRoutes(deps: AcmeDeps): FastifyPluginAsync {
  return async (app) => {
    app.removeAllContentTypeParsers();
    app.addContentTypeParser(
      "application/jose+json",
      { parseAs: "string" },
      async (_request: FastifyRequest, body: string) => parseJson(body),
    );
    app.addHook("onSend", async (request, reply) => {
      reply.header("link", [...linksOf(reply), `<${baseOf(request)}/directory>;rel="index"`]);
      // RFC 8555 §6.5: an error carries a fresh nonce too, for the retry.
      if (request.method !== "GET") {
        reply.header("cache-control", "no-store");
        if (!reply.hasHeader("replay-nonce")) reply.header("replay-nonce", deps.nonces.issue());
      }
    });
    directoryRoutes(app, deps);
    accountRoutes(app, deps);
    orderRoutes(app, deps);
    certificateRoutes(app, deps);
  };
}

function directoryRoutes(app: FastifyInstance, deps: AcmeDeps): void {
  app.get("/directory", async (request) => {
    const base = baseOf(request);
    return {
      newNonce: `${base}/new-nonce`,
      newAccount: `${base}/new-account`,
      newOrder: `${base}/new-order`,
      revokeCert: `${base}/revoke-cert`,
      renewalInfo: `${base}/renewal-info`,
      meta: {
        website: `${base}/directory`,
        caaIdentities: [deps.caaIdentity],
        profiles: describeAcmeProfiles(),
      },
    };
  });
  app.get("/new-nonce", async (_request, reply) =>
    reply.code(204).header("cache-control", "no-store").header("replay-nonce", deps.nonces.issue()).send(),
  );
}

function accountRoutes(app: FastifyInstance, deps: AcmeDeps): void {
  app.post("/new-account", async (request, reply) => {
    const { signer, payload } = await verify(deps, request);
    if (!("jwk" in signer)) throw new AcmeProblem("malformed", "newAccount needs a jwk");
    const body = parse(NewAccount, payload);
    const existing = await deps.accounts.findByKey(signer.jwk);
    if (!existing && body.onlyReturnExisting)
      throw new AcmeProblem("accountDoesNotExist", "no account has this key");
    const account = existing ?? (await deps.accounts.add(signer.jwk, body.contact ?? [], deps.now()));
    if (account.status !== "valid") throw new AcmeProblem("unauthorized", "the account is deactivated");
    reply.code(existing ? 200 : 201).header("location", `${baseOf(request)}/account/${account.id}`);
    return presentAccount(account, baseOf(request));
  });

  app.post<WithId>("/account/:id", async (request) => {
    const { account, payload } = await verifyAccount(deps, request);
    if (account.id !== request.params.id) throw new AcmeProblem("unauthorized", "another account's URL");
    const { status, contact } = parse(AccountUpdate, payload ?? {});
    const changes = { ...(status && { status }), ...(contact && { contact }) };
    return presentAccount(await deps.accounts.update(account, changes), baseOf(request));
  });

  app.post<WithId>("/account/:id/orders", async (request) => {
    await verifyAccount(deps, request);
    return { orders: [] };
  });
}

function orderRoutes(app: FastifyInstance, deps: AcmeDeps): void {
  app.post("/new-order", async (request, reply) => {
    const { account, payload } = await verifyAccount(deps, request);
    const { identifiers, profile, replaces } = parse(NewOrder, payload);
    if (findProfileLifeMs(profile) === undefined)
      throw new AcmeProblem("invalidProfile", `there is no profile ${profile}`);
    const predecessor = replaces === undefined ? undefined : deps.issued.get(replaces);
    if (predecessor?.isReplaced)
      throw new AcmeProblem("alreadyReplaced", "another order replaces that certificate");
    const order = deps.orders.add({
      accountId: account.id,
      names: listNames(identifiers),
      profile,
      replaces,
    });
    reply.code(201).header("location", `${baseOf(request)}/order/${order.id}`);
    return presentOrder(order, baseOf(request));
  });

  app.post<WithId>("/order/:id", async (request) => {
    const { account } = await verifyAccount(deps, request);
    return presentOrder(deps.orders.get(account.id, request.params.id), baseOf(request));
  });

  app.post<WithId>("/authz/:id", async (request) => {
    const { account, payload } = await verifyAccount(deps, request);
    const authorization = deps.orders.getAuthorization(account.id, request.params.id);
    if (z.object({ status: z.literal("deactivated") }).safeParse(payload).success)
      deps.orders.deactivate(authorization);
    return presentAuthorization(authorization, baseOf(request));
  });

  app.post<WithId>("/challenge/:id", async (request, reply) => {
    const { account, payload } = await verifyAccount(deps, request);
    const authorization = deps.orders.getAuthorization(account.id, request.params.id);
    if (payload !== undefined) {
      // A client that gets "processing" waits seconds before it asks again; most validations here take milliseconds.
      const answerNow = Promise.withResolvers<void>();
      const timer = setTimeout(answerNow.resolve, VALIDATION_REPLY_WAIT_MS);
      const asking = { thumbprint: account.thumbprint, url: `${baseOf(request)}/account/${account.id}` };
      await Promise.race([deps.orders.validate(authorization, asking), answerNow.promise]);
      clearTimeout(timer);
    }
    reply.header("link", `<${baseOf(request)}/authz/${authorization.id}>;rel="up"`);
    return presentChallenge(authorization, baseOf(request));
  });

  app.post<WithId>("/order/:id/finalize", async (request, reply) => {
    const { account, payload } = await verifyAccount(deps, request);
    const order = deps.orders.get(account.id, request.params.id);
    if (order.status !== "ready") throw new AcmeProblem("orderNotReady", `the order is ${order.status}`);
    const { csr } = parse(z.object({ csr: z.string() }), payload);
    const publicKey = await checkCsr({ csr, names: order.names, accountThumbprint: account.thumbprint });
    if (order.status !== "ready") throw new AcmeProblem("orderNotReady", "the order is being finalized");
    order.status = "processing";
    try {
      order.certificateId = await issueAcmeCertificate(deps, { account, order, publicKey });
      order.status = "valid";
    } catch (error) {
      order.status = "invalid";
      throw error;
    }
    reply.header("location", `${baseOf(request)}/order/${order.id}`);
    return presentOrder(order, baseOf(request));
  });
}

function certificateRoutes(app: FastifyInstance, deps: AcmeDeps): void {
  app.post<WithId>("/certificate/:id", async (request, reply) => {
    const { account } = await verifyAccount(deps, request);
    const certificate = deps.issued.get(request.params.id);
    if (certificate?.accountId !== account.id)
      throw new AcmeProblem("malformed", "no such certificate", { status: 404 });
    return reply.type("application/pem-certificate-chain").send(certificate.chainPem);
  });

  app.post("/revoke-cert", async (request, reply) => {
    const { account, payload } = await verifyAccount(deps, request);
    const body = parse(z.object({ certificate: z.string().max(16_384) }), payload);
    const certificate = deps.issued.get(idOfDer(body.certificate));
    if (certificate?.accountId !== account.id)
      throw new AcmeProblem("unauthorized", "not a certificate of this account");
    if (certificate.isRevoked) throw new AcmeProblem("alreadyRevoked", "the certificate is revoked already");
    await deps.issued.mark(certificate, { isRevoked: true });
    return reply.code(200).send();
  });

  app.get<WithId>("/renewal-info/:id", async (request, reply) => {
    const certificate = deps.issued.get(request.params.id);
    if (!certificate) throw new AcmeProblem("malformed", "no such certificate", { status: 404 });
    reply.header("retry-after", RENEWAL_RETRY_SECONDS);
    const isAskedFor = Date.parse(certificate.issuedAt) < deps.renewBefore().getTime();
    return { suggestedWindow: suggestRenewal(certificate, deps.now(), isAskedFor) };
  });
}

function verify(deps: AcmeDeps, request: FastifyRequest): Promise<SignedRequest> {
  return verifyAcmeRequest({
    body: request.body,
    url: `${baseOf(request)}${request.url}`,
    useNonce: deps.nonces.use,
    findKey: (kid) => deps.accounts.get(kid.split("/").at(-1) ?? "")?.jwk,
  });
}

async function verifyAccount(
  deps: AcmeDeps,
  request: FastifyRequest,
): Promise<{ account: AcmeAccount; payload: unknown }> {
  const { signer, payload } = await verify(deps, request);
  if (!("kid" in signer)) throw new AcmeProblem("malformed", "this resource needs a kid");
  const account = deps.accounts.get(signer.kid.split("/").at(-1) ?? "");
  if (account?.status !== "valid") throw new AcmeProblem("unauthorized", "the account is deactivated");
  return { account, payload };
}

function listNames(identifiers: readonly { type: string; value: string }[]): string[] {
  const names = identifiers.map(({ type, value }) => {
    if (type !== "dns")
      throw new AcmeProblem("unsupportedIdentifier", `identifiers of type ${type} are not issued`);
    const name = normalizeName(value);
    const isHostName =
      name?.includes(".") && !name.includes("_") && !/\.\d+$/.test(name) && !value.endsWith(".");
    if (!name || !isHostName)
      throw new AcmeProblem("rejectedIdentifier", `${value} is not a name this CA issues for`);
    return name;
  });
  return [...new Set(names)];
}

function parse<Shape extends z.ZodType>(shape: Shape, payload: unknown): z.infer<Shape> {
  const { data, error } = shape.safeParse(payload);
  if (error) throw new AcmeProblem("malformed", z.prettifyError(error));
  return data;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    throw new AcmeProblem("malformed", "the body is not JSON");
  }
}

function idOfDer(base64url: string): string {
  try {
    return certificateIdOf(Buffer.from(base64url, "base64url"));
  } catch {
    throw new AcmeProblem("malformed", "the certificate cannot be read");
  }
}

// Clients may name the CA by 127.0.0.1 or localhost; every URL in an answer repeats what they used.
function baseOf(request: FastifyRequest): string {
  return `https://${request.host}`;
}

function linksOf(reply: FastifyReply): string[] {
  const link = reply.getHeader("link");
  return link === undefined ? [] : [link].flat().map(String);
}
