const LINE_FEED = 0x0a;
const COMMA = 0x2c;

/**
 * The last line of a sorted CSV whose first field, a decimal number of any size, is at most `position`; `undefined` when
 * every line starts behind it.
 *
 * `lines` is ASCII-compatible text, one range a line, sorted by its first field as a number, no leading zeros, ended by LF.
 * Nothing is parsed beforehand: about 25 lines are looked at in a file of 20 MB.
 */
export function findRangeLine(lines: Buffer, position: bigint): string | undefined {
  const digits = Buffer.from(position.toString(), "latin1");
  let low = 0;
  let high = lines.length;
  let found: { start: number; end: number } | undefined;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const start = lines.lastIndexOf(LINE_FEED, middle - 1) + 1;
    const end = endOfLine(lines, middle);
    if (startsAtMost(lines, start, digits)) {
      found = { start, end };
      low = end + 1;
    } else {
      high = start;
    }
  }
  return found && lines.toString("utf8", found.start, found.end);
}

function endOfLine(lines: Buffer, offset: number): number {
  const end = lines.indexOf(LINE_FEED, offset);
  return end === -1 ? lines.length : end;
}

/** Decimal numbers without leading zeros compare by length, then byte by byte: no 128-bit arithmetic per line. */
function startsAtMost(lines: Buffer, start: number, digits: Buffer): boolean {
  const comma = lines.indexOf(COMMA, start);
  const fieldBytes = comma - start;
  if (fieldBytes !== digits.length) return fieldBytes < digits.length;
  return lines.compare(digits, 0, digits.length, start, comma) <= 0;
}
