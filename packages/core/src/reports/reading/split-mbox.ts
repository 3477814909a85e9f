/**
 * The mails of an mbox file, without their `From ` lines and with the quoting of `From ` at line starts undone.
 *
 * A mail begins at a `From ` line that a header field follows, after an empty line or with the date that such lines end in; in a
 * text, `From ` at the start of a line is followed by more text. `undefined` when the bytes are no mbox. RFC 4155
 */
export function splitMbox(bytes: Buffer): Buffer[] | undefined {
  const first = skipBlanks(bytes);
  if (bytes.toString("latin1", first, first + 5) !== "From ") return undefined;
  const mails: Buffer[] = [];
  for (let start = first; start < bytes.length; ) {
    const next = findNextEnvelope(bytes, start + 5);
    const lineEnd = bytes.indexOf("\n", start);
    mails.push(unquote(bytes.subarray(lineEnd >= 0 && lineEnd < next ? lineEnd + 1 : start, next)));
    start = next;
  }
  return mails;
}

function skipBlanks(bytes: Buffer): number {
  let index = bytes.toString("hex", 0, 3) === "efbbbf" ? 3 : 0;
  while (bytes[index] === 0x0d || bytes[index] === 0x0a) index++;
  return index;
}

/** Index of the next `From ` at a line start that begins a mail, or the end. */
function findNextEnvelope(bytes: Buffer, from: number): number {
  for (let index = bytes.indexOf("\nFrom ", from); index >= 0; index = bytes.indexOf("\nFrom ", index + 1)) {
    const before = bytes[index - 1] === 0x0d ? bytes[index - 2] : bytes[index - 1];
    if (isEnvelope(bytes.toString("latin1", index + 1, index + 2_000), before === 0x0a)) return index + 1;
  }
  return bytes.length;
}

/** A `From ` line, other envelope lines such as `>From `, and a header field. */
function isEnvelope(text: string, followsEmptyLine: boolean): boolean {
  if (!followsEmptyLine && !/^From \S[^\r\n]* \d\d:\d\d[^\r\n]* \d{4}\b/.test(text)) return false;
  return /^From [^\r\n]*\r?\n(?:>From [^\r\n]*\r?\n)*[\x21-\x39\x3b-\x7e]{1,80}[ \t]*:/.test(text);
}

function unquote(mail: Buffer): Buffer {
  if (!mail.includes("\n>From ") && !mail.includes("\n>>")) return mail;
  return Buffer.from(mail.toString("latin1").replaceAll(/^>(>*From )/gm, "$1"), "latin1");
}
