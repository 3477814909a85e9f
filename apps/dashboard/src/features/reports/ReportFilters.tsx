import { useQuery } from "@tanstack/react-query";
import { useLocation, useNavigate } from "@tanstack/react-router";
import { meQuery } from "../../api/account.ts";
import { customersQuery } from "../../api/customers.ts";
import { domainNamesQuery } from "../../api/domains.ts";
import { explainDayRange } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { SelectField } from "../../ui/Field.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { TimeZoneSwitch } from "../../ui/TimeZoneSwitch.tsx";
import { MoreFilters } from "./MoreFilters.tsx";
import { NarrowedBy } from "./NarrowedBy.tsx";
import { PeriodFields } from "./PeriodFields.tsx";
import styles from "./ReportFilters.module.css";
import type { ReportSearch } from "./read-report-search.ts";
import { TRUST_WORDS } from "./report-words.ts";
import { useReportSearch } from "./use-report-search.ts";

const WIDER = { aligned: "The reporter (proven)", any: "All reports" };

type Props = {
  search: ReportSearch;
  hasDomain: boolean;
  /** What is shown while the address names no trust. */
  defaultTrust: "aligned" | "any";
};

/** Which days, customer, domain, signature and failures; kept in the address. */
export function ReportFilters({ search, hasDomain, defaultTrust }: Props) {
  const change = useReportSearch(search);
  // As typed or linked: what cannot be used is not among the search any longer.
  const asked: Record<string, unknown> = useLocation().search;
  const problem = explainDayRange(asked.from, asked.to);
  return (
    <search className={styles.filters}>
      {problem && (
        <div className={styles.all}>
          <Notice tone="notice" live title="The dates in the address cannot be used">
            {problem} The last 30 days are shown.
          </Notice>
        </div>
      )}
      <PeriodFields search={search} />
      {hasDomain && (
        <DomainFilter domainId={search.domainId ?? ""} onChange={(domainId) => change({ domainId })} />
      )}
      <SelectField
        label="Who signed"
        value={search.trust ?? defaultTrust}
        options={Object.entries({ ...TRUST_WORDS, ...WIDER }).map(([value, label]) => ({ value, label }))}
        onChange={(trust) => change({ trust })}
      />
      {hasDomain && <CustomerFilter search={search} />}
      <TimeZoneSwitch />
      <div className={styles.all}>
        <MoreFilters search={search} onChange={change} />
        <NarrowedBy search={search} />
      </div>
    </search>
  );
}

/** Reports belong to accounts: another customer is the same page in another account. Nothing without customers. */
function CustomerFilter({ search }: { search: ReportSearch }) {
  const navigate = useNavigate();
  const { data: me } = useQuery(meQuery);
  const { data } = useQuery({ ...customersQuery(""), enabled: me !== undefined && !me?.provider });
  if (!me || !data || data.items.length === 0) return null;
  const { domainId: _, ...rest } = search;
  return (
    <SelectField
      label="Account"
      value={me.account.id}
      options={[
        { value: me.account.id, label: me.account.name },
        ...data.items.map(({ id, name }) => ({ value: id, label: name })),
      ]}
      onChange={(account) => void navigate({ to: paths.reports(), params: { account }, search: rest })}
    />
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
