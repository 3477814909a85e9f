/**
 * Measures the first JSON object or array of a text without building it.
 *
 * `endIndex` is just after its last bracket, or -1 when it never closes. Stops as soon as a limit is passed,
 * with `tooComplex`. Whether the JSON is valid is left to `JSON.parse`.
 */
export function scanJson(
  text: string,
  limits: { maxDepth: number; maxValues: number },
): { endIndex: number; tooComplex: boolean } {
  let depth = 0;
  let valueCount = 0;
  for (let index = 0; index < text.length; index++) {
    switch (text.charCodeAt(index)) {
      case 0x22: // "
        index = findStringEnd(text, index);
        if (index < 0) return { endIndex: -1, tooComplex: false };
        break;
      case 0x2c: // ,
        valueCount++;
        break;
      case 0x5b: // [
      case 0x7b: // {
        depth++;
        valueCount++;
        if (depth > limits.maxDepth) return { endIndex: -1, tooComplex: true };
        break;
      case 0x5d: // ]
      case 0x7d: // }
        depth--;
        if (depth <= 0) return { endIndex: index + 1, tooComplex: false };
        break;
    }
    if (valueCount > limits.maxValues) return { endIndex: -1, tooComplex: true };
  }
  return { endIndex: -1, tooComplex: false };
}

/** Index of the quote that closes the string opened at `start`, or -1. */
function findStringEnd(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) return index;
    if (code === 0x5c) index++; // backslash: the next character is escaped
  }
  return -1;
}
