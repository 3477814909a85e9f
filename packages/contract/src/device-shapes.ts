import { z } from "zod";
import { API_KEY_SCOPES } from "./permissions.ts";

const Scope = z.enum(API_KEY_SCOPES);

/** What a person types: eight letters that cannot be mistaken for each other, a hyphen in the middle or not. RFC 8628 §6.1 */
export const UserCode = z
  .string()
  .max(20)
  .regex(/^[A-Za-z -]{8,20}$/);

const client = z
  .string()
  .trim()
  .min(1)
  .max(60)
  .describe("Which program asks on which machine, shown to the person");

/** `POST /device-logins`. RFC 8628 §3.1 */
export const DeviceLoginBody = z
  .object({
    client,
    scope: Scope.default("write").describe("What the program would like; the person decides"),
  })
  .meta({ id: "NewDeviceLogin" });

/** What the program goes on with. RFC 8628 §3.2 */
export const DeviceLoginStartView = z
  .object({
    deviceCode: z.string().describe("The program's secret; `device_code` in RFC 8628"),
    userCode: z.string().describe("What the person compares or types"),
    verificationUri: z.string().describe("The page where the person types the code"),
    verificationUriComplete: z.string().describe("The same page with the code"),
    expiresInSeconds: z.int(),
    intervalSeconds: z.int().describe("Ask no more often than this; after slow_down five seconds less often"),
  })
  .meta({ id: "DeviceLoginStart" });

/** `POST /device-logins/poll`. RFC 8628 §3.4 */
export const DevicePollBody = z.object({ deviceCode: z.string().min(1).max(100) }).meta({ id: "DevicePoll" });

/** The one answer that carries the key. RFC 8628 §3.5 */
export const DeviceKeyView = z
  .object({
    key: z.string().describe("An API key, listed among those of the account"),
    scope: Scope,
    account: z.object({ id: z.string(), name: z.string() }),
  })
  .meta({ id: "DeviceKey" });

/** `GET /device-logins/:userCode`: what the person decides about. */
export const DeviceLoginView = z
  .object({
    userCode: z.string(),
    client: z.string(),
    scope: Scope,
    address: z.string().describe("Network address of the program that asks"),
    askedAt: z.iso.datetime(),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: "DeviceLogin" });

/** `POST /device-logins/:userCode/allow` */
export const DeviceAllowBody = z
  .object({ scope: Scope.describe("What the key may do") })
  .meta({ id: "DeviceAllow" });
