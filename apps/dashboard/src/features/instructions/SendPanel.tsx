import { useMutation, useQueryClient } from "@tanstack/react-query";
import { mayDo, type Role } from "@waxseal/contract/permissions";
import { useState } from "react";
import { createSheet, type InstructionWish, sheetsQuery } from "../../api/instructions.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { SelectField, TextField } from "../../ui/Field.tsx";
import { Columns, Row, Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";

const EXPIRES = [7, 30, 90, 365];

/** Makes a link to what the page shows, and mails it on request. */
export function SendPanel({ wish, role }: { wish: InstructionWish; role: Role }) {
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
  const mayNot = mayDo(role, "domains.change") ? undefined : "As viewer you may not.";
  const made = link.data ?? mail.data;
  return (
    <Panel
      title="Hand them on"
      hint="The page that opens shows what is missing at that moment, and nothing else."
    >
      <Stack gap={3}>
        <Columns>
          <TextField
            label="Mail to"
            hint="The records and the link, under your name. Answers come to you."
            type="email"
            placeholder="dns@customer.example"
            value={mailTo}
            onChange={setMailTo}
          />
          <SelectField
            label="The link works for"
            hint="You can end it at any time."
            value={String(expiresInDays)}
            options={EXPIRES.map((days) => ({ value: String(days), label: `${days} days` }))}
            onChange={(days) => setExpiresInDays(Number(days))}
          />
        </Columns>
        <Row>
          <Button
            look="primary"
            busy={mail.isPending}
            disabledReason={
              mayNot ?? (mailTo.trim() === "" ? "Enter an address, or make a link." : undefined)
            }
            onClick={() => mail.mutate()}
          >
            Send the mail
          </Button>
          {mayNot === undefined && (
            <Button busy={link.isPending} onClick={() => link.mutate()}>
              Make a link
            </Button>
          )}
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
              value={`${window.location.origin}${paths.sharedInstructions(made)}`}
            />
            <Text small tone="soft">
              The link is shown this once.
            </Text>
          </>
        )}
      </Stack>
    </Panel>
  );
}
