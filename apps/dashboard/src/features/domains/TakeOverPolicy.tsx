import { useMutation, useQueryClient } from "@tanstack/react-query";
import { checkPolicy, isPolicyMode, type Policy } from "@waxseal/mta-sts";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainSurveyView, DomainView } from "../../api/contract.ts";
import { setPolicy } from "../../api/domains.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Text } from "../../ui/Text.tsx";

type Props = { domain: DomainView; elsewhere: DomainSurveyView["mtaSts"]["policy"] };

/** Makes the policy that is served elsewhere today the draft here, so that senders notice no change. */
export function TakeOverPolicy({ domain, elsewhere }: Props) {
  const queryClient = useQueryClient();
  const take = useMutation({
    mutationFn: ({ mode, mx, maxAgeSeconds }: Policy, scope) =>
      setPolicy(domain.id, { mode, mx: [...mx], maxAgeSeconds }, scope),
    onSuccess: () =>
      Promise.all(
        ["domains", "surveys"].map((key) => queryClient.invalidateQueries({ queryKey: [key, domain.id] })),
      ),
  });
  const policy = readPolicy(elsewhere);
  if (!policy || !domain.policy || isSame(policy, domain.policy)) return null;
  return (
    <Stack gap={2}>
      <Row gap={3}>
        <ActionButton
          needs="policies.publish"
          small
          busy={take.isPending}
          onClick={() => take.mutate(policy)}
        >
          Make that policy our draft
        </ActionButton>
        <Text tone="soft" small>
          Then nothing changes for senders but where they fetch it.
        </Text>
      </Row>
      <ErrorNotice error={take.error} />
    </Stack>
  );
}

/** What can be served here as it is; undefined when something in it is broken. */
function readPolicy(elsewhere: Props["elsewhere"]): Policy | undefined {
  if (!elsewhere?.mode || !isPolicyMode(elsewhere.mode) || elsewhere.maxAgeSeconds === null) return undefined;
  const policy = { mode: elsewhere.mode, mx: elsewhere.mx, maxAgeSeconds: elsewhere.maxAgeSeconds };
  return checkPolicy(policy).some(({ severity }) => severity === "error") ? undefined : policy;
}

function isSame(a: Policy, b: Policy): boolean {
  const hosts = ({ mx }: Policy) => [...mx].sort().join(" ");
  return a.mode === b.mode && a.maxAgeSeconds === b.maxAgeSeconds && hosts(a) === hosts(b);
}
