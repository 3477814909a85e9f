import { useMutation, useQueryClient } from "@tanstack/react-query";
import type { Policy } from "@waxseal/mta-sts";
import { useState } from "react";
import type { DomainView } from "../../api/contract.ts";
import { restorePolicyVersion, setPolicy } from "../../api/domains.ts";
import { Button } from "../../ui/Button.tsx";
import { Dialog } from "../../ui/Dialog.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Text } from "../../ui/Text.tsx";

type Props = {
  opened: boolean;
  onClose: () => void;
  domain: DomainView;
  policy: Policy;
  changes: readonly string[];
  warnings: readonly string[];
  uncovered: readonly string[];
  /** The older version that this policy is. */
  restoredVersion?: number;
};

/** What publishing a policy changes for senders, before it happens. */
export function ConfirmPolicy(props: Props) {
  const { opened, onClose, domain, policy, changes, warnings, uncovered, restoredVersion } = props;
  const { mode, mx, maxAgeSeconds } = policy;
  const isRisky = mode === "enforce" && uncovered.length > 0;
  const [typed, setTyped] = useState("");
  const [wasRefused, setWasRefused] = useState(false);
  const queryClient = useQueryClient();
  const publish = useMutation({
    mutationFn: (_, scope) =>
      restoredVersion === undefined
        ? setPolicy(domain.id, { mode, mx: [...mx], maxAgeSeconds, acknowledgeUncovered: isRisky }, scope)
        : restorePolicyVersion(domain.id, restoredVersion, isRisky, scope),
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries({ queryKey: ["domains"] });
    },
  });
  const mayPublish = !isRisky || typed.trim().toLowerCase() === domain.domain;
  return (
    <Dialog
      opened={opened}
      onClose={onClose}
      title={
        restoredVersion === undefined
          ? `Publish this policy for ${domain.domain}?`
          : `Go back to version ${restoredVersion} for ${domain.domain}?`
      }
      action={
        <Button
          look="primary"
          busy={publish.isPending}
          onClick={() => (mayPublish ? publish.mutate() : setWasRefused(true))}
        >
          Publish policy
        </Button>
      }
    >
      <Stack gap={3}>
        {changes.length === 0 && <Text>It says the same as now, and gets a new id.</Text>}
        <ul style={{ paddingLeft: 18 }}>
          {changes.map((change) => (
            <li key={change}>{change}</li>
          ))}
        </ul>
        {warnings.length > 0 && (
          <Notice tone="notice" title="Worth a second thought">
            {warnings.map((warning) => (
              <p key={warning}>{warning}</p>
            ))}
          </Notice>
        )}
        {isRisky && (
          <>
            <Notice tone="bad" title="Mail would be held back">
              {uncovered.join(", ")} receives mail for this domain, but is not in the list. Senders that keep
              to the policy will not deliver there.
            </Notice>
            <TextField
              label={`Type ${domain.domain} to enforce it anyway`}
              value={typed}
              error={wasRefused && !mayPublish ? `Type ${domain.domain} first.` : undefined}
              onChange={setTyped}
            />
          </>
        )}
        <Text tone="faint" small>
          {domain.status === "active"
            ? "The file is served first, then its new id appears in the DNS. Senders pick it up at their next delivery."
            : "It will be served as soon as the setup is complete."}
        </Text>
        <ErrorNotice error={publish.error} />
      </Stack>
    </Dialog>
  );
}
