import type { TagListView } from "../../api/contract.ts";

/** The tags to filter by, including the selected one when no domain has it any more. */
export function tagOptions(
  tags: TagListView | undefined,
  current: string | undefined,
): { value: string; label: string }[] {
  const names = new Set([...(tags?.items.map(({ tag }) => tag) ?? []), ...(current ? [current] : [])]);
  return [{ value: "", label: "Any tag" }, ...[...names].map((tag) => ({ value: tag, label: tag }))];
}
