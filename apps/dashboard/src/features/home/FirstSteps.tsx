import { Link } from "@tanstack/react-router";
import { OnlyFor } from "../../api/ActionButton.tsx";
import { paths } from "../../paths.ts";
import { buttonClass } from "../../ui/Button.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Steps } from "../../ui/Steps.tsx";
import { Text } from "../../ui/Text.tsx";

const LATER = { tone: "idle", word: "waiting" } as const;

/** Home of an account without a domain: how to begin, and what happens then. */
export function FirstSteps({ hasCustomers }: { hasCustomers: boolean }) {
  return (
    <Panel
      title="Add your first domain"
      hint="Nothing changes for your mail until you say so."
      actions={
        <OnlyFor needs="domains.change">
          <Link to={hasCustomers ? paths.addDomains() : paths.addDomain()} className={buttonClass("primary")}>
            {hasCustomers ? "Add many" : "Start"}
          </Link>
        </OnlyFor>
      }
    >
      <Stack>
        <Steps
          label="First steps"
          steps={[
            {
              key: "add",
              title: "Add a domain",
              tone: "waiting",
              word: "next",
              detail: "We look up its mail hosts and draft a policy in testing mode.",
            },
            {
              key: "publish",
              title: "Publish three DNS records",
              detail: "Once. Certificates, policies and reports follow automatically.",
              ...LATER,
            },
            {
              key: "reports",
              title: "Read the first reports",
              detail: "Large senders report once a day. This page then shows whether mail is safe.",
              ...LATER,
            },
            {
              key: "enforce",
              title: "Enforce",
              detail: "After two weeks without failures, unencrypted delivery ends. This page says when.",
              ...LATER,
            },
          ]}
        />
        <Text tone="faint" small>
          Not sure yet? <Link to={paths.check()}>Check any domain</Link> first; nothing is stored.
        </Text>
      </Stack>
    </Panel>
  );
}
