import { Link, useParams, useSearch } from "@tanstack/react-router";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { ReportsView } from "./ReportsView.tsx";
import { readReportSearch } from "./read-report-search.ts";

/** The reports of one domain; its header is the domain's. */
export function DomainReportsPage() {
  const { domainId = "" } = useParams({ strict: false });
  const search = readReportSearch({ ...useSearch({ strict: false }), domainId });
  return (
    <ReportsView
      search={search}
      onlyDomainId={domainId}
      emptyAction={
        <Link to={paths.domain({ domainId })} className={buttonClass()}>
          Check the TLS-RPT record
        </Link>
      }
    />
  );
}
