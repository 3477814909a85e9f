import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import type { DomainView } from "../../api/contract.ts";
import { fetchesQuery, mxListQuery } from "../../api/domains.ts";
import { formatCountOf, formatShare } from "../../format/counts.ts";
import { addDays, utcDay } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { Panel } from "../../ui/Panel.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { type Step, Steps } from "../../ui/Steps.tsx";
import { FETCH_PERIODS } from "./read-fetch-period.ts";

const DONE = { tone: "good", word: "done" } as const;
const NOW = { tone: "waiting", word: "in progress" } as const;
const LATER = { tone: "idle", word: "waiting" } as const;

/** After a domain has become active: what senders do now, and when the first reports come. */
export function NextPanel({ domain }: { domain: DomainView }) {
  const { data: fetches } = useQuery(fetchesQuery(domain.id, FETCH_PERIODS.day));
  const { data: list } = useQuery(mxListQuery(domain.id));
  // The first reports have come: the panel above says what they allow.
  if (domain.enforceReadiness && domain.enforceReadiness.reportDays > 0) return null;
  if (!domain.activeAt || !domain.policy || domain.policy.mode === "none") return null;
  const isEnforced = domain.policy.mode === "enforce";
  if (!fetches || !list) return isEnforced ? null : <Skeleton height={222} />;
  const { reports } = list;
  if (reports.reports > 0) return null;
  return (
    <Panel
      title="What happens next"
      hint={reports.reports === 0 && "You need to do nothing until reports have come in."}
    >
      <Steps
        label="What happens next"
        steps={[fetchStep(domain, fetches.totals.served), reportStep(domain, reports, domain.activeAt)]}
      />
    </Panel>
  );
}

function fetchStep(domain: DomainView, served: number): Step {
  const link = <Link to={paths.fetches({ domainId: domain.id })}>See who</Link>;
  return {
    key: "fetches",
    title: "Senders fetch the policy",
    ...(served > 0 ? DONE : NOW),
    detail:
      served > 0 ? (
        <>
          Fetched {formatCountOf(served, "time")} in 24 h (including our checks). {link}.
        </>
      ) : (
        "Each sender fetches it with its next message to you; it appears here within seconds."
      ),
  };
}

type Reports = { reports: number; sessions: number; successShare: number | null };

function reportStep(
  domain: DomainView,
  { reports, sessions, successShare }: Reports,
  activeAt: string,
): Step {
  const step = { key: "reports", title: "Reports come in" };
  if (reports > 0) {
    return {
      ...step,
      ...DONE,
      detail: (
        <>
          {formatCountOf(reports, "report")} in 30 days about {formatCountOf(sessions, "session")},{" "}
          {formatShare(successShare)} successful.{" "}
          <Link to={paths.domainReports({ domainId: domain.id })}>See the reports</Link>.
        </>
      ),
    };
  }
  const hasRecord = domain.setup.some(({ kind, state }) => kind === "tlsRptRecord" && state === "correct");
  if (!hasRecord) {
    return {
      ...step,
      ...LATER,
      detail: `Optional: to receive reports, publish the CNAME at _smtp._tls.${domain.domain}.`,
    };
  }
  const day = utcDay(new Date(activeAt));
  return {
    ...step,
    ...NOW,
    detail: `Large senders report once a day about the UTC day before. Expect the first on ${formatDay(addDays(day, 1))} or ${formatDay(addDays(day, 2))}, about ${formatDay(day)}; senders that sent you no mail send no report.`,
  };
}
