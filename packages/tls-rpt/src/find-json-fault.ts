/** Where a text stops being JSON: the index of the first character that cannot be there, and the kind of mistake. */
export type JsonFault = {
  index: number;
  kind: "cut-off" | "trailing-comma" | "not-a-number" | "comment" | "not-quoted" | "missing-comma" | "other";
};

const WORD = /[A-Za-z0-9_$+.-]{1,40}/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?(?![\w.])/y;
const LITERAL = /(?:true|false|null)(?!\w)/y;
const BLANK = /[ \t\r\n]*/y;

/**
 * Finds the first mistake in a text that `JSON.parse` refuses; `undefined` when there is none.
 *
 * Engines name the position of some mistakes only, each in words of its own. Raw line breaks inside strings are no mistake here,
 * because the reader repairs them.
 */
export function findJsonFault(text: string): JsonFault | undefined {
  const open: ("{" | "[")[] = [];
  let expect: "value" | "first-value" | "key" | "first-key" | "after" = "value";
  let index = skip(text, 0, BLANK);
  while (index < text.length) {
    const char = text[index] ?? "";
    if (expect === "after") {
      if (open.length === 0) return { index, kind: "other" };
      const isObject = open.at(-1) === "{";
      if (char === (isObject ? "}" : "]")) open.pop();
      else if (char === ",") expect = isObject ? "key" : "value";
      else return faultAt(text, index, /["{[\w]/.test(char) ? "missing-comma" : "other");
      index = skip(text, index + 1, BLANK);
    } else if (expect === "first-key" || expect === "key") {
      if (char === "}" && expect === "first-key") {
        open.pop();
        expect = "after";
        index = skip(text, index + 1, BLANK);
        continue;
      }
      if (char !== '"') return faultAt(text, index, char === "}" ? "trailing-comma" : "not-quoted");
      const colon = skip(text, endOfString(text, index), BLANK);
      if (colon >= text.length) return { index: text.length, kind: "cut-off" };
      if (text[colon] !== ":") return faultAt(text, colon, "other");
      index = skip(text, colon + 1, BLANK);
      expect = "value";
    } else if (char === "]" && expect === "first-value") {
      open.pop();
      expect = "after";
      index = skip(text, index + 1, BLANK);
    } else if (char === "{" || char === "[") {
      open.push(char);
      expect = char === "{" ? "first-key" : "first-value";
      index = skip(text, index + 1, BLANK);
    } else {
      const end = endOfScalar(text, index);
      if (end < 0)
        return faultAt(text, index, /[\]}]/.test(char) ? "trailing-comma" : kindOfWord(text, index));
      expect = "after";
      index = skip(text, end, BLANK);
    }
  }
  const isWhole = expect === "after" && open.length === 0 && index <= text.length;
  return isWhole ? undefined : { index: text.length, kind: "cut-off" };
}

function faultAt(text: string, index: number, kind: JsonFault["kind"]): JsonFault {
  return { index, kind: text[index] === "/" ? "comment" : kind };
}

function kindOfWord(text: string, index: number): JsonFault["kind"] {
  const word = text.slice(index, skip(text, index, WORD));
  const cutLiteral = index + word.length === text.length && /^(?:tru?|fals?|nul?|t|f|n|-)$/.test(word);
  if (cutLiteral) return "cut-off";
  return /^[-+]?(?:nan|inf|infinity|undefined|[\d.].*)$/i.test(word) ? "not-a-number" : "not-quoted";
}

function endOfScalar(text: string, index: number): number {
  if (text[index] === '"') return endOfString(text, index);
  const end = skip(text, index, text[index] === "-" || /\d/.test(text[index] ?? "") ? NUMBER : LITERAL);
  return end === index ? -1 : end;
}

/** Index after the closing quote; the end of the text when it never closes. */
function endOfString(text: string, start: number): number {
  for (let index = start + 1; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === 0x22) return index + 1;
    if (code === 0x5c) index++;
  }
  return text.length + 1;
}

function skip(text: string, index: number, pattern: RegExp): number {
  pattern.lastIndex = index;
  return pattern.test(text) ? pattern.lastIndex : index;
}
