import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";
import { signUp } from "../../api/account.ts";
import { paths } from "../../paths.ts";
import { Button } from "../../ui/Button.tsx";
import { ErrorNotice } from "../../ui/ErrorNotice.tsx";
import { PasswordField, TextField } from "../../ui/Field.tsx";
import { FrontForm, FrontPage } from "../../ui/FrontPage.tsx";
import { MIN_PASSWORD_LENGTH } from "./password-length.ts";

export function SignUpPage() {
  const { next }: { next?: string } = useSearch({ from: "/sign-up" });
  const isInvited = next?.startsWith("/invitations/") ?? false;
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
  const problems = findProblems(draft);
  const problem = (field: keyof typeof problems) => (wasSent ? problems[field] : undefined);
  const set = (field: keyof typeof draft) => (value: string) => setDraft({ ...draft, [field]: value });

  return (
    <FrontPage
      title="Create your account"
      lead={
        isInvited
          ? "Use the address the invitation was sent to. After confirming it you can join."
          : "Three DNS records once. Certificates, policies and TLS reports are taken care of from then on."
      }
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
          error={problem("email")}
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
    </FrontPage>
  );
}

function findProblems({ name, email, password }: { name: string; email: string; password: string }) {
  return {
    ...(name.trim() === "" && { name: "Enter your name." }),
    ...(!/^\S+@\S+\.\S+$/.test(email.trim()) && {
      email: "Enter an email address such as you@example.com.",
    }),
    ...(password.length < MIN_PASSWORD_LENGTH && {
      password: `Use at least ${MIN_PASSWORD_LENGTH} characters.`,
    }),
  };
}
