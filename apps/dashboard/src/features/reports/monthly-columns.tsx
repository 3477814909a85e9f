import { formatFixOwner } from "@waxseal/contract/monthly-words";
import type { MonthlyReportView } from "../../api/contract.ts";
import { formatCount, formatShare } from "../../format/counts.ts";
import type { Column } from "../../ui/Table.tsx";

type Figures = { name: string; sessions: number; failedSessions: number; successShare: number | null };

const NUMBERS: readonly Column<Figures>[] = [
  { title: "Connections", align: "end", cell: ({ sessions }) => formatCount(sessions) },
  { title: "Failed", align: "end", cell: ({ failedSessions }) => formatCount(failedSessions) },
  { title: "Successful", align: "end", cell: ({ successShare }) => formatShare(successShare) },
];
/** A sender and its figures. */
export const FIGURES: readonly Column<Figures>[] = [
  { title: "Sender", cell: ({ name }) => name },
  ...NUMBERS,
];
/** A customer and its figures. */
export const CUSTOMERS: readonly Column<Figures>[] = [
  { title: "Customer", cell: ({ name }) => name },
  ...NUMBERS,
];
/** What failed at a customer. */
export const CUSTOMER_FAILURES: readonly Column<MonthlyReportView["customerFailures"][number]>[] = [
  { title: "Customer", cell: ({ customer }) => customer },
  {
    title: "What failed",
    cell: ({ title, mxHost, domains }) => (
      <>
        {title} {mxHost && <code>{mxHost}</code>}
        <div>{domains.join(", ")}</div>
      </>
    ),
  },
  { title: "Connections", align: "end", cell: ({ failedSessions }) => formatCount(failedSessions) },
  {
    title: "Who needs to fix it",
    cell: ({ fixedBy, nextStep }) => (
      <>
        {formatFixOwner(fixedBy)}
        <div>{nextStep}</div>
      </>
    ),
  },
];
/** A domain and its state. */
export const DOMAINS: readonly Column<MonthlyReportView["domains"][number]>[] = [
  { title: "Domain", cell: ({ domain }) => domain },
  { title: "State", cell: ({ sentence }) => sentence },
];
