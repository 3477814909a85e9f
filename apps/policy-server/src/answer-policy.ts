import { type Answer, refusal, textAnswer } from "./answer.ts";
import type { PolicyRequest } from "./read-request.ts";

const POLICY_PATH = "/.well-known/mta-sts.txt";

/**
 * The answer to a request on a connection made for `serverName`, a policy host.
 * `body` is the policy served there; undefined: none. Nothing is ever redirected.
 *
 * RFC 8461 §3.2, §3.3
 */
export function answerPolicy(request: PolicyRequest, serverName: string, body: string | undefined): Answer {
  // 421, not 404: a client reused a connection made for another customer. RFC 9110 §15.5.20
  if (request.host !== undefined && request.host !== serverName) return refusal(421);
  if (request.path !== POLICY_PATH && request.path !== "*") return refusal(404);
  if (request.method !== "GET" && request.method !== "HEAD") return refusal(405);
  return body === undefined ? refusal(404) : textAnswer(body);
}
