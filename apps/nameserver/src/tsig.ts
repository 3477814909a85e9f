import { createHmac, timingSafeEqual } from "node:crypto";

/** A secret shared with the secondaries. */
export type TsigKey = {
  /** Lower case, without trailing dot. */
  name: string;
  algorithm: keyof typeof HASHES;
  secret: Buffer;
};

/** Adds the TSIG record to one message after the other of an exchange. */
export type SignTsig = (message: Buffer) => Buffer;

/** What a signature turned out to be; `reject` turns an answer into one that says why. */
export type CheckedTsig = { state: "valid"; createSign(): SignTsig } | { state: "bad"; reject: SignTsig };

const HASHES = { "hmac-sha256": "sha256", "hmac-sha384": "sha384", "hmac-sha512": "sha512" } as const;
const ERROR = { none: 0, badSig: 16, badKey: 17, badTime: 18 } as const;
const TYPE_TSIG = 250;
const CLASS_ANY = 255;
const FUDGE_SECONDS = 300;
const NO_BYTES = Buffer.alloc(0);
/** Type, class, TTL and length of a record. */
const FIXED_BYTES = 10;

/** Reads `name:algorithm:base64`; undefined when it is not that. */
export function parseTsigKey(text: string): TsigKey | undefined {
  const [name = "", algorithm = "", base64 = "", ...rest] = text.split(":");
  if (rest.length > 0 || !/^[a-z0-9_.-]{1,250}$/i.test(name) || !isAlgorithm(algorithm)) return undefined;
  const secret = Buffer.from(base64, "base64");
  return secret.length < 16 ? undefined : { name: name.toLowerCase().replace(/\.$/, ""), algorithm, secret };
}

/**
 * Checks the TSIG record that starts at `tsigAt` and is the last of a query. Never throws; undefined when it is no well-formed TSIG
 * record. Shortened MACs are not taken.
 *
 * RFC 8945 §5.2
 */
export function checkTsig(
  message: Buffer,
  tsigAt: number,
  { key, now }: { key: TsigKey | undefined; now: Date },
): CheckedTsig | undefined {
  const tsig = readTsig(message, tsigAt);
  if (!tsig) return undefined;
  const nowSeconds = Math.trunc(now.getTime() / 1_000);
  const bad = (error: number): CheckedTsig => ({
    state: "bad",
    reject: (answer) =>
      appendTsig(answer, tsig, { atSeconds: tsig.atSeconds, error, mac: NO_BYTES, other: NO_BYTES }),
  });
  if (
    !key ||
    !tsig.keyName.equals(encodeName(key.name)) ||
    !tsig.algorithm.equals(encodeName(key.algorithm))
  ) {
    return bad(ERROR.badKey);
  }
  const signed = Buffer.from(message.subarray(0, tsigAt));
  signed.writeUInt16BE(tsig.originalId, 0);
  signed.writeUInt16BE(signed.readUInt16BE(10) - 1, 10);
  const mac = digest(key, [signed, variables(tsig, tsig)]);
  if (mac.length !== tsig.mac.length || !timingSafeEqual(mac, tsig.mac)) return bad(ERROR.badSig);
  if (Math.abs(nowSeconds - tsig.atSeconds) > Math.min(tsig.fudgeSeconds, FUDGE_SECONDS)) {
    const other = encodeTime(nowSeconds);
    const stamp = { atSeconds: tsig.atSeconds, error: ERROR.badTime, other };
    return {
      state: "bad",
      reject: (answer) => {
        const parts = [prefixed(mac), answer, variables(tsig, { ...stamp, fudgeSeconds: FUDGE_SECONDS })];
        return appendTsig(answer, tsig, { ...stamp, mac: digest(key, parts) });
      },
    };
  }
  return { state: "valid", createSign: () => createSigner(key, mac, () => now) };
}

/** Signs messages of ours, the first of an exchange without `requestMac`. RFC 8945 §5.3 */
export function createSigner(key: TsigKey, requestMac: Buffer | undefined, now: () => Date): SignTsig {
  const names = { keyName: encodeName(key.name), algorithm: encodeName(key.algorithm) };
  let before = requestMac;
  let isFirst = true;
  return (message) => {
    const atSeconds = Math.trunc(now().getTime() / 1_000);
    const stamp = { atSeconds, error: ERROR.none, other: NO_BYTES };
    const timed = { ...stamp, fudgeSeconds: FUDGE_SECONDS };
    // From the second message on only the time is covered besides the message. RFC 8945 §5.3.1
    const covered = isFirst ? variables(names, timed) : variables(names, timed).subarray(-12, -4);
    const mac = digest(key, [before ? prefixed(before) : NO_BYTES, message, covered]);
    before = mac;
    isFirst = false;
    return appendTsig(message, names, { ...stamp, mac });
  };
}

