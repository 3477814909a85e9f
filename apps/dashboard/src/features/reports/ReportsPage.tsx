import { Link, useSearch } from "@tanstack/react-router";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { ReportsView } from "./ReportsView.tsx";
import { readReportSearch } from "./read-report-search.ts";

/** The reports of all domains of the account. */
export function ReportsPage() {
  const search = readReportSearch(useSearch({ strict: false }));
  return (
    <>
      <PageHeader
        title="Reports"
        lead="What senders say about encrypting the mail they deliver to you."
        actions={
          <Link to={paths.reportList()} search={search} className={buttonClass()}>
            List of reports
          </Link>
        }
      />
      <ReportsView
        search={search}
        emptyAction={
          <Link to={paths.domains()} className={buttonClass()}>
            Check the setup of your domains
          </Link>
        }
      />
    </>
  );
}
