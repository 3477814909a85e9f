/** What an image is by its own bytes. */
export type ImageReading =
  | { ok: true; contentType: "image/png" | "image/jpeg" | "image/webp"; width: number; height: number }
  | { ok: false; problem: string };

const MAX_BYTES = 200 * 1024;
const MIN_PIXELS = 16;
const MAX_PIXELS = 2_000;

/**
 * Recognises a PNG, JPEG or WebP by its bytes and reads its size from its header; what it was called does not matter.
 *
 * At most 200 kB and 16 to 2,000 pixels a side. The picture itself is not decoded. Never throws.
 */
export function readImage(bytes: Uint8Array): ImageReading {
  if (bytes.length > MAX_BYTES) return refuse("The picture is larger than 200 kB.");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const size = readPng(view) ?? readWebp(view) ?? readJpeg(view);
  if (!size) return refuse("This is no PNG, JPEG or WebP picture.");
  const sides = [size.width, size.height];
  if (Math.min(...sides) < MIN_PIXELS || Math.max(...sides) > MAX_PIXELS) {
    return refuse(
      `The picture is ${size.width} by ${size.height} pixels; each side has to have 16 to 2,000.`,
    );
  }
  return { ok: true, ...size };
}

type Size = Pick<Extract<ImageReading, { ok: true }>, "contentType" | "width" | "height">;

const PNG_SIGNATURE = "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR";

function readPng(view: DataView): Size | undefined {
  if (view.byteLength < 33 || latin1(view, 0, 16) !== PNG_SIGNATURE) return undefined;
  return { contentType: "image/png", width: view.getUint32(16), height: view.getUint32(20) };
}

/** RFC 9649 §2.4 to §2.7 */
function readWebp(view: DataView): Size | undefined {
  if (view.byteLength < 30 || latin1(view, 0, 4) !== "RIFF" || latin1(view, 8, 4) !== "WEBP")
    return undefined;
  const contentType = "image/webp";
  const chunk = latin1(view, 12, 4);
  if (chunk === "VP8X") return { contentType, width: uint24(view, 24) + 1, height: uint24(view, 27) + 1 };
  if (chunk === "VP8L" && view.getUint8(20) === 0x2f) {
    const bits = view.getUint32(21, true);
    return { contentType, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
  }
  if (chunk === "VP8 " && uint24(view, 23) === 0x2a019d) {
    return {
      contentType,
      width: view.getUint16(26, true) & 0x3fff,
      height: view.getUint16(28, true) & 0x3fff,
    };
  }
  return undefined;
}

/** Walks the segments to the frame header: ITU-T T.81, B.1.1 and B.2.2. */
function readJpeg(view: DataView): Size | undefined {
  if (view.byteLength < 4 || view.getUint16(0) !== 0xffd8) return undefined;
  let at = 2;
  while (at + 9 < view.byteLength && view.getUint8(at) === 0xff) {
    const marker = view.getUint8(at + 1);
    const isFrame = marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
    if (isFrame) {
      return { contentType: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5) };
    }
    // Fill bytes before a marker.
    at += marker === 0xff ? 1 : 2 + Math.max(2, view.getUint16(at + 2));
  }
  return undefined;
}

function latin1(view: DataView, at: number, length: number): string {
  return String.fromCharCode(...new Uint8Array(view.buffer, view.byteOffset + at, length));
}

function uint24(view: DataView, at: number): number {
  return view.getUint16(at, true) | (view.getUint8(at + 2) << 16);
}

function refuse(problem: string): ImageReading {
  return { ok: false, problem };
}
