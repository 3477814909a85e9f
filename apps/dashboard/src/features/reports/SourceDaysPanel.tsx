import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { SourceDaysView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { type ReportFilter, sourceDaysQuery } from "../../api/reports.ts";
import { binDays } from "../../charts/bin-days.ts";
import { HeatMap } from "../../charts/HeatMap.tsx";
import { SmallCharts } from "../../charts/SmallCharts.tsx";
import { shareOf } from "../../charts/share-of.ts";
import { formatCount, formatCountOf, formatShare } from "../../format/counts.ts";
import { addDays, utcDay } from "../../format/utc-days.ts";
import { Inset } from "../../ui/Inset.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Sparkline } from "../../ui/Sparkline.tsx";
import { Text } from "../../ui/Text.tsx";
import { ToggleLinks } from "../../ui/ToggleLinks.tsx";
import { panelHint } from "./describe-proven.ts";
import type { ReportSearch } from "./read-report-search.ts";
import { successShare } from "./success-share.ts";

const SHOWN = 12;

type Props = { range: ReportFilter; look: ReportSearch["reporters"] };

/** Which source reported about which day, so that silence is seen at a glance; or a chart for each. */
export function SourceDaysPanel({ range, look }: Props) {
  return (
    <Panel
      flush
      title="Reporters by day"
      term={["tls-rpt", "TLS-RPT"]}
      hint={panelHint(look === "charts" ? CHARTS_HINT : MAP_HINT, range.trust)}
      actions={
        <ToggleLinks label="How reporters are shown">
          <Link
            to="."
            search={({ reporters: _, ...rest }: ReportSearch) => rest}
            activeOptions={EXACT}
            resetScroll={false}
            replace
          >
            Heat map
          </Link>
          <Link
            to="."
            search={(search: ReportSearch) => ({ ...search, reporters: "charts" as const })}
            activeOptions={EXACT}
            resetScroll={false}
            replace
          >
            A chart each
          </Link>
        </ToggleLinks>
      }
    >
      <QueryBoundary height={160}>
        <Sources range={range} look={look} />
      </QueryBoundary>
    </Panel>
  );
}

const EXACT = { exact: true };
const MAP_HINT = "The darker a day, the more of its sessions failed. Hatched: no report.";
const CHARTS_HINT = "Sessions of each reporter, each on its own scale. Hatched: no report.";

function Sources({ range, look }: Props) {
  const { data } = useSuspenseQuery(sourceDaysQuery(range));
  const shown = data.items.slice(0, SHOWN);
  const rest = data.items.length - shown.length + data.more;
  return (
    <>
      {look === "charts" ? (
        <Inset>
          <SmallCharts
            items={shown.map((item) => ({
              key: `${item.key} ${item.trust}`,
              name: <SourceName item={item} />,
              words: describeSource(item),
              bins: binsOf(data, item),
            }))}
          />
        </Inset>
      ) : (
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
      )}
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

function describeSource(item: SourceDaysView["items"][number]): string {
  const sessions = formatCountOf(item.successfulSessions + item.failedSessions, "session");
  return `${sessions}, ${formatShare(successShare(item))} successful`;
}

/** The days of a source as the chart has them: weeks when there are more than 90. */
function binsOf({ from }: SourceDaysView, item: SourceDaysView["items"][number] | undefined) {
  const days = (item?.days ?? []).map((day, index) => ({
    day: addDays(from, index),
    isGap: day === null,
    counts: { successful: day?.successfulSessions ?? 0, failed: day?.failedSessions ?? 0 },
  }));
  return binDays(days, utcDay(new Date()));
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
