import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type MimeNode, Splitter, type SplitterChunk } from "@zone-eu/mailsplit";

/**
 * One leaf of a mail, decoded. `contentType` is lower-case without parameters; `isBody`: it is shown as the text of the mail rather
 * than attached to it.
 */
export type MailPart = { contentType: string; fileName: string | null; isBody: boolean; bytes: Buffer };

type Leaf = { node: MimeNode; chunks: Buffer[] };

const MAX_PARTS = 200;
const MAX_HEAD_BYTES = 256 * 1024;

/**
 * The leaves of a mail in their order, their transfer encoding undone. Text stays in its character set, unless that is one JSON cannot
 * be in; mails attached to it are leaves of type `message/rfc822`.
 * @throws Error – the mail has more than 200 parts, or a part header of more than 256 KiB
 */
export async function readMailParts(mail: Buffer): Promise<MailPart[]> {
  const splitter = new Splitter({
    ignoreEmbedded: true,
    maxChildNodes: MAX_PARTS,
    maxHeadSize: MAX_HEAD_BYTES,
  });
  splitter.end(mail);
  const leaves: Leaf[] = [];
  for await (const item of items(splitter)) {
    if (item.type === "node") leaves.push({ node: item, chunks: [] });
    else if (item.type === "body") leaves.at(-1)?.chunks.push(item.value);
  }
  return Promise.all(leaves.filter(({ node }) => !node.multipart).map(toPart));
}

async function toPart({ node, chunks }: Leaf): Promise<MailPart> {
  const body = Buffer.concat(chunks);
  const isPlain = !/^(?:base64|quoted-printable)$/.test(node.encoding || "");
  const bytes = isPlain ? body : await buffer(Readable.from([body]).pipe(node.getDecoder()));
  const contentType = (node.contentType || "text/plain").toLowerCase();
  const isText = /^text\/(?:plain|html)$/.test(contentType);
  return {
    contentType,
    fileName: typeof node.filename === "string" ? node.filename.slice(0, 1_000) : null,
    isBody: isText && node.disposition !== "attachment" && !node.filename,
    bytes: isText ? toReadableText(bytes, node.charset || "utf-8") : bytes,
  };
}

/** UTF-8, UTF-16 and what only claims to be text stay as they are. */
function toReadableText(bytes: Buffer, charset: string): Buffer {
  if (/^(?:utf-?(?:8|16)|us-ascii)/i.test(charset) || bytes.includes(0)) return bytes;
  try {
    return Buffer.from(new TextDecoder(charset).decode(bytes));
  } catch {
    return bytes;
  }
}

/** An object-mode stream yields what it emits; its type only says so for the data event. */
function items(splitter: Splitter): AsyncIterable<SplitterChunk> {
  return splitter as AsyncIterable<SplitterChunk>;
}
