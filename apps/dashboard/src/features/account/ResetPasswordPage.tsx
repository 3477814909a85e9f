import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { resetPassword } from "../../api/account.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { PasswordField } from "../../ui/Field.tsx";
import { FrontForm, FrontPage } from "../../ui/FrontPage.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { MIN_PASSWORD_LENGTH } from "./password-length.ts";

/** Where the link of a password mail ends; without a token when it was too old. */
export function ResetPasswordPage() {
  const { token } = useSearch({ from: "/reset-password" });
  return (
    <FrontPage title="Choose a new password" other={<Link to={paths.signIn()}>Back to sign-in</Link>}>
      {token ? <NewPassword token={token} /> : <OldLink />}
    </FrontPage>
  );
}

function OldLink() {
  return (
    <Notice
      tone="notice"
      title="That link has expired or was used before"
      actions={
        <Link to={paths.forgotPassword()} className={buttonClass()}>
          Send a new one
        </Link>
      }
    >
      A link works once, for one hour.
    </Notice>
  );
}

function NewPassword({ token }: { token: string }) {
  const [newPassword, setNewPassword] = useState("");
  const [wasShort, setWasShort] = useState(false);
  const navigate = useNavigate();
  const isShort = newPassword.length < MIN_PASSWORD_LENGTH;
  const send = useMutation({
    mutationFn: () => resetPassword({ token, newPassword }),
    onSuccess: () => navigate({ to: paths.signIn(), search: { problem: "reset" } }),
  });
  return (
    <FrontForm
      label="Choose a new password"
      onSend={() => {
        setWasShort(isShort);
        if (!isShort) send.mutate();
      }}
    >
      <PasswordField
        label="New password"
        name="password"
        autoComplete="new-password"
        autoFocus
        hint={`At least ${MIN_PASSWORD_LENGTH} characters.`}
        value={newPassword}
        error={wasShort && isShort ? `Use at least ${MIN_PASSWORD_LENGTH} characters.` : undefined}
        onChange={setNewPassword}
      />
      {send.isError && (
        <Notice tone="bad" live actions={<Link to={paths.forgotPassword()}>Send a new link</Link>}>
          {errorText(send.error)}
        </Notice>
      )}
      <Button type="submit" look="primary" busy={send.isPending}>
        Set the password
      </Button>
    </FrontForm>
  );
}
