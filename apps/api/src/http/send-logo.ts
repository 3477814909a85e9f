import type { FastifyReply } from "fastify";

/** Sends an uploaded picture so that browsers treat it as a picture only, whatever its bytes are. */
export function sendLogo(
  reply: FastifyReply,
  { bytes, contentType }: { bytes: Uint8Array; contentType: string },
): FastifyReply {
  return reply
    .header("content-type", contentType)
    .header("x-content-type-options", "nosniff")
    .header("content-security-policy", "default-src 'none'; sandbox")
    .send(Buffer.from(bytes));
}
