import { useMutation, useQuery, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import type { PolicyChangeView } from "../../api/contract.ts";
import { applyChange, policyChangeQuery, policyLinesQuery, stopChange } from "../../api/policy-changes.ts";
import { formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { describeEdit } from "./describe-edit.ts";
import { PolicyLines } from "./PolicyLines.tsx";

/** What a change does to each domain; then the applying, which any reload finds where it was. */
export function PolicyChangePage() {
  const { changeId = "" } = useParams({ strict: false });
  const { data: change } = useSuspenseQuery(policyChangeQuery(changeId));
  const { data: lines } = useQuery(policyLinesQuery(changeId));
  const applying = useApplying(changeId);
  return (
    <>
      <PageHeader
        title={describeEdit(change.edit)}
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

type Applying = ReturnType<typeof useApplying>;

function useApplying(changeId: string) {
  const queryClient = useQueryClient();
  const abort = useRef<AbortController>(null);
  const { queryKey } = policyChangeQuery(changeId);
  const show = (change: PolicyChangeView) => queryClient.setQueryData(queryKey, change);
  const refresh = () =>
    Promise.all(
      ["policy-changes", "domains", "customers"].map((key) =>
        queryClient.invalidateQueries({ queryKey: [key] }),
      ),
    );
  const apply = useMutation({
    mutationFn: async (_, scope) => {
      abort.current = new AbortController();
      await applyChange(changeId, { onStep: show, signal: abort.current.signal }, scope);
    },
    onSettled: refresh,
  });
  const stop = useMutation({
    mutationFn: (_, scope) => stopChange(changeId, scope),
    onSuccess: show,
    onSettled: refresh,
  });
  // After leaving the page, a person must not find more applied later.
  useEffect(() => () => abort.current?.abort(), []);
  return { apply, stop, pause: () => abort.current?.abort() };
}

function Applying({ change, applying }: { change: PolicyChangeView; applying: Applying }) {
  const { apply, stop, pause } = applying;
  const { waiting, applied, endedAt } = change;
  const problem = apply.error ?? stop.error;
  const isBegun = applied > 0;
  const total = change.domains - change.unchanged - change.stopped;
  return (
    <Stack gap={3}>
      {isBegun && <Progress label="Domains done" done={total - waiting} total={total} />}
      {endedAt !== null && isBegun && (
        <Notice tone={change.refused === 0 ? "good" : "notice"} live title="Done">
          {`${formatCountOf(applied, "policy", "policies")} changed. Each is served now; its id goes into the DNS within a minute or so.`}
        </Notice>
      )}
      {problem && (
        <Notice tone="bad" live title="This stopped">
          {`${errorText(problem)} What was changed stays; continue where it stopped.`}
        </Notice>
      )}
      {endedAt === null && (
        <Row>
          <Button look="primary" busy={apply.isPending} onClick={() => apply.mutate()}>
            {apply.isPending
              ? "Changing…"
              : isBegun
                ? `Continue with ${formatCountOf(waiting, "domain")}`
                : `Change ${formatCountOf(waiting, "policy", "policies")}`}
          </Button>
          {apply.isPending ? (
            <Button onClick={pause}>Pause</Button>
          ) : (
            <Button look="quiet" busy={stop.isPending} onClick={() => stop.mutate()}>
              {isBegun ? "Stop here" : "Discard"}
            </Button>
          )}
        </Row>
      )}
    </Stack>
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
