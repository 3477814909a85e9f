import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { addDomains, type BulkResult, type PreviewLine } from "../../api/bulk.ts";
import type { DomainPreviewView } from "../../api/contract.ts";
import { formatCountOf } from "../../format/counts.ts";
import { Button } from "../../ui/Button.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Progress } from "../../ui/Progress.tsx";
import { Status } from "../../ui/Status.tsx";
import { type Column, Table } from "../../ui/Table.tsx";

const SHOWN_ROWS = 50;

/** What the list would do, the refused lines first; then the adding of the others, with each one's result. */
export function BulkAddList({ preview }: { preview: DomainPreviewView }) {
  const refused = preview.items.filter(({ problem }) => problem !== null);
  const wanted = preview.items.filter(({ problem }) => problem === null);
  const adding = useAdding(wanted);
  const customers = preview.newCustomers.length;
  return (
    <Stack>
      {refused.length > 0 && (
        <Panel
          flush
          title={`${formatCountOf(refused.length, "line")} refused`}
          hint="All others can be added."
        >
          <Table
            caption="Refused lines"
            columns={REFUSED}
            rows={refused}
            rowKey={({ line }) => String(line)}
          />
        </Panel>
      )}
      {wanted.length > 0 && (
        <>
          <Panel
            title={`${formatCountOf(wanted.length, "domain")} can be added`}
            hint={customers > 0 && `Adding also makes ${formatCountOf(customers, "customer account")}.`}
          >
            <Adding total={wanted.length} adding={adding} />
          </Panel>
          <Panel flush title="Line by line">
            <Lines lines={wanted} results={adding.results} />
          </Panel>
        </>
      )}
    </Stack>
  );
}

type Adding = ReturnType<typeof useAdding>;

function useAdding(wanted: readonly PreviewLine[]) {
  const queryClient = useQueryClient();
  const [results, setResults] = useState<readonly BulkResult[]>([]);
  const abort = useRef<AbortController>(null);
  const add = useMutation({
    mutationFn: async (_, scope) => {
      abort.current = new AbortController();
      await addDomains(
        wanted.slice(results.length),
        {
          onResults: (some) => setResults((before) => [...before, ...some]),
          signal: abort.current.signal,
        },
        scope,
      );
    },
    onSettled: async () => {
      await Promise.all([
        queryClient.invalidateQueries({ queryKey: ["domains"] }),
        queryClient.invalidateQueries({ queryKey: ["customers"] }),
      ]);
    },
  });
  // Adding ends with the page: after leaving it, a person must not find more added later.
  useEffect(() => () => abort.current?.abort(), []);
  return { results, add, stop: () => abort.current?.abort() };
}

function Adding({ total, adding }: { total: number; adding: Adding }) {
  const { results, add, stop } = adding;
  const refused = results.filter(({ outcome }) => outcome === "refused").length;
  const isDone = results.length >= total;
  return (
    <Stack gap={3}>
      {results.length > 0 && <Progress label="Domains added" done={results.length} total={total} />}
      {isDone && (
        <Notice tone={refused === 0 ? "good" : "notice"} live title="Done">
          {`${formatCountOf(total - refused, "domain")} added${refused === 0 ? "" : `, ${refused} refused`}.`}
        </Notice>
      )}
      {add.isError && (
        <Notice tone="bad" live title="Adding stopped">
          {`${errorText(add.error)} What was added stays; continue where it stopped.`}
        </Notice>
      )}
      {!isDone && (
        <Row>
          <ActionButton
            needs="domains.change"
            look="primary"
            busy={add.isPending}
            onClick={() => add.mutate()}
          >
            {results.length === 0
              ? `Add ${formatCountOf(total, "domain")}`
              : add.isPending
                ? "Adding…"
                : "Continue"}
          </ActionButton>
          {add.isPending && <Button onClick={stop}>Stop</Button>}
        </Row>
      )}
    </Stack>
  );
}

type Shown = PreviewLine & { result: BulkResult | undefined };

function Lines({ lines, results }: { lines: readonly PreviewLine[]; results: readonly BulkResult[] }) {
  const [showsAll, setShowsAll] = useState(false);
  const rows = lines.map((line, index): Shown => ({ ...line, result: results[index] }));
  const ordered = rows.toSorted((a, b) => Number(isRefused(b)) - Number(isRefused(a)));
  return (
    <Table
      caption="Domains to add"
      columns={WANTED}
      rows={showsAll ? ordered : ordered.slice(0, SHOWN_ROWS)}
      rowKey={({ line }) => String(line)}
      footer={
        !showsAll &&
        rows.length > SHOWN_ROWS && (
          <Button onClick={() => setShowsAll(true)}>{`Show all ${rows.length}`}</Button>
        )
      }
    />
  );
}

function isRefused({ result }: Shown): boolean {
  return result?.outcome === "refused";
}

const REFUSED: readonly Column<PreviewLine>[] = [
  { title: "Line", align: "end", cell: ({ line }) => line },
  { title: "Text", wideOnly: true, cell: ({ text }) => text },
  { title: "Why", cell: ({ text, problem }) => <span title={text}>{problem}</span> },
];

const WANTED: readonly Column<Shown>[] = [
  { title: "Domain", cell: ({ domain }) => domain },
  { title: "Customer", cell: ({ customer }) => customer ?? "–" },
  {
    title: "Result",
    cell: ({ result }) => {
      if (!result) return <Status tone="idle">Pending</Status>;
      if (result.outcome === "refused") return <Status tone="bad">{result.problem ?? "Refused"}</Status>;
      return <Status tone="good">{result.outcome === "added" ? "Added" : "Was there already"}</Status>;
    },
  },
];
