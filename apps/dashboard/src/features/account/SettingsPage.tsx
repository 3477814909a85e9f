import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { mayDo } from "@waxseal/contract/permissions";
import { meQuery } from "../../api/account.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { AccountPanel } from "./AccountPanel.tsx";
import { ApiKeysPanel } from "./ApiKeysPanel.tsx";
import { ClosingPanel } from "./ClosingPanel.tsx";
import { MembersPanel } from "./MembersPanel.tsx";
import { PasskeysPanel } from "./PasskeysPanel.tsx";
import { PersonPanel } from "./PersonPanel.tsx";
import { RetentionPanel } from "./RetentionPanel.tsx";
import { SessionsPanel } from "./SessionsPanel.tsx";
import { SsoPanel } from "./SsoPanel.tsx";
import { TwoFactorPanel } from "./TwoFactorPanel.tsx";

export function SettingsPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  return (
    <>
      <PageHeader
        title="Settings"
        actions={
          <>
            <Link className={buttonClass()} to={paths.notifications()}>
              Notifications
            </Link>
            <Link className={buttonClass()} to={paths.audit()}>
              Audit log
            </Link>
          </>
        }
      />
      <Stack>
        <AccountPanel me={me} />
        <MembersPanel me={me} />
        <ApiKeysPanel role={me.account.role} />
        {mayDo(me.account.role, "sso.manage") && <SsoPanel />}
        {me.user && <TwoFactorPanel me={me} />}
        {me.user && <PasskeysPanel me={me} />}
        {me.user && <SessionsPanel />}
        <PersonPanel me={me} />
        <RetentionPanel />
        <ClosingPanel me={me} />
      </Stack>
    </>
  );
}
