import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { checkQuery } from "../../api/checks.ts";
import { useMaySignUp } from "../../api/use-may-sign-up.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Steps } from "../../ui/Steps.tsx";
import { CheckResult } from "./CheckResult.tsx";
import { DomainForm } from "./DomainForm.tsx";

/** The public checker: any domain, without signing in, at an address that can be passed on. */
export function CheckPage() {
  const { domain = "" } = useParams({ strict: false });
  const maySignUp = useMaySignUp();
  return (
    <FrontPage
      wide
      title={domain ? `Check of ${domain}` : "Check a domain"}
      lead="MTA-STS, TLS-RPT and every mail host, asked from outside as a sender would ask."
      links={<Link to={paths.signIn()}>Sign in</Link>}
      other={
        maySignUp && (
          <>
            Missing something? <Link to={paths.signUp()}>Create an account</Link> and have it hosted: three
            DNS records once.
          </>
        )
      }
    >
      <DomainForm key={domain} domain={domain} isFocused={domain === ""} />
      {domain && <Checked domain={domain} />}
    </FrontPage>
  );
}

function Checked({ domain }: { domain: string }) {
  const { data: check, error, isFetching, refetch } = useQuery(checkQuery(domain));
  if (isFetching) return <Asking domain={domain} />;
  if (error) {
    return (
      <Notice
        tone="bad"
        live
        title="This could not be checked"
        actions={<Button onClick={() => void refetch()}>Try again</Button>}
      >
        {errorText(error)}
      </Notice>
    );
  }
  if (!check) return null;
  return (
    <Stack>
      <CheckResult check={check} />
      <div>
        <Button onClick={() => void refetch()}>Check again</Button>
      </div>
    </Stack>
  );
}

function Asking({ domain }: { domain: string }) {
  const questions = [
    { title: "TXT record", detail: <code>_mta-sts.{domain}</code> },
    { title: "Policy file and its certificate", detail: <code>https://mta-sts.{domain}</code> },
    {
      title: "Mail hosts: address, STARTTLS, certificate, DANE",
      detail: <>MX of {domain}, port 25 of each</>,
    },
    { title: "Where reports go", detail: <code>_smtp._tls.{domain}</code> },
  ];
  return (
    <Panel title="Asking now" hint="All at once; slow hosts are given up to 20 seconds.">
      <div role="status">
        <Steps
          label="What is being asked"
          steps={questions.map((question) => ({
            key: question.title,
            tone: "working",
            word: "asking",
            ...question,
          }))}
        />
      </div>
    </Panel>
  );
}
