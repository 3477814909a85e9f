import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { personQuery, startAccount } from "../../api/account.ts";
import type { PersonView } from "../../api/contract.ts";
import { useSignOut } from "../../api/use-sign-out.ts";
import { ROLE_NAMES } from "../../format/roles.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FrontForm, FrontPage } from "../../ui/FrontPage.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Text } from "../../ui/Text.tsx";

type Departure = PersonView["departures"][number];

/** For a person who belongs to no account, or no longer to the one they asked for: why, and the ways on. */
export function NoAccountPage() {
  const { from } = useSearch({ from: "/no-account" });
  const { data: person } = useSuspenseQuery(personQuery);
  const leave = useSignOut();
  if (!person) return null;
  const left = person.accounts.some(({ id }) => id === from)
    ? undefined
    : (person.departures.find(({ accountId }) => accountId === from) ??
      (person.accounts.length === 0 ? person.departures[0] : undefined));
  return (
    <FrontPage
      title={left ? TITLES[left.reason](left.accountName) : "You do not belong to any account"}
      lead={`You are signed in as ${person.email}.`}
    >
      {left && <Reason departure={left} />}
      {person.invitations.map((invitation) => (
        <Invited key={`${invitation.accountName} ${invitation.expiresAt}`} invitation={invitation} />
      ))}
      {person.accounts.map((account) => (
        <Link
          key={account.id}
          to={paths.overview()}
          params={{ account: account.id }}
          className={buttonClass("primary")}
        >
          Work in {account.name}
        </Link>
      ))}
      {person.mayStartAccount && <NewAccount isOnlyWay={person.accounts.length === 0} />}
      <Button look="quiet" busy={leave.isPending} onClick={() => leave.mutate()}>
        Sign out
      </Button>
    </FrontPage>
  );
}

const TITLES = {
  removed: (name) => `You no longer belong to ${name}`,
  left: (name) => `You left ${name}`,
  deleted: (name) => `${name} was deleted`,
} satisfies Record<Departure["reason"], (name: string) => string>;

function Reason({ departure: { reason, accountName, by, at } }: { departure: Departure }) {
  const when = <Instant at={at} exact />;
  if (reason === "deleted")
    return (
      <Text>
        The account was deleted on {when}, with its domains, reports and audit log. Your sign-in still works.
      </Text>
    );
  if (reason === "left") return <Text>You left it on {when}. To come back, ask an owner to invite you.</Text>;
  return (
    <Text>
      {by ?? "An owner"} removed you from {accountName} on {when}. Invitations you sent there are revoked. If
      you do not know why, ask an owner of the account.
    </Text>
  );
}

function Invited({ invitation }: { invitation: PersonView["invitations"][number] }) {
  const { accountName, role, invitedBy, expiresAt } = invitation;
  return (
    <Notice tone="notice" title={`You are invited to ${accountName}`}>
      {invitedBy ? `${invitedBy.name} (${invitedBy.email}) invites you` : `${accountName} invites you`} as{" "}
      {ROLE_NAMES[role]}. Open the link in the invitation mail to accept it, until{" "}
      <Instant at={expiresAt} exact />.
    </Notice>
  );
}

function NewAccount({ isOnlyWay }: { isOnlyWay: boolean }) {
  const [isOpen, setIsOpen] = useState(false);
  const [name, setName] = useState("");
  const [wasSent, setWasSent] = useState(false);
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const start = useMutation({
    mutationFn: () => startAccount(name.trim()),
    onSuccess: async ({ accountId }) => {
      await navigate({ to: paths.overview(), params: { account: accountId } });
      await queryClient.resetQueries();
    },
  });
  if (!isOpen)
    return (
      <Button look={isOnlyWay ? "primary" : "secondary"} onClick={() => setIsOpen(true)}>
        Start a new account
      </Button>
    );
  return (
    <FrontForm
      label="Start a new account"
      onSend={() => {
        setWasSent(true);
        if (name.trim() !== "") start.mutate();
      }}
    >
      <Stack gap={3}>
        <TextField
          label="Account name"
          name="organization"
          autoComplete="organization"
          autoFocus
          hint="Your company, for example. You can rename it later."
          value={name}
          error={wasSent && name.trim() === "" ? "Enter a name for the account." : undefined}
          onChange={setName}
        />
        <ErrorNotice error={start.error} />
        <Button type="submit" look="primary" busy={start.isPending}>
          Start the account
        </Button>
      </Stack>
    </FrontForm>
  );
}
