const ORIGIN = "https://own.invalid";
const MAX_LENGTH = 2_000;
/** More layers of percent-encoding are not found in an honest address. */
const MAX_DECODINGS = 4;

/**
 * The page of this site that a person may be sent on to, as a path with its query and fragment; `undefined` when `value` is anything
 * else. The only judge of redirect targets (`next`, `callbackURL`, `redirectTo`), in the API and in the dashboard.
 *
 * Refused: whatever names a scheme, a host or a user; whatever could name one after a proxy or a router has decoded or shortened
 * it (`//`, `\`, `%2f%2f`, `/..//`); control characters and blanks, which browsers drop; addresses of the API, which act when they are opened.
 * Never throws.
 *
 * WHATWG URL §4.4
 */
export function readOwnPath(value: unknown): string | undefined {
  if (typeof value !== "string" || value.length > MAX_LENGTH) return undefined;
  if (!value.startsWith("/") || hasHostileCharacter(value)) return undefined;
  if (!URL.canParse(value, ORIGIN)) return undefined;
  const url = new URL(value, ORIGIN);
  // The path as written counts too: "/x/..//y" is shortened to "//y" by some and to "/y" by others.
  const [written = ""] = value.split(/[?#]/);
  if (url.origin !== ORIGIN || !isOwn(written) || !isOwn(url.pathname)) return undefined;
  return url.pathname + url.search + url.hash;
}

function isOwn(path: string): boolean {
  let decoded = path;
  for (let round = 0; round <= MAX_DECODINGS; round++) {
    if (decoded.includes("//") || hasHostileCharacter(decoded.replaceAll(" ", ""))) return false;
    if (/^\/api(\/|$)/i.test(decoded)) return false;
    const next = decode(decoded);
    if (next === decoded) return true;
    if (next === undefined) return false;
    decoded = next;
  }
  return false;
}

/** Control characters, blanks of every kind, unpaired surrogates, and the backslash, which browsers read as a slash. */
function hasHostileCharacter(text: string): boolean {
  return /[\p{C}\p{Z}\\]/u.test(text);
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
