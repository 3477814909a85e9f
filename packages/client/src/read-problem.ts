import { type Problem, WaxsealError } from "./waxseal-error.ts";

const MAX_PROBLEM_CHARS = 1_000_000;

/** The error for a refusal; also for one that comes from a proxy instead of the API. Never throws. */
export async function readProblem(response: Response, place: string): Promise<WaxsealError> {
  const { status } = response;
  const retryAfterSeconds = readSeconds(response.headers.get("retry-after"));
  const text = await response.text().catch(() => "");
  const problem = parseProblem(text);
  const message = problem?.detail ?? `${place} refused the request with status ${status}.`;
  return new WaxsealError(message, { status, problem, retryAfterSeconds });
}

function readSeconds(text: string | null): number | undefined {
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : undefined;
}

function parseProblem(text: string): Problem | undefined {
  if (text.length > MAX_PROBLEM_CHARS) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isProblem(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isProblem(value: unknown): value is Problem {
  return (
    typeof value === "object" &&
    value !== null &&
    "code" in value &&
    typeof value.code === "string" &&
    "detail" in value &&
    typeof value.detail === "string"
  );
}
