import { Agent } from "node:https";
import { rootCertificates } from "node:tls";
import { explainNetworkError } from "@waxseal/probes";
import acme from "acme-client";
import { z } from "zod";
import { AcmeError } from "./acme-error.ts";
import { parseRetryAfter } from "./parse-retry-after.ts";

/** A CA's answer to one request. */
export type AcmeAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  readonly data: unknown;
};

/** Signed requests to one CA under one account key. */
export type AcmeTransport = {
  /** POST, or POST-as-GET when `payload` is null. @throws AcmeError */
  post(url: string, payload: object | null): Promise<AcmeAnswer>;
  /** GET without a signature. @throws AcmeError */
  get(url: string): Promise<AcmeAnswer>;
  /** The URL the directory gives for a resource. @throws AcmeError */
  resourceUrl(resource: string): Promise<string>;
  /**
   * Registers the key, or finds the account it already has; requests are signed as that account afterwards. The external account is
   * named where the directory wants one. RFC 8555 §7.3.4
   */
  newAccount(payload: object): Promise<string>;
  needsExternalAccount(): Promise<boolean>;
  /** Names of the profiles the directory lists (draft-aaron-acme-profiles §3). @throws AcmeError */
  listProfiles(): Promise<string[]>;
  /** The names in CAA that mean this CA according to its directory, at most 10. RFC 8555 §7.1.1 @throws AcmeError */
  listCaaIdentities(): Promise<string[]>;
  keyAuthorization(token: string): Promise<string>;
  close(): void;
};

export type AcmeTransportOptions = {
  directoryUrl: string;
  accountKeyPem: string;
  /** URL of an account that is already registered. */
  accountUrl?: string | undefined;
  externalAccount?: { kid: string; hmacKey: string } | undefined;
  /** Trusted for the directory's own HTTPS besides the usual roots. */
  caPem?: string | undefined;
  timeoutMs?: number | undefined;
  now(): Date;
};

/** What acme-client 5.4 keeps beside its typed surface. */
type Internals = {
  http: {
    request(url: string, method: string, options?: { data?: unknown; headers?: object }): Promise<AcmeAnswer>;
    getNonce(): Promise<string>;
    getResourceUrl(resource: string): Promise<string>;
    getMetaField(field: string): Promise<unknown>;
    maxBadNonceRetries: number;
    externalAccountBinding: object;
  };
  api: {
    accountUrl: string | null;
    apiRequest(url: string, payload: object | null): Promise<AcmeAnswer>;
    createAccount(payload: object): Promise<AcmeAnswer>;
  };
};

/** Guaranteed by the exact version in package.json: both fields are public there, only the typings leave them out. */
function internalsOf(client: acme.Client): Internals {
  return client as unknown as Internals;
}

const MAX_ANSWER_BYTES = 500_000;
/** Pebble refuses half of all good nonces in our tests: 30 tries leave one failure in a thousand million. */
const BAD_NONCE_TRIES = 30;
const MAX_SPARE_NONCES = 50;
const MAX_PROFILES = 50;

const CaaIdentities = z.array(z.string().regex(/^[\w.-]{1,253}$/)).max(10);

const Problem = z.object({
  type: z.string().default(""),
  detail: z.string().default(""),
  subproblems: z
    .array(z.object({ type: z.string().default(""), detail: z.string().default("") }))
    .default([]),
});

/**
 * Opens signed HTTPS to a CA: acme-client's signatures and nonce handling over a transport of ours.
 *
 * One request is one try with a time-out, a size limit and no redirects; only a refused nonce is tried again, with the fresh one
 * that came with the refusal. acme-client's own retry is left out: it sleeps inside the call and sends stale nonces again.
 *
 * RFC 8555 §6.2, §6.5
 */
