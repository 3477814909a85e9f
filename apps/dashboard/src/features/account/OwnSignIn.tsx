import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import {
  askEmailChange,
  changePassword,
  meQuery,
  renamePerson,
  requestPasswordReset,
} from "../../api/account.ts";
import type { MeView } from "../../api/contract.ts";
import { StaleSignIn } from "../../api/StaleSignIn.tsx";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { Facts } from "../../ui/Facts.tsx";
import { PasswordField, TextField } from "../../ui/Field.tsx";
import { FormDialog } from "../../ui/FormDialog.tsx";
import { Row } from "../../ui/Layout.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Text } from "../../ui/Text.tsx";
import { OwnPasswordField } from "./OwnPasswordField.tsx";
import { MIN_PASSWORD_LENGTH } from "./password-length.ts";

type User = NonNullable<MeView["user"]>;
type Done = "password" | "passwordMail" | { email: string };

/** Name, address and password of the person who is signed in. */
export function OwnSignIn({ me, user }: { me: MeView; user: User }) {
  const [open, setOpen] = useState<"name" | "email" | "password">();
  const [done, setDone] = useState<Done>();
  const close = (what?: Done) => {
    setOpen(undefined);
    if (what) setDone(what);
  };
  const mail = useMutation({
    mutationFn: () => requestPasswordReset(user.email),
    onSuccess: () => setDone("passwordMail"),
  });
  const reason =
    me.signIn.by === "sso" ? "Sign in with your password or a passkey to change this." : undefined;
  return (
    <>
      <Facts items={{ Name: user.name, "Email address": user.email }} />
      <Row>
        <Button disabledReason={reason} onClick={() => setOpen("name")}>
          Change name…
        </Button>
        <Button disabledReason={reason} onClick={() => setOpen("email")}>
          Change email address…
        </Button>
        {me.signIn.hasPassword ? (
          <Button disabledReason={reason} onClick={() => setOpen("password")}>
            Change password…
          </Button>
        ) : (
          <Button busy={mail.isPending} onClick={() => mail.mutate()}>
            Set a password by mail
          </Button>
        )}
      </Row>
      {done && (
        <Notice tone="good" live>
          {describeDone(done, user)}
        </Notice>
      )}
      <ErrorNotice error={mail.error} />
      {open === "name" && <NameDialog name={user.name} onClose={() => close()} />}
      {open === "email" && <EmailDialog email={user.email} onClose={close} />}
      {open === "password" && <PasswordDialog onClose={close} />}
    </>
  );
}

function describeDone(done: Done, user: User): string {
  if (done === "password") return "Your password is changed. You are signed out everywhere else.";
  if (done === "passwordMail") return `We mailed a link to ${user.email}. It works for one hour.`;
  return `We mailed a link to ${user.email} and one to ${done.email}. The address changes when both are opened, within a day.`;
}

function NameDialog({ name: before, onClose }: { name: string; onClose: () => void }) {
  const [name, setName] = useState(before);
  const queryClient = useQueryClient();
  const rename = useMutation({
    mutationFn: () => renamePerson(name),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: meQuery.queryKey });
      onClose();
    },
  });
  return (
    <FormDialog title="Change your name" submit="Save" sending={rename} onClose={onClose}>
      <TextField label="Your name" autoComplete="name" autoFocus value={name} onChange={setName} />
    </FormDialog>
  );
}

type DialogProps = { onClose: (done?: Done) => void };

function EmailDialog({ email: before, onClose }: DialogProps & { email: string }) {
  const [email, setEmail] = useState("");
  const ask = useMutation({
    mutationFn: () => askEmailChange(email.trim()),
    onSuccess: () => onClose({ email: email.trim() }),
  });
  return (
    <FormDialog
      title="Change your email address"
      submit="Send the links"
      sending={ask}
      onClose={() => onClose()}
    >
      <StaleSignIn />
      <Text>
        We mail a link to {before} and one to the new address. When both are opened, you sign in with the new
        one, and you are signed out everywhere.
      </Text>
      <TextField
        label="New email address"
        type="email"
        autoComplete="email"
        autoFocus
        value={email}
        onChange={setEmail}
      />
    </FormDialog>
  );
}

function PasswordDialog({ onClose }: DialogProps) {
  const [draft, setDraft] = useState({ currentPassword: "", newPassword: "" });
  const change = useMutation({
    mutationFn: () => changePassword(draft),
    onSuccess: () => onClose("password"),
  });
  return (
    <FormDialog
      title="Change your password"
      submit="Change password"
      sending={change}
      onClose={() => onClose()}
    >
      <OwnPasswordField
        value={draft.currentPassword}
        onChange={(currentPassword) => setDraft({ ...draft, currentPassword })}
      />
      <PasswordField
        label="New password"
        name="new-password"
        autoComplete="new-password"
        hint={`At least ${MIN_PASSWORD_LENGTH} characters.`}
        value={draft.newPassword}
        onChange={(newPassword) => setDraft({ ...draft, newPassword })}
      />
    </FormDialog>
  );
}
