import { Link } from "@tanstack/react-router";
import type { DomainView, MxHostView } from "../../api/contract.ts";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";

/** Where the domain's mail goes today, and whether the policy allows it. */
export function MxPanel({ domain }: { domain: DomainView }) {
  const isEditable = domain.status === "pending" || domain.status === "active";
  const mode = domain.policy && POLICY_MODE_WORDS[domain.policy.mode].name.toLowerCase();
  return (
    <Panel
      flush
      title={domain.status === "pending" ? "What we found" : "Mail hosts"}
      hint={
        <>
          {domain.status === "pending" && mode
            ? `These hosts receive mail for ${domain.domain} today. We drafted a policy in ${mode} mode for them.`
            : "The MX records as they are now, compared with your policy."}
          {domain.mxCheckedAt && (
            <>
              {" "}
              Looked up <Instant at={domain.mxCheckedAt} />.
            </>
          )}
        </>
      }
      actions={
        isEditable && (
          <Link to={paths.policy({ domainId: domain.id })} className={buttonClass("secondary", true)}>
            Edit allowed hosts
          </Link>
        )
      }
    >
      {domain.mx.length > 0 ? (
        <Table
          caption="Mail hosts"
          columns={COLUMNS}
          rows={domain.mx}
          rowKey={(row) => `${row.preference} ${row.mxHost}`}
        />
      ) : (
        <EmptyState
          title={domain.mxCheckedAt ? "No MX records" : "Not looked up yet"}
          body={
            domain.mxCheckedAt
              ? "Without an MX record, mail goes to the domain's own address. List the mail host in the policy yourself."
              : "The mail hosts are looked up with the next check."
          }
        />
      )}
    </Panel>
  );
}

const COLUMNS: readonly Column<MxHostView>[] = [
  { title: "Mail host", cell: (row) => <code>{row.mxHost}</code> },
  { title: "Provider", wideOnly: true, cell: (row) => row.provider ?? "–" },
  { title: "Priority", align: "end", wideOnly: true, cell: (row) => row.preference },
  {
    title: "Policy",
    cell: (row) =>
      row.covered ? <Status tone="good">Covered</Status> : <Status tone="notice">Not covered</Status>,
  },
];
