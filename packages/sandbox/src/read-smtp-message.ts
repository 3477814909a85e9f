import type { SMTPServerDataStream } from "smtp-server";

/** The whole message of an SMTP DATA command, or undefined once it is larger than `maxBytes`; it is read to its end either way. */
export async function readSmtpMessage(
  stream: SMTPServerDataStream,
  maxBytes: number,
): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of stream) {
    const part = Buffer.from(chunk);
    bytes += part.length;
    if (bytes <= maxBytes) chunks.push(part);
  }
  return bytes <= maxBytes ? Buffer.concat(chunks) : undefined;
}
