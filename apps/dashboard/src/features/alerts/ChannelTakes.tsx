import { useQuery } from "@tanstack/react-query";
import {
  ALERT_CONDITION_CODES,
  ALERT_CONDITIONS,
  type AlertCondition,
} from "@waxseal/contract/alert-conditions";
import type { ChannelView } from "../../api/contract.ts";
import { customersQuery } from "../../api/customers.ts";
import { SEVERITIES } from "../../api/severity-words.ts";
import { tagsQuery } from "../../api/tags.ts";
import { formatCountOf } from "../../format/counts.ts";
import { Details } from "../../ui/Details.tsx";
import { SelectField } from "../../ui/Field.tsx";
import styles from "./ChannelTakes.module.css";

/** Which alerts go to a channel. */
export type Takes = Pick<ChannelView, "minSeverity" | "match">;

const LEVELS: readonly ChannelView["minSeverity"][] = ["critical", "warning", "notice"];

/** What a channel gets, in a few words. */
export function describeTakes({ minSeverity, match }: Takes): string {
  const { conditions = [], tags = [], customers = [] } = match;
  const [only] = conditions;
  return [
    SEVERITIES[minSeverity].word,
    conditions.length === 1 && only ? ALERT_CONDITIONS[only] : null,
    conditions.length > 1 ? formatCountOf(conditions.length, "kind") : null,
    tags.length > 0 ? tags.join(", ") : null,
    customers.length > 0 ? formatCountOf(customers.length, "customer") : null,
  ]
    .filter((part) => part !== null)
    .join(", ");
}

/** The fields that choose which alerts go to a channel. */
export function ChannelTakes({ value, onChange }: { value: Takes; onChange: (value: Takes) => void }) {
  const tags = useQuery(tagsQuery("all")).data?.items ?? [];
  const customers = useQuery(customersQuery()).data?.items ?? [];
  const { minSeverity, match } = value;
  const chosen = match.conditions ?? [];
  const set = (change: ChannelView["match"]) => onChange({ minSeverity, match: { ...match, ...change } });
  const toggle = (code: AlertCondition) =>
    set({
      conditions: chosen.includes(code) ? chosen.filter((other) => other !== code) : [...chosen, code],
    });
  return (
    <>
      <SelectField
        label="Send from"
        value={minSeverity}
        options={LEVELS.map((level) => ({ value: level, label: SEVERITIES[level].word }))}
        onChange={(level) =>
          onChange({ match, minSeverity: LEVELS.find((known) => known === level) ?? "warning" })
        }
      />
      <Details title={chosen.length > 0 ? `Only some alerts: ${chosen.length}` : "Only some alerts"}>
        <fieldset className={styles.conditions}>
          <legend>Without a choice, all of them.</legend>
          {ALERT_CONDITION_CODES.map((code) => (
            <label key={code}>
              <input type="checkbox" checked={chosen.includes(code)} onChange={() => toggle(code)} />
              {ALERT_CONDITIONS[code]}
            </label>
          ))}
        </fieldset>
      </Details>
      {tags.length > 0 && (
        <SelectField
          label="Only domains with the tag"
          value={match.tags?.[0] ?? ""}
          options={[
            { value: "", label: "All domains" },
            ...tags.map((one) => ({ value: one.tag, label: one.tag })),
          ]}
          onChange={(tag) => set({ tags: tag ? [tag] : [] })}
        />
      )}
      {customers.length > 0 && (
        <SelectField
          label="Only domains of the customer"
          value={match.customers?.[0] ?? ""}
          options={[
            { value: "", label: "All customers, and this account" },
            ...customers.map(({ id, name: label }) => ({ value: id, label })),
          ]}
          onChange={(customer) => set({ customers: customer ? [customer] : [] })}
        />
      )}
    </>
  );
}
