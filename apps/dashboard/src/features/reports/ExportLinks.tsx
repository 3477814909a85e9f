import { exportUrl, type ReportRange } from "../../api/reports.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { Row } from "../../ui/Layout.tsx";

/** The same figures as files, and on paper. */
export function ExportLinks({ range }: { range: ReportRange }) {
  return (
    <div className="screen-only">
      <Row>
        <a className={buttonClass("secondary", true)} href={exportUrl(range, "csv", "daily")} download>
          Daily figures, CSV
        </a>
        <a className={buttonClass("secondary", true)} href={exportUrl(range, "csv", "failures")} download>
          Failures, CSV
        </a>
        <a className={buttonClass("secondary", true)} href={exportUrl(range, "json", "daily")} download>
          JSON
        </a>
        <Button small onClick={() => window.print()}>
          Print or save as PDF
        </Button>
      </Row>
    </div>
  );
}
