import { jwtVerify } from "jose";
import { z } from "zod";

const Payload = z.object({ email: z.email(), updateTo: z.undefined().optional() });

/** The address whose mailbox a mailed link shows; `undefined` when the link has expired or is not ours. Never throws. */
export async function readConfirmationLink(secret: string, token: string): Promise<string | undefined> {
  try {
    const { payload } = await jwtVerify(token, new TextEncoder().encode(secret), { algorithms: ["HS256"] });
    return Payload.parse(payload).email;
  } catch {
    return undefined;
  }
}
