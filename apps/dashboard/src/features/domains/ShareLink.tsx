import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView } from "../../api/contract.ts";
import { revokeShare, shareDomain, shareQuery } from "../../api/shares.ts";
import { paths } from "../../paths.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Text } from "../../ui/Text.tsx";

/** Creates and revokes a link to these instructions for people without an account. */
export function ShareLink({ domain }: { domain: DomainView }) {
  const { data } = useQuery(shareQuery(domain.id));
  const queryClient = useQueryClient();
  const refresh = () => queryClient.invalidateQueries({ queryKey: shareQuery(domain.id).queryKey });
  const make = useMutation({ mutationFn: (_, scope) => shareDomain(domain.id, scope), onSuccess: refresh });
  const end = useMutation({
    mutationFn: (_, scope) => revokeShare(domain.id, scope),
    onSuccess: () => {
      make.reset();
      return refresh();
    },
  });
  const share = data?.share;
  const problem = make.error ?? end.error;
  return (
    <Stack gap={2}>
      <Text tone="soft" small>
        Does someone else manage your DNS? Send a link. It shows only these three records and their state, and
        needs no sign-in.
      </Text>
      {make.data && (
        <CopyText
          name="link to these instructions"
          value={`${make.data.site ?? window.location.origin}${paths.setup({ shareToken: make.data.shareToken })}`}
        />
      )}
      {share && !make.data && (
        <Text small>
          {share.createdBy} created a link <Instant at={share.createdAt} />. It was shown once; a new one
          replaces it.
        </Text>
      )}
      <Row>
        {!make.data && (
          <ActionButton needs="domains.change" small busy={make.isPending} onClick={() => make.mutate()}>
            {share ? "Create new link" : "Create link"}
          </ActionButton>
        )}
        {share && (
          <ActionButton
            needs="domains.change"
            hideDenied
            small
            look="quiet"
            busy={end.isPending}
            onClick={() => end.mutate()}
          >
            Revoke link
          </ActionButton>
        )}
      </Row>
      {problem && (
        <Notice tone="bad" live>
          {errorText(problem)}
        </Notice>
      )}
    </Stack>
  );
}
