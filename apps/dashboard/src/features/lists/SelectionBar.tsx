import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { ActionButton, OnlyFor } from "../../api/ActionButton.tsx";
import type { DomainSummaryView } from "../../api/contract.ts";
import type { DomainChoice } from "../../api/tags.ts";
import { formatCount, formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import styles from "./DomainRows.module.css";
import { TagDialog } from "./TagDialog.tsx";
import { MAX_NAMED, type Selection } from "./use-selection.ts";

type Props = {
  rows: readonly DomainSummaryView[];
  /** How many domains the filter leaves, also those that are not loaded. */
  total: number;
  selection: Selection;
  /** The filter as the page of bulk changes takes it. */
  filter: Record<string, string>;
};

const SHEET_DOMAINS = 100;
const CHANGE_DOMAINS = 1_000;

/** Chooses rows, and what can be done with those chosen, or with all that the filter leaves. */
export function SelectionBar({ rows, total, selection, filter }: Props) {
  const [isTagging, setIsTagging] = useState(false);
  const { isAll, ids, chooseAll, clear } = selection;
  // Of rows chosen one by one, what another filter hides is not meant any more; what was left out stays so, loaded or not.
  const named = isAll ? [...ids] : rows.filter(({ id }) => ids.has(id)).map(({ id }) => id);
  const count = isAll ? total - named.length : named.length;
  const isFiltered = Object.keys(filter).some((name) => name !== "accountId");
  const meant: DomainChoice = isAll ? { filter, exceptIds: named, expected: count } : { domainIds: named };
  return (
    <div className={styles.bar}>
      <label>
        <input type="checkbox" checked={count === total} onChange={count === total ? clear : chooseAll} />
        {count === 0
          ? `Select all ${formatCountOf(total, "domain")}`
          : `${formatCountOf(count, "domain")} selected`}
        {named.length === MAX_NAMED && (isAll ? " (no more can be left out)" : " (no more one by one)")}
      </label>
      {count > 0 ? (
        <>
          <ActionButton needs="domains.change" hideDenied small onClick={() => setIsTagging(true)}>
            Tags
          </ActionButton>
          <ChangeLink count={count} meant={meant} />
          {!isAll && count <= SHEET_DOMAINS && (
            <Link
              to={paths.instructions()}
              search={{ domainIds: named.join(",") }}
              className={buttonClass("secondary", true)}
            >
              DNS instructions
            </Link>
          )}
          <Button small look="quiet" onClick={clear}>
            Clear
          </Button>
        </>
      ) : (
        <OnlyFor needs="policies.publish">
          {total <= CHANGE_DOMAINS && (
            <Link
              to={paths.newPolicyChange()}
              search={{ ...filter, expected: String(total) }}
              className={buttonClass("quiet", true)}
            >
              {isFiltered ? "Edit all matching policies…" : "Edit all policies…"}
            </Link>
          )}
          <Link to={paths.policyChanges()} className={buttonClass("quiet", true)}>
            Bulk-edit history
          </Link>
        </OnlyFor>
      )}
      {isTagging && (
        <TagDialog
          count={count}
          meant={meant}
          rows={rows.filter(({ id }) => selection.has(id))}
          onClose={() => setIsTagging(false)}
        />
      )}
    </div>
  );
}

function ChangeLink({ count, meant }: { count: number; meant: DomainChoice }) {
  if (count > CHANGE_DOMAINS)
    return (
      <ActionButton
        needs="policies.publish"
        hideDenied
        small
        disabledReason={`At most ${formatCount(CHANGE_DOMAINS)} at once: narrow the filter.`}
      >
        Edit policies
      </ActionButton>
    );
  const search =
    "domainIds" in meant
      ? { domainIds: meant.domainIds.join(",") }
      : {
          ...meant.filter,
          ...(meant.exceptIds?.length && { exceptIds: meant.exceptIds.join(",") }),
          expected: String(count),
        };
  return (
    <OnlyFor needs="policies.publish">
      <Link to={paths.newPolicyChange()} search={search} className={buttonClass("secondary", true)}>
        Edit policies
      </Link>
    </OnlyFor>
  );
}
