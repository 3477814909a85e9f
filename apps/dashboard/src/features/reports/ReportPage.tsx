import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import { QUIRKS } from "@waxseal/tls-rpt";
import { AccountFile } from "../../api/AccountFile.tsx";
import type { ReportView } from "../../api/contract.ts";
import { rawReportPath, reportQuery } from "../../api/reports.ts";
import { formatBytes, formatCount, formatShare } from "../../format/counts.ts";
import { formatWeekday } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { HostName } from "../../ui/HostName.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Stats } from "../../ui/Stats.tsx";
import { Status } from "../../ui/Status.tsx";
import { TimeZoneSwitch } from "../../ui/TimeZoneSwitch.tsx";
import { ClusterPanel } from "./ClusterPanel.tsx";
import { ReportedPolicy } from "./ReportedPolicy.tsx";
import { type ReportSearch, readReportSearch } from "./read-report-search.ts";
import { describeTrust, sourceOf, TRANSPORT_WORDS } from "./report-words.ts";
import { successShare } from "./success-share.ts";

/** One report in full: what it says, how far to believe it, and the original. */
export function ReportPage() {
  const { reportId = "" } = useParams({ strict: false });
  const { data: report } = useSuspenseQuery(reportQuery(reportId));
  const search = readReportSearch(useSearch({ strict: false }));
  const isFiltered = Object.keys(search).length > 0;
  const ofDay: ReportSearch = { from: report.reportDay, to: report.reportDay };
  const isIncomplete = report.policies.some(({ successfulSessions }) => successfulSessions === null);
  return (
    <>
      <PageHeader
        title={`${report.reporter} about ${report.domain}`}
        lead={`${formatWeekday(report.reportDay)} (UTC)`}
        above={
          <Link to={paths.reportList()} search={isFiltered ? search : ofDay}>
            <Icon name="back" size={14} />
            {isFiltered ? "Reports with this filter" : `All reports of ${formatDay(report.reportDay)}`}
          </Link>
        }
        actions={
          <AccountFile className={buttonClass()} path={rawReportPath(report.id)}>
            <Icon name="download" />
            Original ({formatBytes(report.sizeBytes)})
          </AccountFile>
        }
      />
      <Stack>
        <Stats
          items={[
            { name: "Success share", value: isIncomplete ? "Unknown" : formatShare(successShare(report)) },
            {
              name: "Successful sessions",
              value: isIncomplete ? "Unknown" : formatCount(report.successfulSessions),
            },
            { name: "Failed sessions", value: formatCount(report.failedSessions) },
          ]}
        />
        {report.failedSessions > 0 && (
          <ClusterPanel
            range={{
              from: report.reportDay,
              to: report.reportDay,
              domainId: report.domainId,
              trust: report.trust,
              source: sourceOf(report),
            }}
          />
        )}
        {report.policies.map((policy, index) => (
          // A report may name the same policy twice; its place is its identity.
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <ReportedPolicy key={index} policy={policy} />
        ))}
        <AboutReport report={report} />
        {report.quirks.length > 0 && <Quirks codes={report.quirks} />}
      </Stack>
    </>
  );
}

function AboutReport({ report }: { report: ReportView }) {
  const trust = describeTrust(report);
  return (
    <Panel title="About this report" actions={<TimeZoneSwitch />}>
      <Facts
        items={{
          Trust: (
            <span>
              <Status tone={trust.tone}>{trust.word}</Status>
              <br />
              {trust.detail}
            </span>
          ),
          Domain: (
            <Link to={paths.domain({ domainId: report.domainId })}>
              <HostName name={report.domain} />
            </Link>
          ),
          Period: (
            <span>
              <Instant at={report.startAt} exact /> to <Instant at={report.endAt} exact />
            </span>
          ),
          Reporter: report.reporter,
          "Sent by": report.submitter,
          Contact: report.contactInfo,
          "Report id": <code>{report.reportId}</code>,
          Received: (
            <span>
              <Instant at={report.receivedAt} exact />, {TRANSPORT_WORDS[report.transport]}
            </span>
          ),
        }}
      />
    </Panel>
  );
}

function Quirks({ codes }: { codes: readonly string[] }) {
  return (
    <Notice tone="idle" title="This report departs from RFC 8460; we read it all the same">
      <ul>
        {codes.map((code) => (
          <li key={code}>{describeQuirk(code)}</li>
        ))}
      </ul>
    </Notice>
  );
}

function describeQuirk(code: string): string {
  const known: Readonly<Record<string, string>> = QUIRKS;
  return known[code] ?? code;
}
