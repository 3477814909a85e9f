import type pg from "pg";

const LARGE_BYTES = 32 * 1024;
const BIND = 0x42;
const TEXT_FORMAT = 0;
const BINARY_FORMAT = 1;

/**
 * Makes a connection send large binary values from where they are. Unchanged, pg copies all values of a statement into one buffer that grows
 * by half each time, and such a batch of megabytes makes the garbage collector go through the whole heap.
 */
export function bindInPieces(connection: pg.Connection): void {
  const bindAsUsual = connection.bind.bind(connection);
  connection.bind = (config, more) => {
    const { portal = "", statement = "", binary, values = [], valueMapper } = config ?? {};
    if (!values.some(isLarge) || !connection.stream.writable) return bindAsUsual(config, more);
    const mapped = values.map((value, index) => toBytes(valueMapper ? valueMapper(value, index) : value));
    const head = Buffer.from(`${portal}\0${statement}\0`);
    const formats = int16s(values.length, ...mapped.map(({ format }) => format), values.length);
    const end = int16s(1, binary ? BINARY_FORMAT : TEXT_FORMAT);
    const pieces = [
      head,
      formats,
      ...mapped.flatMap(({ bytes }) => [int32(bytes?.length ?? -1), bytes ?? NOTHING]),
      end,
    ];
    const length = pieces.reduce((sum, piece) => sum + piece.length, 4);
    for (const piece of [Buffer.of(BIND), int32(length), ...pieces]) connection.stream.write(piece);
  };
}

const NOTHING = Buffer.alloc(0);

function isLarge(value: unknown): boolean {
  return Buffer.isBuffer(value) && value.length > LARGE_BYTES;
}

/** A value as pg's own mapper leaves it: text, bytes or null. */
function toBytes(value: unknown): { bytes: Buffer | null; format: number } {
  if (value === null || value === undefined) return { bytes: null, format: TEXT_FORMAT };
  if (Buffer.isBuffer(value)) return { bytes: value, format: BINARY_FORMAT };
  return { bytes: Buffer.from(String(value)), format: TEXT_FORMAT };
}

function int16s(...numbers: number[]): Buffer {
  const bytes = Buffer.alloc(numbers.length * 2);
  for (const [index, number] of numbers.entries()) bytes.writeInt16BE(number, index * 2);
  return bytes;
}

function int32(number: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(number);
  return bytes;
}
