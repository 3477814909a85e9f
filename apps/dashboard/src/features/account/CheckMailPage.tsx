import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useSearch } from "@tanstack/react-router";
import { infoQuery, sendVerificationMail } from "../../api/account.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { FrontPage } from "../../ui/FrontPage.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";

export function CheckMailPage() {
  const { email, next }: { email: string; next?: string } = useSearch({ from: "/check-mail" });
  const { data: info } = useQuery(infoQuery);
  const again = useMutation({ mutationFn: () => sendVerificationMail(email, next) });
  return (
    <FrontPage
      title="Check your mail"
      lead={`We sent a link to ${email || "your address"}. Open it in this browser to finish; it signs you in.`}
      other={<Link to={paths.signIn()}>Back to sign-in</Link>}
    >
      <Stack>
        {info?.sandbox?.mailUrl && (
          <Notice
            tone="aside"
            title="Sandbox"
            actions={
              <a
                className={buttonClass("primary")}
                href={info.sandbox.mailUrl}
                target="_blank"
                rel="noreferrer"
              >
                Open the sandbox's mail
              </a>
            }
          >
            Nothing leaves this machine: mail to every address is caught here.
          </Notice>
        )}
        <Row>
          <Button
            busy={again.isPending}
            disabledReason={email ? undefined : "Sign in to have it sent again."}
            onClick={() => again.mutate()}
          >
            Send it again
          </Button>
          {again.isSuccess && <span role="status">Sent.</span>}
        </Row>
        <ErrorNotice error={again.error} />
      </Stack>
    </FrontPage>
  );
}
