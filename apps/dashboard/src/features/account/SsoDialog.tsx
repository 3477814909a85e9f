import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { ApiError } from "../../api/client.ts";
import type { SsoView } from "../../api/contract.ts";
import { setSso, ssoQuery } from "../../api/sso.ts";
import { Choice } from "../../ui/Choice.tsx";
import { CopyText } from "../../ui/CopyText.tsx";
import { PasswordField, TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Stack } from "../../ui/Layout.tsx";
import { Text } from "../../ui/Text.tsx";

const RULES = [
  { value: "choice", name: "Optional", detail: "Passwords and passkeys still work." },
  {
    value: "required",
    name: "Required",
    detail:
      "Members must use single sign-on. Owners can still sign in with a password, so a failing provider can't lock you out.",
  },
] as const;

/** Setting single sign-on up, or changing it. The provider is asked about itself when it is saved. */
export function SsoDialog({ view: { sso, redirectUri }, onClose }: { view: SsoView; onClose: () => void }) {
  const [draft, setDraft] = useState({
    issuer: sso?.issuer ?? "",
    clientId: sso?.clientId ?? "",
    clientSecret: "",
    domains: sso?.domains.map(({ domain }) => domain).join(", ") ?? "",
    rule: sso?.isRequired ? ("required" as const) : ("choice" as const),
  });
  const queryClient = useQueryClient();
  const save = useMutation({
    mutationFn: (_, scope) =>
      setSso(
        {
          issuer: draft.issuer.trim(),
          clientId: draft.clientId.trim(),
          ...(draft.clientSecret && { clientSecret: draft.clientSecret }),
          domains: draft.domains.split(/[\s,;]+/).filter(Boolean),
          isRequired: draft.rule === "required",
        },
        scope,
      ),
    onSuccess: (saved) => {
      queryClient.setQueryData(ssoQuery.queryKey, saved);
      onClose();
    },
  });
  const problem = (path: string) =>
    save.error instanceof ApiError ? save.error.problemWith(path) : undefined;
  const hasFieldProblem = ["issuer", "clientId", "clientSecret", "domains"].some((path) => problem(path));
  const set = (field: keyof typeof draft) => (value: string) => setDraft({ ...draft, [field]: value });
  return (
    <FormDialog
      title="Single sign-on"
      submit="Save"
      sending={{ ...save, error: hasFieldProblem ? null : save.error }}
      onClose={onClose}
    >
      <Stack gap={1}>
        <Text>Redirect URI to register with your identity provider:</Text>
        <CopyText value={redirectUri} name="redirect URI" />
      </Stack>
      <TextField
        label="Issuer"
        hint="The provider's address, such as login.example.com, or that of its discovery document."
        placeholder="login.example.com"
        value={draft.issuer}
        error={problem("issuer")}
        onChange={set("issuer")}
      />
      <TextField
        label="Client ID"
        value={draft.clientId}
        error={problem("clientId")}
        onChange={set("clientId")}
      />
      <PasswordField
        label="Client secret"
        autoComplete="off"
        {...(sso && { hint: "Left empty, the one there is stays. It is not shown again." })}
        value={draft.clientSecret}
        error={problem("clientSecret")}
        onChange={set("clientSecret")}
      />
      <TextField
        label="Domains of your addresses"
        hint="Each must be in this account, with its DNS pointing here. This keeps others from signing in with your addresses."
        placeholder="example.com"
        value={draft.domains}
        error={problem("domains")}
        onChange={set("domains")}
      />
      <Choice
        legend="Who must use it"
        value={draft.rule}
        onChange={(rule) => setDraft({ ...draft, rule })}
        options={RULES}
      />
    </FormDialog>
  );
}
