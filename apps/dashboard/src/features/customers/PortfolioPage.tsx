import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery } from "../../api/account.ts";
import { customersQuery } from "../../api/customers.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { PortfolioList } from "./PortfolioList.tsx";
import styles from "./PortfolioPage.module.css";
import { readPortfolioFilter } from "./read-portfolio-filter.ts";

const STATE_OPTIONS = [
  { value: "", label: "Any state" },
  { value: "problem", label: "Needs attention" },
  { value: "pending", label: "Setting up" },
  { value: "active", label: "Active" },
  { value: "leaving", label: "Turning off" },
  { value: "left", label: "Off" },
];

/** The domains of the account and of all its customers, problems first. */
export function PortfolioPage() {
  const filter = readPortfolioFilter(useSearch({ strict: false }));
  const [typed, setTyped] = useState(filter.q ?? "");
  const { data: me } = useQuery(meQuery);
  const { data: customers } = useQuery(customersQuery());
  const navigate = useNavigate();
  const change = (next: Record<string, unknown>) =>
    void navigate({
      to: paths.portfolio(),
      search: readPortfolioFilter({ ...filter, ...next }),
      replace: true,
    });
  return (
    <>
      <PageHeader
        title="All domains"
        lead="Yours and those of your customers, problems first."
        above={
          <Link to={paths.customers()}>
            <Icon name="back" size={14} />
            Customers
          </Link>
        }
        actions={
          <Link to={paths.addDomains()} className={buttonClass("primary")}>
            <Icon name="plus" />
            Add many
          </Link>
        }
      />
      <div className={styles.list}>
        <search className={styles.filters}>
          <TextField
            label="Search domains and customers"
            hideLabel
            type="search"
            placeholder="Search domains and customers"
            value={typed}
            onChange={(q) => {
              setTyped(q);
              change({ q });
            }}
          />
          <SelectField
            label="State"
            hideLabel
            value={filter.state ?? ""}
            options={STATE_OPTIONS}
            onChange={(state) => change({ state })}
          />
          <SelectField
            label="Customer"
            hideLabel
            value={filter.accountId ?? ""}
            options={[
              { value: "", label: "Every customer" },
              ...(me ? [{ value: me.account.id, label: `${me.account.name} (own)` }] : []),
              ...(customers?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []),
            ]}
            onChange={(accountId) => change({ accountId })}
          />
        </search>
        <QueryBoundary height={320}>
          <PortfolioList filter={filter} isFiltered={Object.keys(filter).length > 0} />
        </QueryBoundary>
      </div>
    </>
  );
}
