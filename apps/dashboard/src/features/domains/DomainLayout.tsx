import { useSuspenseQuery } from "@tanstack/react-query";
import { Link, Outlet, useParams } from "@tanstack/react-router";
import { describeHealth } from "../../api/describe-health.ts";
import { domainQuery, useLiveDomain } from "../../api/domains.ts";
import { paths } from "../../paths.ts";
import { Icon } from "../../ui/Icon.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { Status } from "../../ui/Status.tsx";
import { TabLinks } from "../../ui/TabLinks.tsx";

/** What every page of one domain starts with: its name, its state in one sentence, and its parts. */
export function DomainLayout() {
  const { domainId = "" } = useParams({ strict: false });
  const { data: domain } = useSuspenseQuery(domainQuery(domainId));
  useLiveDomain(domainId);
  const { tone, word } = describeHealth(domain);
  return (
    <>
      <PageHeader
        title={domain.domain}
        host={domain.domain}
        lead={<span aria-live="polite">{domain.sentence}</span>}
        above={
          <Link to={paths.domains()}>
            <Icon name="back" size={14} />
            Domains
          </Link>
        }
        actions={<Status tone={tone}>{word}</Status>}
      />
      <TabLinks label={`Parts of ${domain.domain}`}>
        <Link to={paths.domain({ domainId })} activeOptions={{ exact: true }}>
          Overview
        </Link>
        <Link to={paths.policy({ domainId })}>Policy</Link>
        <Link to={paths.domainReports({ domainId })} activeOptions={{ includeSearch: false }}>
          Reports
        </Link>
        <Link to={paths.fetches({ domainId })} activeOptions={{ includeSearch: false }}>
          Policy downloads
        </Link>
        <Link to={paths.activity({ domainId })}>Activity</Link>
      </TabLinks>
      <Outlet />
    </>
  );
}
