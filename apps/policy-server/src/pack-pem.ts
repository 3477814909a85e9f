type Label = "CERTIFICATE" | "PRIVATE KEY";

const LINE = 64;
/** What every DER certificate and key begins with: a SEQUENCE. PEM begins with a hyphen. */
const SEQUENCE = "0";
const scratch = Buffer.alloc(16_384);

/** One PEM text as the bytes inside it (latin1), a third shorter; anything else as it is. */
export function packPem(pem: string, label: Label): string {
  const [begin, end] = [`-----BEGIN ${label}-----`, `-----END ${label}-----`];
  const text = pem.trim();
  const bytes =
    text.startsWith(begin) && text.endsWith(end)
      ? Buffer.from(text.slice(begin.length, -end.length), "base64")
      : Buffer.alloc(0);
  const fits = bytes.length <= scratch.length && bytes[0] === SEQUENCE.charCodeAt(0);
  // Through a buffer either way: a slice of a string keeps the whole string.
  return (fits ? bytes : Buffer.from(pem, "latin1")).toString("latin1");
}

/** The PEM text of what `packPem` made, in lines of 64. RFC 7468 §2 */
export function unpackPem(packed: string, label: Label): string {
  if (!packed.startsWith(SEQUENCE)) return packed;
  const base64 = scratch.toString("base64", 0, scratch.write(packed, 0, "latin1"));
  let lines = "";
  for (let start = 0; start < base64.length; start += LINE) lines += `${base64.slice(start, start + LINE)}\n`;
  return `-----BEGIN ${label}-----\n${lines}-----END ${label}-----\n`;
}
