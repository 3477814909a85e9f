import { Readable } from "node:stream";
import type { StreamedFile } from "@waxseal/core";
import type { FastifyReply } from "fastify";

/** Offers an export for download while it is made. */
export function sendFile(reply: FastifyReply, { chunks, contentType, fileName }: StreamedFile): FastifyReply {
  return reply
    .header("content-type", contentType)
    .header("content-disposition", `attachment; filename="${fileName}"`)
    .send(Readable.from(chunks));
}
