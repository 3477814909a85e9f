/**
 * The bytes of a text in uuencode or in its base64 form, from its `begin` line to its end; what is damaged comes out damaged.
 *
 * POSIX.1-2024, uuencode
 */
export function decodeUuencode(text: Buffer): Buffer {
  const [first = "", ...lines] = text.toString("latin1").trimStart().split(/\r?\n/);
  if (first.startsWith("begin-base64")) {
    const end = lines.findIndex((line) => line.startsWith("===="));
    return Buffer.from(lines.slice(0, end < 0 ? lines.length : end).join(""), "base64");
  }
  const decoded: Buffer[] = [];
  for (const line of lines) {
    const length = line === "" ? 0 : (line.charCodeAt(0) - 32) & 63;
    if (length === 0) break;
    const bytes = Buffer.alloc(Math.ceil((line.length - 1) / 4) * 3);
    for (let at = 1, to = 0; at < line.length; at += 4, to += 3) {
      const [a = 0, b = 0, c = 0, d = 0] = [0, 1, 2, 3].map(
        (n) => ((line.charCodeAt(at + n) || 32) - 32) & 63,
      );
      bytes.writeUIntBE((a << 18) | (b << 12) | (c << 6) | d, to, 3);
    }
    decoded.push(bytes.subarray(0, length));
  }
  return Buffer.concat(decoded);
}
