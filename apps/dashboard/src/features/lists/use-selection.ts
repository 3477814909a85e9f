import { useCallback, useMemo, useState } from "react";

type Chosen = { isAll: boolean; ids: ReadonlySet<string>; filter: string };

/** Which rows of a list are chosen: some, or all that the filter leaves, also those not loaded, but some. */
export type Selection = {
  /** Whether all but `ids` are chosen, instead of only `ids`. */
  isAll: boolean;
  ids: ReadonlySet<string>;
  has: (id: string) => boolean;
  toggle: (id: string) => void;
  chooseAll: () => void;
  clear: () => void;
};

/** As many as one request takes by name, chosen or left out. */
export const MAX_NAMED = 200;

const NOTHING: Chosen = { isAll: false, ids: new Set(), filter: "" };

/** An empty selection of rows, kept while the list stays on screen; all of one filter are not all of another. */
export function useSelection(filter: string): Selection {
  const [last, setChosen] = useState(NOTHING);
  const chosen = last.isAll && last.filter !== filter ? NOTHING : last;
  const toggle = useCallback(
    (id: string) =>
      setChosen((before) => withToggled(before.isAll && before.filter !== filter ? NOTHING : before, id)),
    [filter],
  );
  const chooseAll = useCallback(() => setChosen({ isAll: true, ids: new Set(), filter }), [filter]);
  const clear = useCallback(() => setChosen(NOTHING), []);
  return useMemo(
    () => ({ ...chosen, has: (id) => chosen.ids.has(id) !== chosen.isAll, toggle, chooseAll, clear }),
    [chosen, toggle, chooseAll, clear],
  );
}

function withToggled({ ids: before, ...chosen }: Chosen, id: string): Chosen {
  const ids = new Set(before);
  if (!ids.delete(id) && ids.size < MAX_NAMED) ids.add(id);
  return { ...chosen, ids };
}
