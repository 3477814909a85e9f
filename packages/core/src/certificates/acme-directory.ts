import acme from "acme-client";
import { z } from "zod";
import { AcmeError } from "./acme-error.ts";
import { type AcmeAnswer, type AcmeTransport, shortType } from "./acme-transport.ts";
import { parseRetryAfter } from "./parse-retry-after.ts";

const CaProblem = z.object({ type: z.string().default(""), detail: z.string().default("") });

const Order = z.object({
  status: z.enum(["pending", "ready", "processing", "valid", "invalid"]),
  authorizations: z.array(z.url()).max(10),
  finalize: z.url(),
  certificate: z.url().optional(),
  error: CaProblem.optional(),
});

const Authorization = z.object({
  status: z.enum(["pending", "valid", "invalid", "deactivated", "expired", "revoked"]),
  challenges: z
    .array(
      z.object({
        type: z.string(),
        url: z.url(),
        token: z.string().optional(),
        status: z.string(),
        error: CaProblem.optional(),
      }),
    )
    .max(20),
});

const RenewalInfo = z.object({
  suggestedWindow: z.object({ start: z.coerce.date(), end: z.coerce.date() }),
});

/** What the CA says is wrong; `type` is the last part of its URN. */
export type AcmeReason = { readonly type: string; readonly detail: string };

/** The state of an order at the CA. RFC 8555 §7.1.3 */
export type AcmeOrder = {
  readonly url: string;
  readonly status: z.infer<typeof Order>["status"];
  readonly authorizationUrls: readonly string[];
  readonly finalizeUrl: string;
  readonly certificateUrl: string | undefined;
  readonly error: AcmeReason | undefined;
  /** How long the CA wants to be left alone before the next look. */
  readonly retryAfterMs: number | undefined;
};

/** Whether a name is proved to a CA, and the http-01 challenge that proves it. RFC 8555 §7.1.4 */
export type AcmeAuthorization = {
  readonly status: z.infer<typeof Authorization>["status"];
  readonly http01:
    | {
        readonly url: string;
        readonly token: string;
        readonly status: string;
        readonly error: AcmeReason | undefined;
      }
    | undefined;
  readonly retryAfterMs: number | undefined;
};

/** A CA and our account there, as CAA may name them. RFC 8659 §4.2, RFC 8657 §3 */
export type DirectoryCaa = {
  /** CAA identities of the CA in lower case; empty when its directory names none. */
  readonly identities: readonly string[];
  readonly accountUrl: string;
  /** Whether it is known to obey `accounturi` and `validationmethods`. */
  readonly checksAccounts: boolean;
};

/** The requests an order needs, at one CA, as one account. Every method throws {@link AcmeError} and nothing else. */
export type AcmeDirectory = {
  readonly directoryUrl: string;
  /** What CAA must say for this CA to issue to us. */
  readonly caa: DirectoryCaa;
  /** `replaces`: id of the certificate that it renews, RFC 9773 §5. */
  createOrder(host: string, options?: { replaces?: string | undefined }): Promise<AcmeOrder>;
  /** Whether the CA says when to renew. */
  offersRenewalInfo(): Promise<boolean>;
  /** When a certificate is to be renewed, by its id; undefined: this CA does not say. RFC 9773 §4.2 */
  renewalInfo(id: string): Promise<{ start: Date; end: Date; retryAfterMs: number | undefined } | undefined>;
  getOrder(orderUrl: string): Promise<AcmeOrder>;
  getAuthorization(authorizationUrl: string): Promise<AcmeAuthorization>;
  /** What http-01 must be answered with. RFC 8555 §8.1 */
  keyAuthorization(token: string): Promise<string>;
  /** Asks the CA to validate. */
  startValidation(challengeUrl: string): Promise<void>;
  finalizeOrder(order: AcmeOrder, csrPem: string): Promise<AcmeOrder>;
  /** PEM, leaf first. */
  downloadChain(certificateUrl: string): Promise<string>;
};

