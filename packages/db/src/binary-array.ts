/**
 * Arrays as Postgres reads them in binary: no value needs quoting, and neither side parses text. One array is one column of
 * many rows, for `unnest`.
 *
 * Only for queries of a {@link SqlTransaction}.
 */

const OIDS = { bytea: 17, int8: 20, text: 25, timestamptz: 1184, jsonb: 3802 };
const HEADER_BYTES = 20;
const SHORT_CHARS = 64;
const EPOCH_2000_MS = 946_684_800_000;
const TWO_POW_32 = 4_294_967_296;

/** `text[]`. Half a surrogate pair, which Postgres refuses, becomes U+FFFD, NUL a blank. */
export function textArray(values: readonly (string | null)[]): Buffer {
  const column = textColumn(values.length, values[0]?.length);
  for (const value of values) column.add(value);
  return column.end();
}

/** {@link textArray} value by value; about so many, of about so many characters. */
export function textColumn(likelyCount: number, likelyChars = 16): ArrayColumn<string | null> {
  const writer = new ArrayWriter(OIDS.text, likelyCount, 6 + likelyChars * 1.25);
  return { add: (value) => writer.addText(value), end: () => writer.end() };
}

/** `jsonb[]` of JSON texts, each made by {@link formatJson}. */
export function jsonArray(texts: readonly string[]): Buffer {
  const writer = new ArrayWriter(OIDS.jsonb, texts.length, 16 + (texts[0]?.length ?? 0) * 1.25);
  for (const text of texts) writer.addJson(text);
  return writer.end();
}

/** `bytea[]`. */
export function bytesArray(values: readonly Uint8Array[]): Buffer {
  const bytes = values.reduce((sum, { length }) => sum + length, 0);
  const writer = new ArrayWriter(OIDS.bytea, values.length, 4 + bytes / Math.max(1, values.length));
  for (const value of values) writer.addBytes(value);
  return writer.end();
}

/** `int8[]` of integers up to 2^53. */
export function integerArray(values: readonly number[]): Buffer {
  const column = integerColumn(values.length);
  for (const value of values) column.add(value);
  return column.end();
}

/** {@link integerArray} value by value; about so many. */
export function integerColumn(likelyCount: number): ArrayColumn<number> {
  const writer = new ArrayWriter(OIDS.int8, likelyCount, 12);
  return { add: (value) => writer.addInteger(value), end: () => writer.end() };
}

/** `timestamptz[]`, to the millisecond. */
export function instantArray(values: readonly Date[]): Buffer {
  const writer = new ArrayWriter(OIDS.timestamptz, values.length, 12);
  for (const value of values) writer.addInteger((value.getTime() - EPOCH_2000_MS) * 1_000);
  return writer.end();
}

/** One array being made; `end` answers it, and nothing may be added after. */
export type ArrayColumn<Value> = { add(value: Value): void; end(): Buffer };

/** JSON that Postgres takes for `jsonb`; texts in it as in {@link textArray}. */
export function formatJson(value: unknown): string {
  const json = JSON.stringify(value);
  if (!json.includes("\\u") || !/\\ud[89a-f]|\\u0000/.test(json)) return json;
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "string" ? each.toWellFormed().replaceAll("\0", " ") : each,
  );
}

class ArrayWriter {
  #bytes: Buffer;
  #end = HEADER_BYTES;

  #count = 0;
  readonly #oid: number;

  constructor(oid: number, likelyCount: number, likelyBytesEach: number) {
    this.#oid = oid;
    this.#bytes = Buffer.allocUnsafe(HEADER_BYTES + Math.ceil(likelyCount * likelyBytesEach));
  }

  addText(value: string | null): void {
    this.#count++;
    if (value === null) {
      this.#need(4);
      this.#end = this.#bytes.writeInt32BE(-1, this.#end);
      return;
    }
    this.#need(4 + value.length * 3);
    const start = this.#end + 4;
    const end =
      (value.length <= SHORT_CHARS ? this.#writeAscii(value, start) : undefined) ??
      this.#writeUtf8(value, start);
    this.#bytes.writeInt32BE(end - start, this.#end);
    this.#end = end;
  }

  addJson(json: string): void {
    this.#count++;
    this.#need(5 + (json.length < SHORT_CHARS ? json.length * 3 : Buffer.byteLength(json)));
    const start = this.#end + 4;
    // The version of the binary form, which is the text.
    this.#bytes[start] = 1;
    const end = start + 1 + this.#bytes.write(json, start + 1);
    this.#bytes.writeInt32BE(end - start, this.#end);
    this.#end = end;
  }

  addBytes(value: Uint8Array): void {
    this.#count++;
    this.#need(4 + value.length);
    this.#bytes.writeInt32BE(value.length, this.#end);
    this.#bytes.set(value, this.#end + 4);
    this.#end += 4 + value.length;
  }

  addInteger(value: number): void {
    this.#count++;
    this.#need(12);
    const high = Math.floor(value / TWO_POW_32);
    this.#end = this.#bytes.writeInt32BE(8, this.#end);
    this.#end = this.#bytes.writeInt32BE(high, this.#end);
    this.#end = this.#bytes.writeUInt32BE(value - high * TWO_POW_32, this.#end);
  }

  end(): Buffer {
    // Dimensions, whether there may be nulls, type, length, first index. An empty array has no dimension.
    const isEmpty = this.#count === 0;
    const header = isEmpty ? [0, 0, this.#oid] : [1, 1, this.#oid, this.#count, 1];
    for (const [index, field] of header.entries()) this.#bytes.writeInt32BE(field, index * 4);
    return this.#bytes.subarray(0, isEmpty ? header.length * 4 : this.#end);
  }

  #need(bytes: number): void {
    if (this.#end + bytes <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafe(this.#bytes.length * 2 + bytes);
    this.#bytes.copy(larger, 0, 0, this.#end);
    this.#bytes = larger;
  }

  /** Several times faster than `write` where texts are short; `undefined` when it is not plain ASCII. */
  #writeAscii(value: string, start: number): number | undefined {
    const bytes = this.#bytes;
    for (let index = 0; index < value.length; index++) {
      const code = value.charCodeAt(index);
      if (code === 0 || code > 0x7f) return undefined;
      bytes[start + index] = code;
    }
    return start + value.length;
  }

  #writeUtf8(value: string, start: number): number {
    const text = value.includes("\0") ? value.replaceAll("\0", " ") : value;
    return start + this.#bytes.write(text, start);
  }
}
