import type { ChannelKind } from "@waxseal/contract";
import { z } from "zod";
import { AppError } from "../app-error.ts";

/** Ports a channel may be at: TLS to a stranger's mail server must not be possible. */
const isAllowedPort = (port: number) => port === 443 || port === 8_443 || port >= 1_024;
const KEY = /^[A-Za-z0-9]{32}$/;

/**
 * The target of a channel as it is kept, and what people see of it.
 * @throws AppError `invalid` – not an address of this kind
 */
export function readChannelTarget(kind: ChannelKind, text: string): { target: string; hint: string } {
  if (kind === "pagerduty") {
    if (!KEY.test(text))
      throw refuse("must be the integration key of an Events API v2 integration, 32 letters and digits");
    return { target: text, hint: `Key …${text.slice(-4)}` };
  }
  if (kind === "mail") {
    const { data } = z.email().safeParse(text.toLowerCase());
    if (!data) throw refuse("must be an email address");
    return { target: data, hint: data };
  }
  const url = URL.parse(text);
  if (url?.protocol !== "https:") throw refuse("must be an address that begins with https://");
  if (url.username !== "" || url.password !== "") throw refuse("must not hold a user name or password");
  if (!isAllowedPort(Number(url.port || 443))) throw refuse("must use port 443, 8443 or one above 1023");
  // As it was entered: the signature in a Workflows address is over its exact bytes.
  return { target: text, hint: `${url.host} …${text.slice(-4)}` };
}

function refuse(problem: string): AppError {
  return new AppError("invalid", `The address ${problem}.`, { fields: [{ path: "target", problem }] });
}
