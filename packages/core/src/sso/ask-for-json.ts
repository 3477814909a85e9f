import type { HttpsClient, HttpsRequest } from "@waxseal/probes";
import type { z } from "zod";
import { AppError } from "../app-error.ts";

/**
 * Asks an identity provider for a JSON document of this shape.
 * @throws AppError `unavailable` – no answer, not 200, or another shape
 */
export async function askForJson<Shape extends z.ZodType>(
  client: HttpsClient,
  request: HttpsRequest,
  shape: Shape,
): Promise<z.output<Shape>> {
  const { host, pathname } = URL.parse(request.url) ?? { host: "The identity provider", pathname: "" };
  const answer = await client.send(request);
  if ("missing" in answer)
    throw new AppError("unavailable", `${host} could not be asked. ${answer.detail.slice(0, 200)}.`);
  const json = parseJson(answer.body);
  if (answer.status !== 200)
    throw new AppError("unavailable", `${host} answered ${sayRefusal(answer.status, json)} at ${pathname}.`);
  const { data, error } = shape.safeParse(json);
  if (error) {
    const path = error.issues[0]?.path.join(".");
    throw new AppError("unavailable", `${host} answered what we cannot use${path ? `: ${path}` : ""}.`);
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

/** RFC 6749 §5.2 */
function sayRefusal(status: number, json: unknown): string {
  const error = typeof json === "object" && json !== null && "error" in json ? json.error : undefined;
  return typeof error === "string" && /^[\w.-]{1,60}$/.test(error) ? `${status} (${error})` : String(status);
}
