/** What the instructions page is about, out of its address. */
export type InstructionSearch = { accountId?: string; domainIds?: string; only?: "all" };

/** What makes no sense in the address is left out. `domainIds` has commas between ids. */
export function readInstructionSearch(search: Record<string, unknown>): InstructionSearch {
  const accountId = typeof search.accountId === "string" ? search.accountId.slice(0, 100) : "";
  const domainIds = typeof search.domainIds === "string" ? search.domainIds.replace(/[^\w,-]/g, "") : "";
  return {
    ...(accountId && { accountId }),
    ...(domainIds && { domainIds }),
    ...(search.only === "all" && { only: "all" }),
  };
}
