import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { mayDo } from "@waxseal/contract/permissions";
import { useState } from "react";
import { meQuery } from "../../api/account.ts";
import { addChannel, channelsQuery, setSubscription, subscriptionQuery } from "../../api/alerts.ts";
import { ApiError } from "../../api/client.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Form } from "../../ui/Form.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";

/** The one question about alerts while a domain is set up; asked until it is answered here or under Notifications. */
export function WhoHears() {
  const { data: me } = useSuspenseQuery(meQuery);
  // People of a provider get no mails of a customer: there is nothing to ask them.
  const isMember = me?.user && me.accounts.some(({ id }) => id === me.account.id);
  if (!isMember || !mayDo(me.account.role, "alerts.manage")) return null;
  return <Question />;
}

function Question() {
  const { data: saved } = useSuspenseQuery(subscriptionQuery);
  const { data: channels } = useSuspenseQuery(channelsQuery);
  const [wasOpen] = useState(saved.isDefault && channels.items.length === 0);
  const [address, setAddress] = useState("");
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: async (_, scope) => {
      const target = address.trim();
      if (target)
        await addChannel({ kind: "mail", name: target.slice(0, 80), target, minSeverity: "warning" }, scope);
      const { severity, digest, quiet } = saved;
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      return setSubscription({ severity, digest, quiet, timeZone }, scope);
    },
    onSuccess: async (after) => {
      queryClient.setQueryData(subscriptionQuery.queryKey, after);
      await queryClient.invalidateQueries({ queryKey: channelsQuery.queryKey });
    },
  });
  const send = () => {
    if (!save.isPending) save.mutate();
  };
  if (!wasOpen) return null;
  const problem = save.error instanceof ApiError ? save.error.problemWith("target") : undefined;
  return (
    <Panel
      title="Who should hear when mail is at risk?"
      hint={`You do, at ${saved.email}, like every owner and admin.`}
    >
      {save.isSuccess ? (
        <Notice tone="good" title="Saved." live>
          {address.trim()
            ? `${address.trim()} gets alerts once its owner has opened the link that was mailed to it.`
            : "Alerts are mailed to owners and admins."}
        </Notice>
      ) : (
        <Form onSend={send}>
          <Stack gap={3}>
            <TextField
              label="Another email address (optional)"
              hint="Best at another domain: an alert about broken mail must not travel through the broken mail."
              error={problem && `This ${problem}.`}
              type="email"
              value={address}
              onChange={setAddress}
            />
            <Row>
              <Button type="submit" busy={save.isPending}>
                Save
              </Button>
              <Text tone="faint" small>
                Chat, webhooks and quiet hours: <Link to={paths.notifications()}>Notifications</Link>
              </Text>
            </Row>
            {!problem && <ErrorNotice error={save.error} />}
          </Stack>
        </Form>
      )}
    </Panel>
  );
}
