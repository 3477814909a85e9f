import { MAX_POLICY_BYTES } from "./policy.ts";

/** The part of `fetch` that is used, so that a caller can bring one with its own guards, proxies or certificates. */
export type PolicyFetch = (
  url: string,
  init: { redirect: "manual"; signal: AbortSignal; headers: Record<string, string> },
) => Promise<Response>;

/** The text of a policy file, or why a sender does not use the answer; `cause` is what `fetch` threw. */
export type PolicyBody =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly problem: string; readonly cause?: unknown };

const FETCH_MS = 60_000;

/**
 * Fetches the policy file of a domain as a sender does: only status 200 counts, redirects are not followed, the type is
 * `text/plain`, at most 64 KiB are read, and the whole takes at most a minute.
 *
 * `fetch` has to check the certificate, as the one of Node and browsers does. Never throws.
 *
 * RFC 8461 §3.3
 */
export async function fetchPolicyBody(domain: string, fetch: PolicyFetch): Promise<PolicyBody> {
  const url = `https://mta-sts.${domain}/.well-known/mta-sts.txt`;
  const signal = AbortSignal.timeout(FETCH_MS);
  try {
    const response = await fetch(url, { redirect: "manual", signal, headers: { accept: "text/plain" } });
    const problem = findAnswerProblem(response);
    if (problem) {
      await response.body?.cancel();
      return { ok: false, problem };
    }
    return await readBody(response);
  } catch (cause) {
    const problem = signal.aborted
      ? "The server did not answer in a minute."
      : "The server cannot be reached, or its certificate is not valid.";
    return { ok: false, problem, cause };
  }
}

function findAnswerProblem({ status, headers, type }: Response): string | null {
  if (type === "opaqueredirect" || (status >= 300 && status < 400))
    return "The server answers with a redirect; senders do not follow it.";
  if (status !== 200) return `The server answers with status ${status} instead of 200.`;
  const mediaType = (headers.get("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (mediaType !== "text/plain")
    return `The policy has the type "${mediaType || "none"}" instead of "text/plain".`;
  return null;
}

async function readBody(response: Response): Promise<PolicyBody> {
  const decoder = new TextDecoder();
  let text = "";
  let bytes = 0;
  const reader = response.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    bytes += part.value.byteLength;
    if (bytes > MAX_POLICY_BYTES) {
      await reader?.cancel();
      return { ok: false, problem: "The policy is larger than 64 KiB." };
    }
    text += decoder.decode(part.value, { stream: true });
  }
  return { ok: true, text: text + decoder.decode() };
}
