import { Link } from "@tanstack/react-router";
import { mayDo, type Role } from "@waxseal/contract/permissions";
import { useState } from "react";
import type { DomainSummaryView } from "../../api/contract.ts";
import { formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import styles from "./DomainRows.module.css";
import { TagDialog } from "./TagDialog.tsx";
import { MAX_CHOSEN, type Selection } from "./use-selection.ts";

type Props = {
  rows: readonly DomainSummaryView[];
  selection: Selection;
  role: Role;
  /** The filter as the page of bulk changes takes it. */
  filter: Record<string, string>;
};

const SHEET_DOMAINS = 100;

/** Chooses rows, and what can be done with those chosen, or with all that the filter leaves. */
export function SelectionBar({ rows, selection, role, filter }: Props) {
  const [isTagging, setIsTagging] = useState(false);
  const { ids, choose } = selection;
  // What another filter hides is not meant any more.
  const chosen = rows.filter(({ id }) => ids.has(id));
  const domainIds = chosen.map(({ id }) => id).join(",");
  const isAll = chosen.length >= Math.min(rows.length, MAX_CHOSEN);
  const isFiltered = Object.keys(filter).some((name) => name !== "accountId");
  const small = buttonClass("secondary", true);
  return (
    <div className={styles.bar}>
      <label>
        <input
          type="checkbox"
          checked={isAll}
          onChange={() => choose(isAll ? [] : rows.map(({ id }) => id))}
        />
        {chosen.length === 0 ? "Select all" : `${formatCountOf(chosen.length, "domain")} selected`}
        {chosen.length === MAX_CHOSEN && " (the most at once)"}
      </label>
      {chosen.length > 0 ? (
        <>
          {mayDo(role, "domains.change") && (
            <Button small onClick={() => setIsTagging(true)}>
              Tags
            </Button>
          )}
          {mayDo(role, "policies.publish") && (
            <Link to={paths.newPolicyChange()} search={{ domainIds }} className={small}>
              Edit policies
            </Link>
          )}
          {chosen.length <= SHEET_DOMAINS && (
            <Link to={paths.instructions()} search={{ domainIds }} className={small}>
              DNS instructions
            </Link>
          )}
          <Button small look="quiet" onClick={() => choose([])}>
            Clear
          </Button>
        </>
      ) : (
        mayDo(role, "policies.publish") && (
          <>
            <Link to={paths.newPolicyChange()} search={filter} className={buttonClass("quiet", true)}>
              {isFiltered ? "Edit all matching policies…" : "Edit all policies…"}
            </Link>
            <Link to={paths.policyChanges()} className={buttonClass("quiet", true)}>
              Bulk-edit history
            </Link>
          </>
        )
      )}
      {isTagging && <TagDialog rows={chosen} onClose={() => setIsTagging(false)} />}
    </div>
  );
}
