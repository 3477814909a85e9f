import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { requestPasswordReset } from "../../api/account.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { TextField } from "../../ui/Field.tsx";
import { FrontForm, FrontPage } from "../../ui/FrontPage.tsx";
import { Notice } from "../../ui/Notice.tsx";

export function ForgotPasswordPage() {
  const [email, setEmail] = useState("");
  const [wasEmpty, setWasEmpty] = useState(false);
  const send = useMutation({ mutationFn: () => requestPasswordReset(email.trim()) });
  const submit = () => {
    setWasEmpty(email.trim() === "");
    if (email.trim() !== "" && !send.isPending) send.mutate();
  };
  return (
    <FrontPage
      title="Set a new password"
      lead="We mail you a link to set a new one."
      other={<Link to={paths.signIn()}>Back to sign-in</Link>}
    >
      {send.isSuccess ? (
        <Notice tone="good" title="Check your mail" live>
          If {email.trim()} has an account here, a link is on its way. It works for one hour.
        </Notice>
      ) : (
        <FrontForm label="Set a new password" onSend={submit}>
          <TextField
            label="Email address"
            name="email"
            type="email"
            autoComplete="username"
            autoFocus
            value={email}
            error={wasEmpty && email.trim() === "" ? "Enter your email address." : undefined}
            onChange={setEmail}
          />
          <ErrorNotice error={send.error} />
          <Button type="submit" look="primary" busy={send.isPending}>
            Send the link
          </Button>
        </FrontForm>
      )}
    </FrontPage>
  );
}
