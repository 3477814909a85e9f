import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { membersQuery, meQuery, switchAccount } from "../../api/account.ts";
import type { MemberListView, MeView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { type Column, Table } from "../../ui/Table.tsx";
import { ApiKeysPanel } from "./ApiKeysPanel.tsx";

export function SettingsPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  return (
    <>
      <PageHeader title="Settings" />
      <Stack>
        <AccountPanel me={me} />
        <Panel flush title="Members" hint={`Who may work in ${me.account.name}.`}>
          <QueryBoundary height={120}>
            <Members />
          </QueryBoundary>
        </Panel>
        <ApiKeysPanel />
      </Stack>
    </>
  );
}

function AccountPanel({ me }: { me: MeView }) {
  const queryClient = useQueryClient();
  const change = useMutation({ mutationFn: switchAccount, onSuccess: () => queryClient.resetQueries() });
  return (
    <Panel title="Account">
      <Stack>
        <Facts
          items={{
            Account: me.account.name,
            "Your role": me.account.role,
            You: me.user && `${me.user.name}, ${me.user.email}`,
            "Hosted zone": <code>{me.hostedZone}</code>,
          }}
        />
        {me.accounts.length > 1 && (
          <SelectField
            label="Work in another account"
            value={me.account.id}
            options={me.accounts.map((account) => ({ value: account.id, label: account.name }))}
            onChange={(accountId) => change.mutate(accountId)}
          />
        )}
        {change.isError && (
          <Notice tone="bad" live>
            {errorText(change.error)}
          </Notice>
        )}
      </Stack>
    </Panel>
  );
}

function Members() {
  const { data } = useSuspenseQuery(membersQuery);
  return <Table caption="Members" columns={MEMBER_COLUMNS} rows={data.items} rowKey={(row) => row.id} />;
}

const MEMBER_COLUMNS: readonly Column<MemberListView["items"][number]>[] = [
  { title: "Name", cell: (row) => row.name },
  { title: "E-mail address", cell: (row) => row.email },
  { title: "Role", cell: (row) => row.role },
];
