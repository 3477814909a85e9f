import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import type { PolicyChangeView } from "../../api/contract.ts";
import { policyChangesQuery } from "../../api/policy-changes.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { formatCount } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { describeEdit } from "./describe-edit.ts";

/** The changes to many policies that were prepared, and how far each is. */
export function PolicyChangesPage() {
  return (
    <>
      <PageHeader
        title="Bulk changes"
        lead="Change the policies of many domains at once, with a preview."
        above={
          <Link to={paths.domains()}>
            <Icon name="back" size={14} />
            Domains
          </Link>
        }
      />
      <Panel flush title="Newest first">
        <QueryBoundary height={320}>
          <Changes />
        </QueryBoundary>
      </Panel>
    </>
  );
}

function Changes() {
  const { data } = useSuspenseQuery(policyChangesQuery);
  if (data.items.length === 0) {
    return (
      <EmptyState
        minHeight={320}
        title="No bulk change yet"
        body="Select domains in a list, then “Edit policies”."
        action={
          <Link to={paths.domains()} className={buttonClass("primary")}>
            Go to your domains
          </Link>
        }
      />
    );
  }
  return <Table caption="Bulk changes" columns={COLUMNS} rows={data.items} rowKey={({ id }) => id} />;
}

const COLUMNS: readonly Column<PolicyChangeView>[] = [
  {
    title: "Change",
    cell: ({ id, edit }) => <Link to={paths.policyChange({ changeId: id })}>{describeEdit(edit)}</Link>,
  },
  { title: "Domains", align: "end", cell: ({ domains }) => formatCount(domains) },
  { title: "Applied", align: "end", wideOnly: true, cell: ({ applied }) => formatCount(applied) },
  { title: "Refused", align: "end", wideOnly: true, cell: ({ refused }) => formatCount(refused) },
  {
    title: "Prepared",
    wideOnly: true,
    cell: ({ createdAt, createdBy }) => (
      <>
        {createdBy}, <Instant at={createdAt} />
      </>
    ),
  },
  {
    title: "State",
    cell: ({ endedAt, waiting, stopped }) => {
      if (endedAt === null) return <Status tone="notice">{`${formatCount(waiting)} wait`}</Status>;
      return stopped > 0 ? <Status tone="idle">Stopped</Status> : <Status tone="good">Done</Status>;
    },
  },
];
