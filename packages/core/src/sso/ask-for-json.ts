import type { HttpsClient, HttpsRequest } from "@waxseal/probes";
import type { z } from "zod";
import { SsoProblem } from "./sso-problem.ts";

/**
 * Asks an identity provider for a JSON document of this shape.
 * @throws SsoProblem `unavailable` – no answer, not 200, or another shape
 */
export async function askForJson<Shape extends z.ZodType>(
  client: HttpsClient,
  request: HttpsRequest,
  shape: Shape,
): Promise<z.output<Shape>> {
  const { host, pathname } = URL.parse(request.url) ?? { host: "The identity provider", pathname: "" };
  const answer = await client.send(request);
  if ("missing" in answer)
    throw new SsoProblem("away", `${host} could not be asked. ${answer.detail.slice(0, 200)}.`);
  const json = parseJson(answer.body);
  if (answer.status !== 200)
    throw new SsoProblem(
      answer.status >= 500 ? "away" : "refusedUs",
      `${host} answered ${sayRefusal(answer.status, json)} at ${pathname}.`,
    );
  const { data, error } = shape.safeParse(json);
  if (error) {
    const path = error.issues[0]?.path.join(".");
    throw new SsoProblem("unusable", `${host} answered what we cannot use${path ? `: ${path}` : ""}.`);
  }
  return data;
}

function parseJson(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** What an identity provider's error means for the people who set it up. RFC 6749 §5.2 */
const REFUSALS: Record<string, string> = {
  invalid_grant: "the sign-in code is unknown, used or expired",
  invalid_client: "the client ID or the client secret is wrong",
  unauthorized_client: "this client may not sign people in",
  invalid_request: "the request is not complete",
  invalid_scope: "it does not allow the scopes openid, email and profile",
};

function sayRefusal(status: number, json: unknown): string {
  const error = typeof json === "object" && json !== null && "error" in json ? json.error : undefined;
  const words = typeof error === "string" ? REFUSALS[error] : undefined;
  return words ? `${status} (${words})` : String(status);
}