type Names = { keyName: Buffer; algorithm: Buffer };
type Stamp = { atSeconds: number; error: number; other: Buffer };
type ReadTsig = Names & Stamp & { fudgeSeconds: number; mac: Buffer; originalId: number };

function readTsig(message: Buffer, start: number): ReadTsig | undefined {
  const keyEnd = nameEnd(message, start);
  const dataAt = keyEnd + FIXED_BYTES;
  const algorithmEnd = nameEnd(message, dataAt);
  if (message.length < algorithmEnd + 16) return undefined;
  const macAt = algorithmEnd + 10;
  const macEnd = macAt + message.readUInt16BE(macAt - 2);
  if (message.length < macEnd + 6) return undefined;
  const otherBytes = message.readUInt16BE(macEnd + 4);
  if (message.length !== macEnd + 6 + otherBytes) return undefined;
  if (message.readUInt16BE(keyEnd + 2) !== CLASS_ANY || message.readUInt32BE(keyEnd + 4) > 0)
    return undefined;
  return {
    keyName: lowerCased(message.subarray(start, keyEnd)),
    algorithm: lowerCased(message.subarray(dataAt, algorithmEnd)),
    atSeconds: message.readUIntBE(algorithmEnd, 6),
    fudgeSeconds: message.readUInt16BE(algorithmEnd + 6),
    mac: message.subarray(macAt, macEnd),
    originalId: message.readUInt16BE(macEnd),
    error: message.readUInt16BE(macEnd + 2),
    other: message.subarray(macEnd + 6),
  };
}

/** Names in TSIG are not compressed; one that is ends far outside. RFC 8945 §4.2 */
function nameEnd(message: Buffer, start: number): number {
  let offset = start;
  for (let length = message[offset]; length !== 0; length = message[offset]) {
    if (length === undefined || length > 63) return message.length;
    offset += 1 + length;
  }
  return offset + 1;
}

function lowerCased(name: Buffer): Buffer {
  return Buffer.from(name.map((byte) => (byte >= 0x41 && byte <= 0x5a ? byte + 0x20 : byte)));
}

function encodeName(name: string): Buffer {
  const labels = name.split(".").map((label) => Buffer.from(label, "latin1"));
  return Buffer.concat([...labels.flatMap((label) => [Buffer.from([label.length]), label]), Buffer.alloc(1)]);
}

function encodeTime(seconds: number): Buffer {
  const bytes = Buffer.alloc(6);
  bytes.writeUIntBE(seconds, 0, 6);
  return bytes;
}

function prefixed(mac: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(mac.length);
  return Buffer.concat([length, mac]);
}

/** What is covered besides the message; the last 12 bytes are time, fudge, error and the length of no other data. */
function variables(names: Names, stamp: Stamp & { fudgeSeconds: number }): Buffer {
  const fixed = Buffer.alloc(6);
  fixed.writeUInt16BE(CLASS_ANY, 0);
  const timers = Buffer.alloc(12);
  timers.writeUIntBE(stamp.atSeconds, 0, 6);
  timers.writeUInt16BE(stamp.fudgeSeconds, 6);
  timers.writeUInt16BE(stamp.error, 8);
  timers.writeUInt16BE(stamp.other.length, 10);
  return Buffer.concat([names.keyName, fixed, names.algorithm, timers, stamp.other]);
}

function digest(key: TsigKey, parts: readonly Buffer[]): Buffer {
  const hmac = createHmac(HASHES[key.algorithm], key.secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

function appendTsig(message: Buffer, names: Names, stamp: Stamp & { mac: Buffer }): Buffer {
  const { algorithm, keyName } = names;
  const fixed = Buffer.alloc(FIXED_BYTES);
  fixed.writeUInt16BE(TYPE_TSIG, 0);
  fixed.writeUInt16BE(CLASS_ANY, 2);
  fixed.writeUInt16BE(algorithm.length + 16 + stamp.mac.length + stamp.other.length, 8);
  const timers = Buffer.alloc(10);
  timers.writeUIntBE(stamp.atSeconds, 0, 6);
  timers.writeUInt16BE(FUDGE_SECONDS, 6);
  timers.writeUInt16BE(stamp.mac.length, 8);
  const end = Buffer.alloc(6);
  message.copy(end, 0, 0, 2);
  end.writeUInt16BE(stamp.error, 2);
  end.writeUInt16BE(stamp.other.length, 4);
  const signed = Buffer.concat([message, keyName, fixed, algorithm, timers, stamp.mac, end, stamp.other]);
  signed.writeUInt16BE(signed.readUInt16BE(10) + 1, 10);
  return signed;
}

function isAlgorithm(text: string): text is keyof typeof HASHES {
  return Object.hasOwn(HASHES, text);
}
