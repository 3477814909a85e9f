import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import { formatFixOwner, formatMonth } from "@waxseal/contract/monthly-words";
import { AccountFile } from "../../api/AccountFile.tsx";
import type { MonthlyReportView } from "../../api/contract.ts";
import { type MonthlyReportSearch, monthlyReportPath, monthlyReportQuery } from "../../api/monthly-report.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { ColumnChart } from "../../charts/ColumnChart.tsx";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { listMonths } from "../../format/months.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Stats } from "../../ui/Stats.tsx";
import { Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";
import styles from "./MonthlyReportPage.module.css";
import { CUSTOMER_FAILURES, CUSTOMERS, DOMAINS, FIGURES } from "./monthly-columns.tsx";

/** A month for people who never open a dashboard: to be printed, saved as PDF, or passed on. */
export function MonthlyReportPage() {
  const search: MonthlyReportSearch = useSearch({ strict: false });
  const navigate = useNavigate();
  const months = listMonths(new Date(), 13);
  const month = search.month ?? months[1] ?? "";
  return (
    <>
      <PageHeader
        title="Monthly report"
        above={
          <Link to={paths.reports()}>
            <Icon name="back" size={14} />
            Reports
          </Link>
        }
        actions={
          <div className="screen-only">
            <Row>
              <SelectField
                label="Month"
                hideLabel
                value={month}
                options={[...new Set([month, ...months])]
                  .sort()
                  .toReversed()
                  .map((value) => ({ value, label: formatMonth(value) }))}
                onChange={(value) =>
                  void navigate({ to: paths.monthlyReport(), search: { ...search, month: value } })
                }
              />
              <Button onClick={() => window.print()}>Print or save as PDF</Button>
              <AccountFile className={buttonClass()} path={monthlyReportPath({ ...search, month }, "csv")}>
                CSV
              </AccountFile>
              <AccountFile className={buttonClass()} path={monthlyReportPath({ ...search, month }, "json")}>
                JSON
              </AccountFile>
              <AccountFile className={buttonClass()} path={monthlyReportPath({ ...search, month }, "html")}>
                HTML
              </AccountFile>
              <Link to={paths.notifications()} className={buttonClass()}>
                Send by mail…
              </Link>
            </Row>
          </div>
        }
      />
      <QueryBoundary height={600}>
        <Report search={{ ...search, month }} />
      </QueryBoundary>
    </>
  );
}

function Report({ search }: { search: MonthlyReportSearch }) {
  const { data: report } = useSuspenseQuery(monthlyReportQuery(search));
  return (
    <Stack>
      <Cover report={report} />
      <Share report={report} />
      <Failures failures={report.failures} />
      {report.customerFailures.length > 0 && (
        <Panel
          flush
          title="What failed at customers, and who can fix it"
          hint="Most failed connections first."
        >
          <Table
            caption="Failures of customers"
            columns={CUSTOMER_FAILURES}
            rows={report.customerFailures}
            rowKey={({ customer, title, mxHost }) => `${customer} ${title} ${mxHost}`}
            stacked
          />
        </Panel>
      )}
      {report.customers.length > 0 && (
        <Panel flush title="Customers" hint="What proven reports say of each, this account first.">
          <Table
            caption="Customers"
            columns={CUSTOMERS}
            rows={report.customers}
            rowKey={({ name }) => name}
          />
        </Panel>
      )}
      {report.domains.length > 0 && (
        <Panel flush title="Domains" hint="Their state when this report was made.">
          <Table
            caption="Domains"
            columns={DOMAINS}
            rows={report.domains}
            rowKey={({ domain }) => domain}
            stacked
          />
        </Panel>
      )}
      {report.senders.length > 0 && (
        <Panel flush title="Who reported" hint="The senders with most connections.">
          <Table caption="Senders" columns={FIGURES} rows={report.senders} rowKey={({ name }) => name} />
        </Panel>
      )}
      <Panel title="What changed">
        {report.changes.length === 0 ? (
          <Text tone="soft">Nothing changed.</Text>
        ) : (
          <ul className={styles.list}>
            {report.changes.map((change) => (
              <li key={change}>{change}</li>
            ))}
          </ul>
        )}
      </Panel>
      <Evidence report={report} search={search} />
    </Stack>
  );
}

function Cover({
  report: { brand, about, month, from, to, isComplete, madeAt },
}: {
  report: MonthlyReportView;
}) {
  return (
    <Panel title={`${about.name}, ${formatMonth(month)}`} hint={KINDS[about.kind]}>
      <div className={styles.cover}>
        {brand.logo && <img className={styles.logo} src={brand.logo} alt={`Logo of ${brand.name}`} />}
        <div>
          <Text>
            Prepared by {brand.name} on <Instant at={madeAt} exact />.
          </Text>
          <Text tone="soft">
            {`${formatDay(from)} to ${formatDay(to)}, UTC.`}
            {!isComplete && " The month is not over: later days are missing."}
          </Text>
        </div>
      </div>
    </Panel>
  );
}

const KINDS = {
  domain: "How other mail servers delivered mail to this domain, by their own reports.",
  account: "How other mail servers delivered mail to all domains of this account, by their own reports.",
  provider: "How other mail servers delivered mail to the domains of this account, and of each customer.",
} as const;

function Share({ report: { totals, before, days } }: { report: MonthlyReportView }) {
  const columns = days.map((day) => ({
    key: day.day,
    name: formatDay(day.day),
    counts: { successful: day.sessions - day.failedSessions, failed: day.failedSessions },
    isGap: !day.hasReports,
  }));
  return (
    <Panel title="Connections">
      <Stack>
        <Stats
          items={[
            { name: "Successful", value: formatShare(totals.successShare), note: compare(totals, before) },
            { name: "Connections", value: formatCount(totals.sessions), note: "In proven reports" },
            {
              name: "Failed",
              value: formatCount(totals.failedSessions),
              note: "Refused, or would be if enforced",
            },
            {
              name: "Days without a report",
              value: formatCount(totals.gapDays),
              note: "Unknown, not zero",
            },
          ]}
        />
        {totals.sessions > 0 && (
          <ColumnChart
            columns={columns}
            series={[
              { key: "successful", name: "Successful", color: "var(--chart-good)" },
              { key: "failed", name: "Failed", color: "var(--chart-bad)" },
            ]}
          />
        )}
      </Stack>
    </Panel>
  );
}

type Compared = Pick<MonthlyReportView["before"], "successShare">;

function compare(totals: Compared, before: MonthlyReportView["before"]): string {
  if (totals.successShare === null) return "No report came in this month";
  if (before.successShare === null) return `No report in ${formatMonth(before.month)}`;
  return `${formatShare(before.successShare)} in ${formatMonth(before.month)}`;
}

function Failures({ failures }: Pick<MonthlyReportView, "failures">) {
  return (
    <Panel title="What failed and who can fix it" hint="Most failed connections first.">
      {failures.length === 0 ? (
        <Text tone="soft">No failure was reported.</Text>
      ) : (
        <ul className={styles.plain}>
          {failures.map((failure) => (
            <li key={`${failure.title} ${failure.mxHost} ${failure.firstDay}`} className={styles.failure}>
              <strong>
                {failure.title} {failure.mxHost && <code>{failure.mxHost}</code>}
              </strong>
              <Text>{failure.meaning}</Text>
              <Text>
                {failure.fixedBy !== "nobody" && `Who needs to fix it: ${formatFixOwner(failure.fixedBy)}. `}
                {failure.nextStep}
              </Text>
              <Text tone="soft" small>
                {describeFailure(failure)}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function describeFailure(failure: MonthlyReportView["failures"][number]): string {
  const { failedSessions, share, domains, reporters, firstDay, lastDay, status } = failure;
  const days = firstDay === lastDay ? formatDay(firstDay) : `${formatDay(firstDay)} to ${formatDay(lastDay)}`;
  const state = status.state === "over" ? "Over" : "Continuing";
  return `${formatCountOf(failedSessions, "connection")} (${formatShare(share)}) of ${domains.join(", ")}, reported by ${reporters.slice(0, 3).join(", ")}. ${days}. ${state}.`;
}

/** Which reports the figures come from, with the way to each of them. */
function Evidence({ report, search }: { report: MonthlyReportView; search: MonthlyReportSearch }) {
  const { evidence, from, to } = report;
  const { domainId } = search;
  const left =
    evidence.unprovenReports === 0
      ? "No report was left out."
      : `${formatCountOf(evidence.unprovenReports, "report")} without such a signature ${evidence.unprovenReports === 1 ? "is" : "are"} left out.`;
  return (
    <Panel title="What this rests on">
      <Text>
        {`${formatCountOf(evidence.reports, "TLS report")} (RFC 8460), each signed by the organisation that sent it. ${left} Senders that delivered no mail send no report.`}{" "}
        <span className="screen-only">
          <Link
            to={paths.reportList()}
            search={{ from, to, trust: "aligned", ...(domainId && { domainId }) }}
          >
            List of these reports
          </Link>
        </span>
      </Text>
    </Panel>
  );
}
