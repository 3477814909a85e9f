import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { mayDo } from "@waxseal/contract/permissions";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { closingQuery, keepAccount } from "../../api/closing.ts";
import type { ClosingView, MeView } from "../../api/contract.ts";
import { formatCount } from "../../format/counts.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { Text } from "../../ui/Text.tsx";
import { CloseAccountDialog } from "./CloseAccountDialog.tsx";

/** Deleting the account, and keeping it after all. */
export function ClosingPanel({ me }: { me: MeView }) {
  const { data: closing } = useSuspenseQuery(closingQuery);
  const [isAsking, setIsAsking] = useState(false);
  if (!mayDo(me.account.role, "account.export")) return null;
  return (
    <Panel title="Delete the account">
      <Stack>
        {closing.closingAt ? (
          <Closing closing={closing} />
        ) : (
          <Text>
            Deleting the account first lets every domain leave safely, so that no mail is refused. All data is
            deleted when the last cached policy has expired. Export it first, under Data.
          </Text>
        )}
        {!closing.closingAt && <CustomersInTheWay closing={closing} />}
        {!closing.closingAt && (
          <div>
            <ActionButton needs="account.close" look="danger" onClick={() => setIsAsking(true)}>
              Delete this account…
            </ActionButton>
          </div>
        )}
        {isAsking && (
          <CloseAccountDialog name={me.account.name} closing={closing} onClose={() => setIsAsking(false)} />
        )}
      </Stack>
    </Panel>
  );
}

/** What is in the way of deleting the account, said before the dialog opens. */
function CustomersInTheWay({ closing: { customers, customerNames } }: { closing: ClosingView }) {
  if (customers === 0) return null;
  const more = customers > 3 ? ` and ${formatCount(customers - 3)} more` : "";
  return (
    <Text>
      It cannot be deleted while it manages customers. Delete their accounts first:{" "}
      {customerNames.slice(0, 3).join(", ")}
      {more}.
    </Text>
  );
}

function Closing({ closing }: { closing: ClosingView }) {
  const queryClient = useQueryClient();
  const keep = useMutation({
    mutationFn: keepAccount,
    onSuccess: () => queryClient.invalidateQueries(),
  });
  return (
    <>
      <Notice tone="notice" title="This account is being deleted">
        {closing.domainsStaying === 0
          ? "MTA-STS is off for every domain. "
          : `${formatCount(closing.domainsStaying)} ${closing.domainsStaying === 1 ? "domain has" : "domains have"} not left yet. Leave the CNAME records in place until then. `}
        {closing.domains.some(({ status }) => status === "leaving") || closing.domainsGone > 0 ? (
          "Keeping the account restores the domains that are still leaving, enforced policies in mode testing."
        ) : (
          <>
            Nothing changes until <Instant at={closing.beginsAt} exact />.
          </>
        )}
        {closing.domainsGone > 0 &&
          ` Keeping cannot restore ${formatCount(closing.domainsGone)} ${closing.domainsGone === 1 ? "domain that has" : "domains that have"} left: add them again.`}
      </Notice>
      {closing.domains.length > 0 && (
        <Table
          caption="Domains that have not left"
          columns={COLUMNS}
          rows={closing.domains}
          rowKey={(row) => row.domain}
        />
      )}
      <div>
        <ActionButton needs="account.close" busy={keep.isPending} onClick={() => keep.mutate()}>
          Keep the account
        </ActionButton>
      </div>
      <ErrorNotice error={keep.error} />
    </>
  );
}

const COLUMNS: readonly Column<ClosingView["domains"][number]>[] = [
  { title: "Domain", cell: (row) => row.domain },
  {
    title: "Leaves",
    cell: (row) => (row.leavesAt ? <Instant at={row.leavesAt} exact /> : "Within minutes"),
  },
];
