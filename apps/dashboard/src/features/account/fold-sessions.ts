import type { SessionListView } from "../../api/contract.ts";

type Session = SessionListView["items"][number];

/** One row of the list: sessions that a person cannot tell apart, shown as the one seen last. */
export type Fold = Session & { ids: string[] };

/** Groups sessions of the same device, address and way of signing in; the one that asks stays alone and first. */
export function foldSessions(sessions: readonly Session[]): Fold[] {
  const folds = new Map<string, Fold>();
  for (const session of sessions) {
    const { device, address, by, isThisOne, id } = session;
    const key = isThisOne ? id : JSON.stringify([device, address, by]);
    const fold = folds.get(key);
    if (!fold) folds.set(key, { ...session, ids: [id] });
    else {
      const ids = [...fold.ids, id];
      folds.set(key, { ...(session.lastSeenAt > fold.lastSeenAt ? session : fold), ids });
    }
  }
  const rank = (fold: Fold) => (fold.isThisOne ? "1" : `0${fold.lastSeenAt}`);
  return [...folds.values()].sort((a, b) => (rank(a) < rank(b) ? 1 : -1));
}
