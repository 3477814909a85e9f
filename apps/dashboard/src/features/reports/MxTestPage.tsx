import { useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { checkQuery } from "../../api/checks.ts";
import type { CheckView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { START_TLS_WORDS } from "../../format/start-tls-words.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { Status } from "../../ui/Status.tsx";
import { Text } from "../../ui/Text.tsx";
import { ConnectCommands } from "./ConnectCommands.tsx";
import { ReportTable } from "./ReportTable.tsx";
import { readMxTestSearch } from "./read-mx-search.ts";
import { filterOf } from "./read-report-search.ts";

/** One mail host that reports name: its TLS as it is now, the same test for a terminal, and the reports about it. */
export function MxTestPage() {
  const { about, ...search } = readMxTestSearch(useSearch({ strict: false }));
  const mxHost = search.mx ?? "";
  const check = useQuery({ ...checkQuery(about ?? ""), enabled: about !== undefined });
  return (
    <>
      <PageHeader
        title={`Test of ${mxHost}`}
        lead={about && `A mail host of ${about}. We connect to it as a sender does, on port 25.`}
        above={
          <Link to={paths.reports()} search={search}>
            <Icon name="back" size={14} />
            Reports
          </Link>
        }
        actions={
          about && (
            <Button busy={check.isFetching} onClick={() => void check.refetch()}>
              {check.isFetching ? "Connecting…" : "Test again"}
            </Button>
          )
        }
      />
      <Stack>
        <Panel title="TLS now">
          <ErrorNotice error={check.error} />
          {check.isFetching && !check.data && <Skeleton height={72} />}
          {check.data && <Tested check={check.data} mxHost={mxHost} />}
          {!about && <Text tone="soft">Choose a failure on the Reports page to test its mail host.</Text>}
        </Panel>
        <Panel title="Test it yourself" hint="From a machine that may connect to port 25.">
          <ConnectCommands mxHost={mxHost} />
        </Panel>
        <Panel flush title="Reports with these failures">
          <QueryBoundary height={320}>
            <ReportTable filter={filterOf(search, new Date())} search={search} />
          </QueryBoundary>
        </Panel>
      </Stack>
    </>
  );
}

function Tested({ check, mxHost }: { check: CheckView; mxHost: string }) {
  const found = check.mx.find((mx) => mx.mxHost === mxHost);
  if (!found) {
    return (
      <Text tone="soft">
        {mxHost} is not a mail host of {check.domain} any longer: its MX records do not name it.
      </Text>
    );
  }
  const { tone, word } = START_TLS_WORDS[found.startTls];
  return (
    <Stack gap={2}>
      <Status tone={tone}>{word}</Status>
      {found.detail && <Text>{found.detail}</Text>}
      {found.startTls === "ok" && (
        <Text tone="soft" small>
          If senders still report failures, compare the times: the host may have been repaired since.
        </Text>
      )}
    </Stack>
  );
}
