import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { meQuery, signIn } from "../../api/account.ts";
import { ApiError } from "../../api/client.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { errorText } from "../../ui/ErrorState.tsx";
import { PasswordField, TextField } from "../../ui/Field.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { FrontForm, FrontPage } from "./FrontPage.tsx";

export function SignInPage() {
  const { next, problem } = useSearch({ from: "/sign-in" });
  const [draft, setDraft] = useState({ email: "", password: "" });
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const send = useMutation({
    mutationFn: () => signIn({ email: draft.email.trim(), password: draft.password }),
    onSuccess: async () => {
      await queryClient.resetQueries({ queryKey: meQuery.queryKey });
      router.history.push(next ?? paths.domains());
    },
    onError: async (error) => {
      if (!isUnverified(error)) return;
      await navigate({ to: paths.checkMail(), search: { email: draft.email.trim() } });
    },
  });

  return (
    <FrontPage
      title="Sign in"
      other={
        <>
          New here? <Link to={paths.signUp()}>Create an account</Link>
        </>
      }
    >
      {problem === "link" && (
        <Notice tone="notice" title="That link has expired or was used before">
          Sign in; if your address is not confirmed yet, we send a new link.
        </Notice>
      )}
      <FrontForm label="Sign in" onSend={() => send.mutate()}>
        <TextField
          label="E-mail address"
          name="email"
          type="email"
          autoComplete="username"
          autoFocus
          value={draft.email}
          onChange={(email) => setDraft({ ...draft, email })}
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          value={draft.password}
          onChange={(password) => setDraft({ ...draft, password })}
        />
        {send.isError && (
          <Notice tone="bad" live>
            {errorText(send.error)}
          </Notice>
        )}
        <Button type="submit" look="primary" busy={send.isPending}>
          Sign in
        </Button>
      </FrontForm>
    </FrontPage>
  );
}

function isUnverified(error: Error): boolean {
  return error instanceof ApiError && error.code === "EMAIL_NOT_VERIFIED";
}
