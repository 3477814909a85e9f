import { useMutation, useQueryClient, useSuspenseQuery } from "@tanstack/react-query";
import { Fragment, useState } from "react";
import { ActionButton } from "../../api/ActionButton.tsx";
import type { SsoView } from "../../api/contract.ts";
import { QueryBoundary } from "../../api/QueryBoundary.tsx";
import { removeSso, ssoQuery } from "../../api/sso.ts";
import { Facts } from "../../ui/Facts.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Row, Stack } from "../../ui/Layout.tsx";
import { Panel } from "../../ui/Panel.tsx";
import { Status } from "../../ui/Status.tsx";
import { Text } from "../../ui/Text.tsx";
import { SsoDialog } from "./SsoDialog.tsx";

/** The account's single sign-on, for its owners. */
export function SsoPanel() {
  return (
    <Panel title="Single sign-on" hint="Members sign in at your own identity provider, by OpenID Connect.">
      <QueryBoundary height={120}>
        <Sso />
      </QueryBoundary>
    </Panel>
  );
}

function Sso() {
  const { data } = useSuspenseQuery(ssoQuery);
  const [open, setOpen] = useState<"edit" | "remove">();
  const close = () => setOpen(undefined);
  return (
    <Stack>
      {data.sso ? (
        <SsoFacts sso={data.sso} />
      ) : (
        <Text>
          Not set up. You need an application at your identity provider, and the domain of your addresses in
          this account with one of its CNAMEs published.
        </Text>
      )}
      <Row>
        <ActionButton needs="sso.manage" onClick={() => setOpen("edit")}>
          {data.sso ? "Change…" : "Set up…"}
        </ActionButton>
        {data.sso && (
          <ActionButton needs="sso.manage" look="quiet" onClick={() => setOpen("remove")}>
            Remove…
          </ActionButton>
        )}
      </Row>
      {open === "edit" && <SsoDialog view={data} onClose={close} />}
      {open === "remove" && <RemoveSso onClose={close} />}
    </Stack>
  );
}

function SsoFacts({ sso }: { sso: NonNullable<SsoView["sso"]> }) {
  return (
    <Facts
      items={{
        "Identity provider": <code>{sso.issuer}</code>,
        "Client ID": <code>{sso.clientId}</code>,
        "For addresses at": sso.domains.map(({ domain, isProven }) => (
          <Fragment key={domain}>
            <Row>
              <code>{domain}</code>
              {!isProven && <Status tone="bad">DNS points elsewhere: no one can sign in</Status>}
            </Row>
          </Fragment>
        )),
        "Who must use it": sso.isRequired ? "Everyone except owners" : "Optional for everyone",
      }}
    />
  );
}

function RemoveSso({ onClose }: { onClose: () => void }) {
  const queryClient = useQueryClient();
  const remove = useMutation({
    mutationFn: removeSso,
    onSuccess: async () => {
      onClose();
      await queryClient.invalidateQueries();
    },
  });
  return (
    <FormDialog
      title="Remove single sign-on?"
      submit="Remove it"
      look="danger"
      sending={remove}
      onClose={onClose}
    >
      <Text>
        People who used it are signed out. Those without a password set one with “Forgot your password?”.
      </Text>
    </FormDialog>
  );
}
