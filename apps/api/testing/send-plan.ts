import type { Plan } from "./route-plans.ts";
import type { Answer, TestApi } from "./start-test-api.ts";

type Sent = { path?: Record<string, string>; body?: unknown; query?: string };
type Options = { key?: string; cookie?: string; account?: string; headers?: Record<string, string> };

/** Sends a route what its plan says; `id` is that of the object it is about. */
export async function sendPlan(
  api: TestApi,
  [route, plan]: [route: string, plan: Exclude<Plan, "public">],
  id: string,
  options: Options & { query?: string },
): Promise<Answer> {
  const { path = {}, query = "", body }: Sent = "own" in plan ? plan.own : plan.object(id);
  const [method = "", pattern = ""] = route.split(" ");
  const url = pattern.replace(/\{(\w+)\}/g, (_match, name: string) => encodeURIComponent(path[name] ?? ""));
  const { query: more, ...rest } = options;
  const search = [query.replace("?", ""), more].filter(Boolean).join("&");
  return api.ask(method, `${url}${search && `?${search}`}`, {
    ...rest,
    ...(body === undefined ? {} : { body }),
  });
}

/** An answer without what differs from request to request. */
export function withoutRequestId({ status, json }: Answer): unknown {
  return { status, json: { ...Object(json), requestId: null } };
}
