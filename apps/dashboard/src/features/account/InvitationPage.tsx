import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, Navigate, useNavigate, useParams } from "@tanstack/react-router";
import { acceptInvitation, invitationLinkQuery, personQuery, signOut } from "../../api/account.ts";
import { ApiError } from "../../api/client.ts";
import type { InvitationLinkView, PersonView } from "../../api/contract.ts";
import { ROLE_MEANINGS, ROLE_NAMES } from "../../format/roles.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";

/** The page behind the link of an invitation mail. A link that no longer works is reported before sign-in. */
export function InvitationPage() {
  const { invitationToken = "" } = useParams({ strict: false });
  const { data: person, isPending: isAsking } = useQuery(personQuery);
  const { data: invitation, isPending, error, refetch } = useQuery(invitationLinkQuery(invitationToken));
  const isDead = error instanceof ApiError && error.status === 404;
  return (
    <FrontPage
      title={invitation ? `Join ${invitation.accountName}` : "Invitation"}
      other={person && <Link to={paths.home()}>Not now, go to your domains</Link>}
    >
      {(isPending || isAsking) && <Skeleton height={96} />}
      {isDead && (
        <Notice tone="notice" title="This invitation cannot be used">
          {error.message}
        </Notice>
      )}
      {error && !isDead && <ErrorState error={error} onRetry={() => void refetch()} />}
      {invitation?.isAccepted && !isAsking && <Accepted invitation={invitation} person={person ?? null} />}
      {invitation && !invitation.isAccepted && !isAsking && (
        <Stack>
          <Facts
            items={{
              Account: invitation.accountName,
              "Invited by": invitation.invitedBy
                ? `${invitation.invitedBy.name} (${invitation.invitedBy.email})`
                : invitation.accountName,
              "Your role": `${ROLE_NAMES[invitation.role]}: ${ROLE_MEANINGS[invitation.role]}`,
              "For the address": invitation.email,
              "Valid until": <Instant at={invitation.expiresAt} exact />,
            }}
          />
          {person ? (
            <Answer token={invitationToken} invitation={invitation} ownEmail={person.email} />
          ) : (
            <WaysIn token={invitationToken} />
          )}
        </Stack>
      )}
    </FrontPage>
  );
}

/** A person who is admitted on the way here, by single sign-on, is led on. */
function Accepted({ invitation, person }: { invitation: InvitationLinkView; person: PersonView | null }) {
  const { accountId, accountName, email } = invitation;
  if (person?.accounts.some(({ id }) => id === accountId))
    return <Navigate to={paths.overview()} params={{ account: accountId }} replace />;
  return (
    <Notice tone="notice" title="This invitation was accepted already">
      {person ? `You are signed in as ${person.email}. ` : ""}
      <Link to={paths.signIn()}>Sign in as {email}</Link> to work in {accountName}.
    </Notice>
  );
}

function WaysIn({ token }: { token: string }) {
  const next = paths.invitation({ invitationToken: token });
  return (
    <Row>
      <Link to={paths.signUp()} search={{ next }} className={buttonClass("primary")}>
        Create a sign-in
      </Link>
      <Link to={paths.signIn()} search={{ next }} className={buttonClass("secondary")}>
        I have one: sign in
      </Link>
    </Row>
  );
}

type AnswerProps = { token: string; invitation: InvitationLinkView; ownEmail: string };

function Answer({ token, invitation, ownEmail }: AnswerProps) {
  const isOtherPerson = ownEmail.toLowerCase() !== invitation.email;
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => acceptInvitation(token),
    onSuccess: async ({ accountId }) => {
      await navigate({ to: paths.overview(), params: { account: accountId } });
      // The link is used up now: asking for it again would say that it cannot be used.
      queryClient.removeQueries({ queryKey: invitationLinkQuery(token).queryKey });
      await queryClient.invalidateQueries();
    },
  });
  const leave = useMutation({ mutationFn: signOut, onSuccess: () => window.location.reload() });
  if (isOtherPerson)
    return (
      <Stack>
        <Notice tone="notice" title={`This invitation is for ${invitation.email}`}>
          You are signed in as {ownEmail}.
        </Notice>
        <Row>
          <Button look="primary" busy={leave.isPending} onClick={() => leave.mutate()}>
            Sign out and use another address
          </Button>
        </Row>
        <ErrorNotice error={leave.error} />
      </Stack>
    );
  return (
    <Stack>
      <Row>
        <Button look="primary" busy={accept.isPending || accept.isSuccess} onClick={() => accept.mutate()}>
          Accept the invitation
        </Button>
      </Row>
      <ErrorNotice error={accept.error} />
    </Stack>
  );
}
