import { useCallback, useMemo, useState } from "react";

/** Which rows of a list are chosen, at most 200. */
export type Selection = {
  ids: ReadonlySet<string>;
  toggle: (id: string) => void;
  /** Chooses the first 200 of these and no others. */
  choose: (ids: readonly string[]) => void;
};

/** As many as can be tagged in one request. */
export const MAX_CHOSEN = 200;

/** An empty selection of rows, kept while the list stays on screen. */
export function useSelection(): Selection {
  const [ids, setIds] = useState<ReadonlySet<string>>(() => new Set());
  const choose = useCallback((wanted: readonly string[]) => setIds(new Set(wanted.slice(0, MAX_CHOSEN))), []);
  const toggle = useCallback((id: string) => setIds((before) => withToggled(before, id)), []);
  return useMemo(() => ({ ids, toggle, choose }), [ids, toggle, choose]);
}

function withToggled(before: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const after = new Set(before);
  if (!after.delete(id) && after.size < MAX_CHOSEN) after.add(id);
  return after;
}
