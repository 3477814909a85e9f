import { expect, test } from "vitest";
import { readImage } from "./read-image.ts";

const PNG =
  "iVBORw0KGgoAAAANSUhEUgAAABAAAAAQCAIAAACQkWg2AAAAFklEQVR42mOQj99PEmIY1TCqYfhqAADnbD0Q6zulHAAAAABJRU5ErkJggg==";
const png = (width: number, height: number) => {
  const bytes = Buffer.from(PNG, "base64");
  bytes.writeUInt32BE(width, 16);
  bytes.writeUInt32BE(height, 20);
  return bytes;
};
/** SOI, an APP0 segment of two bytes, fill bytes, then SOF2 for 40 by 30 pixels. */
const jpeg = Buffer.from("ffd8ffe00004abcdffffffc2000b08001e0028010111000000", "hex");
const webp = (chunk: string, body: string) => {
  const file = Buffer.concat([
    Buffer.from("RIFF\0\0\0\0WEBP", "latin1"),
    Buffer.from(chunk),
    Buffer.alloc(4),
    Buffer.from(body, "hex"),
  ]);
  return Buffer.concat([file, Buffer.alloc(16)]);
};

test.each([
  ["PNG", png(16, 2_000), { contentType: "image/png", width: 16, height: 2_000 }],
  ["JPEG", jpeg, { contentType: "image/jpeg", width: 40, height: 30 }],
  [
    "extended WebP",
    webp("VP8X", "00000000270000" + "1d0000"),
    { contentType: "image/webp", width: 40, height: 30 },
  ],
  ["lossless WebP", webp("VP8L", "2f27400700"), { contentType: "image/webp", width: 40, height: 30 }],
  ["lossy WebP", webp("VP8 ", "0000009d012a28001e00"), { contentType: "image/webp", width: 40, height: 30 }],
])("a %s is recognised by its bytes, with its size", (_name, bytes, expected) => {
  expect(readImage(bytes)).toEqual({ ok: true, ...expected });
});

test.each([
  [
    "an SVG",
    Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'),
    /no PNG/,
  ],
  ["HTML that says it is a GIF", Buffer.from("GIF89a<script>alert(1)</script>"), /no PNG/],
  ["nothing", Buffer.alloc(0), /no PNG/],
  ["the first bytes of a PNG", png(40, 40).subarray(0, 20), /no PNG/],
  ["a JPEG without a frame", Buffer.from("ffd8ffe00004abcdffd9", "hex"), /no PNG/],
  ["a side of 15 pixels", png(15, 40), /15 by 40/],
  ["a side of 2,001 pixels", png(40, 2_001), /40 by 2001/],
  ["200 kB and a byte", Buffer.concat([png(40, 40), Buffer.alloc(200 * 1024)]), /larger than 200 kB/],
])("%s is refused", (_name, bytes, problem) => {
  expect(readImage(bytes)).toEqual({ ok: false, problem: expect.stringMatching(problem) });
});

test("no bytes make it throw or run on", () => {
  for (let seed = 1; seed <= 2_000; seed += 1) {
    const start = [png(40, 40), jpeg, webp("VP8X", "00"), Buffer.from("ffd8", "hex")][seed % 4] ?? jpeg;
    const bytes = Buffer.concat([start.subarray(0, seed % start.length), Buffer.alloc(seed % 50, seed)]);
    expect(readImage(bytes)).toHaveProperty("ok");
  }
});
