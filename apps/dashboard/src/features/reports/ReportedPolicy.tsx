import { formatFixOwner } from "@waxseal/contract/monthly-words";
import { explainFailure } from "@waxseal/tls-rpt";
import type { FailureDetailView, ReportView } from "../../api/contract.ts";
import { formatCount } from "../../format/counts.ts";
import { CodeBlock } from "../../ui/CodeBlock.tsx";
import { Details } from "../../ui/Details.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { ConnectCommands } from "./ConnectCommands.tsx";
import styles from "./ReportedPolicy.module.css";
import { formatPolicyType } from "./report-words.ts";

/** What a report says about one policy: the sessions under it, and each failure in plain words. */
export function ReportedPolicy({ policy }: { policy: ReportView["policies"][number] }) {
  const { failureDetails } = policy;
  return (
    <Panel flush title={`Policy: ${formatPolicyType(policy.policyType)}`}>
      <Inset>
        <Stack gap={3}>
          <Facts
            items={{
              Domain: policy.policyDomain,
              Sessions: `${formatSessions(policy.successfulSessions)} successful, ${formatSessions(policy.failedSessions)} failed`,
              "Mail host patterns":
                policy.mxHostPatterns.length > 0 ? policy.mxHostPatterns.join(", ") : null,
            }}
          />
          {policy.policyStrings.length > 0 && (
            <CodeBlock text={policy.policyStrings.join("\n")} label="The policy as the sender saw it" />
          )}
          {policy.failedSessions === 0 && <Status tone="good">No failure</Status>}
          {policy.failedSessions === null && <Status tone="idle">Number of failures unknown</Status>}
          {failureDetails.length === 0 && (policy.failedSessions ?? 0) > 0 && (
            <Status tone="notice">The sender gives no details of the failures</Status>
          )}
        </Stack>
      </Inset>
      {failureDetails.length > 0 && (
        <Table
          caption="Failures"
          columns={COLUMNS}
          rows={failureDetails.map((detail, index) => ({ ...detail, place: index }))}
          rowKey={(row) => String(row.place)}
        />
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<FailureDetailView>[] = [
  { title: "What failed", cell: (row) => <Failure detail={row} /> },
  {
    title: "Sessions",
    align: "end",
    cell: (row) => (row.failedSessions === null ? "Count unknown" : formatCount(row.failedSessions)),
  },
];

function formatSessions(sessions: number | null): string {
  return sessions === null ? "unknown" : formatCount(sessions);
}

function Failure({ detail }: { detail: FailureDetailView }) {
  const { meaning, usualOwner, nextStep } = explainFailure({
    resultType: detail.resultType,
    reasonCode: detail.failureReasonCode,
  });
  const evidence = [
    ["Result type", detail.resultType],
    ["Mail host", detail.receivingMxHost],
    ["From", detail.sendingMtaIp],
    ["To", detail.receivingIp],
    ["Greeting", detail.receivingMxHelo],
    ["Reason", detail.failureReasonCode],
    ["More", detail.additionalInfo],
  ] as const;
  return (
    <div className={styles.failure}>
      <div className={styles.words}>
        <strong>{detail.title}</strong>
        <p>{meaning}</p>
        <p>
          <strong>{formatFixOwner(usualOwner)}:</strong> {nextStep}
        </p>
      </div>
      <div className={styles.evidence}>
        {evidence.map(([name, value]) => value && <div key={name}>{`${name}: ${value}`}</div>)}
      </div>
      {detail.receivingMxHost && (
        <div className={styles.commands}>
          <Details title="Test it yourself">
            <ConnectCommands mxHost={detail.receivingMxHost} address={detail.receivingIp} />
          </Details>
        </div>
      )}
    </div>
  );
}
