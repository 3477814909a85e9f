import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { retentionQuery, setRetention } from "../../api/retention.ts";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { ShortenRetentionDialog } from "./ShortenRetentionDialog.tsx";

const RAW_CHOICES = [7, 30, 90, 180, 400];
const DAILY_CHOICES = [30, 90, 180, 400, 800, 1_100];

/** How long reports are kept; what deletes some asks first. */
export function RetentionPanel() {
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
          <ActionButton
            needs="account.manage"
            busy={save.isPending}
            disabledReason={draft ? undefined : "No changes."}
            onClick={() => (isShorter ? setIsAsking(true) : save.mutate({ rawDays, dailyDays }))}
          >
            Save
          </ActionButton>
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

function daysOptions(choices: readonly number[], current: number) {
  return [...new Set([...choices, current])]
    .toSorted((a, b) => a - b)
    .map((days) => ({ value: String(days), label: `${days} days` }));
}
