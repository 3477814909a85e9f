import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView, PolicyVersionView } from "../../api/contract.ts";
import { isSettling, policyVersionsQuery } from "../../api/domains.ts";
import { diffPolicyFiles } from "../../format/diff-policy-files.ts";
import { formatDuration } from "../../format/durations.ts";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";
import { Details } from "../../ui/Details.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { LineDiff } from "../../ui/LineDiff.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status, type Tone } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { ConfirmPolicy } from "./ConfirmPolicy.tsx";
import { describePolicyChange } from "./describe-policy-change.ts";
import styles from "./PolicyVersions.module.css";

const SETTLING_POLL_MS = 2_000;

type Props = { domain: DomainView; canRollBack: boolean };

/** Every version of the policy, with the way back to it. */
export function PolicyVersions({ domain, canRollBack }: Props) {
  const { data } = useSuspenseQuery({
    ...policyVersionsQuery(domain.id),
    refetchInterval: isSettling(domain) ? SETTLING_POLL_MS : false,
  });
  const [chosen, setChosen] = useState<PolicyVersionView>();
  const columns = [
    VERSION_COLUMN,
    stateColumn(domain),
    policyColumn(data.items),
    ...COLUMNS,
    ...(canRollBack ? [backColumn(domain, setChosen)] : []),
  ];
  return (
    <Panel
      flush
      title="Versions"
      hint={
        domain.cacheHorizonAt ? (
          <>
            Until <Instant at={domain.cacheHorizonAt} exact /> some sender may still remember an older
            version.
          </>
        ) : (
          "Every policy that was ever published, newest first."
        )
      }
    >
      {data.items.length > 0 ? (
        <Table
          caption="Versions of the policy"
          columns={columns}
          rows={data.items}
          rowKey={(row) => `${row.version}`}
          stacked
        />
      ) : (
        <EmptyState title="No version yet" body="Publish the policy above to make the first one." />
      )}
      {chosen && (
        <ConfirmPolicy
          opened
          onClose={() => setChosen(undefined)}
          domain={domain}
          policy={chosen}
          restoredVersion={chosen.version}
          changes={describePolicyChange(domain.policy, chosen)}
          warnings={[]}
        />
      )}
    </Panel>
  );
}

const STATE_WORDS = {
  publishing: { tone: "working", word: "Publishing" },
  live: { tone: "good", word: "Live" },
  superseded: { tone: "idle", word: "Superseded" },
} satisfies Record<PolicyVersionView["state"], { tone: Tone; word: string }>;

const VERSION_COLUMN: Column<PolicyVersionView> = { title: "Version", cell: (row) => row.version };

/** While a domain is being set up its policy cannot be published, and is not late either. */
function stateColumn({ status }: DomainView): Column<PolicyVersionView> {
  return {
    title: "State",
    cell: (row) => {
      if (status === "pending" && row.state === "publishing") {
        return <Status tone="idle">Waits for the setup</Status>;
      }
      const { tone, word } = STATE_WORDS[row.state];
      return <Status tone={tone}>{word}</Status>;
    },
  };
}

/** What a version says, and how its file differs from that of the version before. */
function policyColumn(versions: readonly PolicyVersionView[]): Column<PolicyVersionView> {
  const bodyOf = new Map(versions.map(({ version, body }) => [version, body]));
  return {
    title: "Policy",
    cell: (row) => {
      const before = bodyOf.get(row.version - 1);
      return (
        <>
          {POLICY_MODE_WORDS[row.mode].name}, {formatDuration(row.maxAgeSeconds)}
          <div className={styles.hosts}>{row.mx.join(", ")}</div>
          {before !== undefined && (
            <Details title={`Changes since version ${row.version - 1}`}>
              <LineDiff label="Changes, line by line" lines={diffPolicyFiles(before, row.body)} />
            </Details>
          )}
        </>
      );
    },
  };
}

const COLUMNS: readonly Column<PolicyVersionView>[] = [
  {
    title: "Made",
    wideOnly: true,
    cell: (row) => (
      <>
        <Instant at={row.createdAt} exact />
        <div className={styles.by}>{row.createdBy}</div>
      </>
    ),
  },
  {
    title: "Cache expires",
    term: ["horizon", "the cache horizon"],
    wideOnly: true,
    cell: (row) => (row.horizonAt ? <Instant at={row.horizonAt} exact /> : "–"),
  },
];

function backColumn(
  domain: DomainView,
  choose: (version: PolicyVersionView) => void,
): Column<PolicyVersionView> {
  return {
    title: "Roll back",
    align: "end",
    cell: (row) =>
      row.version === domain.policy?.version ? null : (
        <ActionButton
          needs="policies.publish"
          hideDenied
          small
          aria-label={`Roll back to version ${row.version}`}
          onClick={() => choose(row)}
        >
          Roll back
        </ActionButton>
      ),
  };
}
