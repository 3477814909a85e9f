import { useSuspenseQuery } from "@tanstack/react-query";
import { mayDo } from "@waxseal/contract/permissions";
import { meQuery } from "../../api/account.ts";
import { Stack } from "../../ui/Layout.tsx";
import { AccountPanel } from "./AccountPanel.tsx";
import { ApiKeysPanel } from "./ApiKeysPanel.tsx";
import { ClosingPanel } from "./ClosingPanel.tsx";
import { ExportPanel } from "./ExportPanel.tsx";
import { MembersPanel } from "./MembersPanel.tsx";
import { PasskeysPanel } from "./PasskeysPanel.tsx";
import { PersonPanel } from "./PersonPanel.tsx";
import { RetentionPanel } from "./RetentionPanel.tsx";
import { SessionsPanel } from "./SessionsPanel.tsx";
import { SsoPanel } from "./SsoPanel.tsx";
import { TwoFactorPanel } from "./TwoFactorPanel.tsx";

/** One's own name, address and password, in whatever account. */
export function ProfilePage() {
  const { data: me } = useSuspenseQuery(meQuery);
  return me && <PersonPanel me={me} />;
}

/** How one signs in, and how members of the account have to. */
export function SecurityPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  return (
    <Stack>
      {me.user && <TwoFactorPanel me={me} />}
      {me.user && <PasskeysPanel me={me} />}
      {me.user && <SessionsPanel />}
      {mayDo(me.account.role, "sso.manage") && <SsoPanel />}
    </Stack>
  );
}

/** The account itself: its name, the ways to another one, and its end. */
export function AccountSettingsPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  return (
    <Stack>
      <AccountPanel me={me} />
      <ClosingPanel me={me} />
    </Stack>
  );
}

/** Who works in the account, and who is invited. */
export function MembersPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  return me && <MembersPanel me={me} />;
}

/** Keys for programs. */
export function ApiKeysPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  return me && <ApiKeysPanel role={me.account.role} />;
}

/** How long reports are kept, and the export of all data. */
export function DataSettingsPage() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  return (
    <Stack>
      <RetentionPanel />
      <ExportPanel role={me.account.role} />
    </Stack>
  );
}
