import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { domainNamesQuery } from "../../api/domains.ts";
import { DayRangeFields } from "../../ui/DayRangeFields.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import styles from "./AuditFilters.module.css";
import { type AuditFilter, readAuditFilter } from "./read-audit-filter.ts";

const KINDS = [
  { value: "", label: "Everything" },
  { value: "policy", label: "Policies" },
  { value: "policyChange", label: "Bulk changes" },
  { value: "domain", label: "Domains" },
  { value: "setup", label: "DNS records" },
  { value: "mx", label: "MX hosts" },
  { value: "certificate", label: "Certificates" },
  { value: "report", label: "Reports" },
  { value: "member", label: "Members" },
  { value: "sso", label: "Single sign-on" },
  { value: "invitation", label: "Invitations" },
  { value: "apiKey", label: "API keys" },
  { value: "customer", label: "Customers" },
  { value: "sheet", label: "DNS instructions" },
  { value: "savedFilter", label: "Saved filters" },
  { value: "brand", label: "Branding" },
  { value: "account", label: "Account" },
];

/** Who, what, which domain and when; kept in the address. */
export function AuditFilters({ search }: { search: AuditFilter }) {
  const navigate = useNavigate();
  const { data: domains } = useQuery(domainNamesQuery);
  const change = (next: Record<string, unknown>) =>
    void navigate({ to: ".", search: readAuditFilter({ ...search, ...next }), replace: true });
  return (
    <search className={styles.filters}>
      <SelectField
        label="What"
        value={search.kind ?? ""}
        options={KINDS}
        onChange={(kind) => change({ kind })}
      />
      <TextField
        label="Who"
        placeholder="Name starts with…"
        value={search.actor ?? ""}
        onChange={(actor) => change({ actor })}
      />
      <SelectField
        label="Domain"
        value={search.domainId ?? ""}
        options={[
          { value: "", label: "All domains" },
          ...(domains?.items.map(({ id, domain }) => ({ value: id, label: domain })) ?? []),
        ]}
        onChange={(domainId) => change({ domainId })}
      />
      <DayRangeFields from={search.from ?? ""} to={search.to ?? ""} onChange={change} />
    </search>
  );
}
