import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { setSubscription, subscriptionQuery } from "../../api/alerts.ts";
import type { SubscriptionView } from "../../api/contract.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { SelectField } from "../../ui/Field.tsx";
import { Form } from "../../ui/Form.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";

const SEVERITIES: readonly { value: SubscriptionView["severity"]; label: string }[] = [
  { value: "critical", label: "Critical alerts only" },
  { value: "warning", label: "Critical alerts and warnings" },
  { value: "notice", label: "Everything" },
  { value: "off", label: "No mails" },
];
const DIGESTS: readonly { value: SubscriptionView["digest"]; label: string }[] = [
  { value: "weekly", label: "Each Monday" },
  { value: "daily", label: "Each day" },
  { value: "monthly", label: "On the first of each month" },
  { value: "off", label: "Never" },
];
const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour * 60),
  label: `${String(hour).padStart(2, "0")}:00`,
}));
const FROM = [{ value: "", label: "No quiet hours" }, ...HOURS];

/** Which mails about this account the person gets. */
export function SubscriptionPanel() {
  const { data: saved } = useSuspenseQuery(subscriptionQuery);
  const [severity, setSeverity] = useState(saved.severity);
  const [digest, setDigest] = useState(saved.digest);
  const [from, setFrom] = useState(saved.quiet ? String(saved.quiet.from) : "");
  const [until, setUntil] = useState(String(saved.quiet?.until ?? 420));
  const queryClient = useQueryClient();
  const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const timeZone = saved.isDefault ? own : saved.timeZone;
  const save = useMutation({
    mutationFn: (_, scope) => {
      const quiet = from === "" ? null : { from: Number(from), until: Number(until) };
      return setSubscription({ severity, digest, timeZone: own, quiet }, scope);
    },
    onSuccess: (after) => queryClient.setQueryData(subscriptionQuery.queryKey, after),
  });
  const send = () => {
    if (!save.isPending) save.mutate();
  };
  return (
    <Panel title="Your mails" hint={`Sent to ${saved.email}.`}>
      <Form onSend={send}>
        <Stack gap={3}>
          {saved.bounce && (
            <Notice tone="bad" title={`Mails to ${saved.email} come back.`}>
              {saved.bounce.detail} Nothing is mailed to you until you save these settings or change your
              address.
            </Notice>
          )}
          <SelectField
            label="Mail me about"
            value={severity}
            options={SEVERITIES}
            onChange={(value) =>
              setSeverity(SEVERITIES.find((one) => one.value === value)?.value ?? "warning")
            }
          />
          <SelectField
            label="Mail me a summary"
            value={digest}
            options={DIGESTS}
            onChange={(value) => setDigest(DIGESTS.find((one) => one.value === value)?.value ?? "weekly")}
          />
          <Row>
            <SelectField label="Quiet from" value={from} options={FROM} onChange={setFrom} />
            {from !== "" && <SelectField label="Until" value={until} options={HOURS} onChange={setUntil} />}
          </Row>
          <Text tone="faint" small>
            {`In your time zone, ${timeZone.replaceAll("_", " ")}. Critical alerts are always mailed at once; the rest waits until the quiet hours end. The summary comes at 07:00.`}{" "}
            <Link to={paths.summary()}>See it now</Link>
          </Text>
          <Row>
            <Button type="submit" look="primary" busy={save.isPending}>
              Save
            </Button>
          </Row>
          {save.isSuccess && <Notice tone="good" title="Saved." live />}
          <ErrorNotice error={save.error} />
        </Stack>
      </Form>
    </Panel>
  );
}
