import { Link } from "@tanstack/react-router";
import { AccountFile } from "../../api/AccountFile.tsx";
import { exportPath, type ReportFilter } from "../../api/reports.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { Row } from "../../ui/Layout.tsx";

/** The same figures as files, and on paper. */
export function ExportLinks({ range }: { range: ReportFilter }) {
  return (
    <div className="screen-only">
      <Row>
        <AccountFile className={buttonClass("secondary", true)} path={exportPath(range, "csv", "daily")}>
          Daily totals (CSV)
        </AccountFile>
        <AccountFile className={buttonClass("secondary", true)} path={exportPath(range, "csv", "failures")}>
          Failures (CSV)
        </AccountFile>
        <AccountFile className={buttonClass("secondary", true)} path={exportPath(range, "json", "daily")}>
          Daily totals (JSON)
        </AccountFile>
        <Link
          className={buttonClass("secondary", true)}
          to={paths.monthlyReport()}
          search={range.domainId === undefined ? {} : { domainId: range.domainId }}
        >
          Monthly report
        </Link>
        <Button small onClick={() => window.print()}>
          Print or save as PDF
        </Button>
      </Row>
    </div>
  );
}
