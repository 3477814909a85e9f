import type { DomainView, MxListView } from "../../api/contract.ts";

/** covered and uncovered are MX hosts now; unneeded: a pattern that covers none; former: failed in reports, but no MX host now. */
export type MxRow = {
  mxHost: string;
  state: "covered" | "uncovered" | "unneeded" | "former";
  provider: string | null;
  preference: number | null;
  /** null: not known (yet), or nothing could fail. */
  failedSessions: number | null;
  successShare: number | null;
};

/** The rows of the table of mail hosts: MX hosts in their order, then what is allowed without need, then what has gone. */
export function listMxRows(domain: Pick<DomainView, "mx">, list: MxListView | undefined): MxRow[] {
  const hosts = list?.items ?? domain.mx.map((mx) => ({ ...mx, failedSessions: null, successShare: null }));
  return [
    ...hosts.map(({ covered, ...host }): MxRow => ({ ...host, state: covered ? "covered" : "uncovered" })),
    ...(list?.unneeded ?? []).map((mxHost) => otherRow(mxHost, "unneeded", null)),
    ...(list?.former ?? []).map(({ mxHost, failedSessions }) => otherRow(mxHost, "former", failedSessions)),
  ];
}

function otherRow(mxHost: string, state: MxRow["state"], failedSessions: number | null): MxRow {
  return { mxHost, state, failedSessions, provider: null, preference: null, successShare: null };
}
