import { OPERATIONS } from "./generated/operations.ts";
import type { ClientOptions, Operations, RequestOptions } from "./operation-types.ts";
import { readProblem } from "./read-problem.ts";
import { WaxsealError } from "./waxseal-error.ts";

/** Any operation's input. */
type AnyInput = RequestOptions & {
  readonly path?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
};

const TIMEOUT_MS = 60_000;

/**
 * A function for each operation of the API, by its operationId: `createClient({ url, token }).listDomains()`.
 *
 * Nothing is tried again: `retryAfterSeconds` of an error says when that makes sense, and `idempotencyKey` makes it safe.
 * @throws WaxsealError – each function: the API refused, or there is no answer of it
 */
export function createClient(options: ClientOptions): Operations {
  const base = readAddress(options.url);
  const operations = Object.entries(OPERATIONS).map(([id, place]) => {
    const [method = "GET", path = "/"] = place.split(" ");
    return [id, async (input: AnyInput = {}) => send(options, method, fillIn(base + path, input), input)];
  });
  return asOperations(Object.fromEntries(operations));
}

/** The table has every operation, so that each has its function; the answers' types are the document's promise. */
function asOperations(functions: { [id: string]: unknown }): Operations {
  return functions as Operations;
}

/** The address without a slash at its end. */
function readAddress(url: string): string {
  if (!/^https?:\/\/[^/]/.test(url) || !URL.canParse(url))
    throw new WaxsealError(`The address ${url} must begin with https:// or http://.`);
  const { origin, pathname } = new URL(url);
  return origin + pathname.replace(/\/+$/, "");
}

function fillIn(template: string, { path = {}, query = {} }: AnyInput): string {
  const address = template.replace(/\{(\w+)\}/g, (_, name: string) => {
    const part = encodeURIComponent(String(path[name] ?? ""));
    if (part === "" || part === "." || part === "..")
      throw new WaxsealError(`The path needs a value for ${name}.`);
    return part;
  });
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(query))
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined && one !== null) search.append(name, String(one));
  return search.size > 0 ? `${address}?${search}` : address;
}

async function send(
  { token, account, fetch: ask = fetch, timeoutMs = TIMEOUT_MS, onResponse }: ClientOptions,
  method: string,
  address: string,
  input: AnyInput,
): Promise<unknown> {
  const headers = listHeaders({ token, account, ...dropUndefined(input) });
  const ended = new AbortController();
  const stop = () => ended.abort(input.signal?.reason);
  input.signal?.addEventListener("abort", stop, { once: true });
  if (input.signal?.aborted) stop();
  const timer = setTimeout(
    () => ended.abort(new WaxsealError("The server did not answer in time.")),
    timeoutMs,
  );
  try {
    const body = input.body === undefined ? {} : { body: JSON.stringify(input.body) };
    // Followed, a redirect could take the key to another server, and would make a GET of a POST.
    const response = await ask(address, {
      method,
      headers,
      ...body,
      redirect: "manual",
      signal: ended.signal,
    });
    onResponse?.(response);
    return await readAnswer(response, address);
  } catch (error) {
    if (error instanceof WaxsealError) throw error;
    if (ended.signal.aborted) throw ended.signal.reason;
    throw new WaxsealError(`${new URL(address).origin} does not answer.`, { cause: error });
  } finally {
    clearTimeout(timer);
  }
}

function dropUndefined({ account, idempotencyKey, ifMatch, body }: AnyInput) {
  return { ...(account !== undefined && { account }), idempotencyKey, ifMatch, hasBody: body !== undefined };
}

type Headed = {
  token?: string | undefined;
  account?: string | undefined;
  idempotencyKey?: string | undefined;
  ifMatch?: string | undefined;
  hasBody: boolean;
};

function listHeaders({ token, account, idempotencyKey, ifMatch, hasBody }: Headed): Record<string, string> {
  return {
    accept: "application/json, application/problem+json, */*;q=0.5",
    ...(hasBody && { "content-type": "application/json" }),
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(account !== undefined && { "x-waxseal-account": account }),
    ...(idempotencyKey !== undefined && { "idempotency-key": idempotencyKey }),
    ...(ifMatch !== undefined && { "if-match": ifMatch }),
  };
}

async function readAnswer(response: Response, address: string): Promise<unknown> {
  const { status } = response;
  const place = new URL(address).origin;
  if (response.type === "opaqueredirect" || (status >= 300 && status < 400))
    throw new WaxsealError(`${place} sends requests to another address. Use that one.`, { status });
  if (!response.ok) throw await readProblem(response, place);
  if (status === 204) return undefined;
  const type = response.headers.get("content-type") ?? "";
  if (/^text\/html\b/.test(type))
    throw new WaxsealError(`${place} answers with a web page, so that this is not the address of the API.`, {
      status,
    });
  const isFile = response.headers.has("content-disposition");
  return /^application\/json\b/.test(type) && !isFile ? await response.json() : response;
}
