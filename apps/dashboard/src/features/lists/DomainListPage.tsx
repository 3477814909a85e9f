import { useQuery, useSuspenseInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo } from "react";
import { OnlyFor } from "../../api/ActionButton.tsx";
import { meQuery } from "../../api/account.ts";
import { type DomainFilter, domainListQuery } from "../../api/domains.ts";
import { joinPages } from "../../api/join-pages.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { tagsQuery } from "../../api/tags.ts";
import { POLICY_MODE_WORDS } from "../../format/policy-modes.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { EmptyState } from "../../ui/EmptyState.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { asSearch } from "./as-search.ts";
import styles from "./DomainRows.module.css";
import { DomainRows } from "./DomainRows.tsx";
import { HEALTH_OPTIONS } from "./health-options.ts";
import { ListFilters } from "./ListFilters.tsx";
import { readDomainFilter } from "./read-domain-filter.ts";
import { SavedFilters } from "./SavedFilters.tsx";
import { SelectionBar } from "./SelectionBar.tsx";
import { useSelection } from "./use-selection.ts";

/** The account's domains, those that need attention first. */
export function DomainListPage() {
  const filter = readDomainFilter(useSearch({ strict: false }));
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  return (
    <>
      <PageHeader
        title="Domains"
        actions={
          <OnlyFor needs="domains.change">
            <Link to={paths.addDomain()} className={buttonClass("primary")}>
              <Icon name="plus" />
              Add a domain
            </Link>
          </OnlyFor>
        }
      />
      <div className={styles.list}>
        <Filters filter={filter} />
        <SavedFilters
          page="domains"
          path={paths.domains()}
          search={asSearch(filter)}
          role={me.account.role}
        />
        <QueryBoundary height={320}>
          <Domains filter={filter} accountId={me.account.id} />
        </QueryBoundary>
      </div>
    </>
  );
}

function Filters({ filter }: { filter: DomainFilter }) {
  const { data: tags } = useQuery(tagsQuery("own"));
  const navigate = useNavigate();
  return (
    <ListFilters
      searchLabel="Search domains"
      filter={filter}
      choices={[{ key: "health", label: "Health", value: filter.health, options: HEALTH_OPTIONS }]}
      tags={tags}
      onChange={(next) =>
        void navigate({
          to: paths.domains(),
          search: readDomainFilter({ ...filter, ...next }),
          replace: true,
        })
      }
    />
  );
}

function Domains({ filter, accountId }: { filter: DomainFilter; accountId: string }) {
  const wanted = useDeferredValue(filter);
  const query = useSuspenseInfiniteQuery(domainListQuery(wanted));
  const rows = useMemo(() => joinPages(query.data.pages), [query.data.pages]);
  const selection = useSelection(JSON.stringify(wanted));
  if (rows.length === 0) return <NoDomains isFiltered={Object.keys(wanted).length > 0} />;
  return (
    <>
      <SelectionBar
        rows={rows}
        selection={selection}
        total={query.data.pages[0]?.total ?? rows.length}
        // The page of bulk changes has customers' domains too; this list is the account's own.
        filter={asSearch({ accountId, ...wanted })}
      />
      <DomainRows
        label="Domains"
        rows={rows}
        selection={selection}
        detail={(row) => (row.mode ? POLICY_MODE_WORDS[row.mode].name : "–")}
        detailTitle="Mode"
        more={query}
      />
    </>
  );
}

function NoDomains({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return (
      <EmptyState
        minHeight={320}
        title="No domain matches"
        body="Try another search or clear a filter."
        action={
          <Link to={paths.domains()} className={buttonClass()}>
            Show all domains
          </Link>
        }
      />
    );
  }
  return (
    <EmptyState
      minHeight={320}
      title="Add your first domain"
      body="We look up its mail hosts, draft a policy in testing mode, and show the three DNS records to publish. Nothing changes for your mail until you say so."
      action={
        <OnlyFor needs="domains.change">
          <Link to={paths.addDomain()} className={buttonClass("primary")}>
            Add a domain
          </Link>
        </OnlyFor>
      }
    />
  );
}
