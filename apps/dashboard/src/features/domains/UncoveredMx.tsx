import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView } from "../../api/contract.ts";
import { setPolicy } from "../../api/domains.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Notice } from "../../ui/Notice.tsx";

const EFFECTS = {
  enforce: "Senders that keep to the policy do not deliver there: mail is held back.",
  testing: "Senders deliver there, and report it as a failure.",
};

/** Mail hosts that the policy leaves out and may list, and the click that adds them. Nothing while all are covered. */
export function UncoveredMx({ domain }: { domain: DomainView }) {
  const { policy } = domain;
  const queryClient = useQueryClient();
  const missing = domain.mx
    .filter(({ covered, problem }) => !covered && problem === null)
    .map(({ mxHost }) => mxHost);
  const add = useMutation({
    mutationFn: async (_, scope) => {
      if (!policy) return;
      const { mode, mx, maxAgeSeconds } = policy;
      await setPolicy(domain.id, { mode, mx: [...mx, ...missing], maxAgeSeconds }, scope);
    },
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["domains"] }),
  });
  if (domain.status !== "active" || !policy || policy.mode === "none" || missing.length === 0) return null;
  const isOne = missing.length === 1;
  return (
    <Notice
      tone={policy.mode === "enforce" ? "bad" : "notice"}
      title={`${missing.join(", ")} ${isOne ? "is" : "are"} not in your policy`}
      actions={
        <ActionButton
          needs="policies.publish"
          look="primary"
          busy={add.isPending}
          onClick={() => add.mutate()}
        >
          {isOne ? `Add ${missing[0]} to the policy` : `Add all ${missing.length} to the policy`}
        </ActionButton>
      }
    >
      <p>
        {EFFECTS[policy.mode]} If you know {isOne ? "this host, add it" : "these hosts, add them"}. If not,
        find out who changed the MX records of {domain.domain}.
      </p>
      <ErrorNotice error={add.error} />
    </Notice>
  );
}
