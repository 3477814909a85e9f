import { addDays, countDays, utcDay } from "../../format/utc-days.ts";
import { DayRangeFields } from "../../ui/DayRangeFields.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { type ReportSearch, rangeOf } from "./read-report-search.ts";
import { useReportSearch } from "./use-report-search.ts";

const PRESET_DAYS = [7, 30, 90, 365];

/** Which days are shown; kept in the address. */
export function PeriodFields({ search }: { search: ReportSearch }) {
  const change = useReportSearch(search);
  const today = utcDay(new Date());
  const { from, to } = rangeOf(search, new Date());
  const days = countDays(from, to);
  const isPreset = to === today && PRESET_DAYS.includes(days);
  return (
    <>
      <SelectField
        label="Period"
        value={isPreset ? String(days) : "other"}
        options={[
          ...PRESET_DAYS.map((count) => ({ value: String(count), label: `Last ${count} days` })),
          ...(isPreset ? [] : [{ value: "other", label: "Chosen days" }]),
        ]}
        onChange={(value) =>
          value !== "other" && change({ from: addDays(today, 1 - Number(value)), to: today })
        }
      />
      <DayRangeFields from={from} to={to} onChange={change} />
    </>
  );
}
