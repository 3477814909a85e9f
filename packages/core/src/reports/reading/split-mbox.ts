/**
 * The mails of an mbox file, without their `From ` lines and with the quoting of `From ` at line starts undone.
 *
 * `undefined` when the bytes are no mbox. RFC 4155
 */
export function splitMbox(bytes: Buffer): Buffer[] | undefined {
  if (!bytes.subarray(0, 5).equals(Buffer.from("From "))) return undefined;
  const mails: Buffer[] = [];
  let start = 0;
  while (start < bytes.length) {
    const next = findNextEnvelope(bytes, start + 5);
    const lineEnd = bytes.indexOf("\n", start);
    if (lineEnd >= 0 && lineEnd < next) mails.push(unquote(bytes.subarray(lineEnd + 1, next)));
    start = next;
  }
  return mails;
}

/** Index of the next `From ` at a line start after an empty line, or the end. */
function findNextEnvelope(bytes: Buffer, from: number): number {
  for (let index = bytes.indexOf("\nFrom ", from); index >= 0; index = bytes.indexOf("\nFrom ", index + 1)) {
    const before = bytes[index - 1] === 0x0d ? bytes[index - 2] : bytes[index - 1];
    if (before === 0x0a) return index + 1;
  }
  return bytes.length;
}

function unquote(mail: Buffer): Buffer {
  if (!mail.includes("\n>From ") && !mail.includes("\n>>")) return mail;
  return Buffer.from(mail.toString("latin1").replaceAll(/^>(>*From )/gm, "$1"), "latin1");
}
