import type { FastifyReply } from "fastify";

/** Shows a picture that somebody uploaded as nothing but a picture, whatever its bytes are. */
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
