import { useSuspenseQuery } from "@tanstack/react-query";
import { meQuery } from "../../api/account.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";
import { ChannelsPanel } from "./ChannelsPanel.tsx";
import { MonthlyMailPanel } from "./MonthlyMailPanel.tsx";
import { SubscriptionPanel } from "./SubscriptionPanel.tsx";

/** Who receives alerts, and how. */
export function NotificationsPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  const isMember = me.user !== null && me.accounts.some(({ id }) => id === me.account.id);
  return (
    <Stack>
      <Text tone="soft">
        Owners and admins get a mail about every critical alert and warning, without any set-up.
      </Text>
      <ChannelsPanel />
      <MonthlyMailPanel />
      {isMember ? (
        <QueryBoundary height={240}>
          <SubscriptionPanel />
        </QueryBoundary>
      ) : (
        me.provider && (
          <Panel title="Your mails">
            <Text>
              Only members of {me.account.name} get its mails. You get the alerts of all customers as set in
              the notifications of {me.provider.name}.
            </Text>
          </Panel>
        )
      )}
    </Stack>
  );
}
