import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useParams } from "@tanstack/react-router";
import { acceptInvitation, invitationQuery, meQuery } from "../../api/account.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { Text } from "../../ui/Text.tsx";

/** Where the link of an invitation mail ends, for whoever is signed in. */
export function InvitationPage() {
  const { invitationId = "" } = useParams({ strict: false });
  const { data: me } = useQuery(meQuery);
  const { data: invitation, isPending, error } = useQuery(invitationQuery(invitationId));
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const accept = useMutation({
    mutationFn: () => acceptInvitation(invitationId),
    onSuccess: async ({ invitation: { organizationId } }) => {
      await queryClient.invalidateQueries();
      await navigate({ to: paths.domains(), params: { account: organizationId } });
    },
  });
  return (
    <FrontPage
      title={invitation ? `Join ${invitation.organizationName}` : "Invitation"}
      other={<Link to={paths.home()}>Not now, go to your domains</Link>}
    >
      {isPending && <Skeleton height={96} />}
      {error && (
        <Notice tone="notice" title="This invitation cannot be used">
          {me?.signIn.by === "sso"
            ? "You came by the single sign-on of one account. Sign in with your password or a passkey to join another."
            : `It may have expired, have been used or withdrawn, or be meant for another address than ${me?.user?.email ?? "yours"}. Ask for a new one, or sign in with the address it was sent to.`}
        </Notice>
      )}
      {invitation && (
        <Stack>
          <Text>
            {invitation.inviterEmail} invites you to look after the domains of {invitation.organizationName}.
          </Text>
          <Row>
            <Button look="primary" busy={accept.isPending} onClick={() => accept.mutate()}>
              Accept the invitation
            </Button>
          </Row>
          <ErrorNotice error={accept.error} />
        </Stack>
      )}
    </FrontPage>
  );
}
