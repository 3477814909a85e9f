import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { domainNamesQuery } from "../../api/domains.ts";
import { paths } from "../../paths.ts";

/** The domain an event is about, leading to its page. */
export function AuditDomain({ domainId }: { domainId: string | null }) {
  const { data } = useQuery(domainNamesQuery);
  if (domainId === null) return null;
  const name = data?.items.find(({ id }) => id === domainId)?.domain;
  return <Link to={paths.domain({ domainId })}>{name ?? "Open the domain"}</Link>;
}
