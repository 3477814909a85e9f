/** Too large when inflated, or not what it claims to be. */
export class InflateError extends Error {}

/**
 * Inflates gzip or raw Deflate data, at most `maxBytes` of it.
 *
 * @throws InflateError – larger than `maxBytes`, damaged or cut off
 *
 * RFC 8460 §5.2
 */
export async function inflateBounded(
  bytes: Uint8Array<ArrayBuffer>,
  format: "gzip" | "deflate-raw",
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([bytes]).stream().pipeThrough(new DecompressionStream(format)).getReader();
  const parts: Uint8Array<ArrayBuffer>[] = [];
  let inflatedBytes = 0;
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      inflatedBytes += part.value.byteLength;
      if (inflatedBytes > maxBytes) throw new InflateError(`It holds more than ${maxBytes} bytes.`);
      parts.push(part.value);
    }
  } catch (error) {
    reader.cancel().catch(() => {});
    if (error instanceof InflateError) throw error;
    throw new InflateError("The compressed data is damaged or cut off.");
  }
  return concat(parts, inflatedBytes);
}

function concat(parts: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(bytes);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
