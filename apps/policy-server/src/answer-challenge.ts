import { type Answer, refusal, textAnswer } from "./answer.ts";
import type { PolicyRequest } from "./read-request.ts";

const CHALLENGE_PATH = "/.well-known/acme-challenge/";

/** The answer on port 80: the key authorization of an open challenge, or 404 and nothing else. RFC 8555 §8.3 */
export function answerChallenge(
  request: PolicyRequest,
  keyAuthorizationOf: (token: string) => string | undefined,
): Answer {
  const isRead = request.method === "GET" || request.method === "HEAD";
  if (!isRead || !request.path.startsWith(CHALLENGE_PATH)) return refusal(404);
  const keyAuthorization = keyAuthorizationOf(request.path.slice(CHALLENGE_PATH.length));
  return keyAuthorization === undefined
    ? refusal(404)
    : { ...textAnswer(keyAuthorization), contentType: "application/octet-stream" };
}
