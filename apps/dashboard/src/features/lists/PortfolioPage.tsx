import { useQuery, useSuspenseInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useDeferredValue, useMemo } from "react";
import { OnlyFor } from "../../api/ActionButton.tsx";
import { meQuery } from "../../api/account.ts";
import { customersQuery, type PortfolioFilter, portfolioQuery } from "../../api/customers.ts";
import { joinPages } from "../../api/join-pages.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { tagsQuery } from "../../api/tags.ts";
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
import { readPortfolioFilter } from "./read-portfolio-filter.ts";
import { SavedFilters } from "./SavedFilters.tsx";
import { SelectionBar } from "./SelectionBar.tsx";
import { useSelection } from "./use-selection.ts";

/** The domains of the account and of all its customers, those that need attention first. */
export function PortfolioPage() {
  const filter = readPortfolioFilter(useSearch({ strict: false }));
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  return (
    <>
      <PageHeader
        title="All domains"
        lead="Yours and those of your customers, those that need attention first."
        above={
          <Link to={paths.customers()}>
            <Icon name="back" size={14} />
            Customers
          </Link>
        }
        actions={
          <OnlyFor needs="domains.change">
            <Link to={paths.addDomains()} className={buttonClass("primary")}>
              <Icon name="plus" />
              Add many
            </Link>
          </OnlyFor>
        }
      />
      <div className={styles.list}>
        <Filters filter={filter} own={me.account} />
        <SavedFilters
          page="portfolio"
          path={paths.portfolio()}
          search={asSearch(filter)}
          role={me.account.role}
        />
        <QueryBoundary height={320}>
          <Portfolio filter={filter} />
        </QueryBoundary>
      </div>
    </>
  );
}

function Filters({ filter, own }: { filter: PortfolioFilter; own: { id: string; name: string } }) {
  const { data: customers } = useQuery(customersQuery());
  const { data: tags } = useQuery(tagsQuery("all"));
  const navigate = useNavigate();
  const owners = [
    { value: "", label: "Every customer" },
    { value: own.id, label: `${own.name} (own)` },
    ...(customers?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []),
  ];
  return (
    <ListFilters
      searchLabel="Search domains and customers"
      filter={filter}
      choices={[
        { key: "health", label: "Health", value: filter.health, options: HEALTH_OPTIONS },
        { key: "accountId", label: "Customer", value: filter.accountId, options: owners },
      ]}
      tags={tags}
      onChange={(next) =>
        void navigate({
          to: paths.portfolio(),
          search: readPortfolioFilter({ ...filter, ...next }),
          replace: true,
        })
      }
    />
  );
}

function Portfolio({ filter }: { filter: PortfolioFilter }) {
  const wanted = useDeferredValue(filter);
  const query = useSuspenseInfiniteQuery(portfolioQuery(wanted));
  const rows = useMemo(() => joinPages(query.data.pages), [query.data.pages]);
  const selection = useSelection(JSON.stringify(wanted));
  if (rows.length === 0) return <Nothing isFiltered={Object.keys(wanted).length > 0} />;
  return (
    <>
      <SelectionBar
        rows={rows}
        total={query.data.pages[0]?.total ?? rows.length}
        selection={selection}
        filter={asSearch(wanted)}
      />
      <DomainRows
        label="All domains"
        rows={rows}
        selection={selection}
        detail={(row) => row.customer ?? "My account"}
        accountOf={(row) => row.accountId}
        detailTitle="Customer"
        more={query}
      />
    </>
  );
}

function Nothing({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) {
    return <EmptyState minHeight={320} title="No domain matches" body="Change the search or a filter." />;
  }
  return (
    <EmptyState
      minHeight={320}
      title="No domain yet"
      body="Bring in your customers' domains as a list or a CSV file."
      action={
        <OnlyFor needs="domains.change">
          <Link to={paths.addDomains()} className={buttonClass("primary")}>
            Add many
          </Link>
        </OnlyFor>
      }
    />
  );
}
