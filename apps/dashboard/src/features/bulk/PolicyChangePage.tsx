import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { PolicyChangeView } from "../../api/contract.ts";
import { policyChangeQuery, policyLinesQuery } from "../../api/policy-changes.ts";
import { formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { ConfirmChange } from "./ConfirmChange.tsx";
import { describeEdit } from "./describe-edit.ts";
import { PolicyLines } from "./PolicyLines.tsx";
import { useApplying } from "./use-applying.ts";

/** What a change does to each domain; then the applying, which any reload finds where it was. */
export function PolicyChangePage() {
  const { changeId = "" } = useParams({ strict: false });
  const { data: change } = useSuspenseQuery(policyChangeQuery(changeId));
  const { data: lines } = useQuery(policyLinesQuery(changeId, change));
  const applying = useApplying(changeId);
  return (
    <>
      <PageHeader
        title={change.revertsId ? `Take back: ${describeEdit(change.edit)}` : describeEdit(change.edit)}
        lead={`For ${formatCountOf(change.domains, "domain")}, prepared by ${change.createdBy}.`}
        above={
          <Link to={paths.policyChanges()}>
            <Icon name="back" size={14} />
            Bulk changes
          </Link>
        }
      />
      <Stack>
        <Panel title={titleOf(change)} hint={summarize(change)}>
          <Applying change={change} applying={applying} />
        </Panel>
        {lines ? <PolicyLines lines={lines.items} /> : <Skeleton height={320} />}
      </Stack>
    </>
  );
}

type Props = { change: PolicyChangeView; applying: ReturnType<typeof useApplying> };

function Applying({ change, applying }: Props) {
  const { apply, stop, revert } = applying;
  const { waiting, applied, endedAt, haltReason } = change;
  const problem = apply.error ?? stop.error ?? revert.error;
  const isBegun = applied > 0;
  const total = change.domains - change.unchanged - change.stopped;
  return (
    <Stack gap={3}>
      {isBegun && <Progress label="Domains done" done={total - waiting} total={total} />}
      {haltReason !== null && (
        <Notice tone="bad" live title="Stopped automatically">
          {haltReason}
        </Notice>
      )}
      {endedAt !== null && isBegun && haltReason === null && (
        <Notice tone={change.refused === 0 ? "good" : "notice"} live title="Done">
          {`${formatCountOf(applied, "policy", "policies")} changed. Each is served now; its id goes into the DNS within a minute or so.`}
        </Notice>
      )}
      {endedAt === null && <NextWave change={change} />}
      {problem && (
        <Notice tone="bad" live title="This stopped">
          {`${errorText(problem)} What was changed stays; continue where it stopped.`}
        </Notice>
      )}
      <Buttons change={change} applying={applying} />
    </Stack>
  );
}

function NextWave({ change }: { change: PolicyChangeView }) {
  const { enforcing, wave, waves, nextWaveAt, goesOn } = change;
  if (waves < 2) return null;
  return (
    <Notice tone="notice" title={`${formatCountOf(enforcing, "domain")} begin to enforce, in ${waves} waves`}>
      <p>
        5 domains first, then a fifth, then the rest, each a day apart. The change stops automatically when a
        serious problem is found at a domain that was changed.
      </p>
      {goesOn && (
        <p>
          Wave {wave + 1} of {waves}{" "}
          {nextWaveAt === null ? (
            "is being applied."
          ) : Date.parse(nextWaveAt) > Date.now() ? (
            <>
              begins automatically on{" "}
              <strong>
                <Instant at={nextWaveAt} exact />
              </strong>
              . You can close this page.
            </>
          ) : (
            "begins automatically once the mail hosts of the changed domains have been tested again."
          )}
        </p>
      )}
    </Notice>
  );
}

function Buttons({ change, applying }: Props) {
  const { apply, stop, revert, pause } = applying;
  const { waiting, applied, endedAt, goesOn } = change;
  const [isAsking, setIsAsking] = useState(false);
  const isBegun = applied > 0;
  return (
    <Row>
      {endedAt === null && (!goesOn || apply.isPending) && (
        <ActionButton
          needs="policies.publish"
          look="primary"
          busy={apply.isPending}
          onClick={() => (isBegun ? apply.mutate() : setIsAsking(true))}
        >
          {apply.isPending
            ? "Changing…"
            : isBegun
              ? `Continue with ${formatCountOf(waiting, "domain")}`
              : `Change ${formatCountOf(waiting, "policy", "policies")}`}
        </ActionButton>
      )}
      {endedAt === null && apply.isPending && <Button onClick={pause}>Pause</Button>}
      {endedAt === null && !apply.isPending && (
        <ActionButton
          needs="policies.publish"
          hideDenied
          look="quiet"
          busy={stop.isPending}
          onClick={() => stop.mutate()}
        >
          {isBegun ? "Stop here" : "Discard"}
        </ActionButton>
      )}
      {isBegun && !apply.isPending && change.revertsId === null && (
        <ActionButton
          needs="policies.publish"
          hideDenied
          busy={revert.isPending}
          onClick={() => revert.mutate()}
        >
          {revert.isPending ? "Taking it back…" : "All of this change back"}
        </ActionButton>
      )}
      {isAsking && <ConfirmChange change={change} apply={apply} onClose={() => setIsAsking(false)} />}
    </Row>
  );
}

function titleOf({ endedAt, waiting, applied }: PolicyChangeView): string {
  if (endedAt === null) return `${formatCountOf(waiting, "policy", "policies")} can be changed`;
  return applied > 0 ? `${formatCountOf(applied, "policy", "policies")} changed` : "No policy changed";
}

/** Everything adds up to the number of domains: nothing is left out in silence. */
function summarize({ refused, unchanged, stopped, applied, endedAt }: PolicyChangeView): string {
  const parts = [
    endedAt === null && applied > 0 && `${applied} changed`,
    refused > 0 && `${refused} refused, see why below`,
    unchanged > 0 && `${unchanged} as wanted already`,
    stopped > 0 && `${stopped} left as they were`,
  ].filter(Boolean);
  return parts.length > 0 ? `${parts.join("; ")}.` : "None is refused.";
}
