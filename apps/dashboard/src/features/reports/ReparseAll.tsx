import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { type ReparseProgress, reparseQuarantine } from "../../api/reports.ts";
import { formatCountOf } from "../../format/counts.ts";
import { Button } from "../../ui/Button.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { Inset } from "../../ui/Inset.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Progress } from "../../ui/Progress.tsx";

/** Reads the whole quarantine again, saying how far it is and what came of it. */
export function ReparseAll({ isEmpty }: { isEmpty: boolean }) {
  const queryClient = useQueryClient();
  const abort = useRef<AbortController>(null);
  const [progress, setProgress] = useState<ReparseProgress>();
  const reparse = useMutation({
    mutationFn: async (_, scope) => {
      setProgress(undefined);
      abort.current = new AbortController();
      await reparseQuarantine({ onStep: setProgress, signal: abort.current.signal }, scope);
    },
    onSettled: () =>
      Promise.all(
        ["quarantine", "tls-reports"].map((key) => queryClient.invalidateQueries({ queryKey: [key] })),
      ),
  });
  // It ends when the person leaves the page.
  useEffect(() => () => abort.current?.abort(), []);
  if (isEmpty && !reparse.isPending && !progress && !reparse.error) return null;
  return (
    <Inset>
      <Stack gap={3}>
        {reparse.isPending && progress && (
          <Progress
            label="Messages reprocessed"
            done={progress.read}
            total={progress.read + progress.remaining}
          />
        )}
        {!reparse.isPending && progress && <Outcome progress={progress} />}
        {reparse.error && (
          <Notice tone="bad" live title="This stopped">
            {`${errorText(reparse.error)} Messages reprocessed so far are kept. You can start again.`}
          </Notice>
        )}
        {(!isEmpty || reparse.isPending) && (
          <Row>
            <ActionButton needs="reports.change" busy={reparse.isPending} onClick={() => reparse.mutate()}>
              {reparse.isPending ? "Reprocessing…" : "Reprocess all"}
            </ActionButton>
            {reparse.isPending && (
              <Button look="quiet" onClick={() => abort.current?.abort()}>
                Stop
              </Button>
            )}
          </Row>
        )}
      </Stack>
    </Inset>
  );
}

function Outcome({ progress }: { progress: ReparseProgress }) {
  const { read, processed, duplicate, quarantined, remaining } = progress;
  const title =
    remaining > 0
      ? `Stopped after ${formatCountOf(read, "message")}`
      : `${formatCountOf(read, "message")} reprocessed`;
  return (
    <Notice tone={processed + duplicate > 0 ? "good" : "notice"} live title={title}>
      {`${processed} imported, ${duplicate} duplicates, ${quarantined} still unreadable.`}
      {remaining > 0 && ` ${formatCountOf(remaining, "message")} not reprocessed.`}
    </Notice>
  );
}