export function openAcmeTransport(options: AcmeTransportOptions): AcmeTransport {
  const client = new acme.Client({
    directoryUrl: options.directoryUrl,
    accountKey: options.accountKeyPem,
    ...(options.accountUrl && { accountUrl: options.accountUrl }),
    ...(options.externalAccount && { externalAccountBinding: options.externalAccount }),
  });
  const { http, api } = internalsOf(client);
  const { send, close } = createSender(options);
  const spareNonces: string[] = [];
  const fetchNonce = http.getNonce.bind(http);
  http.maxBadNonceRetries = BAD_NONCE_TRIES;
  http.getNonce = async () => spareNonces.pop() ?? (await fetchNonce());
  http.request = async (url, method, { data } = {}) => {
    const answer = await send(url, method, data);
    const problem = readProblem(answer, options.now());
    // acme-client takes the fresh nonce from this answer itself.
    if (problem?.type === "badNonce") return answer;
    const nonce = answer.headers["replay-nonce"];
    if (method === "post" && typeof nonce === "string" && spareNonces.length < MAX_SPARE_NONCES) {
      spareNonces.push(nonce);
    }
    if (problem) throw problem;
    return answer;
  };
  const accept = (answer: AcmeAnswer): AcmeAnswer => {
    const problem = readProblem(answer, options.now());
    if (problem) throw problem;
    return answer;
  };
  const needsExternalAccount = async () =>
    (await typed(() => http.getMetaField("externalAccountRequired"))) === true;
  return {
    post: async (url, payload) => accept(await typed(() => api.apiRequest(url, payload))),
    get: async (url) => accept(await http.request(url, "get")),
    resourceUrl: (resource) => typed(() => http.getResourceUrl(resource)),
    newAccount: async (payload) => {
      api.accountUrl = null;
      // Of another CA: this one would not know the key, and need not hear of it.
      if (!(await needsExternalAccount())) http.externalAccountBinding = {};
      accept(await typed(() => api.createAccount(payload)));
      if (!api.accountUrl) throw new AcmeError("unusable", "The CA gave the new account no URL");
      return api.accountUrl;
    },
    needsExternalAccount,
    listProfiles: async () => {
      const listed = z
        .record(z.string(), z.unknown())
        .safeParse(await typed(() => http.getMetaField("profiles")));
      return Object.keys(listed.data ?? {}).slice(0, MAX_PROFILES);
    },
    listCaaIdentities: async () => {
      const listed = CaaIdentities.safeParse(await typed(() => http.getMetaField("caaIdentities")));
      return (listed.data ?? []).map((identity) => identity.toLowerCase());
    },
    keyAuthorization: (token) =>
      client.getChallengeKeyAuthorization({ type: "http-01", url: "", status: "pending", token }),
    close,
  };
}

function createSender(options: AcmeTransportOptions) {
  const timeoutMs = options.timeoutMs ?? 15_000;
  const agent = new Agent({
    keepAlive: true,
    maxSockets: 16,
    // The CA closes idle connections after its own time-out; ours must close first.
    timeout: 5_000 + timeoutMs,
    ca: options.caPem ? [...rootCertificates, options.caPem] : undefined,
  });
  // Not acme-client's own instance: its interceptors retry, and lose the reason of a network error.
  const axios = acme.axios.create({
    adapter: "http",
    httpsAgent: agent,
    timeout: timeoutMs,
    maxRedirects: 0,
    maxContentLength: MAX_ANSWER_BYTES,
    proxy: false,
    validateStatus: null,
    headers: { "User-Agent": "waxseal", "Content-Type": "application/jose+json" },
  });
  const send = async (url: string, method: string, data?: unknown): Promise<AcmeAnswer> => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const { status, headers, data: body } = await axios.request({ url, method, data, signal });
      return { status, headers, data: body };
    } catch (cause) {
      const reason = signal.aborted
        ? `It does not answer within ${timeoutMs / 1_000} s`
        : explainNetworkError(cause);
      throw new AcmeError("unreachable", reason, { cause });
    }
  };
  return { send, close: () => agent.destroy() };
}

function readProblem({ status, data, headers }: AcmeAnswer, now: Date): AcmeError | undefined {
  if (status > 0 && status < 400) return undefined;
  const retryAfterMs = parseRetryAfter(headers["retry-after"], now);
  const { success, data: problem } = Problem.safeParse(data);
  if (!success || problem.type === "") {
    const kind = status >= 500 || status === 429 ? "unreachable" : "unusable";
    return new AcmeError(kind, `HTTP status ${status} without a reason`, { status, retryAfterMs });
  }
  const { type, detail, subproblems } = problem;
  return new AcmeError("refused", detail || shortType(type), {
    status,
    type: shortType(type),
    retryAfterMs,
    subproblems: subproblems.map((sub) => ({ type: shortType(sub.type), detail: sub.detail })),
  });
}

/** `urn:ietf:params:acme:error:rateLimited` becomes `rateLimited`. */
export function shortType(urn: string): string {
  return urn.split(":").at(-1) ?? "";
}

/** What acme-client throws itself is about an answer that makes no sense. */
async function typed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof AcmeError) throw cause;
    throw new AcmeError("unusable", cause instanceof Error ? cause.message : String(cause), { cause });
  }
}
