import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Link, useNavigate, useRouter, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { askWhoIsHere, signIn } from "../../api/account.ts";
import { ApiError } from "../../api/client.ts";
import { useMaySignUp } from "../../api/use-may-sign-up.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { PasswordField, TextField } from "../../ui/Field.tsx";
import { FrontForm, FrontPage } from "../../ui/FrontPage.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { OtherWaysIn } from "./OtherWaysIn.tsx";
import { SignInFace } from "./SignInFace.tsx";
import type { SignInProblem } from "./sign-in-problems.ts";

type SignInSearch = { next?: string; problem?: SignInProblem };

export function SignInPage() {
  const { next, problem }: SignInSearch = useSearch({ from: "/sign-in" });
  const [draft, setDraft] = useState({ email: "", password: "" });
  const [wasSent, setWasSent] = useState(false);
  const maySignUp = useMaySignUp();
  const queryClient = useQueryClient();
  const navigate = useNavigate();
  const router = useRouter();
  const enter = async () => {
    await askWhoIsHere(queryClient);
    router.history.push(next ?? paths.home());
  };
  const send = useMutation({
    mutationFn: () => signIn({ email: draft.email.trim(), password: draft.password }),
    onSuccess: async ({ twoFactorRedirect }) => {
      if (twoFactorRedirect) {
        await navigate({ to: paths.signInCode(), search: next ? { next } : {} });
        return;
      }
      await enter();
    },
    onError: async (error) => {
      if (!isUnverified(error)) return;
      await navigate({ to: paths.checkMail(), search: { email: draft.email.trim(), ...(next && { next }) } });
    },
  });
  const wrong = isWrong(send.error) ? send.error.message : undefined;
  const change = (typed: Partial<typeof draft>) => {
    setDraft({ ...draft, ...typed });
    if (wrong !== undefined) send.reset();
  };
  const submit = () => {
    setWasSent(true);
    if (draft.email.trim() !== "" && draft.password !== "" && !send.isPending) send.mutate();
  };

  return (
    <FrontPage
      title="Sign in"
      face={<SignInFace />}
      links={<Link to={paths.check()}>Check a domain</Link>}
      other={
        <>
          {(maySignUp || isInvitation(next)) && (
            <>
              New here?{" "}
              <Link to={paths.signUp()} search={next ? { next } : {}}>
                Create an account
              </Link>
              <br />
            </>
          )}
          <Link to={paths.forgotPassword()}>Forgot your password?</Link>
        </>
      }
    >
      {problem && (
        <Notice tone={PROBLEMS[problem].tone} title={PROBLEMS[problem].title} live>
          {PROBLEMS[problem].detail}
        </Notice>
      )}
      <FrontForm label="Sign in" onSend={submit}>
        <TextField
          label="Email address"
          name="email"
          type="email"
          autoComplete="username"
          autoFocus
          value={draft.email}
          error={wasSent && draft.email.trim() === "" ? "Enter your email address." : undefined}
          onChange={(email) => change({ email })}
        />
        <PasswordField
          label="Password"
          name="password"
          autoComplete="current-password"
          value={draft.password}
          error={wasSent && draft.password === "" ? "Enter your password." : wrong}
          onChange={(password) => change({ password })}
        />
        <ErrorNotice error={wrong === undefined && send.error} />
        <Button type="submit" look="primary" busy={send.isPending}>
          Sign in
        </Button>
      </FrontForm>
      <OtherWaysIn email={draft.email.trim()} next={next} onSignedIn={enter} />
    </FrontPage>
  );
}

const PROBLEMS = {
  link: {
    tone: "notice",
    title: "That link has expired or was used before",
    detail: "Sign up again to get a new link. If your address is confirmed already, sign in.",
  },
  reset: { tone: "good", title: "Your password is changed", detail: "Sign in with the new one." },
  confirmed: {
    tone: "good",
    title: "Your address is confirmed",
    detail: "Sign in with your password.",
  },
} as const satisfies Record<SignInProblem, { tone: "notice" | "good"; title: string; detail: string }>;

/** Which of the two is wrong is not said, so it is shown at the second. */
function isWrong(error: Error | null): error is ApiError {
  return error instanceof ApiError && error.code === "INVALID_EMAIL_OR_PASSWORD";
}

function isInvitation(next: string | undefined): boolean {
  return next?.startsWith("/invitations/") ?? false;
}

function isUnverified(error: Error): boolean {
  return error instanceof ApiError && error.code === "EMAIL_NOT_VERIFIED";
}
