import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SourceDaysView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { type ReportFilter, sourceDaysQuery } from "../../api/reports.ts";
import { binDays } from "../../charts/bin-days.ts";
import { HeatMap } from "../../charts/HeatMap.tsx";
import { shareOf } from "../../charts/share-of.ts";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { addDays } from "../../format/utc-days.ts";
import { Inset } from "../../ui/Inset.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Sparkline } from "../../ui/Sparkline.tsx";
import { Text } from "../../ui/Text.tsx";
import { panelHint } from "./describe-proven.ts";
import type { ReportSearch } from "./read-report-search.ts";
import { successShare } from "./success-share.ts";

const SHOWN = 12;

/** Which source reported about which day, so that silence is seen at a glance. */
export function SourceDaysPanel({ range }: { range: ReportFilter }) {
  return (
    <Panel
      flush
      title="Reporters by day"
      term={["tls-rpt", "TLS-RPT"]}
      hint={panelHint("The darker a day, the more of its sessions failed. Hatched: no report.", range.trust)}
    >
      <QueryBoundary height={160}>
        <Sources range={range} />
      </QueryBoundary>
    </Panel>
  );
}

function Sources({ range }: { range: ReportFilter }) {
  const { data } = useSuspenseQuery(sourceDaysQuery(range));
  const shown = data.items.slice(0, SHOWN);
  const rest = data.items.length - shown.length + data.more;
  return (
    <>
      <HeatMap
        caption="Reporters by day"
        firstColumn="Reporter"
        columns={binsOf(data, data.items[0])}
        rows={shown.map((item) => ({
          key: `${item.key} ${item.trust}`,
          name: <SourceName item={item} />,
          cells: binsOf(data, item).map((bin) =>
            bin.isGap ? null : { share: shareOf(bin), failed: bin.counts.failed ?? 0 },
          ),
          figures: [
            <Sparkline key="share" days={item.days.map((day) => day && successShare(day))} />,
            formatCount(item.successfulSessions + item.failedSessions),
            formatShare(successShare(item)),
          ],
        }))}
        figures={["Success by day", "Sessions", "Success"]}
      />
      {rest > 0 && (
        <Inset>
          <Text tone="soft" small>
            {formatCountOf(rest, "other reporter")} with fewer sessions.
          </Text>
        </Inset>
      )}
    </>
  );
}

/** The days of a source as the chart has them: weeks when there are more than 90. */
function binsOf({ from }: SourceDaysView, item: SourceDaysView["items"][number] | undefined) {
  const days = (item?.days ?? []).map((day, index) => ({
    day: addDays(from, index),
    isGap: day === null,
    counts: { successful: day?.successfulSessions ?? 0, failed: day?.failedSessions ?? 0 },
  }));
  return binDays(days, "");
}

function SourceName({ item }: { item: SourceDaysView["items"][number] }) {
  return (
    <Link
      to="."
      search={(search: ReportSearch) => ({ ...search, source: item.key })}
      resetScroll={false}
      title={item.title}
    >
      {item.title}
      {item.trust === "unsigned" && " (unsigned)"}
    </Link>
  );
}
