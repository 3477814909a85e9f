import { useMutation, useQueryClient } from "@tanstack/react-query";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { DomainView } from "../../api/contract.ts";
import { restoreDomain } from "../../api/domains.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";
import { DeleteDomain } from "./DeleteDomain.tsx";

/** How far turning off has come, when the records may be deleted, and what may be done until then and after it. */
export function LeavingPanel({ domain }: { domain: DomainView }) {
  return domain.status === "left" ? <Left domain={domain} /> : <Leaving domain={domain} />;
}

function Left({ domain }: { domain: DomainView }) {
  return (
    <Stack>
      <Notice tone="good" title="You can delete the three CNAME records now">
        No sender holds a policy of {domain.domain} any more. Delete:
        <ul>
          {domain.setup.map(({ name }) => (
            <li key={name}>
              <code>{name}</code>
            </li>
          ))}
        </ul>
        If you want MTA-STS back, add the domain again: the same three records will do.
      </Notice>
      <Panel title="Keep or delete">
        <Stack>
          <Text>
            {domain.domain} is in the archive: its reports and history can still be read, and it counts
            nowhere as a problem. Delete it if you do not need them.
          </Text>
          <DeleteDomain domain={domain} />
        </Stack>
      </Panel>
    </Stack>
  );
}

function Leaving({ domain }: { domain: DomainView }) {
  const queryClient = useQueryClient();
  const restore = useMutation({
    mutationFn: (_, scope) => restoreDomain(domain.id, scope),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["domains"] }),
  });
  return (
    <Stack>
      <Notice tone="notice" title="Leave the DNS records in place for now">
        A policy of mode none is being served, so that senders drop the older one.{" "}
        {domain.cacheHorizonAt ? (
          <>
            The last sender that may have an older policy cached drops it on{" "}
            <strong>
              <Instant at={domain.cacheHorizonAt} exact />
            </strong>
            . Turning off cannot be finished before then. After that you see here that the records may be
            deleted.
          </>
        ) : (
          "You see here when the records may be deleted."
        )}
      </Notice>
      <Panel title="Changed your mind?">
        <Stack>
          <Text>
            Turning MTA-STS on again publishes your last policy under a new id. If it was enforced, it comes
            back in mode testing, because your mail hosts may have changed.
          </Text>
          <div>
            <ActionButton
              needs="domains.leave"
              look="primary"
              busy={restore.isPending}
              onClick={() => restore.mutate()}
            >
              Turn on again
            </ActionButton>
          </div>
          <ErrorNotice error={restore.error} />
        </Stack>
      </Panel>
    </Stack>
  );
}
