const MAX_LENGTH = 100;

/** A person's name on one line, without control characters; `undefined` when nothing is left or more than 100 characters are. */
export function readPersonName(text: string): string | undefined {
  const name = text.replace(/\s+/g, " ").replace(/\p{C}/gu, "").trim();
  return name === "" || name.length > MAX_LENGTH ? undefined : name;
}
