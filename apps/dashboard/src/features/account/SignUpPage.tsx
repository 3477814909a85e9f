import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { signUp, signUpQuery } from "../../api/account.ts";
import type { SignUpView } from "../../api/contract.ts";
import { paths } from "../../paths.ts";
import { Button, buttonClass } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { PasswordField, TextField } from "../../ui/Field.tsx";
import { FrontForm, FrontPage } from "../../ui/FrontPage.tsx";
import { Notice } from "../../ui/Notice.tsx";
import { Skeleton } from "../../ui/Skeleton.tsx";
import { explainSignUpRule, findSignUpProblems } from "./explain-sign-up-rule.ts";
import { MIN_PASSWORD_LENGTH } from "./password-length.ts";
import { SignInFace } from "./SignInFace.tsx";

export function SignUpPage() {
  const { next }: { next?: string } = useSearch({ from: "/sign-up" });
  const isInvited = next?.startsWith("/invitations/") ?? false;
  // Without an answer the form is offered: the server refuses a sign-up that is not allowed.
  const { data: rule, isPending } = useQuery(signUpQuery);
  const limit = rule && explainSignUpRule(rule, { isInvited });
  return (
    <FrontPage
      title={limit?.isRefused ? limit.title : "Create your account"}
      lead={limit?.isRefused ? undefined : isInvited ? INVITED_LEAD : LEAD}
      face={<SignInFace />}
      links={<Link to={paths.check()}>Check a domain</Link>}
      other={
        <>
          Already have an account?{" "}
          <Link to={paths.signIn()} search={next ? { next } : {}}>
            Sign in
          </Link>
        </>
      }
    >
      {limit && <Notice tone="notice">{limit.detail}</Notice>}
      {limit?.isRefused && (
        <Link to={paths.check()} className={buttonClass()}>
          Check a domain without an account
        </Link>
      )}
      {isPending && <Skeleton height={320} />}
      {!isPending && !limit?.isRefused && <SignUpForm rule={rule} isInvited={isInvited} next={next} />}
    </FrontPage>
  );
}

const LEAD = "Three DNS records once. Certificates, policies and TLS reports are taken care of from then on.";
const INVITED_LEAD = "Use the address the invitation was sent to. After confirming it you can join.";

type FormProps = { rule: SignUpView | undefined; isInvited: boolean; next: string | undefined };

function SignUpForm({ rule, isInvited, next }: FormProps) {
  const [draft, setDraft] = useState({ name: "", accountName: "", email: "", password: "" });
  const [wasSent, setWasSent] = useState(false);
  const navigate = useNavigate();
  const send = useMutation({
    mutationFn: () => {
      const { accountName, ...rest } = draft;
      return signUp({ ...rest, email: draft.email.trim(), ...(accountName && { accountName }) }, next);
    },
    onSuccess: () =>
      navigate({ to: paths.checkMail(), search: { email: draft.email.trim(), ...(next && { next }) } }),
  });
  const problems = findSignUpProblems(draft, isInvited ? undefined : rule);
  const problem = (field: keyof typeof problems) => (wasSent ? problems[field] : undefined);
  const set = (field: keyof typeof draft) => (value: string) => setDraft({ ...draft, [field]: value });

  return (
    <FrontForm
      label="Create your account"
      onSend={() => {
        setWasSent(true);
        if (Object.keys(problems).length === 0) send.mutate();
      }}
    >
      <TextField
        label="Your name"
        name="name"
        autoComplete="name"
        autoFocus
        value={draft.name}
        error={problem("name")}
        onChange={set("name")}
      />
      {!isInvited && (
        <TextField
          label="Company (optional)"
          name="organization"
          autoComplete="organization"
          value={draft.accountName}
          onChange={set("accountName")}
        />
      )}
      <TextField
        label="Email address"
        name="email"
        type="email"
        autoComplete="email"
        value={draft.email}
        error={problem("email") ?? problem("emailDomain")}
        liveError={problems.emailDomain}
        onChange={set("email")}
      />
      <PasswordField
        label="Password"
        name="password"
        autoComplete="new-password"
        hint={`At least ${MIN_PASSWORD_LENGTH} characters.`}
        value={draft.password}
        error={problem("password")}
        onChange={set("password")}
      />
      <ErrorNotice error={send.error} />
      <Button type="submit" look="primary" busy={send.isPending}>
        Create account
      </Button>
    </FrontForm>
  );
}
