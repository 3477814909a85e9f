import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { acceptInvitation, invitationLinkQuery, meQuery } from "../../api/account.ts";
import { ApiError } from "../../api/client.ts";
import { ROLE_NAMES } from "../../format/roles.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { Text } from "../../ui/Text.tsx";

/** The page behind the link of an invitation mail, for a person who is signed in. */
export function InvitationPage() {
  const { invitationToken = "" } = useParams({ strict: false });
  const { data: me } = useQuery(meQuery);
  const { data: invitation, isPending, error, refetch } = useQuery(invitationLinkQuery(invitationToken));
  const isDead = error instanceof ApiError && error.status === 404;
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const isOtherPerson =
    me?.user != null && invitation !== undefined && me.user.email.toLowerCase() !== invitation.email;
  const accept = useMutation({
    mutationFn: () => acceptInvitation(invitationToken),
    onSuccess: async ({ accountId }) => {
      await navigate({ to: paths.domains(), params: { account: accountId } });
      await queryClient.invalidateQueries();
    },
  });
  return (
    <FrontPage
      title={invitation ? `Join ${invitation.accountName}` : "Invitation"}
      other={<Link to={paths.home()}>Not now, go to your domains</Link>}
    >
      {isPending && <Skeleton height={96} />}
      {isDead && (
        <Notice tone="notice" title="This invitation cannot be used">
          It has expired, was used or was revoked. Ask for a new one.
        </Notice>
      )}
      {error && !isDead && <ErrorState error={error} onRetry={() => void refetch()} />}
      {invitation && (
        <Stack>
          <Text>
            {invitation.invitedBy
              ? `${invitation.invitedBy.name} (${invitation.invitedBy.email}) invites you`
              : "You are invited"}{" "}
            to look after the domains of {invitation.accountName} as {ROLE_NAMES[invitation.role]}. The link
            works until <Instant at={invitation.expiresAt} exact />.
          </Text>
          {isOtherPerson && (
            <Notice tone="notice" title={`This invitation is for ${invitation.email}`}>
              You are signed in as {me?.user?.email}. Sign out, then open the link again and sign in as{" "}
              {invitation.email}.
            </Notice>
          )}
          <Row>
            <Button
              look="primary"
              disabledReason={isOtherPerson ? `Sign in as ${invitation.email} to accept it.` : undefined}
              busy={accept.isPending}
              onClick={() => accept.mutate()}
            >
              Accept the invitation
            </Button>
          </Row>
          <ErrorNotice error={accept.error} />
        </Stack>
      )}
    </FrontPage>
  );
}