/**
 * The requests of RFC 8555 §7.4 and §7.5 over an open transport, answers checked for shape and size. `profile`, if given, is one that
 * the directory lists, and goes into every order.
 */
export function createAcmeDirectory(
  { directoryUrl, caa, profile }: { directoryUrl: string; caa: DirectoryCaa; profile?: string | undefined },
  transport: AcmeTransport,
  now: () => Date,
): AcmeDirectory {
  const readOrder = (url: string, answer: AcmeAnswer): AcmeOrder => {
    const order = parseAnswer(Order, answer, "order");
    return {
      url,
      status: order.status,
      authorizationUrls: order.authorizations,
      finalizeUrl: order.finalize,
      certificateUrl: order.certificate,
      error: readReason(order.error),
      retryAfterMs: parseRetryAfter(answer.headers["retry-after"], now()),
    };
  };
  const renewalInfoUrl = () =>
    transport.resourceUrl("renewalInfo").catch((error: unknown) => {
      // acme-client's word for a resource the directory does not have.
      if (error instanceof AcmeError && error.kind === "unusable") return undefined;
      throw error;
    });
  return {
    directoryUrl,
    caa,
    offersRenewalInfo: async () => (await renewalInfoUrl()) !== undefined,
    renewalInfo: async (id) => {
      const url = await renewalInfoUrl();
      if (!url) return undefined;
      const answer = await transport.get(`${url}/${id}`);
      const { suggestedWindow } = parseAnswer(RenewalInfo, answer, "renewal information");
      return { ...suggestedWindow, retryAfterMs: parseRetryAfter(answer.headers["retry-after"], now()) };
    },
    createOrder: async (host, { replaces } = {}) => {
      const answer = await transport.post(await transport.resourceUrl("newOrder"), {
        identifiers: [{ type: "dns", value: host }],
        ...(profile && { profile }),
        ...(replaces && { replaces }),
      });
      const { location } = answer.headers;
      if (typeof location !== "string") throw new AcmeError("unusable", "The CA gave the new order no URL");
      return readOrder(location, answer);
    },
    getOrder: async (orderUrl) => readOrder(orderUrl, await transport.post(orderUrl, null)),
    getAuthorization: async (authorizationUrl) => {
      const answer = await transport.post(authorizationUrl, null);
      const { status, challenges } = parseAnswer(Authorization, answer, "authorization");
      const http01 = challenges.find(({ type }) => type === "http-01");
      return {
        status,
        http01: http01?.token
          ? {
              url: http01.url,
              token: http01.token,
              status: http01.status,
              error: readReason(http01.error),
            }
          : undefined,
        retryAfterMs: parseRetryAfter(answer.headers["retry-after"], now()),
      };
    },
    keyAuthorization: (token) => transport.keyAuthorization(token),
    startValidation: async (challengeUrl) => void (await transport.post(challengeUrl, {})),
    finalizeOrder: async (order, csrPem) => {
      const csr = acme.crypto.getPemBodyAsB64u(csrPem);
      return readOrder(order.url, await transport.post(order.finalizeUrl, { csr }));
    },
    downloadChain: async (certificateUrl) => {
      const { data } = await transport.post(certificateUrl, null);
      if (typeof data === "string") return data;
      throw new AcmeError("unusable", "The CA answered with something that is not a certificate");
    },
  };
}

function parseAnswer<T>(shape: z.ZodType<T>, answer: AcmeAnswer, what: string): T {
  const { success, data, error } = shape.safeParse(answer.data);
  if (success) return data;
  throw new AcmeError("unusable", `The CA's ${what} is not what RFC 8555 describes`, { cause: error });
}

function readReason(problem: z.infer<typeof CaProblem> | undefined): AcmeReason | undefined {
  return problem && { type: shortType(problem.type), detail: problem.detail.slice(0, 500) };
}
