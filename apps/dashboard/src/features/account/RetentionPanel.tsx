import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { mayDo } from "@waxseal/contract/permissions";
import { useState } from "react";
import type { MeView } from "../../api/contract.ts";
import { retentionQuery, setRetention } from "../../api/retention.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ShortenRetentionDialog } from "./ShortenRetentionDialog.tsx";

const RAW_CHOICES = [7, 30, 90, 180, 400];
const DAILY_CHOICES = [30, 90, 180, 400, 800, 1_100];

/** How long reports are kept; what deletes some asks first. */
export function RetentionPanel({ me }: { me: MeView }) {
  const { data } = useSuspenseQuery(retentionQuery);
  const [draft, setDraft] = useState<{ rawDays: number; dailyDays: number }>();
  const [isAsking, setIsAsking] = useState(false);
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: setRetention,
    onSuccess: (retention) => {
      queryClient.setQueryData(retentionQuery.queryKey, retention);
      setDraft(undefined);
      setIsAsking(false);
    },
  });
  const { rawDays, dailyDays } = draft ?? data;
  const isShorter = rawDays < data.rawDays || dailyDays < data.dailyDays;
  const mayManage = mayDo(me.account.role, "account.manage");
  return (
    <Panel title="Data retention" hint="Older data is deleted daily.">
      <Stack>
        <SelectField
          label="Raw messages and quarantine"
          value={String(rawDays)}
          options={daysOptions(RAW_CHOICES, rawDays)}
          onChange={(value) => setDraft({ rawDays: Number(value), dailyDays })}
        />
        <SelectField
          label="Reports and totals"
          value={String(dailyDays)}
          options={daysOptions(DAILY_CHOICES, dailyDays)}
          onChange={(value) => setDraft({ rawDays, dailyDays: Number(value) })}
        />
        {!isAsking && <ErrorNotice error={save.error} />}
        <div>
          <Button
            busy={save.isPending}
            disabledReason={reasonNotToSave(mayManage, draft !== undefined)}
            onClick={() => (isShorter ? setIsAsking(true) : save.mutate({ rawDays, dailyDays }))}
          >
            Save
          </Button>
        </div>
      </Stack>
      {isAsking && (
        <ShortenRetentionDialog
          kept={data}
          wanted={{ rawDays, dailyDays }}
          sending={{ ...save, mutate: () => save.mutate({ rawDays, dailyDays }) }}
          onClose={() => setIsAsking(false)}
        />
      )}
    </Panel>
  );
}

function reasonNotToSave(mayManage: boolean, isChanged: boolean): string | undefined {
  if (!mayManage) return "An owner or admin changes this.";
  return isChanged ? undefined : "No changes.";
}

function daysOptions(choices: readonly number[], current: number) {
  return [...new Set([...choices, current])]
    .toSorted((a, b) => a - b)
    .map((days) => ({ value: String(days), label: `${days} days` }));
}
