import type { RawMessage } from "@waxseal/core/reports";
import type { FastifyReply } from "fastify";

/**
 * Offers bytes that a stranger sent for download. No browser shows them as a page, whatever they are.
 */
export function sendRaw(reply: FastifyReply, { bytes, contentType, fileName }: RawMessage): FastifyReply {
  return reply
    .header("content-type", contentType)
    .header("content-disposition", `attachment; filename="${fileName.replace(/[^\w.-]/g, "_")}"`)
    .header("x-content-type-options", "nosniff")
    .header("content-security-policy", "default-src 'none'; sandbox")
    .send(bytes);
}
