import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { mayDo, type Role } from "@waxseal/contract/permissions";
import { useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { BrandHostView } from "../../api/contract.ts";
import { brandHostQuery, removeBrandHost, setBrandHost } from "../../api/own-brand-host.ts";
import { CopyText } from "../../ui/CopyText.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { Form } from "../../ui/Form.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Text } from "../../ui/Text.tsx";
import styles from "./Branding.module.css";

/** The host under which customers open instruction pages. */
export function HostPanel({ role }: { role: Role }) {
  const { data: own } = useSuspenseQuery(brandHostQuery);
  const [host, setHost] = useState("");
  const client = useQueryClient();
  const onSuccess = () => client.invalidateQueries({ queryKey: brandHostQuery.queryKey });
  const save = useMutation({ mutationFn: (_, scope) => setBrandHost(host, scope), onSuccess });
  const remove = useMutation({ mutationFn: removeBrandHost, onSuccess });
  const mayManage = mayDo(role, "account.manage");
  return (
    <Panel
      title="Your own host"
      hint="Instruction pages and set-up links open under it, e.g. mail.example.com, with a certificate from us. Signing in stays at this site."
    >
      <Stack>
        {own.host !== null && <State own={own} />}
        {own.host === null ? (
          <Form
            onSend={() => {
              if (mayManage && host.trim() !== "") save.mutate();
            }}
          >
            <Stack gap={2}>
              <TextField
                label="Host"
                hint="A name of your domain that has no records yet."
                placeholder="mail.example.com"
                value={host}
                onChange={setHost}
              />
              <div>
                <ActionButton
                  needs="account.manage"
                  type="submit"
                  busy={save.isPending}
                  disabledReason={host.trim() === "" ? "Enter a host." : undefined}
                >
                  Use this host
                </ActionButton>
              </div>
            </Stack>
          </Form>
        ) : (
          <div>
            <ActionButton
              needs="account.manage"
              look="quiet"
              busy={remove.isPending}
              onClick={() => remove.mutate()}
            >
              Stop using this host
            </ActionButton>
          </div>
        )}
        <ErrorNotice error={save.error ?? remove.error} />
      </Stack>
    </Panel>
  );
}

function State({ own: { host, state, records, problem } }: { own: BrandHostView }) {
  return (
    <>
      {state === "active" ? (
        <Notice tone="good" title={`${host} is in use`} live>
          Leave both records in place. Without them links lead to this site again.
        </Notice>
      ) : (
        <Notice
          tone="waiting"
          title={state === "waiting" ? "Publish these two records" : "The records are correct"}
          live
        >
          {state === "waiting"
            ? (problem ?? "We look for them each minute.")
            : (problem ?? "In progress: the certificate is being issued. This takes a few minutes.")}
        </Notice>
      )}
      {state === "active" && problem && (
        <Text small tone="soft">
          {problem}
        </Text>
      )}
      <ul className={styles.records}>
        {records.map(({ type, name, value }) => (
          <li key={type}>
            <CopyText name={`name of the ${type} record`} value={name} />
            <strong>{type}</strong>
            <CopyText name={`value of the ${type} record`} value={value} />
          </li>
        ))}
      </ul>
    </>
  );
}
