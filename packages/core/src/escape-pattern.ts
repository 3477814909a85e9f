/** Returns text for a LIKE pattern in which "_" and "%" mean themselves. */
export function escapePattern(text: string): string {
  return text.replace(/[\\%_]/g, "\\$&");
}
