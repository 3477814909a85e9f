import { Link, useSearch } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import { useDeferredValue, useMemo } from "react";
import { AccountFile } from "../../api/AccountFile.tsx";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { exportPath, type ReportFilter } from "../../api/reports.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ClusterPanel } from "./ClusterPanel.tsx";
import { ReportFilters } from "./ReportFilters.tsx";
import { ReportTable } from "./ReportTable.tsx";
import { filterOf, readReportSearch } from "./read-report-search.ts";

const FORMATS = ["csv", "json"] as const;

export function ReportListPage() {
  const search = readReportSearch(useSearch({ strict: false }));
  const key = JSON.stringify(filterOf(search, new Date()));
  const chosen = useMemo<ReportFilter>(() => JSON.parse(key), [key]);
  const filter = useDeferredValue(chosen);
  const { from, to } = chosen;
  return (
    <>
      <PageHeader
        title="List of reports"
        above={
          <Link to={paths.reports()} search={search}>
            <Icon name="back" size={14} />
            Reports
          </Link>
        }
      />
      <Stack>
        <ReportFilters search={search} hasDomain defaultTrust="any" />
        {(search.source || search.mx || from === to) && <ClusterPanel range={chosen} />}
        <Panel
          flush
          title={`${formatDay(from)} to ${formatDay(to)} (UTC)`}
          actions={FORMATS.map((format) => (
            <AccountFile
              key={format}
              className={buttonClass("secondary", true)}
              path={exportPath(chosen, format, "reports")}
            >
              {`These reports (${format.toUpperCase()})`}
            </AccountFile>
          ))}
        >
          <QueryBoundary height={320}>
            <ReportTable filter={filter} search={search} />
          </QueryBoundary>
        </Panel>
      </Stack>
    </>
  );
}
