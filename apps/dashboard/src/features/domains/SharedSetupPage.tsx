import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { ApiError } from "../../api/client.ts";
import type { SharedSetupView } from "../../api/contract.ts";
import { sharedSetupQuery, useLiveSharedSetup } from "../../api/shares.ts";
import { paths } from "../../paths.ts";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { useBrandColors } from "../../ui/use-brand-colors.ts";
import { SetupRecordList } from "./SetupRecordList.tsx";

/** What the person who edits the DNS sees by a link, without signing in. */
export function SharedSetupPage() {
  const { shareToken = "" } = useParams({ strict: false });
  const { data: shared, error, isPending, refetch } = useQuery(sharedSetupQuery(shareToken));
  useLiveSharedSetup(shareToken);
  useBrandColors(shared?.colors);
  const isDead = error instanceof ApiError && error.status === 404;
  return (
    <FrontPage
      wide
      title={shared ? `DNS records for ${shared.domain}` : "DNS records"}
      lead={
        shared &&
        `${shared.accountName} asks you to publish three CNAME records where the DNS of ${shared.domain} is managed. Once is enough.`
      }
      other={shared && <Link to={paths.checked({ domain: shared.domain })}>Check the whole set-up</Link>}
    >
      {isPending && <Skeleton height={420} />}
      {isDead && (
        <Notice tone="notice" title="There is no such link">
          It may have been revoked, replaced by a newer one, or mistyped. Ask the person who sent it to you.
        </Notice>
      )}
      {error && !isDead && <ErrorState error={error} onRetry={() => void refetch()} />}
      {shared && <Records shared={shared} />}
    </FrontPage>
  );
}

function Records({ shared }: { shared: SharedSetupView }) {
  const missing = shared.setup.filter((record) => record.state !== "correct").length;
  return (
    <Stack>
      {missing === 0 ? (
        <Notice tone="good" title="All three records are correct" live>
          Leave them there. There is nothing else to do.
        </Notice>
      ) : (
        <Notice
          tone="waiting"
          title={missing === 1 ? "1 record to publish" : `${missing} records to publish`}
          live
        >
          This page updates automatically, usually within a minute.
        </Notice>
      )}
      <SetupRecordList domain={shared.domain} dns={shared.dns} records={shared.setup} />
    </Stack>
  );
}
