import type { ProblemView } from "./contract.ts";

/** What the API refused, in words that may be shown. `status` 0: it could not be reached. */
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
  `/${"me" | "email-changes" | "info" | "check" | "shared" | "shared-instructions" | "invitation-links"}${"" | `/${string}`}`;

export const api = {
  get: <T>(path: OpenPath, query?: Query) => send<T>("GET", `/api/v1${path}`, { query }),
  put: <T>(path: OpenPath, body: unknown) => send<T>("PUT", `/api/v1${path}`, { body }),
  post: <T>(path: OpenPath, body?: unknown) => send<T>("POST", `/api/v1${path}`, { body }),
  delete: (path: OpenPath, body?: unknown) => send<void>("DELETE", `/api/v1${path}`, { body }),
  authGet: <T>(path: string, query?: Query) => send<T>("GET", `/api/auth${path}`, { query }),
  auth: <T>(path: string, body: unknown) => send<T>("POST", `/api/auth${path}`, { body }),
};

type Sent = { query?: Query | undefined; body?: unknown; headers?: Record<string, string> };

/** Sends a request and reads its answer. @throws ApiError */
export async function send<T>(method: string, path: string, { query, body, headers }: Sent = {}): Promise<T> {
  let response: Response;
  try {
    response = await fetch(path + formatQuery(query), {
      method,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...headers,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
  } catch {
    throw new ApiError(
      0,
      "unavailable",
      "Waxseal could not be reached. Check your connection and try again.",
    );
  }
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw readProblem(response.status, answer);
  return trustAnswer<T>(answer);
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
