import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import { createSheet, type InstructionWish, sheetsQuery } from "../../api/instructions.ts";
import { paths } from "../../paths.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Columns, Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";

const EXPIRES = [7, 30, 90, 365];

/** Makes a link to what the page shows, and mails it on request. */
export function SendPanel({ wish }: { wish: InstructionWish }) {
  const [mailTo, setMailTo] = useState("");
  const [expiresInDays, setExpiresInDays] = useState(90);
  const queryClient = useQueryClient();
  const onSuccess = () => queryClient.invalidateQueries({ queryKey: sheetsQuery.queryKey });
  const link = useMutation({
    mutationFn: (_, scope) => createSheet({ ...wish, expiresInDays }, scope),
    onSuccess,
  });
  const mail = useMutation({
    mutationFn: (_, scope) => createSheet({ ...wish, expiresInDays, mailTo: mailTo.trim() }, scope),
    onSuccess: () => {
      setMailTo("");
      return onSuccess();
    },
  });
  const made = link.data ?? mail.data;
  return (
    <Panel
      title="Send these records"
      hint="The page behind the link shows which records are missing at that moment, and nothing else."
    >
      <Stack gap={3}>
        <Columns>
          <TextField
            label="Email to"
            hint="The records and the link, under your name. Replies go to you."
            type="email"
            placeholder="dns@customer.example"
            value={mailTo}
            onChange={setMailTo}
          />
          <SelectField
            label="The link expires after"
            hint="You can revoke it at any time."
            value={String(expiresInDays)}
            options={EXPIRES.map((days) => ({ value: String(days), label: `${days} days` }))}
            onChange={(days) => setExpiresInDays(Number(days))}
          />
        </Columns>
        <Row>
          <ActionButton
            needs="domains.change"
            look="primary"
            busy={mail.isPending}
            disabledReason={mailTo.trim() === "" ? "Enter an address, or create a link." : undefined}
            onClick={() => mail.mutate()}
          >
            Send email
          </ActionButton>
          <ActionButton needs="domains.change" hideDenied busy={link.isPending} onClick={() => link.mutate()}>
            Create link
          </ActionButton>
        </Row>
        <ErrorNotice error={mail.error ?? link.error} />
        {mail.data && (
          <Notice tone="good" live>
            {`Sent to ${mail.data.mailedTo}.`}
          </Notice>
        )}
        {made && (
          <>
            <CopyText
              name="link to the instructions"
              value={`${made.site ?? window.location.origin}${paths.sharedInstructions(made)}`}
            />
            <Text small tone="soft">
              This link is shown only once.
            </Text>
          </>
        )}
      </Stack>
    </Panel>
  );
}
