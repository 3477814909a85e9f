import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { domainNamesQuery } from "../../api/domains.ts";
import { addDays, countDays, utcDay } from "../../format/utc-days.ts";
import { DayRangeFields } from "../../ui/DayRangeFields.tsx";
import { SelectField } from "../../ui/Field.tsx";
import styles from "./ReportFilters.module.css";
import { type ReportSearch, rangeOf, readReportSearch } from "./read-report-search.ts";
import { TRUST_WORDS } from "./report-words.ts";

const WIDER = { aligned: "The reporter (proven)", any: "All reports" };
const PRESET_DAYS = [7, 30, 90, 365];

type Props = {
  search: ReportSearch;
  hasDomain: boolean;
  /** What is shown while the address names no trust. */
  defaultTrust: "aligned" | "any";
};

/** Which days, which domain and whose signature; kept in the address. */
export function ReportFilters({ search, hasDomain, defaultTrust }: Props) {
  const navigate = useNavigate();
  const today = utcDay(new Date());
  const { from, to } = rangeOf(search, new Date());
  const days = countDays(from, to);
  const isPreset = to === today && PRESET_DAYS.includes(days);
  const change = (next: Record<string, unknown>) =>
    void navigate({ to: ".", search: readReportSearch({ ...search, from, to, ...next }), replace: true });
  return (
    <search className={styles.filters}>
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
      {hasDomain && (
        <DomainFilter domainId={search.domainId ?? ""} onChange={(domainId) => change({ domainId })} />
      )}
      <SelectField
        label="Who signed"
        value={search.trust ?? defaultTrust}
        options={Object.entries({ ...TRUST_WORDS, ...WIDER }).map(([value, label]) => ({ value, label }))}
        onChange={(trust) => change({ trust })}
      />
    </search>
  );
}

function DomainFilter({ domainId, onChange }: { domainId: string; onChange: (domainId: string) => void }) {
  const { data } = useQuery(domainNamesQuery);
  const options = data?.items.map(({ id, domain }) => ({ value: id, label: domain })) ?? [];
  return (
    <SelectField
      label="Domain"
      value={domainId}
      options={[{ value: "", label: "All domains" }, ...options]}
      onChange={onChange}
    />
  );
}
