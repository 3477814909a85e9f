import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { formatDay } from "@waxseal/contract/format-instant";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView } from "../../api/contract.ts";
import { domainQuery, leaveDomain } from "../../api/domains.ts";
import { utcDay } from "../../format/utc-days.ts";
import { paths } from "../../paths.ts";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { NumberedList } from "../../ui/NumberedList.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";
import { TypedConfirmDialog } from "../../ui/TypedConfirmDialog.tsx";
import { DeleteDomain } from "./DeleteDomain.tsx";
import { LeavingPanel } from "./LeavingPanel.tsx";

export function TurnOffPage() {
  const { domainId = "" } = useParams({ strict: false });
  const { data: domain } = useSuspenseQuery(domainQuery(domainId));
  const [isAsking, setIsAsking] = useState(false);
  if (domain.status === "leaving" || domain.status === "left") return <LeavingPanel domain={domain} />;
  if (domain.status === "pending" && domain.cacheHorizonAt === null) return <NeverServed domain={domain} />;
  return (
    <Panel title="Turn MTA-STS off" term={["horizon", "the cache horizon"]}>
      <Stack>
        <Notice tone="notice" title="Deleting the DNS records first does not turn MTA-STS off">
          Senders keep your policy for as long as its max_age says. While they do, they must go by it even
          when neither the TXT record nor the file can be found (RFC 8461 §3.1, §5.1): the record only
          announces changes. Deleting it would leave them with the old policy and no way to hear of a new one.{" "}
          {domain.cacheHorizonAt && (
            <>
              Some may still have it cached until{" "}
              <strong>
                <Instant at={domain.cacheHorizonAt} exact />
              </strong>
              .
            </>
          )}
        </Notice>
        <Text>So we turn it off in an order that leaves no sender with an old policy:</Text>
        <NumberedList items={wayOut(domain)} />
        <div>
          <ActionButton needs="domains.leave" look="danger" onClick={() => setIsAsking(true)}>
            Turn off for {domain.domain}…
          </ActionButton>
        </div>
        {isAsking && <ConfirmTurnOff domain={domain} onClose={() => setIsAsking(false)} />}
      </Stack>
    </Panel>
  );
}

/** The day on which the last sender drops the present policy, if it is turned off now. */
function lastDay({ policy, cacheHorizonAt }: DomainView): string {
  const runsOutAt = Date.now() + (policy?.maxAgeSeconds ?? 0) * 1_000;
  return utcDay(new Date(Math.max(runsOutAt, Date.parse(cacheHorizonAt ?? "") || 0)));
}

function wayOut(domain: DomainView) {
  return [
    {
      title: "A policy of mode none is published",
      detail: "With a day's max_age and a new id. Senders pick it up at their next delivery.",
    },
    {
      title: "We keep answering",
      detail: `Until the last older policy has run out at every sender: ${formatDay(lastDay(domain))}, if you turn it off now. Leave the DNS records in place until then.`,
    },
    {
      title: "We tell you when the three CNAME records may be deleted",
      detail: "And stop renewing the certificate.",
    },
  ];
}

/** No sender holds a policy, so nothing has to be waited for. */
function NeverServed({ domain }: { domain: DomainView }) {
  return (
    <Panel title="Delete the domain">
      <Stack>
        <Text>
          No policy of {domain.domain} was ever published, so no sender has one cached: it can be deleted at
          once.
        </Text>
        <DeleteDomain domain={domain} />
      </Stack>
    </Panel>
  );
}

function ConfirmTurnOff({ domain, onClose }: { domain: DomainView; onClose: () => void }) {
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const leave = useMutation({
    mutationFn: (_, scope) => leaveDomain(domain.id, scope),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["domains"] });
      await navigate({ to: paths.domain({ domainId: domain.id }) });
    },
  });
  return (
    <TypedConfirmDialog
      title={`Turn MTA-STS off for ${domain.domain}?`}
      submit="Turn off"
      phrase={domain.domain}
      sending={leave}
      onClose={onClose}
    >
      <Text>From the next deliveries on, senders no longer insist on an encrypted, verified connection.</Text>
      <Text>
        Turning off cannot be finished before {formatDay(lastDay(domain))}. Until then you can turn it on
        again; an enforced policy comes back in mode testing.
      </Text>
    </TypedConfirmDialog>
  );
}
