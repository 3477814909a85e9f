import { useInfiniteQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { ApiError } from "../../api/client.ts";
import type { SharedInstructionsView } from "../../api/contract.ts";
import { sharedFileUrl, sharedInstructionsQuery, sharedLogoUrl } from "../../api/instructions.ts";
import { formatCountOf } from "../../format/counts.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { ErrorState } from "../../ui/ErrorState.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Instant } from "../../ui/Instant.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { Text } from "../../ui/Text.tsx";
import { useBrandColors } from "../../ui/use-brand-colors.ts";
import styles from "./InstructionList.module.css";
import { InstructionList } from "./InstructionList.tsx";

/** What the person who edits the DNS of several domains sees by a link, without signing in. */
export function SharedInstructionsPage() {
  const { sheetToken = "" } = useParams({ strict: false });
  const query = useInfiniteQuery(sharedInstructionsQuery(sheetToken));
  const { data, error, isPending, refetch } = query;
  const sheet = data?.pages[0];
  useBrandColors(sheet?.from.colors);
  const isDead = error instanceof ApiError && error.status === 404;
  return (
    <FrontPage
      wide
      title={sheet?.subject ? `DNS records for ${sheet.subject}` : "DNS records"}
      lead={sheet && describeTask(sheet)}
      mark={
        sheet?.from.hasLogo && (
          <img src={sharedLogoUrl(sheetToken)} alt={sheet.from.name} className={styles.logo} />
        )
      }
      other={
        sheet && (
          <>
            This page needs no sign-in and works until <Instant at={sheet.expiresAt} exact />.
          </>
        )
      }
    >
      {isPending && <Skeleton height={420} />}
      {isDead && (
        <Notice tone="notice" title="There is no such link">
          It may have been revoked, have expired, or be mistyped. Ask the person who sent it to you.
        </Notice>
      )}
      {error && !isDead && !sheet && <ErrorState error={error} onRetry={() => void refetch()} />}
      {sheet && !isDead && (
        <Stack>
          <Left sheet={sheet} />
          <div className={styles.files}>
            <FileLink href={sharedFileUrl(sheetToken, "csv")}>CSV file</FileLink>
            <FileLink href={sharedFileUrl(sheetToken, "zone")}>Zone file</FileLink>
            <Button onClick={() => window.print()}>Print</Button>
          </div>
          {data.pages.some(({ items }) => items.length > 0) && (
            <div className={styles.sheet}>
              <InstructionList items={data.pages.flatMap(({ items }) => items)} />
            </div>
          )}
          {query.hasNextPage && (
            <div>
              <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
                Show more
              </Button>
            </div>
          )}
        </Stack>
      )}
    </FrontPage>
  );
}

function FileLink({ href, children }: { href: string; children: string }) {
  return (
    <a className={buttonClass()} href={href} download>
      <Icon name="download" />
      {children}
    </a>
  );
}

function describeTask({ from, incomplete }: SharedInstructionsView): string {
  if (incomplete === 0) return `${from.name} looks after the mail security of these domains.`;
  return `${from.name} asks you to publish these CNAME records where the DNS of each domain is managed. Once is enough. If the form adds the domain automatically, enter only the part of the name before it.`;
}

function Left({ sheet }: { sheet: SharedInstructionsView }) {
  if (sheet.incomplete === 0) {
    return (
      <Notice tone="good" title="Everything is in place" live>
        Leave the records there. There is nothing else to do.
      </Notice>
    );
  }
  return (
    <Notice
      tone="waiting"
      title={`${sheet.incomplete} of ${formatCountOf(sheet.domains, "domain")} ${sheet.incomplete === 1 ? "lacks" : "lack"} a record`}
      live
    >
      <Text small>This page finds new records automatically, usually within a minute.</Text>
    </Notice>
  );
}
