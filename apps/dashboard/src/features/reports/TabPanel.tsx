import { Link } from "@tanstack/react-router";
import type { ReportFilter } from "../../api/reports.ts";
import { TabLinks } from "../../ui/TabLinks.tsx";
import { MxHostPanel, PolicyTypePanel } from "./BreakdownPanels.tsx";
import { ResultPanel } from "./ResultPanel.tsx";
import { REPORT_TABS, type ReportSearch, type ReportTab } from "./read-report-search.ts";
import { SourcePanel } from "./SourcePanel.tsx";

const NAMES = {
  result: "Per result",
  source: "Per sending source",
  mx: "Per mail host",
  policy: "Per policy",
} satisfies Record<ReportTab, string>;

const PANELS = {
  result: ResultPanel,
  source: SourcePanel,
  mx: MxHostPanel,
  policy: PolicyTypePanel,
} satisfies Record<ReportTab, (props: { range: ReportFilter }) => unknown>;

/** The same sessions added up in one of four ways. */
export function TabPanel({ range, tab }: { range: ReportFilter; tab: ReportTab }) {
  const Chosen = PANELS[tab];
  return (
    <div>
      <TabLinks label="Sessions by">
        {REPORT_TABS.map((name) => (
          <Link
            key={name}
            to="."
            search={(search: ReportSearch) => ({ ...search, tab: name === "result" ? undefined : name })}
            resetScroll={false}
            replace
            activeProps={{ "aria-current": name === tab ? "page" : undefined }}
            inactiveProps={{ "aria-current": name === tab ? "page" : undefined }}
          >
            {NAMES[name]}
          </Link>
        ))}
      </TabLinks>
      <Chosen range={range} />
    </div>
  );
}
