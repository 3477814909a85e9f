import { findDeception } from "@waxseal/contract/deceptive-letters";
import { toUnicode } from "punycode.js";

/** A host name as people write it. `warning` says in words why it may be taken for another name. */
export type ShownHost = { text: string; ascii: string; warning?: string };

const A_LABEL = /(?:^|\.)xn--/i;

/**
 * A name of A-labels in its own script, with the A-labels kept. What does not come out of the browser's UTS 46 processing as it went in is
 * shown as A-labels: it is no name that anyone can type.
 */
export function showHost(ascii: string): ShownHost {
  if (!A_LABEL.test(ascii)) return { text: ascii, ascii };
  const text = decode(ascii);
  if (text === undefined) return { text: ascii, ascii };
  const warning = text.split(".").map(findDeception).find(Boolean);
  return { text, ascii, ...(warning && { warning }) };
}

function decode(ascii: string): string | undefined {
  try {
    const text = toUnicode(ascii.toLowerCase());
    return toAscii(text) === ascii.toLowerCase() ? text : undefined;
  } catch {
    return undefined;
  }
}

/** By UTS 46, as the browser does it for an address. `*.` and `_` names are no hosts of a URL: they are put on and taken off. */
function toAscii(text: string): string | undefined {
  const prefix = /^(?:\*\.|(?:_[a-z0-9-]+\.)+)/.exec(text)?.[0] ?? "";
  const url = `http://${text.slice(prefix.length)}/`;
  return URL.canParse(url) ? prefix + new URL(url).hostname : undefined;
}
