import { useMutation, useQueryClient } from "@tanstack/react-query";
import { membersQuery } from "../../api/account.ts";
import type { MemberListView } from "../../api/contract.ts";
import { StaleSignIn } from "../../api/StaleSignIn.tsx";
import { resetMemberTwoFactor } from "../../api/two-factor.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Text } from "../../ui/Text.tsx";

type Member = MemberListView["items"][number];

/** For a member who lost their authenticator app and their recovery codes. */
export function ResetFactor({ member }: { member: Member }) {
  const queryClient = useQueryClient();
  const reset = useMutation({
    mutationFn: (_, scope) => resetMemberTwoFactor(member.id, scope),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: membersQuery.queryKey }),
  });
  if (reset.isSuccess)
    return (
      <Notice tone="good" live>
        Requested. {member.email} and you get a mail. It takes effect a day from now, unless they sign in with
        the app before.
      </Notice>
    );
  if (member.twoFactorResetAt)
    return (
      <Text>
        The second factor is reset at their first sign-in after <Instant at={member.twoFactorResetAt} exact />
        .
      </Text>
    );
  return (
    <Stack gap={2}>
      <StaleSignIn />
      <Text>
        Lost phone and codes? A reset lets them sign in without the app, a day from now. Make sure first that
        it is they who ask. Both of you get a mail, and it is in the audit log.
      </Text>
      <div>
        <Button
          busy={reset.isPending}
          disabledReason={member.hasTwoFactor ? undefined : "They have no authenticator app."}
          onClick={() => reset.mutate()}
        >
          Reset the second factor
        </Button>
      </div>
      <ErrorNotice error={reset.error} />
    </Stack>
  );
}
