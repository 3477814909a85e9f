import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useLocation } from "@tanstack/react-router";
import { meQuery } from "../../api/account.ts";
import { elsewhereQuery, findThing } from "../../api/elsewhere.ts";
import { findAccountId } from "../../api/in-account.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Text } from "../../ui/Text.tsx";
import { Wall } from "../../ui/Wall.tsx";

export function NotFoundPage() {
  const isInAccount = findAccountId({ client: useQueryClient() }) !== undefined;
  return (
    <Wall>
      <PageHeader
        title="Page not found"
        lead="It may have been removed, belong to another account, or be mistyped."
      />
      {isInAccount && <InAnotherAccount />}
      <Link to={isInAccount ? paths.overview() : paths.home()} className={buttonClass("primary")}>
        Go to your home page
      </Link>
    </Wall>
  );
}

/** Offers the account that has what the link is about, if it is another one of the person. */
function InAnotherAccount() {
  const { data: me } = useQuery(meQuery);
  const { pathname } = useLocation();
  const page = pathname.replace(/^\/a\/[^/]+/, "");
  const others = me?.accounts.filter(({ id }) => id !== me.account.id) ?? [];
  const { data: found } = useQuery(
    elsewhereQuery(
      findThing(page),
      others.map(({ id }) => id),
    ),
  );
  const other = others.find(({ id }) => id === found);
  if (!other) return null;
  return (
    <>
      <Text>{`You work in ${me?.account.name} now. This page belongs to ${other.name}.`}</Text>
      <Link to={`/a/$account${page}`} params={{ account: other.id }} className={buttonClass("primary")}>
        {`Open it in ${other.name}`}
      </Link>
    </>
  );
}
