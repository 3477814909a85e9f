type Key = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "isComposing">;

/** What a key makes of the letters typed before there is a field for them; undefined for keys that are no typing, such as Ctrl-R. */
export function typeAhead(text: string, key: Key): string | undefined {
  if (key.ctrlKey || key.metaKey || key.altKey || key.isComposing) return undefined;
  if (key.key === "Backspace") return [...text].slice(0, -1).join("");
  return [...key.key].length === 1 ? text + key.key : undefined;
}
