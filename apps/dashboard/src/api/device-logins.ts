import { queryOptions } from "@tanstack/react-query";
import type { ApiKeyScope } from "@waxseal/contract/permissions";
import { api, send } from "./client.ts";
import type { DeviceLoginView } from "./contract.ts";

const pathOf = (userCode: string) => `/device-logins/${encodeURIComponent(userCode)}` as const;

/** The login of a program that a code belongs to. */
export const deviceLoginQuery = (userCode: string) =>
  queryOptions({
    queryKey: ["device-login", userCode],
    queryFn: () => api.get<DeviceLoginView>(pathOf(userCode)),
    retry: false,
  });

/** Lets the program work in an account, which the page names itself: it belongs to none. */
export function allowDeviceLogin(
  userCode: string,
  { account, scope }: { account: string; scope: ApiKeyScope },
) {
  const headers = { "x-waxseal-account": account };
  return send<void>("POST", `/api/v1${pathOf(userCode)}/allow`, { body: { scope }, headers });
}

export function denyDeviceLogin(userCode: string) {
  return api.post<void>(`${pathOf(userCode)}/deny`);
}
