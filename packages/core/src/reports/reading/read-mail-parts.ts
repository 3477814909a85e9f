import { buffer } from "node:stream/consumers";
import { type AttachmentStream, MailParser, type MessageText } from "mailparser";

/** One leaf of a mail, decoded. `contentType` is lower-case without parameters. */
export type MailPart = { contentType: string; fileName: string | null; bytes: Buffer };

const MAX_PARTS = 200;
const MAX_HEAD_BYTES = 256 * 1024;

/**
 * The leaves of a mail in their order, decoded; plain text that stands in the mail itself comes last.
 *
 * Mails attached to it are leaves of type `message/rfc822`. HTML is left out.
 * @throws Error – the mail has more than 200 parts, or a part header of more than 256 KiB
 */
export async function readMailParts(mail: Buffer): Promise<MailPart[]> {
  const parser = new MailParser({
    ignoreEmbedded: true,
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipImageLinks: true,
    checksumAlgo: false,
    maxChildNodes: MAX_PARTS,
    maxHeadSize: MAX_HEAD_BYTES,
  });
  parser.end(mail);
  const parts: MailPart[] = [];
  for await (const item of items(parser)) {
    if (item.type === "text") {
      if (item.text) parts.push({ contentType: "text/plain", fileName: null, bytes: Buffer.from(item.text) });
      continue;
    }
    const bytes = await buffer(item.content);
    item.release?.();
    parts.push({
      contentType: item.contentType.toLowerCase(),
      fileName: typeof item.filename === "string" ? item.filename.slice(0, 1_000) : null,
      bytes,
    });
  }
  return parts;
}

/** An object-mode stream yields what it emits; its type only says so for the data event. */
function items(parser: MailParser): AsyncIterable<AttachmentStream | MessageText> {
  return parser as AsyncIterable<AttachmentStream | MessageText>;
}
