import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { confirmEmail } from "../../api/account.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { PasswordField, TextField } from "../../ui/Field.tsx";
import { FrontForm, FrontPage } from "../../ui/FrontPage.tsx";
import { MIN_PASSWORD_LENGTH } from "./password-length.ts";

/** Where the link of a confirmation mail ends in a browser that did not sign up: the sign-up may have been a stranger's. */
export function ConfirmEmailPage() {
  const { token, next } = useSearch({ from: "/confirm-email" });
  const [draft, setDraft] = useState({ name: "", password: "" });
  const [wasSent, setWasSent] = useState(false);
  const navigate = useNavigate();
  const isShort = draft.password.length < MIN_PASSWORD_LENGTH;
  const isNameless = draft.name.trim() === "";
  const send = useMutation({
    mutationFn: () => confirmEmail({ token, ...draft }, next),
    onSuccess: () =>
      navigate({ to: paths.signIn(), search: { problem: "confirmed", ...(next && { next }) } }),
  });
  return (
    <FrontPage
      title="Confirm your address"
      lead="You opened this link in another browser than the one that signed up. Enter your name and choose a password to finish. Anything that was set before is discarded."
      other={<Link to={paths.signIn()}>Back to sign-in</Link>}
    >
      <FrontForm
        label="Confirm your address"
        onSend={() => {
          setWasSent(true);
          if (!isShort && !isNameless) send.mutate();
        }}
      >
        <TextField
          label="Your name"
          name="name"
          autoComplete="name"
          autoFocus
          value={draft.name}
          error={wasSent && isNameless ? "Enter your name." : undefined}
          onChange={(name) => setDraft({ ...draft, name })}
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="new-password"
          hint={`At least ${MIN_PASSWORD_LENGTH} characters.`}
          value={draft.password}
          error={wasSent && isShort ? `Use at least ${MIN_PASSWORD_LENGTH} characters.` : undefined}
          onChange={(password) => setDraft({ ...draft, password })}
        />
        <ErrorNotice error={send.error} />
        <Button type="submit" look="primary" busy={send.isPending}>
          Confirm my address
        </Button>
      </FrontForm>
    </FrontPage>
  );
}
