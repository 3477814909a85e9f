/** Who announces an address, as far as is known. */
export function formatNetwork({ owner, country }: { owner: string; country: string | null }): string {
  return country ? `${owner} (${country})` : owner;
}
