import { useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { describeFailingDomains } from "@waxseal/contract/health-words";
import { OnlyFor } from "../../api/ActionButton.tsx";
import { meQuery } from "../../api/account.ts";
import type { HomeView } from "../../api/contract.ts";
import { homeQuery } from "../../api/home.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { formatCount, formatCountOf } from "../../format/counts.ts";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { Icon } from "../../ui/Icon.tsx";
import { Columns, Stack } from "../../ui/Layout.tsx";
import { PageHeader } from "../../ui/PageHeader.tsx";
import { AttentionPanel } from "./AttentionPanel.tsx";
import { ChangesPanel } from "./ChangesPanel.tsx";
import { FirstSteps } from "./FirstSteps.tsx";
import { MailPanel } from "./MailPanel.tsx";
import { NextUp } from "./NextUp.tsx";

/** Whether mail is safe, what needs a person, what changed and what is next. */
export function HomePage() {
  const { data: me } = useSuspenseQuery(meQuery);
  if (!me) return null;
  return (
    <>
      <PageHeader
        title="Home"
        actions={
          <>
            <OnlyFor needs="members.manage">
              <Link to={paths.members()} search={{ invite: true }} className={buttonClass()}>
                Invite a person
              </Link>
            </OnlyFor>
            <OnlyFor needs="domains.change">
              <Link to={paths.addDomain()} className={buttonClass("primary")}>
                <Icon name="plus" />
                Add a domain
              </Link>
            </OnlyFor>
          </>
        }
      />
      <QueryBoundary height={480}>
        <Home accountId={me.account.id} />
      </QueryBoundary>
    </>
  );
}

function Home({ accountId }: { accountId: string }) {
  const { data: home } = useSuspenseQuery(homeQuery);
  if (home.domains === 0) return <FirstSteps hasCustomers={home.customers > 0} />;
  return (
    <Stack>
      <MailPanel home={home} verdict={<Verdict home={home} />} />
      <AttentionPanel home={home} />
      <Columns>
        <NextUp home={home} />
        <ChangesPanel home={home} accountId={accountId} />
      </Columns>
    </Stack>
  );
}

/** “3 of 5 domains”; of one domain “1 domain”. */
function describePart(count: number, all: number): string {
  return all === 1 ? "1 domain" : `${formatCount(count)} of ${formatCountOf(all, "domain")}`;
}

/** One sentence, by the worst of all domains. */
function Verdict({ home }: { home: HomeView }) {
  const { byHealth, domains } = home;
  const failing = byHealth["mail-failing"];
  const all = formatCountOf(domains, "domain");
  if (failing > 0) return <>{describeFailingDomains({ failing, refusing: home.refusing, domains })}</>;
  const attention = byHealth["at-risk"] + byHealth["needs-action"];
  if (attention > 0)
    return (
      <>{`No mail is failing. ${describePart(attention, domains)} ${attention === 1 ? "needs" : "need"} attention.`}</>
    );
  const settingUp = byHealth.waiting + byHealth.working;
  if (byHealth.good === 0)
    return <>{`${formatCountOf(settingUp, "domain")} ${settingUp === 1 ? "is" : "are"} in progress.`}</>;
  if (settingUp > 0)
    return <>{`Mail is safe for ${formatCountOf(byHealth.good, "domain")}; ${settingUp} in progress.`}</>;
  return <>{domains === 1 ? "Mail is safe." : `Mail is safe for all ${all}.`}</>;
}
