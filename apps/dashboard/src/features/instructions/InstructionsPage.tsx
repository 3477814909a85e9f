import { useQuery, useSuspenseInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { AccountFile } from "../../api/AccountFile.tsx";
import { meQuery } from "../../api/account.ts";
import { customersQuery } from "../../api/customers.ts";
import { type InstructionWish, instructionExportPath, instructionsQuery } from "../../api/instructions.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Columns, Row, Stack } from "../../ui/Layout.tsx";
import { LoadMore } from "../../ui/LoadMore.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { InstructionList } from "./InstructionList.tsx";
import { type InstructionSearch, readInstructionSearch } from "./read-instruction-search.ts";
import { SendPanel } from "./SendPanel.tsx";
import { SheetsPanel } from "./SheetsPanel.tsx";

/** The CNAMEs that a customer's or the account's own domains lack, and the ways to hand them on. */
export function InstructionsPage() {
  const search = readInstructionSearch(useSearch({ strict: false }));
  const { data: me } = useSuspenseQuery(meQuery);
  const { accountId, domainIds, only = "missing" } = search;
  const wish = useMemo<InstructionWish>(
    () => ({ accountId, domainIds: domainIds?.split(","), only }),
    [accountId, domainIds, only],
  );
  if (!me) return null;
  return (
    <>
      <PageHeader
        title="DNS instructions"
        lead="Missing CNAME records, ready to send to the people who edit the DNS. They need no account."
        above={
          <Link to={me.provider ? paths.domains() : paths.customers()}>
            <Icon name="back" size={14} />
            {me.provider ? "Domains" : "Customers"}
          </Link>
        }
        actions={
          <Link className={buttonClass()} to={paths.branding()}>
            Your name and logo
          </Link>
        }
      />
      <Stack>
        <Filters search={search} own={me.account} />
        <SendPanel key={JSON.stringify(wish)} wish={wish} />
        <QueryBoundary height={320}>
          <Records wish={wish} />
        </QueryBoundary>
        <QueryBoundary height={180}>
          <SheetsPanel />
        </QueryBoundary>
      </Stack>
    </>
  );
}

function Filters({ search, own }: { search: InstructionSearch; own: { id: string; name: string } }) {
  const { data: customers } = useQuery(customersQuery());
  const navigate = useNavigate();
  const change = (next: Record<string, unknown>) =>
    void navigate({
      to: paths.instructions(),
      search: readInstructionSearch({ ...search, ...next }),
      replace: true,
    });
  const chosen = search.domainIds?.split(",").length ?? 0;
  return (
    <Columns>
      <SelectField
        label="Account"
        value={chosen > 0 ? "chosen" : (search.accountId ?? "")}
        options={[
          ...(chosen > 0 ? [{ value: "chosen", label: `${formatCountOf(chosen, "chosen domain")}` }] : []),
          { value: "", label: `${own.name} (own)` },
          ...(customers?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []),
        ]}
        onChange={(accountId) => change({ accountId, domainIds: "" })}
      />
      <SelectField
        label="Show"
        value={search.only ?? ""}
        options={[
          { value: "", label: "Missing records only" },
          { value: "all", label: "All" },
        ]}
        onChange={(only) => change({ only })}
      />
    </Columns>
  );
}

function Records({ wish }: { wish: InstructionWish }) {
  const query = useSuspenseInfiniteQuery(instructionsQuery(wish));
  const [first] = query.data.pages;
  const items = query.data.pages.flatMap((page) => page.items);
  if (!first) return null;
  return (
    <Panel
      flush
      title="Records"
      hint={`${first.incomplete} of ${formatCountOf(first.domains, "domain")} ${first.incomplete === 1 ? "lacks" : "lack"} a record.`}
      actions={
        <Row>
          <AccountFile className={buttonClass("secondary", true)} path={instructionExportPath(wish, "csv")}>
            CSV
          </AccountFile>
          <AccountFile className={buttonClass("secondary", true)} path={instructionExportPath(wish, "zone")}>
            Zone file
          </AccountFile>
        </Row>
      }
    >
      {items.length === 0 ? (
        <EmptyState
          minHeight={200}
          title={first.domains === 0 ? "No domain here yet" : "Nothing is missing"}
          body={
            first.domains === 0
              ? "Add domains first; their records appear here."
              : "Every domain has its three records. Select “All” to see them."
          }
        />
      ) : (
        <InstructionList items={items} />
      )}
      {query.hasNextPage && (
        <LoadMore busy={query.isFetchingNextPage} load={() => void query.fetchNextPage()} />
      )}
    </Panel>
  );
}
