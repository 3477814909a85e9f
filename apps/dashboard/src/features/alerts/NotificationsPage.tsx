import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { meQuery } from "../../api/account.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { paths } from "../../paths.ts";
import { Icon } from "../../ui/Icon.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";
import { ChannelsPanel } from "./ChannelsPanel.tsx";
import { SubscriptionPanel } from "./SubscriptionPanel.tsx";

/** Who receives alerts, and how. */
export function NotificationsPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  const isMember = me.user !== null && me.accounts.some(({ id }) => id === me.account.id);
  return (
    <>
      <PageHeader
        title="Notifications"
        lead="Owners and admins get a mail about every critical alert and warning, without any set-up."
        above={
          <Link to={paths.settings()}>
            <Icon name="back" size={14} />
            Settings
          </Link>
        }
      />
      <Stack>
        <ChannelsPanel />
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
    </>
  );
}
