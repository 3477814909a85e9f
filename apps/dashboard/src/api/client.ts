import type { ProblemView } from "./contract.ts";
import { createRetryClock, type RetryClock } from "./retry-clock.ts";

/** What the API refused, in words that may be shown. `status` 0: it did not answer. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly fields: readonly { path: string; problem: string }[];

  constructor(status: number, code: string, message: string, fields: ApiError["fields"] = []) {
    super(message);
    this.name = "ApiError";
    this.status = status;
    this.code = code;
    this.fields = fields;
  }

  /** What is wrong with one field of the request, if the refusal was about it. */
  problemWith(path: string): string | undefined {
    return this.fields.find((field) => field.path === path || field.path.startsWith(`${path}.`))?.problem;
  }
}

export type Query = Record<string, string | number | undefined>;

/** Paths that belong to no account: about the person, or public. All others are read and changed by `inAccount`. */
type OpenPath =
  `/${"me" | "device-logins" | "email-changes" | "info" | "sign-up" | "check" | "shared" | "shared-instructions" | "invitation-links"}${"" | `/${string}`}`;

export const api = {
  get: <T>(path: OpenPath, query?: Query) => send<T>("GET", `/api/v1${path}`, { query }),
  put: <T>(path: OpenPath, body: unknown) => send<T>("PUT", `/api/v1${path}`, { body }),
  post: <T>(path: OpenPath, body?: unknown) => send<T>("POST", `/api/v1${path}`, { body }),
  delete: (path: OpenPath, body?: unknown) => send<void>("DELETE", `/api/v1${path}`, { body }),
  authGet: <T>(path: string, query?: Query) => send<T>("GET", `/api/auth${path}`, { query }),
  auth: <T>(path: string, body: unknown) => send<T>("POST", `/api/auth${path}`, { body }),
};

type Sent = {
  query?: Query | undefined;
  body?: unknown;
  headers?: Record<string, string>;
  /** How long an answer may take; READ_MS or WRITE_MS unless given. */
  timeoutMs?: number | undefined;
};

const READ_MS = 30_000;
/** Some of what is asked for looks at mail servers first. */
const WRITE_MS = 60_000;

/** What a proxy answers while our API does not. */
const GATEWAY_STATUSES = [502, 503, 504];

/** The next attempt of all requests that got no answer. */
export const retryClock = createRetryClock();

/** Sends a request and reads its answer. What only reads is sent again until there is one. @throws ApiError */
export const send = createSend({ fetch: (...request) => fetch(...request), retryClock });

type SendDeps = { fetch: typeof fetch; retryClock: Pick<RetryClock, "wait" | "noteAnswer"> };

/** Makes `send` for a way to the server. */
export function createSend({ fetch, retryClock }: SendDeps) {
  return async function send<T>(method: string, path: string, sent: Sent = {}): Promise<T> {
    const isRead = method === "GET";
    for (;;) {
      const answer = await ask(fetch, method, path, sent);
      if (answer !== "none") {
        retryClock.noteAnswer();
        if (answer.status >= 400) throw readProblem(answer.status, answer.body);
        return trustAnswer<T>(answer.body);
      }
      if (!isRead) throw new ApiError(0, "unavailable", NO_ANSWER_TO_A_CHANGE);
      await retryClock.wait();
    }
  };
}

const NO_ANSWER_TO_A_CHANGE =
  "The server does not answer. Check your connection. It may have done this already: reload the page before you try again.";

/** One attempt; "none" when the server was not reached, took too long, or broke off. */
async function ask(
  fetch: SendDeps["fetch"],
  method: string,
  path: string,
  { query, body, headers, timeoutMs }: Sent,
): Promise<{ status: number; body: unknown } | "none"> {
  try {
    const response = await fetch(path + formatQuery(query), {
      method,
      credentials: "same-origin",
      signal: AbortSignal.timeout(timeoutMs ?? (method === "GET" ? READ_MS : WRITE_MS)),
      headers: {
        accept: "application/json",
        ...headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await response.text();
    const answer = readJson(text);
    const isGateway = GATEWAY_STATUSES.includes(response.status) && answer === undefined;
    const isBroken = response.ok && text !== "" && answer === undefined;
    return isGateway || isBroken ? "none" : { status: response.status, body: answer ?? null };
  } catch {
    return "none";
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The API checks its answers against the same contract before sending them, so they are not checked again. */
function trustAnswer<T>(answer: unknown): T {
  return answer as T;
}

function readProblem(status: number, answer: unknown): ApiError {
  // Problem documents of our API say `detail`, those of sign-in `message`.
  const problem: Partial<ProblemView> & { message?: string } =
    typeof answer === "object" && answer ? answer : {};
  const fallback =
    status === 429
      ? "That was too often. Wait a moment and try again."
      : "Something went wrong on our side. Try again in a moment.";
  const text = problem.detail ?? problem.message ?? fallback;
  return new ApiError(status, problem.code ?? "unavailable", text, problem.errors ?? []);
}

function formatQuery(query: Query = {}): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== "") search.set(name, String(value));
  }
  return search.size > 0 ? `?${search}` : "";
}
